import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { Areas } from '../../access/viewer.ts';
import type { NumberedPart } from '../../api/lists/numberedPage.ts';
import type { Database } from '../../db/tables.ts';
import type { Purpose, TaskState, TaskStatus } from '../course/state.ts';
import { allOf, earlier, type HeldPosts, isFor, isIn } from '../store/lists.repository.ts';
import type { Found } from '../store/page.ts';
import { TASK_COLUMNS } from '../store/taskRow.ts';

type Trx = Transaction<Database>;

/** A task as it is read by itself. */
export interface TaskRecord extends TaskState {
  readonly incidentId: string;
  /** Later ones have higher numbers. */
  readonly position: number;
}

/** Which tasks; what is undefined does not matter. */
export interface TaskFilter {
  /** Those of the transaction. */
  readonly areas: Areas;
  readonly statuses?: readonly TaskStatus[] | null;
  readonly purpose?: Purpose | null;
  readonly postId?: string | null;
  readonly incidentId?: string | null;
  readonly batchId?: string | null;
  /** Due before the instant. */
  readonly dueBefore?: Date | null;
  /** Waiting past its time at the instant, or not so. */
  readonly overdue?: { readonly is: boolean; readonly at: Date };
  /** Only of these posts. */
  readonly held?: HeldPosts;
}

/** How many tasks are in a state; how many are addressed to a grid and all below it. */
export interface TaskCount {
  readonly status: TaskStatus | null;
  /** Null: in none of the grids that were counted by, as at the grid above them itself. */
  readonly gridId: string | null;
  readonly count: number;
}

function matches(filter: TaskFilter): RawBuilder<unknown> {
  const { areas, statuses, purpose, postId, incidentId, batchId, dueBefore, overdue, held } = filter;
  const late =
    overdue &&
    sql`coalesce(t.due_at < ${overdue.at.toISOString()}::timestamptz, false)
    and t.status in ('ISSUED', 'ACKNOWLEDGED')`;
  return allOf([
    // Of one incident everything that may be seen; else what is asked of the area.
    incidentId == null ? isIn(areas, sql`t.grid_id`) : sql`t.incident_id = ${incidentId}::uuid`,
    statuses == null ? undefined : sql`t.status = any (${statuses}::text[])`,
    purpose == null ? undefined : sql`t.purpose = ${purpose}`,
    postId == null ? undefined : sql`t.post_id = ${postId}`,
    batchId == null ? undefined : sql`t.batch_id = ${batchId}::uuid`,
    dueBefore == null ? undefined : sql`t.due_at < ${dueBefore.toISOString()}::timestamptz`,
    late && (overdue.is ? sql`(${late})` : sql`not (${late})`),
    held && isFor(held),
  ]);
}

/** Tasks in the database. Every method sees what the areas of its transaction show. */
export class TaskRepository {
  async find(trx: Trx, id: string): Promise<TaskRecord | undefined> {
    const { rows } = await sql<TaskRecord>`
      select t.incident_id as "incidentId", t.position, ${TASK_COLUMNS} from task t where t.id = ${id}::uuid`.execute(
      trx,
    );
    return rows[0];
  }

  /** By each grid that one itself, or where it has ended those in which it went on. */
  async listPresent(trx: Trx, gridIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
    const { rows } = await sql<{ gridId: string; present: string[] }>`
      select g as "gridId", array(select h from present_grids(g) h order by h) as present
      from unnest(${gridIds}::uuid[]) g`.execute(trx);
    return new Map(rows.map(({ gridId, present }) => [gridId, present]));
  }

  /** Newest first. */
  async list(trx: Trx, filter: TaskFilter, page: NumberedPart): Promise<Found<TaskRecord>> {
    const which = matches(filter);
    const { rows } = await sql<TaskRecord>`
      select t.incident_id as "incidentId", t.position, ${TASK_COLUMNS} from task t
      where ${allOf([which, earlier(sql`t.position`, page.before)])}
      order by t.position desc limit ${page.limit + 1}::int`.execute(trx);
    const counted = await sql<{ total: number }>`select count(*) as total from task t where ${which}`.execute(trx);
    return { records: rows, total: counted.rows[0].total };
  }

