import { type Kysely, type RawBuilder, sql } from 'kysely';
import { inEveryArea } from '../../db/areas.ts';
import type { Database } from '../../db/tables.ts';
import type { Replay, ReplayOutcome } from './outcome.ts';

/** Parked events that somebody asked for. */
export class ReplayRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** Ids of the endpoints of this server that have one to be sent now. */
  async listDue(server: string, now: Date): Promise<string[]> {
    const rows = await this.#rows<{ id: string }>(sql`select distinct e.id from webhook_endpoint e
      join webhook_parked p on p.endpoint_id = e.id
      where e.leased_by = ${server}::uuid and p.replayed_at is not null and p.delivered_at is null
        and (p.next_attempt_at is null or p.next_attempt_at <= ${now}::timestamptz)`);
    return rows.map(({ id }) => id);
  }

  /** The first of an endpoint, in the order of the log; undefined where there is none, or it is not tried again yet. */
  async findNext(endpointId: string, now: Date): Promise<Replay | undefined> {
    type Row = Replay & { due: boolean };
    const [row] = await this.#rows<Row>(sql`select position, event_id as "eventId", kind, area_ids as "areaIds", body,
        replay_attempt as attempt, next_attempt_at is null or next_attempt_at <= ${now}::timestamptz as due
      from webhook_parked where endpoint_id = ${endpointId}::uuid and replayed_at is not null and delivered_at is null
      order by position limit 1`);
    return row?.due ? row : undefined;
  }

  /** Gives false where this server no longer has the endpoint, and nothing was written. */
  async write(
    server: string,
    endpointId: string,
    replay: Replay,
    { attempt, reason, again }: ReplayOutcome,
  ): Promise<boolean> {
    const delivered = attempt?.outcome === 'DELIVERED';
    const logged = attempt
      ? sql`select e.id, ${replay.eventId}::uuid, ${replay.position}::bigint, ${attempt.attempt}::int,
        ${attempt.at}::timestamptz, ${attempt.milliseconds}::int, ${attempt.httpStatus}::int, ${attempt.error}::text,
        ${attempt.outcome}::text from held e`
      : sql`select e.id, null::uuid, 0::bigint, 0, now(), 0, 0, '', '' from held e where false`;
    const rows = await this.#rows(sql`with held as (
        update webhook_endpoint e set delivered = e.delivered + ${delivered ? 1 : 0}::int,
          failed = e.failed + ${attempt && !delivered ? 1 : 0}::int,
          delivered_at = coalesce(${delivered ? attempt.at : null}::timestamptz, e.delivered_at)
        where e.id = ${endpointId}::uuid and e.leased_by = ${server}::uuid returning e.id
      ), put as (
        update webhook_parked p set delivered_at = ${delivered ? attempt.at : null}::timestamptz, reason = ${reason}::text,
          attempts = p.attempts + ${attempt ? 1 : 0}::int,
          replayed_at = case when ${delivered || again !== null}::boolean then p.replayed_at end,
          replay_attempt = case when ${again !== null}::boolean then ${attempt?.attempt ?? 0}::int else 0 end,
          next_attempt_at = ${again}::timestamptz
        from held where p.endpoint_id = held.id and p.position = ${replay.position}::bigint
      ), logged as (
        insert into webhook_attempt (endpoint_id, event_id, position, attempt, at, milliseconds, http_status, error, outcome)
        ${logged}
      )
      select id from held`);
    return rows.length > 0;
  }

  #rows<Row>(statement: RawBuilder<unknown>): Promise<Row[]> {
    return inEveryArea(this.#db, async (trx) => (await statement.execute(trx)).rows as Row[]);
  }
}
