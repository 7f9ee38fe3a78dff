import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IncidentFile } from '../../../src/incidents/incident.type.ts';
import { openWorld, type World } from '../../addresses/addressWorld.ts';
import { NOW } from '../../support/api.ts';
import { handler, practiceOf } from '../routing/routingWorld.ts';
import { buildMatters } from './matterHouse.ts';
import { signedIn } from './matterWorld.ts';

let world: World;
let house: ReturnType<typeof buildMatters>;
const officer = signedIn('officer');
const PRACTICE = practiceOf({
  warnings: [
    {
      ...{ code: 'again', name: 'Again', enabled: true, categories: [], same: 'ADDRESS', metres: null, count: 2 },
      ...{ withinDays: 30, fromHour: null, toHour: null, instruct: [handler('WARNING officer @gov/village')] },
    },
  ],
});

beforeAll(async () => {
  world = await openWorld();
  house = buildMatters(
    world.api.app,
    () => NOW,
    () => PRACTICE,
  );
});
afterAll(() => world.api.close());

const report = (at: object) => house.reports.report(officer, { category: 'dispute', at });
const owners = ({ parties }: IncidentFile) => {
  const names = Object.values(world.grids).map(({ id, name }) => [id, name] as const);
  const byId = new Map(names);
  return parties.flatMap(({ gridId, reason }) => (reason === 'OWNER' && byId.has(gridId) ? [byId.get(gridId)] : []));
};
const told = ({ notices }: IncidentFile) => notices.filter(({ code }) => code.includes('ADDRESS'));

describe('a report at an address', () => {
  it('is owned where the address is, which is kept by its id', async () => {
    const { place, ...incident } = await report({ address: '前进村4组18号' });
    const { ownership } = world.api.app;
    const asked = await ownership.ownership({ address: '前进村4组18号' });
    expect(place.addressId).toBe(asked.place.address!.id);
    expect(owners({ place, ...incident })).toEqual(['前进村']);
    expect((await report({ addressId: place.addressId })).place).toEqual(place);
  });

  it('is a second one at the address, by whichever of its words it is named', async () => {
    const warned = ({ tasks }: IncidentFile) => tasks.filter(({ cause }) => cause === 'WARNING').length;
    const texts = ['红旗社区学院路9号1号楼', '学院路9号1幢', '学院路9号2号楼'];
    const counts: number[] = [];
    for (const address of texts) counts.push(warned(await report({ address })));
    expect(counts).toEqual([0, 1, 0]);
  });

  it('is refused where several may be meant, and says which', async () => {
    const error = await report({ address: '人民路5号' }).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'NOT_FOUND', details: { field: 'input.at.address' } });
    expect(error.message).toMatch(/红旗社区人民路5号.*前进村人民路5号|前进村人民路5号.*红旗社区人民路5号/);
  });

  it('of which no more than a division is known is owned by the division, and says so', async () => {
    const incident = await report({ address: '东湖镇前进村桃花路77号' });
    expect(owners(incident)).toEqual(['前进村']);
    expect(told(incident)).toEqual([{ code: 'ADDRESS_NOT_FOUND', message: expect.stringContaining('前进村') }]);
    expect(incident.place.accuracyMetres).toBeGreaterThan(400);
    const town = await report({ address: '东湖镇桃花路77号' });
    expect(owners(town)).toEqual(['东湖镇']);
    for (const exact of [true, false]) {
      const { layers, notices } = await house.owners.of(town, exact);
      expect(layers.map(({ status, grid }) => [status, grid?.name])).toEqual([
        ['OWNED', '东湖镇'],
        ['NOT_SERVED', undefined],
      ]);
      expect(notices.map(({ code }) => code)).toContain('ADDRESS_NOT_FOUND');
      expect(JSON.stringify(notices)).not.toContain('桃花路');
    }
  });

  it('does not tell the words that were given to everybody who sees it', async () => {
    const incident = await report({ address: '东湖镇前进村桃花路77号' });
    const shown = await house.owners.of(await report({ address: '中山路12号' }), false);
    expect(shown.place).toMatchObject({ address: null, candidates: [], accuracyMetres: 100 });
    expect(JSON.stringify(incident.notices)).not.toContain('桃花路');
  });
});
