import { sql, type Transaction } from 'kysely';
import type { Database } from '../../db/tables.ts';
import type { RetryKey } from '../visitDesk.ts';
import type { ActivityDraft, ActivityFilter, ActivityRecord } from './activity.type.ts';

type Trx = Transaction<Database>;

const COLUMNS = sql`id, position, class as "activityClass", title, grid_ids as "gridIds", campaign, from_at as "from",
  to_at as "to", recorded_at as "recordedAt", recorded_by as "recordedBy", ended_at as "endedAt", ended_by as "endedBy"`;

/** Activities in the database. Every method sees what its transaction's areas show. */
export class ActivityRepository {
  /** Writes nothing where something was recorded under the key. */
  async insert(trx: Trx, draft: ActivityDraft, key: RetryKey | null): Promise<void> {
    await sql`
      insert into activity (id, class, title, grid_ids, campaign, from_at, to_at, recorded_at, recorded_by, key_hash, input_hash)
      values (${draft.id}::uuid, ${draft.activityClass}, ${draft.title}, ${draft.gridIds}::uuid[], ${draft.campaign},
        ${draft.from.toISOString()}::timestamptz, ${draft.to?.toISOString() ?? null}::timestamptz,
        ${draft.recordedAt.toISOString()}::timestamptz, ${draft.recordedBy}, ${key?.keyHash ?? null}::bytea,
        ${key?.inputHash ?? null}::bytea)
      on conflict (key_hash) do nothing`.execute(trx);
  }

  async find(trx: Trx, id: string): Promise<ActivityRecord | undefined> {
    const { rows } = await sql<ActivityRecord>`select ${COLUMNS} from activity where id = ${id}::uuid`.execute(trx);
    return rows.at(0);
  }

  async findByKey(trx: Trx, { keyHash }: RetryKey) {
    const { rows } = await sql<ActivityRecord & { readonly inputHash: Uint8Array }>`
      select ${COLUMNS}, input_hash as "inputHash" from activity where key_hash = ${keyHash}::bytea`.execute(trx);
    return rows.at(0);
  }

  /** False where the areas do not hold all of its grids. Throws CONFLICT where it was ended. */
  async end(trx: Trx, id: string, endedAt: Date, endedBy: string): Promise<boolean> {
    const { numAffectedRows } = await sql`
      update activity set ended_at = ${endedAt.toISOString()}::timestamptz, ended_by = ${endedBy}
      where id = ${id}::uuid`.execute(trx);
    return Number(numAffectedRows) === 1;
  }

  /** Newest first, one more than `limit` if there is one, and how many there are in all; of `gridIds`, or of every grid. */
  async list(
    trx: Trx,
    { activityClass = null, campaign = null, on }: ActivityFilter,
    gridIds: readonly string[] | undefined,
    { limit, before }: { readonly limit: number; readonly before: number | undefined },
  ): Promise<{ records: ActivityRecord[]; total: number }> {
    const instant = on?.toISOString() ?? null;
    const within = gridIds
      ? sql`exists (select from unnest(grid_ids) as g where g in (select unnest(${gridIds}::uuid[])))`
      : sql`true`;
    const which = sql`${within}
      and (${activityClass}::text is null or class = ${activityClass}::text)
      and (${campaign}::text is null or campaign = ${campaign}::text)
      and (${instant}::timestamptz is null or (from_at <= ${instant}::timestamptz
        and coalesce(least(to_at, ended_at), 'infinity') > ${instant}::timestamptz))`;
    const { rows } = await sql<ActivityRecord>`select ${COLUMNS} from activity
      where ${which} and (${before ?? null}::bigint is null or position < ${before ?? null}::bigint)
      order by position desc limit ${limit + 1}::int`.execute(trx);
    const counted = await sql<{ total: number }>`select count(*) as total from activity where ${which}`.execute(trx);
    return { records: rows, total: counted.rows[0].total };
  }
}
