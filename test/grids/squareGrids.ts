import { randomUUID } from 'node:crypto';
import type { Clock } from '../../src/clock.ts';
import type { Shape } from '../../src/geometry/polygon.ts';
import type { GridDraft } from '../../src/grids/territory.type.ts';
import { type Api, openApi } from '../support/api.ts';
import { emptyTables, openTestDatabase } from '../support/database.ts';

export const day = (text: string): Date => new Date(`${text}T00:00:00Z`);

/** South-west corner of the squared paper and the side of a square, in units of 1e-7 degree: some 100 m. */
export const CORNER = { x: 1_050_000_000, y: 250_000_000 };
export const STEP = 10_000;

/** A rectangle on squared paper: column and row of its south-west corner, width and height in squares. */
export type Rectangle = readonly [column: number, row: number, width: number, height: number];

export function rectangle([column, row, width, height]: Rectangle): Shape {
  const [west, south] = [CORNER.x + Math.round(column * STEP), CORNER.y + Math.round(row * STEP)];
  const [east, north] = [west + Math.round(width * STEP), south + Math.round(height * STEP)];
  return [[new Int32Array([west, south, east, south, east, north, west, north])]];
}

/** A place on the paper, in degrees; fractions are inside a square. */
export function placeAt(column: number, row: number): { lon: number; lat: number } {
  return {
    lon: Math.round(CORNER.x + column * STEP) / 1e7,
    lat: Math.round(CORNER.y + row * STEP) / 1e7,
  };
}

export interface Drawn extends Partial<Omit<GridDraft, 'boundary' | 'codes'>> {
  readonly parent?: GridDraft;
  readonly codes?: GridDraft['codes'];
}

/** A grid of the scheme `local`, known since 2020 unless told otherwise. */
export function drawGrid(tier: string, code: string, on: Rectangle, { parent, ...more }: Drawn = {}): GridDraft {
  const [layer, tierCode] = tier.split('/');
  return {
    id: randomUUID(),
    layer,
    tier: tierCode,
    codes: [{ scheme: 'local', code }],
    name: `Grid ${code}`,
    kind: 'BASIC',
    parentId: parent?.id ?? null,
    managerId: null,
    boundary: rectangle(on),
    loads: [],
    validFrom: day('2020-01-01'),
    validTo: null,
    ...more,
  };
}

/** A layer and its tiers, root first. */
export interface DrawnLayer {
  readonly code: string;
  readonly kind: 'PARTITION' | 'OVERLAY';
  readonly tiers: readonly string[];
}

/** A house over an emptied registry in which edition 1 made the schemes and layers. */
export async function openPaper(
  layers: readonly DrawnLayer[],
  schemes: readonly string[] = ['local'],
  clock?: Clock,
): Promise<Api> {
  await emptyTables((await openTestDatabase()).db);
  const api = await openApi({ clock });
  const { grids } = api.app.writers;
  await api.app.editions.publish('Layers', async (trx, edition) => {
    for (const code of schemes) await grids.insertScheme(trx, edition, { code, name: code });
    for (const { code, kind, tiers } of layers) {
      await grids.insertLayer(trx, edition, { code, name: `Layer ${code}`, kind });
      for (const [i, tier] of tiers.entries()) {
        await grids.insertTier(trx, edition, { layer: code, code: tier, name: tier, rank: i + 1 });
      }
    }
  });
  return api;
}

export async function publishGrids(api: Api, drafts: readonly GridDraft[]): Promise<number> {
  const { editions, writers } = api.app;
  const { edition } = await editions.publish('Grids', (trx, edition) =>
    writers.grids.insertGrids(trx, edition, drafts),
  );
  return edition;
}
