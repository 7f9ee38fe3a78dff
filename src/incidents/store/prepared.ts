import type { RawBuilder, Transaction } from 'kysely';
import { runNamed } from '../../db/database.ts';
import type { Database } from '../../db/tables.ts';

/**
 * Runs a statement prepared under `name`, which must always be of the same words: with the policies of its tables it
 * takes longer to plan than to run.
 */
export function runPrepared<Row>(
  trx: Transaction<Database>,
  name: string,
  statement: RawBuilder<unknown>,
): Promise<Row[]> {
  const { sql, parameters } = statement.compile(trx);
  return runNamed<Row>(trx, name, sql, parameters);
}
