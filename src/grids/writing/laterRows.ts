import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { Database } from '../../db/tables.ts';
import { DomainError } from '../../errors.ts';
import type { GridRevision, GridState } from '../territory.type.ts';
import { stateColumns } from './columns.ts';

type Trx = Transaction<Database>;

/**
 * Rows are never changed: those that reach past the instant are closed, what they said before it is kept as it was, and
 * what they said after it is written anew with the change. Planned changes after `from` keep their dates.
 */
export async function reviseGrid(trx: Trx, edition: number, { gridId, from, set }: GridRevision): Promise<void> {
  const later = sql`tstzrange(${from}, null)`;
  const ids = await closeVersions(trx, edition, gridId, from);
  const changed = (column: keyof ReturnType<typeof stateColumns>, key: keyof GridState) =>
    set[key] === undefined ? sql.ref(column) : sql`${stateColumns(set as GridState)[column]}`;
  const copy = (
    condition: RawBuilder<boolean>,
    valid: RawBuilder<unknown>,
    boundary: RawBuilder<unknown>,
    rest: RawBuilder<unknown>,
  ) =>
    sql`insert into grid_version (grid_id, layer_id, tier_id, valid, edition_from, boundary, name, kind, parent_id, manager_id, loads)
      select grid_id, layer_id, tier_id, ${valid}, ${edition}::int, ${boundary}, ${rest}
      from grid_version where id = any(${ids}::bigint[]) and ${condition}`.execute(trx);
  await copy(
    sql<boolean>`lower(valid) < ${from}`,
    sql`valid * tstzrange(null, ${from})`,
    sql`boundary`,
    sql`name, kind, parent_id, manager_id, loads`,
  );
  await copy(
    sql<boolean>`true`,
    sql`valid * ${later}`,
    changed('boundary', 'boundary'),
    sql`${changed('name', 'name')}, ${changed('kind', 'kind')}, ${changed('parent_id', 'parentId')}::uuid,
      ${changed('manager_id', 'managerId')}::uuid, ${changed('loads', 'loads')}::jsonb`,
  );
}

/** Closes the versions of a grid that reach past the instant and gives their ids. */
async function closeVersions(trx: Trx, edition: number, gridId: string, from: Date): Promise<number[]> {
  const closed = await trx
    .updateTable('grid_version')
    .set({ edition_to: edition })
    .where('grid_id', '=', gridId)
    .where('edition_to', 'is', null)
    .where(sql<boolean>`valid && tstzrange(${from}, null)`)
    .returning('id')
    .execute();
  if (closed.length > 0) return closed.map((row) => row.id);
  throw new DomainError('NOT_FOUND', `Grid ${gridId} does not exist on or after ${from.toISOString()}.`, { gridId });
}

/** Ends grids at an instant: what they were before it is kept, what was planned for later is given up. */
export async function retireGrids(trx: Trx, edition: number, gridIds: readonly string[], from: Date): Promise<void> {
  await sql`with closed as (
      update grid_version set edition_to = ${edition}::int
      where grid_id = any(${gridIds}::uuid[]) and edition_to is null and valid && tstzrange(${from}, null)
      returning grid_id, layer_id, tier_id, valid, boundary, name, kind, parent_id, manager_id, loads
    )
    insert into grid_version (grid_id, layer_id, tier_id, valid, edition_from, boundary, name, kind, parent_id, manager_id, loads)
    select grid_id, layer_id, tier_id, valid * tstzrange(null, ${from}), ${edition}::int, boundary, name, kind,
      parent_id, manager_id, loads from closed where lower(valid) < ${from}`.execute(trx);
}

/** Ends named gaps at an instant, because a grid holds the place from then on or the gap has another shape. */
export async function endGaps(trx: Trx, edition: number, ids: readonly number[], from: Date): Promise<void> {
  await sql`with closed as (
      update gap set edition_to = ${edition}::int where id = any(${ids}::bigint[]) and edition_to is null
      returning layer_id, name, status, boundary, valid
    )
    insert into gap (layer_id, name, status, boundary, valid, edition_from)
    select layer_id, name, status, boundary, valid * tstzrange(null, ${from}), ${edition}::int
    from closed where lower(valid) < ${from}`.execute(trx);
}

// Square degrees, some 0.005 m²: less than a vertex of the lattice can enclose.
const NOTHING = 5e-13;

/**
 * Ends named gaps that grids hold altogether from an instant on, as the edition leaves them. `offset 0` keeps the planner
 * from making a join of it: PostGIS 3.6 may estimate more matches than there are pairs, by which the statement fails.
 */
export async function endCoveredGaps(trx: Trx, edition: number, from: Date): Promise<void> {
  const later = sql`tstzrange(${from}::timestamptz, null)`;
  const { rows } = await sql<{ id: number }>`
    select g.id from gap g
    where g.edition_to is null and g.valid && ${later}
      and exists (select from grid_version v where v.edition_from = ${edition}::int and v.edition_to is null
        and v.layer_id = g.layer_id and v.valid && ${later} and v.boundary && g.boundary offset 0)
      and ST_Area(ST_Difference(g.boundary, coalesce((
        select ST_Union(v.boundary) from grid_version v where v.layer_id = g.layer_id and v.edition_to is null
          and v.valid @> ${later} and v.boundary && g.boundary), ST_GeomFromText('POLYGON EMPTY', 4326)))) < ${NOTHING}::float8`.execute(
    trx,
  );
  const ids = rows.map((row) => row.id);
  if (ids.length > 0) await endGaps(trx, edition, ids, from);
}
