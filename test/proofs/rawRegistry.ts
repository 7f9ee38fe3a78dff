import { sql, type Transaction } from 'kysely';
import type { Database } from '../../src/db/tables.ts';

export type Trx = Transaction<Database>;

/** A UUID that is easy to tell from others. */
export const idOf = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

/** A rectangle near 120° E, 30° N in steps of 0.001° (about 100 m), on the lattice. */
export function box(x: number, y: number, width: number, height = width): string {
  const lon = (step: number) => (120 + step / 1000).toFixed(7);
  const lat = (step: number) => (30 + step / 1000).toFixed(7);
  const [w, e, s, n] = [lon(x), lon(x + width), lat(y), lat(y + height)];
  return `MULTIPOLYGON(((${w} ${s},${e} ${s},${e} ${n},${w} ${n},${w} ${s})))`;
}

export interface RawGrid {
  readonly id: string;
  readonly layer?: string;
  readonly tier: string;
  readonly parent?: string | null;
  readonly boundary: string;
  readonly from?: string;
  readonly to?: string;
}

/** Begins the next edition with plain SQL, by one who sees all staff, and gives its number. */
export async function beginEdition(trx: Trx, number?: number): Promise<number> {
  await sql`select set_config('wangge.areas', '*', true)`.execute(trx);
  const { rows } = await sql<{ number: number }>`insert into edition (number, published_at, effective_at, title)
    select coalesce(${number ?? null}::int, max(number) + 1, 1), now(), now(), 'By hand' from edition returning number`.execute(
    trx,
  );
  return rows[0].number;
}

/** Writes a grid with its first version, past everything but the database. */
export async function insertRawGrid(trx: Trx, edition: number, grid: RawGrid): Promise<void> {
  await sql`insert into grid (id, layer_id, tier_id, edition_from)
    select ${grid.id}::uuid, t.layer_id, t.id, ${edition}::int from tier t join layer l on l.id = t.layer_id
    where l.code = ${grid.layer ?? 'land'} and t.code = ${grid.tier}`.execute(trx);
  await insertRawVersion(trx, edition, grid);
}

export async function insertRawVersion(trx: Trx, edition: number, grid: Omit<RawGrid, 'tier'>): Promise<void> {
  await sql`insert into grid_version (grid_id, layer_id, tier_id, parent_id, name, boundary, valid, edition_from, area_square_metres)
    select id, layer_id, tier_id, ${grid.parent ?? null}::uuid, 'By hand', ST_GeomFromText(${grid.boundary}, 4326),
      tstzrange(${grid.from ?? '2020-01-01Z'}::timestamptz, ${grid.to ?? null}::timestamptz), ${edition}::int, 1e6
    from grid where id = ${grid.id}::uuid`.execute(trx);
}

/** A PARTITION `land` of three tiers and an OVERLAY `water`, without grids. */
export async function insertRawLayers(trx: Trx, edition: number): Promise<void> {
  await sql`insert into layer (code, name, kind, position, edition_from)
    values ('land', 'Land', 'PARTITION', 1, ${edition}), ('water', 'Water', 'OVERLAY', 2, ${edition})`.execute(trx);
  await sql`insert into tier (layer_id, code, name, rank, edition_from)
    select l.id, t.code, t.code, t.rank, ${edition}::int
    from (values ('land', 'town', 1), ('land', 'village', 2), ('land', 'field', 3), ('water', 'river', 1)) as t (layer, code, rank)
    join layer l on l.code = t.layer`.execute(trx);
}
