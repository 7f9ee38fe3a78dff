import { sql, type Transaction } from 'kysely';
import type { Database } from '../../db/tables.ts';
import type { CodeDraft } from '../../grids/territory.type.ts';

type Trx = Transaction<Database>;

/** A version that stands in the newest edition; instants in milliseconds. */
export interface StandingVersion {
  readonly gridId: string;
  readonly id: number;
  readonly validFrom: number;
  /** Null: for ever. */
  readonly validTo: number | null;
  readonly editionFrom: number;
}

/** The last edition that said anything of a grid, and whose it is. */
export interface LastEdition {
  readonly gridId: string;
  readonly edition: number;
  readonly publishedBy: string | null;
  /** The changeset that it was, and its author; null for imports and the like. */
  readonly changeset: string | null;
  readonly author: string | null;
}

/** What the registry says of some grids right before a publication. */
export interface Standing {
  readonly versions: ReadonlyMap<string, readonly StandingVersion[]>;
  /** The main one first. */
  readonly codes: ReadonlyMap<string, readonly CodeDraft[]>;
  /** Who is a member at the instant and for ever after. */
  readonly members: ReadonlyMap<string, readonly string[]>;
}

/** Reads, under the lock of a publication, what a draft is measured against. */
export class PublishingRepository {
  async readStanding(trx: Trx, ids: readonly string[], at: Date): Promise<Standing> {
    const versions = await sql<StandingVersion>`
      select grid_id as "gridId", id, edition_from as "editionFrom",
        (extract(epoch from lower(valid)) * 1000)::float8 as "validFrom",
        (extract(epoch from upper(valid)) * 1000)::float8 as "validTo"
      from grid_version where grid_id = any(${ids}::uuid[]) and edition_to is null order by lower(valid)`.execute(trx);
    const codes = await sql<CodeDraft & { gridId: string }>`
      select c.grid_id as "gridId", s.code as scheme, c.code from grid_code c join scheme s on s.id = c.scheme_id
      where c.grid_id = any(${ids}::uuid[]) and c.edition_to is null order by c.main desc, c.id`.execute(trx);
    const members = await sql<{ gridId: string; memberId: string }>`
      select grid_id as "gridId", member_id as "memberId" from grid_member
      where grid_id = any(${ids}::uuid[]) and edition_to is null and valid @> tstzrange(${at}::timestamptz, null)`.execute(
      trx,
    );
    return {
      versions: byGrid(versions.rows, (row) => row),
      codes: byGrid(codes.rows, ({ scheme, code }) => ({ scheme, code })),
      members: byGrid(members.rows, ({ memberId }) => memberId),
    };
  }

  /** Which of the ids name grids that are or were. */
  async listKnown(trx: Trx, ids: readonly string[]): Promise<string[]> {
    const { rows } = await sql<{ id: string }>`select id from grid where id = any(${ids}::uuid[])`.execute(trx);
    return rows.map(({ id }) => id);
  }

  async listLastEditions(trx: Trx, ids: readonly string[]): Promise<LastEdition[]> {
    const { rows } = await sql<LastEdition>`
      with row_of as (
        select grid_id, edition_from, edition_to from grid_version where grid_id = any(${ids}::uuid[])
        union all select grid_id, edition_from, edition_to from grid_code where grid_id = any(${ids}::uuid[])
        union all select grid_id, edition_from, edition_to from grid_member where grid_id = any(${ids}::uuid[])
      ), last as (
        select grid_id, greatest(max(edition_from), max(edition_to)) as edition from row_of group by grid_id
      )
      select l.grid_id as "gridId", l.edition, e.published_by as "publishedBy", c.id as changeset, c.author
      from last l join edition e on e.number = l.edition left join changeset c on c.edition = e.number`.execute(trx);
    return rows;
  }
}

function byGrid<Row extends { gridId: string }, T>(rows: readonly Row[], show: (row: Row) => T): Map<string, T[]> {
  const grids = new Map<string, T[]>();
  for (const row of rows) {
    const list = grids.get(row.gridId);
    if (list) list.push(show(row));
    else grids.set(row.gridId, [show(row)]);
  }
  return grids;
}
