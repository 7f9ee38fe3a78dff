import { type Kysely, type RawBuilder, sql, type Transaction } from 'kysely';
import type { Areas } from '../../access/viewer.ts';
import type { Clock } from '../../clock.ts';
import { inAreas } from '../../db/areas.ts';
import type { Database } from '../../db/tables.ts';
import type { EndpointRecord } from '../endpoint.type.ts';
import type { LogEnds, SealedRow, WebhookClient, WebhookRecord } from './webhookRecord.ts';

interface ClientRow {
  readonly clientName: string;
  readonly areaIds: string[];
  readonly everywhere: boolean;
  readonly actions: string[];
  readonly clientTypes: string[];
}

const CLIENT: RawBuilder<unknown> = sql`c.name as "clientName", c.area_ids as "areaIds", c.everywhere, c.actions,
  c.event_types as "clientTypes"`;
const ENDPOINT: RawBuilder<unknown> = sql`e.id, e.client_id as "clientId", e.grid_id as "gridId", e.topic, e.url,
  e.event_types as "eventTypes", e.categories, e.status, e.reason, e.status_at as "statusAt", e.position, e.attempt,
  e.next_attempt_at as "nextAttemptAt", e.failing_since as "failingSince", e.delivered_at as "deliveredAt", e.delivered,
  e.parked, e.failed, e.created_at as "createdAt"`;

const clientOf = (id: string, row: ClientRow): WebhookClient => ({
  id,
  name: row.clientName,
  areas: row.everywhere ? 'everywhere' : row.areaIds,
  actions: row.actions,
  eventTypes: row.clientTypes,
});

function webhookOf(row: EndpointRecord & ClientRow): WebhookRecord {
  const { clientName: _1, areaIds: _2, everywhere: _3, actions: _4, clientTypes: _5, ...endpoint } = row;
  return { ...endpoint, client: clientOf(row.clientId, row) };
}

/** Webhooks and their secrets as administrators change them. Every method sees only what its transaction's areas show. */
export class ManagingRepository {
  readonly #db: Kysely<Database>;
  readonly #clock: Clock;

  constructor(db: Kysely<Database>, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  now(): Date {
    return this.#clock();
  }

  /** Runs `work` in one transaction that sees the areas as the tree stands now. Throws DomainError. */
  seeing<T>(areas: Areas, work: (trx: Transaction<Database>) => Promise<T>): Promise<T> {
    return inAreas(this.#db, areas, this.#clock(), work);
  }

  async findClient(trx: Transaction<Database>, id: string): Promise<WebhookClient | undefined> {
    const { rows } = await sql<ClientRow>`select ${CLIENT} from api_client c where c.id = ${id}::uuid`.execute(trx);
    return rows.length > 0 ? clientOf(id, rows[0]) : undefined;
  }

  async findWebhook(trx: Transaction<Database>, id: string): Promise<WebhookRecord | undefined> {
    return (await this.#list(trx, sql`e.id = ${id}::uuid`)).at(0);
  }

  /** Waits until nobody else changes it; those who send wait meanwhile. */
  async lockWebhook(trx: Transaction<Database>, id: string): Promise<void> {
    await sql`select from webhook_endpoint e where e.id = ${id}::uuid for update`.execute(trx);
  }

  /** Whoever made them, removed ones only where asked for; in the order in which they were made. There are hundreds at most. */
  listWebhooks(trx: Transaction<Database>, removed: boolean): Promise<WebhookRecord[]> {
    return this.#list(trx, removed ? sql`true` : sql`e.reason is distinct from 'REMOVED'`);
  }

  /** From now on: what is in the log by now is not for it. False where one of that id is there already. */
  async insertWebhook(trx: Transaction<Database>, webhook: WebhookRecord, createdBy: string): Promise<boolean> {
    const { id, client, gridId, topic, url, eventTypes, categories, createdAt } = webhook;
    const { numAffectedRows } = await sql`
      insert into webhook_endpoint (id, client_id, grid_id, topic, url, event_types, categories, status_at, position,
        created_at, created_by)
      select ${id}::uuid, ${client.id}::uuid, ${gridId}::uuid, ${topic}::text, ${url}::text, ${eventTypes}::text[],
        ${categories}::text[], ${createdAt}::timestamptz, s.last_position, ${createdAt}::timestamptz, ${createdBy}::text
      from feed_state s on conflict (id) do nothing`.execute(trx);
    return numAffectedRows === 1n;
  }

  /** Throws CONFLICT where two are in use. */
  async insertSecret(trx: Transaction<Database>, { id, endpointId, sealed, createdAt }: SealedRow): Promise<void> {
    await sql`insert into webhook_secret (id, endpoint_id, sealed, created_at)
      values (${id}::uuid, ${endpointId}::uuid, ${sealed}::bytea, ${createdAt}::timestamptz)`.execute(trx);
  }

  /** Ends the secret in use at the instant, and any that would end later. */
  async endSecrets(trx: Transaction<Database>, endpointId: string, at: Date): Promise<void> {
    await sql`update webhook_secret set expires_at = greatest(${at}::timestamptz, created_at + interval '1 millisecond')
      where endpoint_id = ${endpointId}::uuid and (expires_at is null or expires_at > ${at}::timestamptz)`.execute(trx);
  }

  async setStatus(
    trx: Transaction<Database>,
    id: string,
    { status, reason }: Pick<EndpointRecord, 'status' | 'reason'>,
  ): Promise<void> {
    await sql`update webhook_endpoint set status = ${status}::text, reason = ${reason}::text,
        status_at = ${this.#clock()}::timestamptz where id = ${id}::uuid`.execute(trx);
  }

  async setUrl(trx: Transaction<Database>, id: string, url: string): Promise<void> {
    await sql`update webhook_endpoint set url = ${url}::text where id = ${id}::uuid`.execute(trx);
  }

  /** Goes on at the end of the log, with one whose place the log has lost. */
  async skipToEnd(trx: Transaction<Database>, id: string): Promise<void> {
    // The database lets a place go forward only from here.
    await this.setStatus(trx, id, { status: 'PAUSED', reason: 'CURSOR_EXPIRED' });
    await sql`update webhook_endpoint set status = 'ACTIVE', reason = null, status_at = ${this.#clock()}::timestamptz,
        position = (select s.last_position from feed_state s) where id = ${id}::uuid`.execute(trx);
  }

  async readLogEnds(trx: Transaction<Database>): Promise<LogEnds> {
    const { rows } = await sql<LogEnds>`
      select last_position as "lastPosition", purged_through as "purgedThrough" from feed_state`.execute(trx);
    return rows[0];
  }

  /** Has what was parked sent again, all of it or these positions; gives how many wait that did not before. */
  async replay(trx: Transaction<Database>, id: string, positions: readonly number[] | null): Promise<number> {
    const which = positions === null ? sql`true` : sql`position = any (${positions}::bigint[])`;
    const { numAffectedRows } = await sql`
      update webhook_parked set replayed_at = ${this.#clock()}::timestamptz, replay_attempt = 0, next_attempt_at = null
      where endpoint_id = ${id}::uuid and delivered_at is null and replayed_at is null and ${which}`.execute(trx);
    return Number(numAffectedRows ?? 0n);
  }

  async #list(trx: Transaction<Database>, which: RawBuilder<unknown>): Promise<WebhookRecord[]> {
    const { rows } = await sql<EndpointRecord & ClientRow>`
      select ${ENDPOINT}, ${CLIENT} from webhook_endpoint e join api_client c on c.id = e.client_id
      where ${which} order by e.created_at, e.id`.execute(trx);
    return rows.map(webhookOf);
  }
}
