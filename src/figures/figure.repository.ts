import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { Database } from '../db/tables.ts';
import type { Measure } from './counting/counts.ts';
import type { Frame } from './frame/frame.ts';
import { mattersOf } from './placing/place.repository.ts';
import type { Placement } from './placing/placement.ts';

type Trx = Transaction<Database>;

/** So many of something in one grid. */
export interface GridCount {
  readonly gridId: string;
  readonly count: number;
}

export interface MeasureCount extends GridCount {
  readonly measure: Measure;
  /** In which of the slots, from 0. */
  readonly slot: number;
}

/** Of a body: matters that it worked on with others or alone. */
export interface BodyCredit {
  readonly bodyId: string;
  readonly matters: number;
}

type Keyed<T> = Omit<T, 'gridId'> & { readonly gridId: string | null; readonly at: number | null };

const instant = (at: Date) => sql`${at.toISOString()}::timestamptz`;
const PLACED = sql.raw('i.id, i.category, i.severity, i.origin, i.reported_at, i.outcome, i.closed_at');

/** Sums in the database, by the grid in which each matter counts. Every method sees what its transaction's areas show. */
export class FigureRepository {
  /** Slots begin at these instants, the first at the beginning of the frame. */
  async count(trx: Trx, frame: Frame, placement: Placement, slots: readonly Date[]): Promise<MeasureCount[]> {
    const [from, to] = [instant(frame.from), instant(frame.to)];
    const starts = sql`${slots.map((each) => each.toISOString())}::timestamptz[]`;
    // Summed measure by measure: a year of a city in one sort would not fit in memory.
    const sums = listEvents(frame).map(
      ({ measure, source, at, which }) => sql`
        select e.grid_id as "gridId", e.spot as at, ${measure}::text as measure, width_bucket(${at}, ${starts}) - 1 as slot,
          count(*)::int as count
        from ${sql.ref(source)} e where ${at} >= ${from} and ${at} < ${to} and ${which} group by 1, 2, 4`,
    );
    const { rows } = await sql<Keyed<MeasureCount>>`
      with placed as materialized (${placedMatters(frame, placement)}),
        worked as materialized (${tasksOf(frame)}),
        tried as materialized (select p.grid_id, p.spot, a.at as tried_at from mediation_attempt a
          join placed p on p.id = a.incident_id where a.at >= ${from} and a.at < ${to}),
        visited as materialized (${visitsOf(placement)})
      ${sql.join(sums, sql` union all `)}`.execute(trx);
    return rows.map((row) => named(row, placement));
  }

  /** Matters of the frame that were settled in its period. */
  async countSettled(trx: Trx, frame: Frame, placement: Placement): Promise<GridCount[]> {
    const { rows } = await sql<Keyed<GridCount>>`
      with placed as (${placedMatters(frame, placement)})
      select p.grid_id as "gridId", p.spot as at, count(*)::int as count from placed p
      where ${settledIn(frame)} group by 1, 2`.execute(trx);
    return rows.map((row) => named(row, placement));
  }

  /** The same by the bodies whose members handled a task of it, each matter once for a body; of these grids. */
  async listCredit(trx: Trx, frame: Frame, placement: Placement, gridIds: readonly string[]) {
    const inArea = new Set(gridIds);
    const spots = placement.grids.flatMap((id, at) => (inArea.has(id) ? [at] : []));
    const { rows } = await sql<BodyCredit & { shared: number }>`
      with placed as (${placedMatters(frame, placement)}),
      worked as (
        select distinct t.incident_id, t.handler_body_id as body_id from placed p join task t on t.incident_id = p.id
        where ${settledIn(frame)} and (p.grid_id = any (${gridIds}::uuid[]) or p.spot = any (${spots}::int[]))
          and t.handler_body_id is not null and t.status in ('HANDLED', 'VERIFIED', 'CLOSED')
      ), counted as (select w.*, count(*) over (partition by w.incident_id) as bodies from worked w)
      select c.body_id as "bodyId", count(*)::int as matters, (count(*) filter (where c.bodies > 1))::int as shared
      from counted c group by 1 order by 2 desc, 1`.execute(trx);
    return rows;
  }

