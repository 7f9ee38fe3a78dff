import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { Areas } from '../../access/viewer.ts';
import type { NumberedPart } from '../../api/lists/numberedPage.ts';
import type { Database } from '../../db/tables.ts';
import type { IncidentState, Origin, PushState } from '../course/state.ts';
import type { IncidentRecord } from '../incident.type.ts';
import type { Found } from './page.ts';
import { PUSH_COLUMNS } from './readParts.ts';
import { recordOf, SHELL_COLUMNS, type ShellRow } from './shellRow.ts';

type Trx = Transaction<Database>;

/** Which incidents; what is undefined does not matter. */
export interface IncidentFilter {
  readonly category?: string | null;
  readonly status?: string | null;
  readonly severity?: string | null;
  readonly tier?: string | null;
  readonly origin?: Origin | null;
  /** Half-open. */
  readonly reportedFrom?: Date | null;
  readonly reportedTo?: Date | null;
}

/** Posts that somebody holds now, and of the same roles those on grids that have ended and went on in the held ones. */
export interface HeldPosts {
  readonly postIds: readonly string[];
  readonly ended: readonly { readonly role: string; readonly gridId: string }[];
}

/** A push as it is read by itself. */
export interface PushRecord extends PushState {
  readonly incidentId: string;
  readonly category: string;
  readonly status: IncidentState['status'];
  /** Later ones have higher numbers. */
  readonly position: number;
}

export interface PushFilter {
  readonly unanswered?: boolean | null;
  /** Sent by or received by grids of the area; either, where it is left out. */
  readonly side?: 'SENT' | 'RECEIVED' | null;
}

/** All of them; `true` for none. */
export function allOf(conditions: readonly (RawBuilder<unknown> | undefined)[]): RawBuilder<unknown> {
  const given = conditions.filter((each) => each !== undefined);
  return given.length === 0 ? sql`true` : sql.join(given, sql` and `);
}

export const earlier = (column: RawBuilder<unknown>, before: number | undefined) =>
  before === undefined ? undefined : sql`${column} < ${before}::bigint`;

/** The condition of table `task t` that it is addressed to one of the posts. */
export function isFor({ postIds, ended }: HeldPosts): RawBuilder<unknown> {
  const isPost = sql`t.post_id = any (${postIds}::text[])`;
  if (ended.length === 0) return isPost;
  const [roles, gridIds] = [ended.map(({ role }) => role), ended.map(({ gridId }) => gridId)];
  return sql`(${isPost} or (t.role, t.grid_id) in (select * from unnest(${roles}::text[], ${gridIds}::uuid[])))`;
}

const is = (column: RawBuilder<unknown>, value: string | null | undefined) =>
  value == null ? undefined : sql`${column} = ${value}`;

/** The same, and what the login reported: row security asks it too, but by reading every incident. */
const isSeen = sql`i.id = any (array(
  select p.incident_id from incident_party p where p.to_version is null and p.grid_id = any (array(select area_grids()))
  union select o.id from incident o where o.reported_by = current_setting('wangge.login', true)))`;

function matches(filter: IncidentFilter, areas: Areas, held: HeldPosts | undefined): RawBuilder<unknown> {
  const { reportedFrom, reportedTo } = filter;
  return allOf([
    areas === 'everywhere' ? undefined : isSeen,
    is(sql`i.category`, filter.category),
    is(sql`i.status`, filter.status),
    is(sql`i.severity`, filter.severity),
    is(sql`i.tier`, filter.tier),
    is(sql`i.origin`, filter.origin),
    reportedFrom ? sql`i.reported_at >= ${reportedFrom.toISOString()}::timestamptz` : undefined,
    reportedTo ? sql`i.reported_at < ${reportedTo.toISOString()}::timestamptz` : undefined,
    held &&
      sql`i.id in (select t.incident_id from task t where ${isFor(held)} and t.status in ('ISSUED', 'ACKNOWLEDGED'))`,
  ]);
}

/** Lists over incidents in the database, newest first, of what the areas of a transaction show. */
export class ListsRepository {
  /** `areas`: those of the transaction. `held`: only with an open task of one of these posts. */
  async listIncidents(
    trx: Trx,
    filter: IncidentFilter,
    areas: Areas,
    page: NumberedPart,
    held?: HeldPosts,
  ): Promise<Found<IncidentRecord>> {
    const which = matches(filter, areas, held);
    const { rows } = await sql<ShellRow>`
      select ${SHELL_COLUMNS} from incident i where ${allOf([which, earlier(sql`i.position`, page.before)])}
      order by i.position desc limit ${page.limit + 1}::int`.execute(trx);
    const counted = await sql<{ total: number }>`select count(*) as total from incident i where ${which}`.execute(trx);
    return { records: rows.map(recordOf), total: counted.rows[0].total };
  }

  /** `areas`: those of the transaction. */
  async listPushes(
    trx: Trx,
    { unanswered, side }: PushFilter,
    areas: Areas,
    page: NumberedPart,
  ): Promise<Found<PushRecord>> {
    const [sent, received] = [isIn(areas, sql`u.from_grid_id`), isIn(areas, sql`u.to_grid_id`)];
    const either = sent && received && sql`(${sent} or ${received})`;
    const here = side === 'SENT' ? sent : side === 'RECEIVED' ? received : either;
    const isWaiting = unanswered == null ? undefined : sql`(u.answered_at is null) = ${unanswered}::boolean`;
    const which = allOf([here, isWaiting]);
    const { rows } = await sql<PushRecord>`
      select u.incident_id as "incidentId", i.category, i.status, u.position, ${PUSH_COLUMNS}
      from incident_push u join incident i on i.id = u.incident_id
      where ${allOf([which, earlier(sql`u.position`, page.before)])}
      order by u.position desc limit ${page.limit + 1}::int`.execute(trx);
    const counted = await sql<{ total: number }>`
      select count(*) as total from incident_push u join incident i on i.id = u.incident_id where ${which}`.execute(
      trx,
    );
    return { records: rows, total: counted.rows[0].total };
  }
}

/**
 * Whether a grid lies in the areas; undefined, for all, to whoever sees everything. As an array, so that an index
 * serves, and before row security asks the same of each row.
 */
export const isIn = (areas: Areas, column: RawBuilder<unknown>) =>
  areas === 'everywhere' ? undefined : sql`${column} = any (array(select area_grids()))`;
