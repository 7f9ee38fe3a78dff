import { beforeAll, describe, expect, it } from 'vitest';
import type { Draft } from '../../src/changesets/changeset.type.ts';
import type { DraftGrid } from '../../src/changesets/territory/draftGrid.ts';
import type { IncidentFile } from '../../src/incidents/incident.type.ts';
import { placeAt } from '../grids/squareGrids.ts';
import { IncidentsHouse } from './incidentsHouse.ts';

let world: IncidentsHouse;
let draft: Draft;
const at: Record<string, IncidentFile> = {};
const PLACES = {
  moved: [1, 1.5],
  onTheBorder: [0.5, 1.2],
  beside: [0.2, 1.5],
  below: [1, 0.5],
  west: [2.5, 1],
  east: [3.5, 1],
  far: [3, 3],
} as const;

beforeAll(async () => {
  world = await IncidentsHouse.open();
  for (const [name, [column, row]] of Object.entries(PLACES)) at[name] = await world.report(column, row);
  draft = await world.house.drafted(world.house.as('editor'), ...world.ops());
});

const nameOf = (id: string) => Object.entries(at).find(([, incident]) => incident.id === id)?.[0];
const codesOf = (grids: readonly DraftGrid[]) => grids.map(({ codes }) => codes[0].code);

describe('open incidents where a draft moves borders', () => {
  it('are listed where their place goes to another grid, with both', async () => {
    const { changes, allCount, truncated } = await world.listed(draft);
    const shown = changes.map(({ id, category, layers }) => [
      nameOf(id),
      category,
      ...layers.flatMap(({ layer, before, after }) => [layer, codesOf(before).join(), codesOf(after).join()]),
    ]);
    expect(shown.sort()).toEqual(
      [
        ['moved', 'dispute', 'land', 'A', 'B'],
        ['west', 'dispute', 'land', 'X', 'X1'],
        ['east', 'dispute', 'land', 'X', 'X2'],
        ...shown.filter(([name]) => name === 'onTheBorder'),
      ].sort(),
    );
    expect([allCount, truncated]).toEqual([shown.length, false]);
  });

  it('are shown to those who may read them, and counted for all', async () => {
    const east = await world.listed(draft, world.house.as('of the east', 'dispatcher', 'D2'));
    expect(east.changes.map(({ id }) => nameOf(id)).sort()).toEqual(['east', 'west']);
    const editor = await world.listed(draft, world.house.as('editor'));
    expect(editor.changes).toEqual([]);
    expect(editor.allCount).toBe(east.allCount);
  });

  it('are counted, and not listed, where they are about an area near a redrawn border', async () => {
    const corners = [
      [0.9, 1.4],
      [1.1, 1.4],
      [1.1, 1.6],
      [0.9, 1.4],
    ].map(([column, row]) => placeAt(column, row));
    const area = { type: 'Polygon', coordinates: [corners.map(({ lon, lat }) => [lon, lat])] };
    const before = await world.listed(draft);
    const { id } = await world.reports.report(world.by(), { category: 'dispute', at: { area } });
    const { changes, allCount, areaCount } = await world.listed(draft);
    expect([before.areaCount, areaCount]).toEqual([0, 1]);
    expect(allCount).toBe(before.allCount);
    expect(changes.map((change) => change.id)).not.toContain(id);
  });

  it('are none where borders stay, or where the change is only a name', async () => {
    const renamed = await world.house.drafted(world.house.as('editor'), {
      rename: { grid: world.house.id('A'), name: 'Another' },
    });
    expect(await world.listed(renamed)).toEqual({
      ...{ changes: [], allCount: 0, areaCount: 0, truncated: false },
    });
  });

  it('stay where they are when it is published, and leave the list one by one as they are moved', async () => {
    const published = await world.house.approve(world.house.as('editor'), draft);
    await world.house.publishing.publish(world.house.as('editor'), published.record.id);
    const after = (await world.house.changesets.find(world.house.as('editor'), published.record.id))!;
    const late = await world.report(1, 1.6);
    expect(world.owners(late)).toEqual([world.house.id('B')]);
    const before = (await world.listed(after)).changes.map(({ id }) => id);
    expect(before).toContain(at.moved.id);
    expect(before).not.toContain(late.id);
    expect(world.owners(await world.read(at.moved.id))).toEqual([world.house.id('A')]);
    await world.moves.adopt(world.by(), at.moved.id, 'Redrawn');
    const left = (await world.listed(after)).changes.map(({ id }) => id);
    expect(left).toEqual(before.filter((id) => id !== at.moved.id));
  });
});
