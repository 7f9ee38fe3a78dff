import type { DraftGrid, LayerRules, TierRules } from '../../../src/changesets/territory/draftGrid.ts';
import { mainCodeOf } from '../../../src/changesets/territory/draftGrid.ts';
import { Territory } from '../../../src/changesets/territory/territory.ts';
import type { ComparedDraft, Origins } from '../../../src/exchange/edited/origins.ts';
import { originInDraft } from '../../../src/exchange/edited/origins.ts';
import { writeFeatures } from '../../../src/exchange/file/gridFeatures.ts';
import { dissolve } from '../../../src/geometry/coverage.ts';
import type { Shape } from '../../../src/geometry/polygon.ts';

export const SIDE = 6;
const WEST = 1_200_000_000;
const SOUTH = 300_000_000;
/** Some 100 m. */
export const STEP = 10_000;

export function idOf(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

const tier = (code: string, rank: number): TierRules => ({
  code,
  name: code,
  rank,
  scheme: null,
  source: 'DRAWN',
  codePattern: null,
  leastSquareMetres: 10,
  leastWidthMetres: 1,
  load: null,
});
export const RULES: LayerRules[] = [{ code: 'gov', kind: 'PARTITION', tiers: [tier('town', 1), tier('village', 2)] }];

/** Where a corner of the chequered town lies: crooked, but the same for all cells that have it. Half steps are midpoints. */
export function corner(column: number, row: number): [number, number] {
  const bend = (n: number) => ((Math.round(n * 2) * 7919 + 13) % 17) * 37;
  return [
    WEST + Math.round(column * STEP) + bend(column + 3 * row),
    SOUTH + Math.round(row * STEP) + bend(row + 5 * column),
  ];
}

function cell(column: number, row: number): Shape {
  const around = [
    [0, 0],
    [0.5, 0],
    [1, 0],
    [1, 0.5],
    [1, 1],
    [0.5, 1],
    [0, 1],
    [0, 0.5],
  ];
  return [[Int32Array.from(around.flatMap(([dx, dy]) => corner(column + dx, row + dy)))]];
}

/** Two towns of 18 villages each, side by side, all borders shared. */
export function drawTown(): Territory {
  const plain = { layer: 'gov', kind: 'BASIC', managerId: null, loads: [], memberIds: null } as const;
  const villages = Array.from({ length: SIDE * SIDE }, (_, n): DraftGrid => {
    const [column, row] = [n % SIDE, Math.floor(n / SIDE)];
    const parentId = idOf(column < SIDE / 2 ? 1 : 2);
    const code = `421303${String(n + 1).padStart(3, '0')}`;
    const codes = [{ scheme: 'gov', code }];
    const shape = cell(column, row);
    return {
      ...plain,
      tier: 'village',
      id: idOf(100 + n),
      codes,
      name: `Village ${n}`,
      parentId,
      shape,
      versionId: 100 + n,
    };
  });
  const towns = [1, 2].map((n): DraftGrid => {
    const shape = dissolve(villages.filter(({ parentId }) => parentId === idOf(n)).map((village) => village.shape));
    const codes = [{ scheme: 'gov', code: `T${n}` }];
    return { ...plain, tier: 'town', id: idOf(n), codes, name: `Town ${n}`, parentId: null, shape, versionId: n };
  });
  return Territory.of(RULES, [...towns, ...villages]);
}

/** A draft that nobody has drawn into yet, and the registry under it. */
export function freshDraft(base: Territory): { draft: ComparedDraft; origins: Origins } {
  const draft = { id: idOf(9), revision: 0, baseEdition: 3, base, territory: base };
  return { draft, origins: originsIn(base) };
}

/** Everything was written from one territory. */
export function originsIn(base: Territory): Origins {
  return {
    find: (row) => originInDraft(base.get(row.id!, 'id'), base),
    held: () => true,
  };
}

export interface FileFeature {
  type: 'Feature';
  id?: unknown;
  properties: Record<string, unknown>;
  geometry: { type: string; coordinates: unknown };
}

/** What an export of the tier says. */
export async function exported(territory: Territory, tierCode?: string): Promise<FileFeature[]> {
  const features = [...territory.grids('gov', tierCode)].map((grid) => {
    const { id, layer, tier, name, kind, parentId, managerId, loads } = grid;
    const parent = parentId === null ? null : mainCodeOf(territory.get(parentId, 'parent'));
    const codes = grid.codes.map((code, i) => ({ ...code, main: i === 0 }));
    const dated = { validFrom: '1970-01-01T00:00:00.000Z', validTo: null, edition: 3 };
    const words = { id, version: grid.versionId, layer, tier, code: mainCodeOf(grid), codes, name, kind, parent };
    return { properties: { ...words, parentId, managerId, ...dated, loads }, shape: grid.shape };
  });
  let text = '';
  for await (const piece of writeFeatures(features)) text += piece;
  return JSON.parse(text).features;
}

export function fileOf(features: readonly unknown[]): string {
  return JSON.stringify({ type: 'FeatureCollection', features });
}