  /** Open matters by grade. */
  async countOpen(trx: Trx, frame: Frame, placement: Placement): Promise<(GridCount & { severity: string | null })[]> {
    const { rows } = await sql<Keyed<GridCount & { severity: string | null }>>`
      with placed as (${placedMatters(frame, placement)})
      select p.grid_id as "gridId", p.spot as at, p.severity, count(*)::int as count from placed p
      where p.closed_at is null group by 1, 2, 3`.execute(trx);
    return rows.map((row) => named(row, placement));
  }
}

const settledIn = ({ from, to }: Frame) =>
  sql`p.outcome = 'SETTLED' and p.closed_at >= ${instant(from)} and p.closed_at < ${instant(to)}`;

/** One row for each matter, with the grid or the spot in which it counts. */
function placedMatters(frame: Frame, { owners, matters }: Placement): RawBuilder<unknown> {
  const byPlace = sql`
    select ${PLACED}, null::uuid as grid_id, s.spot
    from unnest(${matters.positions}::bigint[], ${matters.at}::int[]) as s (position, spot)
    join incident i on i.position = s.position where ${mattersOf(frame)}`;
  if (!owners) return byPlace;
  return sql`
    select ${PLACED}, o.grid_id, null::int as spot
    from figure_owners(${owners.layerId}::int, ${owners.gridIds}::uuid[]) o join incident i on i.id = o.incident_id
    where ${mattersOf(frame)} union all ${byPlace}`;
}

interface Event {
  readonly measure: Measure;
  readonly source: 'placed' | 'worked' | 'tried' | 'visited';
  /** The instant at which one counts. */
  readonly at: RawBuilder<unknown>;
  readonly which: RawBuilder<unknown>;
}

/** What is counted, and when. */
function listEvents({ from, to }: Frame): Event[] {
  const ends = instant(to);
  const event = (measure: Measure, source: Event['source'], at: RawBuilder<unknown>, which = sql`true`): Event => {
    return { measure, source, at, which };
  };
  const [came, due] = [sql`e.reported_at`, sql`e.due_at`];
  const inTime = sql`(e.done and e.handled_at <= e.due_at)`;
  return [
    event('reported', 'placed', came),
    event('found', 'placed', came, sql`e.origin = 'FOUND'`),
    event('settled', 'placed', came, sql`e.outcome = 'SETTLED' and e.closed_at < ${ends}`),
    event('foundClosed', 'placed', came, sql`e.origin = 'FOUND' and e.closed_at < ${ends}`),
    event('closed', 'placed', sql`e.closed_at`),
    event('open', 'placed', instant(from), sql`${came} < ${ends} and (e.closed_at is null or e.closed_at >= ${ends})`),
    event('tasksIssued', 'worked', sql`e.issued_at`),
    event('tasksAcknowledged', 'worked', sql`e.acknowledged_at`),
    event('tasksHandled', 'worked', sql`e.handled_at`, sql`e.done`),
    event('tasksDue', 'worked', due, sql`e.was_due`),
    event('tasksInTime', 'worked', due, sql`e.was_due and ${inTime}`),
    event('tasksLate', 'worked', due, sql`e.was_due and not coalesce(${inTime}, false)`),
    event('attempts', 'tried', sql`e.tried_at`),
    event('visits', 'visited', sql`e.visited_at`),
  ];
}

/** Tasks of the placed matters that may count in the period. */
function tasksOf({ from, to, now }: Frame): RawBuilder<unknown> {
  return sql`
    select p.grid_id, p.spot, t.issued_at, t.acknowledged_at, t.handled_at, t.due_at,
      t.status in ('HANDLED', 'VERIFIED', 'CLOSED') as done,
      t.due_at < ${instant(now < to ? now : to)} and t.status not in ('DECLINED', 'WITHDRAWN') as was_due
    from placed p join task t on t.incident_id = p.id
    where greatest(t.issued_at, t.acknowledged_at, t.handled_at, t.due_at) >= ${instant(from)}`;
}

const visitsOf = ({ visits }: Placement) => sql`
  select null::uuid as grid_id, s.spot, v.visited_at
  from unnest(${visits.positions}::bigint[], ${visits.at}::int[]) as s (position, spot)
  join visit v on v.position = s.position`;

function named<T extends { gridId: string | null; at: number | null }>({ at, ...row }: T, { grids }: Placement) {
  return { ...row, gridId: row.gridId ?? grids[at!] };
}
