import { sql, type Transaction } from 'kysely';
import type { Database } from '../../db/tables.ts';
import type { Moment } from '../../grids/moment.ts';

/** Reads under row security what a member of staff holds. */
export class StaffFileRepository {
  /** The posts a person holds at the moment on grids in the areas that the transaction sees; none for anybody else. */
  async listPostIds(trx: Transaction<Database>, personId: string, { asOf, edition }: Moment): Promise<Set<string>> {
    const { rows } = await sql<{ id: string }>`select distinct post_id as id from appointment
      where person_id = ${personId}::uuid and valid @> to_timestamp(${asOf}::float8 / 1000)
        and edition_from <= ${edition}::int and (edition_to is null or edition_to > ${edition}::int)`.execute(trx);
    return new Set(rows.map(({ id }) => id));
  }
}
