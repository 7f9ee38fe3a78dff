import { type Kysely, sql, type Transaction } from 'kysely';
import type { Areas, Viewer } from '../../access/viewer.ts';
import { inAreas } from '../../db/areas.ts';
import type { Database } from '../../db/tables.ts';
import { subjectOf } from './hands.ts';

/** Who looks, where and when. */
export interface Look {
  readonly viewer: Viewer;
  readonly areas: Areas;
  readonly now: Date;
}

/** Runs `work` in a transaction that sees the areas, and what the viewer's login reported itself. Throws DomainError. */
export function seenBy<T>(
  db: Kysely<Database>,
  { viewer, areas, now }: Look,
  work: (trx: Transaction<Database>) => Promise<T>,
): Promise<T> {
  return inAreas(db, areas, now, async (trx) => {
    await sql`select set_config('wangge.login', ${subjectOf(viewer)}::text, true)`.execute(trx);
    return work(trx);
  });
}
