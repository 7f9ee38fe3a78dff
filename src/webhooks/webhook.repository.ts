import { type Kysely, type RawBuilder, sql } from 'kysely';
import { inEveryArea } from '../db/areas.ts';
import { runNamed } from '../db/database.ts';
import type { Database } from '../db/tables.ts';
import type { Standing } from './delivery/courier/standing.ts';
import { countOf, type Outcome, type ReadMark } from './delivery/outcome.ts';
import type { AttemptRecord, EndpointRecord } from './endpoint.type.ts';

const ENDPOINT: RawBuilder<unknown> = sql`e.id, e.client_id as "clientId", e.grid_id as "gridId", e.topic, e.url,
  e.event_types as "eventTypes", e.categories, e.status, e.reason, e.status_at as "statusAt", e.position, e.attempt,
  e.next_attempt_at as "nextAttemptAt", e.failing_since as "failingSince", e.delivered_at as "deliveredAt", e.delivered,
  e.parked, e.failed, e.created_at as "createdAt"`;

/** jsonb as both engines take it. */
const json = (value: unknown) => sql`${JSON.stringify(value)}::text::jsonb`;

const lease = (milliseconds: number) => sql`clock_timestamp() + ${milliseconds}::float8 * interval '1 millisecond'`;

/** Lines of the log of deliveries, from jsonb. */
const ATTEMPTS = sql`a("eventId" uuid, position bigint, attempt integer, at timestamptz, milliseconds integer,
  "httpStatus" integer, error text, outcome text)`;

interface ClientRow {
  areas: string[];
  everywhere: boolean;
  actions: string[];
  eventTypes: string[];
  liveUntil: number | null;
}
type StandingRow = EndpointRecord & { client: ClientRow; secrets: { id: string; sealed: string }[] };

function standingOf({ client, secrets, ...endpoint }: StandingRow): Standing {
  const { areas, everywhere, actions, eventTypes, liveUntil } = client;
  return {
    endpoint,
    client: {
      areas: everywhere ? 'everywhere' : areas,
      actions,
      eventTypes,
      liveUntil: liveUntil === null ? null : new Date(liveUntil),
    },
    secrets: secrets.map(({ id, sealed }) => ({ id, endpointId: endpoint.id, sealed: Buffer.from(sealed, 'hex') })),
  };
}

function rowOf({ endpointId, stopped, ...outcome }: Outcome): object {
  const { attempts } = outcome;
  const failed = countOf(attempts, 'FAILED') + countOf(attempts, 'PARKED');
  return { ...outcome, id: endpointId, stopped, delivered: countOf(attempts, 'DELIVERED'), failed };
}

/** Leases of endpoints and what became of what they were sent. Sees every endpoint: rights are judged event by event. */
export class WebhookRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** Takes endpoints that nobody serves and that may be sent to now; at most so many. Gives their ids. */
  claim(server: string, leaseMs: number, most: number, now: Date): Promise<string[]> {
    return this.#ids(sql`update webhook_endpoint e set leased_by = ${server}::uuid, leased_until = ${lease(leaseMs)}
      where e.id = any (array(select f.id from webhook_endpoint f
        where f.status = 'ACTIVE' and (f.leased_until is null or f.leased_until < clock_timestamp())
          and (f.next_attempt_at is null or f.next_attempt_at <= ${now}::timestamptz)
        order by f.leased_until nulls first, f.id limit ${most}::int for update skip locked))
      returning e.id`);
  }

  /** Keeps what this server still has and what is still ACTIVE, with how far each was read. Gives what it keeps. */
  renew(server: string, leaseMs: number, read: readonly ReadMark[]): Promise<string[]> {
    if (read.length === 0) return Promise.resolve([]);
    return this.#ids(sql`update webhook_endpoint e
      set leased_until = ${lease(leaseMs)}, position = greatest(e.position, g.position)
      from jsonb_to_recordset(${json(read)}) g(id uuid, position bigint)
      where e.id = g.id and e.leased_by = ${server}::uuid and e.status = 'ACTIVE' returning e.id`);
  }

  /** Gives endpoints back, with how far each was read. */
  async release(server: string, read: readonly ReadMark[]): Promise<void> {
    if (read.length === 0) return;
    await this.#ids(sql`update webhook_endpoint e
      set leased_by = null, leased_until = null, position = greatest(e.position, g.position)
      from jsonb_to_recordset(${json(read)}) g(id uuid, position bigint)
      where e.id = g.id and e.leased_by = ${server}::uuid returning e.id`);
  }

  /** Undefined for an endpoint that does not exist. */
  async findStanding(id: string, now: Date): Promise<Standing | undefined> {
    const [row] = await this.#rows<StandingRow>(sql`select ${ENDPOINT},
        jsonb_build_object('areas', c.area_ids, 'everywhere', c.everywhere, 'actions', c.actions, 'eventTypes', c.event_types,
          'liveUntil', (select extract(epoch from max(k.expires_at)) * 1000 from api_key k
            where k.client_id = c.id and k.revoked_at is null)) as client,
        coalesce((select jsonb_agg(jsonb_build_object('id', s.id, 'sealed', encode(s.sealed, 'hex')) order by s.created_at desc)
          from webhook_secret s where s.endpoint_id = e.id
            and (s.expires_at is null or s.expires_at > ${now}::timestamptz)), '[]') as secrets
      from webhook_endpoint e join api_client c on c.id = e.client_id where e.id = ${id}::uuid`);
    return row && standingOf(row);
  }

  /**
   * What happened, of those that this server has; gives their ids. What is over meanwhile by another's wish stays so. One
   * statement, which the database ends alone.
   */
  async write(server: string, outcomes: readonly Outcome[]): Promise<string[]> {
    const text = 'select mark_webhooks($1::uuid, $2::text::jsonb) as id';
    const rows = await runNamed<{ id: string }>(this.#db, 'webhooks.mark', text, [
      server,
      JSON.stringify(outcomes.map(rowOf)),
    ]);
    return rows.map(({ id }) => id);
  }

  /** A line of the log of deliveries that moves nothing: a ping. */
  async insertAttempt(endpointId: string, attempt: AttemptRecord): Promise<void> {
    await this.#rows(sql`insert into webhook_attempt
        (endpoint_id, event_id, position, attempt, at, milliseconds, http_status, error, outcome)
      select ${endpointId}::uuid, a."eventId", a.position, a.attempt, a.at, a.milliseconds, a."httpStatus", a.error, a.outcome
      from jsonb_to_recordset(${json([attempt])}) ${ATTEMPTS}`);
  }

  /** Deletes what was logged, what ended and what was parked and delivered before; at most so many of each. Gives how many. */
  async purge(before: Date, most: number): Promise<number> {
    const [{ gone }] = await this.#rows<{ gone: number }>(
      sql`select purge_webhooks(${before}::timestamptz, ${most}::int) as gone`,
    );
    return gone;
  }

  async #ids(statement: RawBuilder<unknown>): Promise<string[]> {
    return (await this.#rows<{ id: string }>(statement)).map(({ id }) => id);
  }

  #rows<Row>(statement: RawBuilder<unknown>): Promise<Row[]> {
    return inEveryArea(this.#db, async (trx) => (await statement.execute(trx)).rows as Row[]);
  }
}
