import { type Kysely, sql, type Transaction } from 'kysely';
import { inEveryArea } from '../../db/areas.ts';
import type { Database } from '../../db/tables.ts';
import { readTable, type TableLog } from '../../grids/log/datedLog.ts';
import type { Validity } from '../post.type.ts';
import type { DutyState } from './dutyRule.ts';

/** Reads and writes the duty matrix. */
export class DutyRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** What the editions in (after, upTo] opened and closed. */
  readLog(after: number, upTo: number): Promise<TableLog<DutyState>> {
    const state = sql`r.role_id as "roleId", r.category, r.stance, r.tier_id as "tierId", r.grid_id as "gridId"`;
    return inEveryArea(this.#db, (trx) => readTable<DutyState>({ trx, after, upTo }, sql`duty r`, state));
  }

  async close(trx: Transaction<Database>, edition: number, rowIds: readonly number[]): Promise<void> {
    if (rowIds.length === 0) return;
    await sql`update duty set edition_to = ${edition}::int
      where id in (select value::bigint from jsonb_array_elements_text(${JSON.stringify(rowIds)}::text::jsonb))`.execute(
      trx,
    );
  }

  async insert(trx: Transaction<Database>, edition: number, rules: readonly (DutyState & Validity)[]): Promise<void> {
    if (rules.length === 0) return;
    await sql`insert into duty (role_id, category, stance, tier_id, grid_id, valid, edition_from)
      select "roleId", category, stance, "tierId", "gridId", tstzrange("validFrom", "validTo"), ${edition}::int
      from jsonb_to_recordset(${JSON.stringify(rules)}::text::jsonb) as d ("roleId" int, category text, stance text,
        "tierId" int, "gridId" uuid, "validFrom" timestamptz, "validTo" timestamptz)`.execute(trx);
  }
}
