import { expect } from 'vitest';
import { applyOps } from '../../../src/changesets/ops/applyOps.ts';
import type { Applied, Op } from '../../../src/changesets/ops/op.ts';
import type { DraftGrid, LayerRules, TierRules, TierSource } from '../../../src/changesets/territory/draftGrid.ts';
import { afterwards, invert } from '../../../src/changesets/territory/patch.ts';
import { Territory } from '../../../src/changesets/territory/territory.ts';
import { DomainError } from '../../../src/errors.ts';
import { dissolve, findCoverageFaults } from '../../../src/geometry/coverage.ts';
import type { Ring, Shape } from '../../../src/geometry/polygon.ts';

export function ring(...values: number[]): Ring {
  return Int32Array.from(values);
}

/** One polygon: outer ring, then holes. */
export function drawn(...rings: number[][]): Shape {
  return [rings.map((values) => ring(...values))];
}

export function block(x: number, y: number, width: number, height: number): Shape {
  return drawn([x, y, x + width, y, x + width, y + height, x, y + height]);
}

export function tier(code: string, rank: number, source: TierSource = 'DRAWN'): TierRules {
  const free = { scheme: null, codePattern: null, leastSquareMetres: 10, leastWidthMetres: 1, load: null };
  return { code, name: code, rank, source, ...free };
}

export function grid(
  layer: string,
  tierCode: string,
  id: string,
  shape: Shape,
  rest: Partial<DraftGrid> = {},
): DraftGrid {
  const state = { name: `Grid ${id}`, kind: 'BASIC', parentId: null, managerId: null, loads: [], memberIds: null };
  const codes = [{ scheme: layer, code: id.toUpperCase() }];
  return { id, layer, tier: tierCode, codes, shape, versionId: 1, ...state, ...rest };
}

/** Nine cells of 100 × 100, a0 to c2 by column and row, below three blocks (columns a, b, c) below a town. */
export function board(
  sources: { readonly block?: TierSource; readonly town?: TierSource } = {},
  kind: LayerRules['kind'] = 'PARTITION',
) {
  const columns = ['a', 'b', 'c'];
  const cells = columns.flatMap((column, x) =>
    [0, 1, 2].map((y) =>
      grid('police', 'cell', `${column}${y}`, block(x * 100, y * 100, 100, 100), { parentId: column }),
    ),
  );
  const unionOf = (some: readonly DraftGrid[]) => dissolve(some.map((cell) => cell.shape));
  const blocks = columns.map((column) =>
    grid('police', 'block', column, unionOf(cells.filter((cell) => cell.parentId === column)), { parentId: 'town' }),
  );
  const town = grid('police', 'town', 'town', unionOf(cells));
  const tiers = [tier('town', 1, sources.town), tier('block', 2, sources.block), tier('cell', 3)];
  return { layers: [{ code: 'police', kind, tiers }] as LayerRules[], grids: [town, ...blocks, ...cells] };
}

export function boardTerritory(...given: Parameters<typeof board>): Territory {
  const { layers, grids } = board(...given);
  return Territory.of(layers, grids);
}

/** Everything a territory holds, to the byte. */
export function bytesOf(territory: Territory): string {
  const grids = [...territory.layers].flatMap(({ code }) => [...territory.grids(code)]);
  return JSON.stringify(
    grids
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .map((each) => ({ ...each, shape: each.shape.map((rings) => rings.map((points) => [...points])) })),
  );
}

/** Applies ops, and expects that the inverse gives the same objects and bytes back and that each tier stays exact. */
export function done(territory: Territory, ...ops: Op[]): Applied & { readonly touched: string[] } {
  const applied = applyOps(territory, ops);
  const back = applied.territory.with(invert(applied.patch));
  expect(bytesOf(back)).toBe(bytesOf(territory));
  for (const [id, { before, after }] of applied.patch) {
    expect(back.find(id) ?? null).toBe(before);
    expect(applied.territory.find(id) ?? null).toBe(after);
    expect(before).not.toEqual(after);
  }
  for (const { code, kind, tiers } of territory.layers) {
    if (kind === 'OVERLAY') continue;
    for (const each of tiers) expect(faultsIn(applied.territory, code, each.code)).toEqual([]);
  }
  return { ...applied, touched: [...applied.patch.keys()].sort() };
}

export function faultsIn(territory: Territory, layer: string, tierCode: string) {
  return findCoverageFaults([...territory.grids(layer, tierCode)].map((each) => each.shape));
}

/** What an op is refused with; the territory stays as it is. */
export function refusal(
  territory: Territory,
  ...ops: Op[]
): { code: string; message: string; details: Record<string, unknown> } {
  const before = bytesOf(territory);
  try {
    applyOps(territory, ops);
  } catch (error) {
    expect(bytesOf(territory)).toBe(before);
    if (error instanceof DomainError) return { code: error.code, message: error.message, details: error.details };
    throw error;
  }
  throw new Error('It was done.');
}

/** The vertices of a shape of one ring, counter-clockwise from the lowest, westernmost one. */
export function corners(territory: Territory, id: string): string {
  const [[outer]] = territory.get(id, 'id').shape;
  const points = Array.from({ length: outer.length / 2 }, (_, i) => [outer[2 * i], outer[2 * i + 1]] as const);
  const area = points.reduce((sum, [x, y], i) => {
    const [nextX, nextY] = points[(i + 1) % points.length];
    return sum + x * nextY - nextX * y;
  }, 0);
  if (area < 0) points.reverse();
  const low = points.reduce(
    (best, [x, y], i) => (y < points[best][1] || (y === points[best][1] && x < points[best][0]) ? i : best),
    0,
  );
  return [...points.slice(low), ...points.slice(0, low)].map((point) => point.join(',')).join(' ');
}

export function idsOf(applied: Applied): string[] {
  return afterwards(applied.patch)
    .map((each) => each.id)
    .sort();
}
