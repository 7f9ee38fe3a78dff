import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { chainOf, versionAt } from '../../../src/grids/atlas/rows.ts';
import { matterOf } from '../../../src/incidents/oversight/matterOf.ts';
import { refusal } from '../../changesets/changesetHouse.ts';
import { ladder } from '../routing/routingWorld.ts';
import { CLIMBING, OversightWorld } from './oversightWorld.ts';

let world: OversightWorld;
beforeAll(async () => {
  world = await OversightWorld.open();
});
beforeEach(() => world.emptied());

const chief = () => world.desk.viewer('dispatcher', ['T1']);

describe('a climb by hand', () => {
  it('goes to the next rung, to those who take it over there', async () => {
    const { id } = await world.filed('A', null);
    const after = await world.climbs.climb(chief(), id, { cause: 'REASON', reason: 'Two villages quarrel' });
    expect(after.rung).toEqual({ layer: 'gov', tier: 'town' });
    expect(after.tasks.at(-1)).toMatchObject({ purpose: 'MEDIATE', cause: 'LADDER', gridId: world.desk.id('T1') });
  });

  it('is refused beyond the top, to a tier that the ladder does not have, and where there is no ladder', async () => {
    const { id } = await world.filed('A', null);
    const climb = (to?: string) => refusal(world.climbs.climb(chief(), id, { to, cause: 'REASON', reason: 'Why not' }));
    expect(await climb('moon')).toMatchObject({ code: 'BAD_INPUT', details: { tiers: ['village', 'town'] } });
    expect(await climb('village')).toMatchObject({ code: 'CONFLICT' });
    await world.climbs.climb(chief(), id, { to: 'town', cause: 'REASON', reason: 'Two villages quarrel' });
    expect(await climb()).toMatchObject({ code: 'CONFLICT' });
    world.practice = { ...CLIMBING, ladders: [] };
    expect(await climb()).toMatchObject({ code: 'CONFLICT' });
  });

  it('needs a reason, or something that failed or is late; and no words about people', async () => {
    const { id } = await world.filed('A', 1);
    const climb = (cause: 'REASON' | 'FAILED' | 'DEADLINE', reason?: string) =>
      refusal(world.climbs.climb(chief(), id, { cause, reason }));
    expect(await climb('REASON')).toMatchObject({ code: 'BAD_INPUT' });
    expect(await climb('REASON', 'call 13812345678')).toMatchObject({ code: 'BAD_INPUT' });
    expect(await climb('FAILED')).toMatchObject({ code: 'CONFLICT' });
    expect(await climb('DEADLINE')).toMatchObject({ code: 'CONFLICT' });
    world.later(2);
    expect(await world.climbs.climb(chief(), id, { cause: 'DEADLINE' })).toMatchObject({ rung: { tier: 'town' } });
  });

  it('goes past a tier that the place does not have', async () => {
    const [known] = CLIMBING.ladders!;
    world.practice = { ...CLIMBING, ladders: [ladder('dispute', ['village', 'hamlet', 'town'], known && {})] };
    const { id } = await world.filed('A', null);
    const after = await world.climbs.climb(chief(), id, { cause: 'REASON', reason: 'Two villages quarrel' });
    expect(after.rung?.tier).toBe('town');
    expect(after.notices.map(({ code }) => code)).toContain('MISSING_TIER');
  });
});

describe('closing', () => {
  it('needs words, and none about people', async () => {
    const { id } = await world.filed('A', null);
    const close = (result: string) => refusal(world.closings.close(chief(), id, { outcome: 'UNFOUNDED', result }));
    expect(await close(' ')).toMatchObject({ code: 'BAD_INPUT', details: { field: 'result' } });
    expect(await close('call 13812345678')).toMatchObject({ code: 'BAD_INPUT' });
  });
});

describe('an incident that is routed again', () => {
  it('goes by the grids in which its owners went on: of several, by the one that holds the place', async () => {
    const { atlas, editions } = world.desk;
    const moment = { asOf: world.desk.now.getTime(), edition: editions.latest };
    const [a, b, p1] = ['A', 'B', 'P1'].map((code) => versionAt(atlas.findGrid(world.desk.id(code))!, moment)!);
    const incident = await world.desk.file(world.desk.report(['A', 'P1']));
    const row = { how: 'SPLIT', at: 0, edition: 1 } as const;
    // As if A were gone and had become a grid that is gone too, of which B and A came.
    const ended = 'gone';
    const ground = {
      atlas: { findGrid: (id: string) => (id === a.grid.id ? undefined : id === 'west' ? a.grid : atlas.findGrid(id)) },
      lineage: {
        successorsOf: (id: string) =>
          id === a.grid.id
            ? [{ ...row, fromId: id, toId: ended }]
            : id === ended
              ? ['west', b.grid.id, ended].map((toId) => ({ ...row, fromId: ended, toId }))
              : [],
      },
    };
    const chains = (place?: { x: number; y: number }) =>
      matterOf(incident, place, ground, moment).chains.map(([smallest]) => smallest);
    const inside = ({ shape: [[ring]] }: typeof a) => ({ x: ring[0] + 100, y: ring[1] + 100 });
    expect(chains()).toEqual([a, b, p1]);
    expect(chains(inside(b))).toEqual([b, p1]);
    expect(chains({ x: 0, y: 0 })).toEqual([a, b, p1]);
    expect(matterOf(incident, undefined, ground, moment).chains[0]).toEqual(chainOf(a, moment));
    const lost = { ...ground, lineage: { successorsOf: () => [] } };
    expect(matterOf(incident, undefined, lost, moment).chains).toEqual([chainOf(p1, moment)]);
  });
});
