import type { Shape } from '../../../src/geometry/polygon.ts';
import type { Closing, TerritoryLog, VersionRow } from '../../../src/grids/atlas/territoryLog.ts';
import { FOREVER } from '../../../src/grids/moment.ts';
import { jitteredPartition } from '../../geometry/jitteredPartition.ts';

export const COLUMNS = 150;
export const ROWS = 134;
export const GRIDS = COLUMNS * ROWS;
export const SIDE = 20_000;
export const X0 = 1_130_000_000;
export const Y0 = 310_000_000;
/** Before it the first versions hold, from it on the later ones. */
export const CHANGE = Date.parse('2026-05-01T00:00:00Z');

const START = Date.parse('2020-01-01T00:00:00Z');
const NOTHING: TerritoryLog = {
  schemes: [],
  layers: [],
  tiers: [],
  grids: [],
  codes: [],
  versions: [],
  gaps: [],
  closed: { codes: [], versions: [], gaps: [] },
};

const partition = (seed: number) =>
  jitteredPartition({ columns: COLUMNS, rows: ROWS, side: SIDE, pieces: 4, x0: X0, y0: Y0, seed });

function versionRow(id: number, grid: number, shape: Shape, rest: Partial<VersionRow>): VersionRow {
  return {
    id,
    gridId: `g${grid}`,
    parentId: grid === 0 ? null : 'g0',
    name: `v${id}`,
    kind: 'x',
    managerId: null,
    shape,
    areaSquareMetres: 1,
    loads: [],
    validFrom: START,
    validTo: FOREVER,
    editionFrom: 1,
    editionTo: null,
    ...rest,
  };
}

/**
 * Three editions: 20,100 grids; new borders for a few of them and a gap; new borders, from CHANGE on, for every
 * second one of them, which makes a segment so large that it is merged with the first.
 */
export function largeLogs(): TerritoryLog[] {
  const shapes = partition(1);
  const later = partition(2);
  const gapShape: Shape = [[Int32Array.of(X0, Y0, X0 + SIDE, Y0, X0 + SIDE, Y0 + SIDE, X0, Y0 + SIDE)]];
  const gap = { layerId: 1, name: 'left out', status: 'GAP' as const, validFrom: START, validTo: FOREVER };
  let id = GRIDS;
  const current = new Map(shapes.map((_, grid) => [grid, grid + 1]));
  const change = (edition: number, changed: number[], split: boolean) => {
    const closed: Closing[] = [];
    const versions: VersionRow[] = [];
    for (const grid of changed) {
      closed.push({ id: current.get(grid)!, editionTo: edition });
      if (split) versions.push(versionRow(++id, grid, shapes[grid], { editionFrom: edition, validTo: CHANGE }));
      const from = split ? CHANGE : START;
      versions.push(versionRow(++id, grid, later[grid], { editionFrom: edition, validFrom: from }));
      current.set(grid, id);
    }
    return { versions, closed };
  };
  const few = change(2, [3, 700, 701, 9_000], false);
  const many = change(
    3,
    shapes.map((_, grid) => grid).filter((grid) => grid % 2 === 1),
    true,
  );
  return [
    {
      ...NOTHING,
      layers: [{ id: 1, code: 'l', name: 'L', kind: 'PARTITION', position: 1, editionFrom: 1 }],
      tiers: [{ id: 1, layerId: 1, code: 't', name: 'T', rank: 1, schemeId: null, editionFrom: 1 }],
      grids: shapes.map((_, grid) => ({ id: `g${grid}`, tierId: 1 })),
      versions: shapes.map((shape, grid) => versionRow(grid + 1, grid, shape, {})),
    },
    {
      ...NOTHING,
      versions: few.versions,
      gaps: [{ ...gap, id: 1, shape: gapShape, editionFrom: 2, editionTo: 3 }],
      closed: { ...NOTHING.closed, versions: few.closed },
    },
    {
      ...NOTHING,
      versions: many.versions,
      gaps: [{ ...gap, id: 2, shape: later[5], editionFrom: 3, editionTo: null }],
      closed: { codes: [], versions: many.closed, gaps: [{ id: 1, editionTo: 3 }] },
    },
  ];
}
