import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { Database } from '../../../db/tables.ts';

type Trx = Transaction<Database>;

/** From an instant up to another, half-open. */
export interface Period {
  readonly from: Date;
  readonly to: Date;
}

/** Tasks of a grid and all below it that were issued in a period. The six parts sum to `issued`. */
export interface Punctuality {
  readonly gridId: string;
  readonly issued: number;
  /** Handled by the time they were due, or without such a time. */
  readonly inTime: number;
  readonly handledLate: number;
  /** Waiting, past the time they were due. */
  readonly lateNow: number;
  /** Late, and then taken away or declined, as by the climb of the matter. */
  readonly missed: number;
  /** Waiting, and not late. */
  readonly open: number;
  /** Declined or withdrawn before they were late. */
  readonly dropped: number;
}

/** Tasks of posts on one grid that are late, or were handled late. */
export interface LateGrid {
  readonly gridId: string;
  readonly lateNow: number;
  readonly handledLate: number;
  /** When the longest waiting of them was due; null: none waits. */
  readonly waitingSince: Date | null;
}

/** Incidents closed in a period on one tier of one ladder; nulls where none was configured. */
export interface TierCount {
  readonly ladder: string | null;
  readonly tier: string | null;
  readonly closed: number;
  /** Of them, those that left out a tier on their way up. */
  readonly skipped: number;
}

/** Which area, when tasks were issued or incidents closed, and as of when the tree is meant. */
export interface Scope {
  readonly gridId: string;
  readonly period: Period;
  readonly now: Date;
}

const HANDLED = sql`t.status in ('HANDLED', 'VERIFIED', 'CLOSED')`;
const WAITING = sql`t.status in ('ISSUED', 'ACKNOWLEDGED')`;

const ENDED = sql`t.status in ('DECLINED', 'WITHDRAWN')`;

const at = (instant: Date): RawBuilder<unknown> => sql`${instant.toISOString()}::timestamptz`;

const during = (column: RawBuilder<unknown>, { from, to }: Period): RawBuilder<unknown> =>
  sql`${column} >= ${at(from)} and ${column} < ${at(to)}`;

/**
 * Common table expressions that end in `area (root, id)`: each child of the grid is a root with all below it, and with
 * the grids that ended and went on there; the grid itself is the root of the rest, as of what went on below several
 * children, so that no grid is in the area twice.
 */
const areaOf = ({ gridId, now }: Scope): RawBuilder<unknown> => sql`
  below as (
    select v.grid_id as root, v.grid_id as id from grid_version v
    where v.parent_id = ${gridId}::uuid and v.edition_to is null and v.valid @> ${at(now)}
    union
    select b.root, v.grid_id from grid_version v join below b on v.parent_id = b.id
    where v.edition_to is null and v.valid @> ${at(now)}
  ), heir_of as (
    select root, id from below
    union
    select ${gridId}::uuid, ${gridId}::uuid
    union
    select h.root, l.from_id from heir_of h join grid_lineage l on l.to_id = h.id and l.at <= ${at(now)}
    where not exists (select from grid_version v where v.grid_id = l.from_id and v.edition_to is null
      and v.valid @> ${at(now)})
  ), area as (
    select case when count(distinct root) = 1 then min(root::text)::uuid else ${gridId}::uuid end as root, id
    from heir_of group by id
  )`;

/** Counts from the trail alone: what was issued, due and handled when. Sees what its transaction's areas show. */
export class OversightRepository {
  /** A row for each child of the grid, and one for the grid itself with what is of no child or of several. */
  async countPunctuality(trx: Trx, scope: Scope): Promise<Punctuality[]> {
    const { rows } = await sql<Punctuality>`
      with recursive ${areaOf(scope)}
      select a.root as "gridId", count(t.id) as issued,
        count(t.id) filter (where ${HANDLED} and (t.due_at is null or t.handled_at <= t.due_at)) as "inTime",
        count(t.id) filter (where ${HANDLED} and t.handled_at > t.due_at) as "handledLate",
        count(t.id) filter (where ${WAITING} and t.due_at < ${at(scope.now)}) as "lateNow",
        count(t.id) filter (where ${WAITING} and (t.due_at is null or t.due_at >= ${at(scope.now)})) as open,
        count(t.id) filter (where ${ENDED} and t.overdue_at is not null) as missed,
        count(t.id) filter (where ${ENDED} and t.overdue_at is null) as dropped
      from area a left join task t on t.grid_id = a.id and ${during(sql`t.issued_at`, scope.period)}
      group by a.root order by a.root`.execute(trx);
    return rows;
  }

  /** Those with most waiting first, then those that wait longest. */
  async listLate(trx: Trx, scope: Scope, limit: number): Promise<LateGrid[]> {
    const { rows } = await sql<LateGrid>`
      with recursive ${areaOf(scope)}
      select t.grid_id as "gridId", count(*) filter (where ${WAITING}) as "lateNow",
        count(*) filter (where ${HANDLED}) as "handledLate", min(t.due_at) filter (where ${WAITING}) as "waitingSince"
      from area a join task t on t.grid_id = a.id
      where ${during(sql`t.issued_at`, scope.period)}
        and ((${WAITING} and t.due_at < ${at(scope.now)}) or (${HANDLED} and t.handled_at > t.due_at))
      group by t.grid_id
      order by 2 desc, 4 nulls last, 3 desc, 1 limit ${limit}::int`.execute(trx);
    return rows;
  }

  /** Incidents that a grid of the area owns now, each counted once however many of them do. */
  async countClosed(trx: Trx, scope: Scope): Promise<TierCount[]> {
    const { rows } = await sql<TierCount>`
      with recursive ${areaOf(scope)}, owned as (
        select distinct p.incident_id as id from area a join incident_party p
          on p.grid_id = a.id and p.reason = 'OWNER' and p.to_version is null
      )
      select i.ladder, i.closed_tier as tier, count(*) as closed,
        count(*) filter (where exists (select from incident_event e where e.incident_id = i.id and e.kind = 'ESCALATED'
          and jsonb_array_length(coalesce(e.details->'skipped', '[]'::jsonb)) > 0)) as skipped
      from owned o join incident i on i.id = o.id
      where ${during(sql`i.closed_at`, scope.period)}
      group by i.ladder, i.closed_tier order by i.ladder, i.closed_tier`.execute(trx);
    return rows;
  }
}
