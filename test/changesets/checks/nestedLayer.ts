import type { CheckContext } from '../../../src/changesets/checks/scope.ts';
import type { DraftGrid, LayerRules, TierRules } from '../../../src/changesets/territory/draftGrid.ts';
import { Territory } from '../../../src/changesets/territory/territory.ts';
import { dissolve } from '../../../src/geometry/coverage.ts';
import type { Shape } from '../../../src/geometry/polygon.ts';
import { jitteredPartition } from '../../geometry/jitteredPartition.ts';

const TIER: Omit<TierRules, 'code' | 'name' | 'rank'> = {
  scheme: null,
  source: 'DRAWN',
  codePattern: null,
  leastSquareMetres: 10,
  leastWidthMetres: 1,
  load: null,
};

/** A tier that asks for nothing, but for what is named. */
export function tierRules(code: string, rank: number, rules: Partial<TierRules> = {}): TierRules {
  return { ...TIER, code, name: code, rank, ...rules };
}

export function draftGrid(id: string, tier: string, shape: Shape, rest: Partial<DraftGrid> = {}): DraftGrid {
  return {
    id,
    layer: 'town',
    tier,
    codes: [{ scheme: 'local', code: id }],
    name: `Grid ${id}`,
    kind: 'BASIC',
    parentId: null,
    managerId: null,
    shape,
    loads: [],
    memberIds: null,
    versionId: null,
    ...rest,
  };
}

export function contextOf(base: Territory, rest: Partial<CheckContext> = {}): CheckContext {
  return { base, isInArea: () => true, listVacantRoles: () => [], ...rest };
}

export interface LayerPlan {
  readonly columns: number;
  readonly rows: number;
  readonly seed: number;
  /** Cells of a district, and districts of a sector, along each side. */
  readonly districtSide: number;
  readonly sectorSide: number;
  /** Straight pieces of each border of a cell. */
  readonly pieces?: number;
  /** Every how many cells one has an enclave; 0: none. */
  readonly enclaves?: number;
}

export const X0 = 1_139_000_000;
export const Y0 = 226_000_000;
export const SIDE = 20_000;

/** A layer `town` of cells in districts in sectors, exact, every border shared to the last vertex by all tiers. */
export const TOWN: LayerRules = {
  code: 'town',
  kind: 'PARTITION',
  tiers: [
    tierRules('sector', 1, { source: 'CHILDREN' }),
    tierRules('district', 2),
    tierRules('cell', 3, {
      scheme: 'local',
      codePattern: '[a-z]+-[0-9]{1,3}-[0-9]{1,3}',
      leastSquareMetres: 100,
      load: { measure: 'households', least: 100, most: 500 },
    }),
  ],
};

/** A square of lattice steps around a place, counter-clockwise. */
export function squareAround(x: number, y: number, half: number, halfY = half): Int32Array {
  return Int32Array.of(x - half, y - halfY, x + half, y - halfY, x + half, y + halfY, x - half, y + halfY);
}

/** Cells are called `cell-<column>-<row>`, so are districts and sectors; enclaves `enclave-<column>-<row>`. */
export function nestedLayer(plan: LayerPlan): Territory {
  const { columns, rows, seed, districtSide, sectorSide, pieces = 14, enclaves = 0 } = plan;
  const partition = jitteredPartition({ columns, rows, side: SIDE, pieces, x0: X0, y0: Y0, seed });
  const grids: DraftGrid[] = [];
  const districts = new Map<string, Shape[]>();
  partition.forEach((shape, i) => {
    const [c, r] = [i % columns, Math.floor(i / columns)];
    const district = `district-${Math.floor(c / districtSide)}-${Math.floor(r / districtSide)}`;
    const loads = [{ measure: 'households', value: 300, date: '2025-06-01', source: 'census' }];
    const rest = { parentId: district, loads };
    districts.set(district, [...(districts.get(district) ?? []), shape]);
    if (enclaves === 0 || i % enclaves !== 0) {
      grids.push(draftGrid(`cell-${c}-${r}`, 'cell', shape, rest));
      return;
    }
    const square = squareAround(X0 + (c + 0.5) * SIDE, Y0 + (r + 0.5) * SIDE, 1500);
    const hole = Int32Array.of(square[0], square[1], square[6], square[7], square[4], square[5], square[2], square[3]);
    grids.push(draftGrid(`cell-${c}-${r}`, 'cell', [[...shape[0], hole]], rest));
    grids.push(draftGrid(`enclave-${c}-${r}`, 'cell', [[square]], rest));
  });
  const sectors = new Map<string, Shape[]>();
  for (const [id, shapes] of districts) {
    const [c, r] = id.split('-').slice(1).map(Number);
    const sector = `sector-${Math.floor(c / sectorSide)}-${Math.floor(r / sectorSide)}`;
    const shape = dissolve(shapes);
    sectors.set(sector, [...(sectors.get(sector) ?? []), shape]);
    grids.push(draftGrid(id, 'district', shape, { parentId: sector }));
  }
  for (const [id, shapes] of sectors) grids.push(draftGrid(id, 'sector', dissolve(shapes)));
  return Territory.of([TOWN], grids);
}
