import { sql, type Transaction } from 'kysely';
import type { Database } from '../db/tables.ts';
import type { OwnershipStatus } from '../ownership/territorial.ts';
import type { DiscrepancyKind } from './groundAt.ts';

type Trx = Transaction<Database>;

export type DiscrepancyOutcome = 'FIXED' | 'NOT_A_FAULT' | 'WILL_FIX';

/** What one layer said of the place when it was reported. */
export interface FoundGround {
  readonly layer: string;
  readonly status: OwnershipStatus;
  readonly gridId: string | null;
  /** Null where there is no grid. */
  readonly distanceMetres: number | null;
  /** The body that managed the grid then, or the nearest one above. */
  readonly managerId: string | null;
}

/** A report as it is filed. */
export interface ReportDraft {
  readonly id: string;
  readonly kind: DiscrepancyKind;
  readonly layerId: number | null;
  /** On the lattice. */
  readonly x: number;
  readonly y: number;
  readonly note: string | null;
  /** The newest edition then; 0 for none. */
  readonly edition: number;
  readonly gridId: string | null;
  readonly managerId: string | null;
  readonly found: readonly FoundGround[];
  readonly confirmed: boolean;
  readonly reportedAt: Date;
}

/** A report as it is kept. */
export interface DiscrepancyRecord extends ReportDraft {
  /** Later ones have higher numbers. */
  readonly position: number;
  readonly count: number;
  readonly status: 'OPEN' | 'ANSWERED';
  readonly outcome: DiscrepancyOutcome | null;
  readonly answer: string | null;
  readonly answeredAt: Date | null;
  readonly changesetId: string | null;
}

export interface Answer {
  readonly outcome: DiscrepancyOutcome;
  readonly answer: string;
  readonly answeredAt: Date;
  readonly changesetId: string | null;
}

/** Which reports; what is undefined does not matter. */
export interface DiscrepancyFilter {
  readonly status?: DiscrepancyRecord['status'];
  readonly kind?: DiscrepancyKind;
  /** Only of these grids and all below them at the instant, and of those that went on in them. Row security asks the same, but row by row. */
  readonly below?: { readonly gridIds: readonly string[]; readonly now: Date };
  /** Only reports that came earlier. */
  readonly before?: number;
  readonly limit: number;
}

const COLUMNS = sql`id, position, kind, layer_id as "layerId", x, y, note, edition, grid_id as "gridId",
  manager_id as "managerId", found, confirmed, count, reported_at as "reportedAt", status, outcome, answer,
  answered_at as "answeredAt", changeset_id as "changesetId"`;

/** Reports in the database. Every method sees what its transaction's areas show, except where it says otherwise. */
export class DiscrepancyRepository {
  /**
   * Files a report, or counts it on one of the same place of the last day; a request of the same key does neither
   * again. `reach` says in steps of the lattice how near the same place is. Sees all reports.
   */
  async file(trx: Trx, draft: ReportDraft, reach: { x: number; y: number }, keyHash: Buffer | null) {
    const { layerId, gridId, managerId, reportedAt, ...same } = draft;
    const row = { ...same, layer_id: layerId, grid_id: gridId, manager_id: managerId, reported_at: reportedAt };
    const { rows } = await sql<{ id: string; filed: boolean }>`
      select id, filed from file_discrepancy(
        jsonb_populate_record(null::discrepancy, ${JSON.stringify(row)}::text::jsonb),
        ${reach.x}::int, ${reach.y}::int, ${keyHash}::bytea)`.execute(trx);
    return rows[0];
  }

  /** The report of an id, wherever it is, without its note. */
  async findAnywhere(trx: Trx, id: string): Promise<DiscrepancyRecord | undefined> {
    const { rows } = await sql<DiscrepancyRecord>`select ${COLUMNS} from read_discrepancy(${id}::uuid)`.execute(trx);
    return rows[0];
  }

  async find(trx: Trx, id: string): Promise<DiscrepancyRecord | undefined> {
    const { rows } = await sql<DiscrepancyRecord>`
      select ${COLUMNS} from discrepancy where id = ${id}::uuid`.execute(trx);
    return rows[0];
  }

  /** Newest first, and how many there are on all pages. */
  async list(trx: Trx, filter: DiscrepancyFilter): Promise<{ records: DiscrepancyRecord[]; total: number }> {
    const { status, kind, below, before, limit } = filter;
    const which = sql`(${status ?? null}::text is null or status = ${status ?? null}::text)
      and (${kind ?? null}::text is null or kind = ${kind ?? null}::text)
      and (${below === undefined}::boolean or grid_id = any (${below ? await this.#listBelow(trx, below) : []}::uuid[]))`;
    const { rows } = await sql<DiscrepancyRecord>`select ${COLUMNS} from discrepancy
      where ${which} and (${before ?? null}::bigint is null or position < ${before ?? null}::bigint)
      order by position desc limit ${limit}::int`.execute(trx);
    const counted = await sql<{ total: number }>`select count(*) as total from discrepancy where ${which}`.execute(trx);
    return { records: rows, total: counted.rows[0].total };
  }

  /** Undefined where the areas show no such report. Throws CONFLICT where it has its final answer. */
  async answer(trx: Trx, id: string, { outcome, answer, answeredAt, changesetId }: Answer) {
    const { rows } = await sql<DiscrepancyRecord>`
      update discrepancy set status = 'ANSWERED', outcome = ${outcome}, answer = ${answer},
        answered_at = ${answeredAt.toISOString()}::timestamptz, changeset_id = ${changesetId}::uuid
      where id = ${id}::uuid returning ${COLUMNS}`.execute(trx);
    return rows.at(0);
  }

  /** The grid itself, or where it has ended those in which it went on, as of the instant that the areas are seen at. */
  async listPresent(trx: Trx, gridId: string): Promise<string[]> {
    const { rows } = await sql<{ id: string }>`select present_grids as id from present_grids(${gridId}::uuid)`.execute(
      trx,
    );
    return rows.map(({ id }) => id).sort();
  }

  async hasChangeset(trx: Trx, id: string): Promise<boolean> {
    const found = await sql`select from changeset where id = ${id}::uuid`.execute(trx);
    return found.rows.length > 0;
  }

  async #listBelow(trx: Trx, { gridIds, now }: NonNullable<DiscrepancyFilter['below']>): Promise<string[]> {
    const instant = now.toISOString();
    const { rows } = await sql<{ id: string }>`
      with recursive below as (
        select unnest(${gridIds}::uuid[]) as id
        union
        select v.grid_id from grid_version v join below on v.parent_id = below.id
        where v.edition_to is null and v.valid @> ${instant}::timestamptz
      ), ended as (
        select distinct l.from_id as id from grid_lineage l where l.at <= ${instant}::timestamptz and not exists (
          select from grid_version v where v.grid_id = l.from_id and v.edition_to is null
            and v.valid @> ${instant}::timestamptz)
      ), heir_of as (
        select id from below
        union
        select l.from_id from heir_of h join grid_lineage l on l.to_id = h.id join ended e on e.id = l.from_id
      ) select id from heir_of`.execute(trx);
    return rows.map(({ id }) => id);
  }
}
