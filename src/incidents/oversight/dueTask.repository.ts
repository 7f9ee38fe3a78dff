import { sql, type Transaction } from 'kysely';
import type { Database } from '../../db/tables.ts';

type Trx = Transaction<Database>;

/** A task whose time is over. */
export interface DueTask {
  readonly taskId: string;
  readonly incidentId: string;
  /** As the database writes it, to the microsecond: for going on behind it. */
  readonly dueAt: string;
}

/** Reads what is due. Every method sees what its transaction's areas show. */
export class DueTaskRepository {
  /** Late and told to nobody yet, longest due first. What somebody else writes right now is left out. */
  async listLate(
    trx: Trx,
    now: Date,
    after: Pick<DueTask, 'dueAt' | 'taskId'> | undefined,
    limit: number,
  ): Promise<DueTask[]> {
    const instant = now.toISOString();
    const { rows } = await sql<DueTask>`
      select t.id as "taskId", t.due_at::text as "dueAt", i.id as "incidentId"
      from task t join incident i on i.id = t.incident_id
      where t.status in ('ISSUED', 'ACKNOWLEDGED') and t.overdue_at is null and t.due_at < ${instant}::timestamptz
        and (t.starts_at is null or t.starts_at <= ${instant}::timestamptz)
        and (${after === undefined}::boolean
          or (t.due_at, t.id) > (${after?.dueAt ?? null}::timestamptz, ${after?.taskId ?? null}::uuid))
      order by t.due_at, t.id limit ${limit}::int
      for no key update of i skip locked`.execute(trx);
    return rows;
  }

  /** Ids of open incidents with a late task on the rung that they have reached, of which somebody was told since then. */
  async listTold(trx: Trx, since: Date, after: string | undefined, limit: number): Promise<string[]> {
    const { rows } = await sql<{ id: string }>`
      select distinct i.id from task t join incident i on i.id = t.incident_id
      where t.overdue_at >= ${since.toISOString()}::timestamptz and t.status in ('ISSUED', 'ACKNOWLEDGED')
        and i.status = 'OPEN' and t.layer = i.layer and t.tier = i.tier
        and (${after ?? null}::uuid is null or i.id > ${after ?? null}::uuid)
      order by i.id limit ${limit}::int`.execute(trx);
    return rows.map(({ id }) => id);
  }
}
