import { type Kysely, sql, type Transaction } from 'kysely';
import type { Areas } from '../access/viewer.ts';
import { inTransaction } from './pgErrors.ts';
import type { Database } from './tables.ts';

/**
 * Lets row security show this transaction the rows of staff, keys, incidents and audit that belong to grids in the areas,
 * as the tree stands at `now` in the current edition. Without this a transaction sees none of them. The settings end
 * with the transaction, so a connection given back to the pool carries nothing over.
 */
export async function showAreas(trx: Transaction<Database>, areas: Areas, now: Date): Promise<void> {
  const roots = areas === 'everywhere' ? '*' : areas.join(',');
  await sql`select set_config('wangge.areas', ${roots}::text, true), set_config('wangge.now', ${String(now.getTime())}::text, true)`.execute(
    trx,
  );
}

/** Runs `work` in one READ COMMITTED transaction that sees the areas. Throws DomainError. */
export function inAreas<T>(
  db: Kysely<Database>,
  areas: Areas,
  now: Date,
  work: (trx: Transaction<Database>) => Promise<T>,
): Promise<T> {
  return inTransaction(db, async (trx) => {
    await showAreas(trx, areas, now);
    return work(trx);
  });
}

/** Runs `work` in one READ COMMITTED transaction that sees all staff, on any date: for the registry's own memory. */
export function inEveryArea<T>(db: Kysely<Database>, work: (trx: Transaction<Database>) => Promise<T>): Promise<T> {
  return inAreas(db, 'everywhere', new Date(0), work);
}
