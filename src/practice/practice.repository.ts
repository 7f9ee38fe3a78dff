import { type Kysely, sql, type Transaction } from 'kysely';
import type { Database } from '../db/tables.ts';
import type { PracticeSections } from './practice.type.ts';

/** What an area sets from an instant on. */
export interface PracticeDraft {
  /** Null: everywhere. */
  readonly gridId: string | null;
  readonly validFrom: Date;
  readonly sections: PracticeSections;
}

/** The same as it is stored; campaigns still carry their instants as text. */
export interface PracticeRow {
  readonly id: number;
  readonly gridId: string | null;
  /** Milliseconds since 1970. */
  readonly validFrom: number;
  readonly edition: number;
  readonly sections: Readonly<Record<string, unknown>>;
}

/** Reads and writes local practice. */
export class PracticeRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** What the editions in (after, upTo] set, in the order in which they did. */
  async readLog(after: number, upTo: number): Promise<PracticeRow[]> {
    const rows = await this.#db
      .selectFrom('practice')
      .select(['id', 'grid_id', 'valid_from', 'edition_from', 'sections'])
      .where('edition_from', '>', after)
      .where('edition_from', '<=', upTo)
      .orderBy('id')
      .execute();
    return rows.map((row) => ({
      id: row.id,
      gridId: row.grid_id,
      validFrom: row.valid_from.getTime(),
      edition: row.edition_from,
      sections: row.sections,
    }));
  }

  async insert(trx: Transaction<Database>, edition: number, drafts: readonly PracticeDraft[]): Promise<void> {
    if (drafts.length === 0) return;
    await sql`insert into practice (grid_id, valid_from, edition_from, sections)
      select "gridId", "validFrom", ${edition}::int, sections
      from jsonb_to_recordset(${JSON.stringify(drafts)}::text::jsonb)
        as d ("gridId" uuid, "validFrom" timestamptz, sections jsonb)`.execute(trx);
  }
}
