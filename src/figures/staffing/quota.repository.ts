import { sql, type Transaction } from 'kysely';
import type { Database } from '../../db/tables.ts';

/** Tasks of one kind that a post handled. */
export interface HandledTasks {
  readonly gridId: string;
  readonly role: string;
  readonly purpose: Database['task']['purpose'];
  readonly category: string;
  readonly count: number;
}

/** Counts tasks by the posts that they went to. */
export class QuotaRepository {
  /** Handled in [from, to) by posts of these roles; sees what the areas of the transaction show. */
  async listHandled(trx: Transaction<Database>, roles: readonly string[], from: Date, to: Date) {
    const { rows } = await sql<HandledTasks>`
      select t.grid_id as "gridId", t.role, t.purpose, i.category, count(*)::int as count
      from task t join incident i on i.id = t.incident_id
      where t.role = any (${roles}::text[]) and t.status in ('HANDLED', 'VERIFIED', 'CLOSED')
        and t.handled_at >= ${from.toISOString()}::timestamptz and t.handled_at < ${to.toISOString()}::timestamptz
      group by 1, 2, 3, 4`.execute(trx);
    return rows;
  }
}
