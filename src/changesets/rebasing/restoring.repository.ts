import { type Kysely, sql } from 'kysely';
import type { Database } from '../../db/tables.ts';
import type { Lineage } from '../territory/patch.ts';

/** A grid of which an edition opened or closed something, and the last edition that did so since. */
export interface ChangedGrid {
  readonly gridId: string;
  readonly changedAgain: number | null;
}

/** Reads what an edition did to territory. */
export class RestoringRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async listChanged(edition: number): Promise<ChangedGrid[]> {
    const { rows } = await sql<ChangedGrid>`
      with row_of as (
        select grid_id, edition_from, edition_to from grid_version
        union all select grid_id, edition_from, edition_to from grid_code
        union all select grid_id, edition_from, edition_to from grid_member
      ), changed as (
        select distinct grid_id from row_of where edition_from = ${edition}::int or edition_to = ${edition}::int
      )
      select r.grid_id as "gridId", nullif(greatest(max(r.edition_from), max(r.edition_to)), ${edition}::int) as "changedAgain"
      from row_of r join changed c on c.grid_id = r.grid_id group by r.grid_id order by r.grid_id`.execute(this.#db);
    return rows;
  }

  /** How grids went on in others by the edition. */
  async listLineage(edition: number): Promise<Lineage[]> {
    return this.#db
      .selectFrom('grid_lineage')
      .select(['from_id as from', 'to_id as to', 'how'])
      .where('edition_from', '=', edition)
      .orderBy('id')
      .execute();
  }
}
