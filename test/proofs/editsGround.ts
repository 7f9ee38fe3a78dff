import { type Kysely, sql } from 'kysely';
import type { App } from '../../src/app.ts';
import type { Database } from '../../src/db/tables.ts';
import { findCoverageFaults, latticeArea2 } from '../../src/geometry/coverage.ts';
import type { Shape } from '../../src/geometry/polygon.ts';
import { versionAt } from '../../src/grids/atlas/rows.ts';
import type { GridDraft } from '../../src/grids/territory.type.ts';
import { drawGrid, type Rectangle, rectangle, STEP } from '../grids/squareGrids.ts';

/** Squares of fields on a side of the ground, and of fields on a side of a village. */
export interface Size {
  readonly side: number;
  readonly village: number;
}
/** Where sixteen editors get in each other's way: 36 fields in four villages. */
export const HOT: Size = { side: 6, village: 3 };
export const LAYER = 'land';
const TIERS = ['town', 'village', 'field'] as const;

/** A town of villages of square fields, all on shared borders. */
export function drawGround({ side, village }: Size): GridDraft[] {
  const town = drawGrid(`${LAYER}/town`, 'T', [0, 0, side, side]);
  const villages = new Map<string, GridDraft>();
  for (let row = 0; row < side; row += village) {
    for (let column = 0; column < side; column += village) {
      const code = `V${column / village}-${row / village}`;
      const on: Rectangle = [column, row, village, village];
      villages.set(code, drawGrid(`${LAYER}/village`, code, on, { parent: town }));
    }
  }
  const fields: GridDraft[] = [];
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const parent = villages.get(`V${Math.floor(column / village)}-${Math.floor(row / village)}`);
      fields.push(drawGrid(`${LAYER}/field`, `F${column}-${row}`, [column, row, 1, 1], { parent }));
    }
  }
  return [town, ...villages.values(), ...fields].map((grid) => ({ ...grid, boundary: noded(grid.boundary) }));
}

/** With a vertex at every square of the paper, so that grids share whole edges. */
function noded(shape: Shape): Shape {
  return shape.map((polygon) =>
    polygon.map((ring) => {
      const points: number[] = [];
      for (let i = 0; i < ring.length; i += 2) {
        const [x, y] = [ring[i], ring[i + 1]];
        const [toX, toY] = [ring[(i + 2) % ring.length], ring[(i + 3) % ring.length]];
        const steps = Math.max(Math.abs(toX - x), Math.abs(toY - y)) / STEP;
        for (let k = 0; k < steps; k++) points.push(x + ((toX - x) * k) / steps, y + ((toY - y) * k) / steps);
      }
      return Int32Array.from(points);
    }),
  );
}

/** Edition 1: the layer with its grids. */
export async function publishGround({ editions, writers }: App, drafts: readonly GridDraft[]): Promise<void> {
  await editions.publish('Ground', async (trx, edition) => {
    await writers.grids.insertScheme(trx, edition, { code: 'local', name: 'Local' });
    await writers.grids.insertLayer(trx, edition, { code: LAYER, name: 'Land', kind: 'PARTITION' });
    for (const [i, code] of TIERS.entries()) {
      await writers.grids.insertTier(trx, edition, { layer: LAYER, code, name: code, rank: i + 1, scheme: 'local' });
    }
    await writers.grids.insertGrids(trx, edition, drafts);
  });
}

export interface GroundFaults {
  readonly overlaps: number;
  /** Of the ground of each tier, in cells of the lattice, that is held by nobody or twice. */
  readonly areaOff: number;
  readonly holes: number;
  readonly childrenOutside: number;
}

