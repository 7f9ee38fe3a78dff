import { type Kysely, sql } from 'kysely';
import type { Database } from '../../db/tables.ts';

/** How a grid went on in another, as the registry keeps it. Instants in milliseconds. */
export interface LineageRow {
  readonly fromId: string;
  readonly toId: string;
  readonly how: 'MERGED' | 'SPLIT' | 'RETIRED';
  readonly at: number;
  readonly edition: number;
}

/** Reads lineage. */
export class LineageRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** What the editions in (after, upTo] said, in the order of instants. */
  async readLog(after: number, upTo: number): Promise<LineageRow[]> {
    const { rows } = await sql<LineageRow>`select from_id as "fromId", to_id as "toId", how,
        (extract(epoch from at) * 1000)::float8 as at, edition_from as edition
      from grid_lineage where edition_from > ${after}::int and edition_from <= ${upTo}::int
      order by at, id`.execute(this.#db);
    return rows;
  }
}