  async countByStatus(trx: Trx, filter: TaskFilter): Promise<TaskCount[]> {
    const { rows } = await sql<TaskCount>`
      select t.status, null::uuid as "gridId", count(*) as count from task t where ${matches(filter)}
      group by t.status order by t.status`.execute(trx);
    return rows;
  }

  /**
   * By the grids, each with all below it and those that went on in one of them; every task once. `gridIds` null: by the
   * roots of all trees, `'below'` one grid: by its children.
   */
  async countByGrid(trx: Trx, filter: TaskFilter, tops: Tops): Promise<TaskCount[]> {
    const { rows } = await sql<TaskCount>`
      with recursive instant as (
        select to_timestamp(current_setting('wangge.now')::double precision / 1000) as at
      ), present as materialized (
        select v.grid_id as id, v.parent_id as parent from grid_version v, instant
        where v.edition_to is null and v.valid @> instant.at
      ), below as (
        select p.id, p.id as top from present p where ${isTop(tops)}
        union
        select p.id, b.top from present p join below b on p.parent = b.id
      ), heir_of as (
        select id, top from below
        union
        select l.from_id, h.top from heir_of h join grid_lineage l on l.to_id = h.id join instant on l.at <= instant.at
        where not exists (select from present p where p.id = l.from_id)
      ), place as materialized (
        select distinct on (id) id, top from heir_of order by id, top
      )
      select null as status, place.top as "gridId", count(*) as count
      from task t left join place on place.id = t.grid_id where ${matches(filter)}
      group by place.top order by place.top nulls first`.execute(trx);
    return rows;
  }

  /** Posts that a member of staff holds at the instant of the transaction, as a person or in the body. */
  async listHeld(trx: Trx, personId: string, bodyId: string | null): Promise<HeldPosts> {
    const { rows } = await sql<{ postId: string | null; role: string; gridId: string }>`
      with recursive instant as (
        select to_timestamp(current_setting('wangge.now')::double precision / 1000) as at
      ), held as (
        select distinct p.id, p.place_id, r.code as role, p.grid_id
        from instant, appointment a join post p on p.id = a.post_id join role r on r.id = p.role_id
        where (a.person_id = ${personId}::uuid or a.body_id = ${bodyId}::uuid) and a.edition_to is null
          and a.valid @> instant.at
      ), past as (
        select h.role, h.grid_id, 0 as back from held h where h.place_id is null
        union
        select p.role, l.from_id, 1 from past p join grid_lineage l on l.to_id = p.grid_id join instant on l.at <= instant.at
        where not exists (select from grid_version v
          where v.grid_id = l.from_id and v.edition_to is null and v.valid @> instant.at)
      )
      select id::text as "postId", role, grid_id as "gridId" from held
      -- While it was vacant and never made, its tasks were addressed so.
      union all select 'vacant~' || grid_id || '~' || role, role, grid_id from held where place_id is null
      union all select null, role, grid_id from past where back = 1`.execute(trx);
    return {
      postIds: rows.flatMap(({ postId }) => postId ?? []),
      ended: rows.filter(({ postId }) => postId === null).map(({ role, gridId }) => ({ role, gridId })),
    };
  }
}

/** What to count by: the roots of all trees, the children of a grid, or some grids. */
export type Tops = 'roots' | { readonly below: string } | { readonly grids: readonly string[] };

function isTop(tops: Tops): RawBuilder<unknown> {
  if (tops === 'roots') return sql`p.parent is null`;
  if ('below' in tops) return sql`p.parent = ${tops.below}::uuid`;
  return sql`p.id = any (${tops.grids}::uuid[])`;
}