/** What PostGIS finds wrong, over the whole of the newest edition and at every instant at which something changed last. */
export async function faultsByPostgis(db: Kysely<Database>, { side }: Size): Promise<GroundFaults> {
  const { minX, minY, maxX, maxY } = boxOfGround(side);
  const { rows } = await sql<GroundFaults>`
    with open as materialized (
      select v.*, t.code as tier from grid_version v join tier t on t.id = v.tier_id
      where v.edition_to is null and upper_inf(v.valid)
    ), ground as (
      select tier, ST_Union(boundary) as whole, sum(ST_Area(boundary)) as area from open group by tier
    ), given as (
      select ST_MakeEnvelope(${minX}::float8 / 1e7, ${minY}::float8 / 1e7, ${maxX}::float8 / 1e7, ${maxY}::float8 / 1e7, 4326) as place
    )
    select
      (select count(*) from open a join open b on b.tier_id = a.tier_id and b.grid_id > a.grid_id
        and b.boundary && a.boundary and ST_Relate(a.boundary, b.boundary, 'T********')) as overlaps,
      (select coalesce(sum(round((ST_Area(ST_SymDifference(whole, place)) + abs(area - ST_Area(place))) / 1e-14)), 0)
        from ground, given)::float8 as "areaOff",
      (select coalesce(sum(ST_NumInteriorRings(d.geom)), 0) from ground, ST_Dump(whole) d)::int as holes,
      (select count(*) from open c join open p on p.grid_id = c.parent_id where not ST_Covers(p.boundary, c.boundary)
        and ST_Area(ST_Difference(c.boundary, p.boundary)) > 0.001 * ST_Area(c.boundary)) as "childrenOutside"`.execute(
    db,
  );
  return rows[0];
}

function boxOfGround(side: number) {
  const ring = rectangle([0, 0, side, side])[0][0];
  return { minX: ring[0], minY: ring[1], maxX: ring[4], maxY: ring[5] };
}

/** What the memory of the house says of the same: exact, in whole numbers. */
export function faultsInMemory({ atlas, editions }: App, { side }: Size, asOf: number) {
  const moment = { asOf, edition: editions.latest };
  const versions = [...atlas.grids].flatMap((grid) => versionAt(grid, moment) ?? []);
  const whole = latticeArea2(rectangle([0, 0, side, side]));
  return TIERS.map((tier) => {
    const shapes = versions.filter(({ grid }) => grid.tier.code === tier).map(({ shape }) => shape);
    const areaOff = shapes.reduce((sum, shape) => sum + latticeArea2(shape), 0) - whole;
    return { tier, faults: findCoverageFaults(shapes, 100).length, areaOff };
  });
}

/** How many publications there were that wrote over a change they had not seen, or whose change is nowhere. */
export async function lostUpdates(db: Kysely<Database>, published: readonly Publication[]): Promise<string[]> {
  const { rows } = await sql<{ id: number; grid: string; from: number; to: number | null; last: boolean }>`
    select id, grid_id as grid, edition_from as "from", edition_to as "to", upper_inf(valid) as last
    from grid_version`.execute(db);
  const ofId = new Map(rows.map((row) => [row.id, row]));
  const opened = new Set(rows.filter(({ last }) => last).map(({ grid, from }) => `${grid} ${from}`));
  const faults: string[] = [];
  for (const { edition, changes } of published) {
    for (const { grid, seen, goesOn } of changes) {
      // The row that the editor saw is the very one that this edition closed.
      if (seen !== null && ofId.get(seen)?.to !== edition) {
        faults.push(`edition ${edition} closed another row of ${grid} than ${seen}, which it had seen`);
      }
      if (goesOn && !opened.has(`${grid} ${edition}`)) faults.push(`edition ${edition} left no row of ${grid}`);
    }
  }
  return faults;
}

/** What a publication that was reported as done had seen and changed. */
export interface Publication {
  readonly edition: number;
  readonly changes: readonly {
    readonly grid: string;
    /** The row that the editor started from; null for a grid that is new. */
    readonly seen: number | null;
    /** Whether the grid is still there, so that the edition must have left a row of it. */
    readonly goesOn: boolean;
  }[];
}
