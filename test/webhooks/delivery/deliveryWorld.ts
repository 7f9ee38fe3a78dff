import { randomUUID } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { inEveryArea } from '../../../src/db/areas.ts';
import type { Database } from '../../../src/db/tables.ts';
import { FeedLogRepository } from '../../../src/feed/feedLog.repository.ts';
import { FeedLog } from '../../../src/feed/reading/feedLog.ts';
import { type Office, openOffice } from '../../../src/webhooks/delivery/office.ts';
import { ReplayRepository } from '../../../src/webhooks/delivery/replay.repository.ts';
import type { Timing } from '../../../src/webhooks/delivery/sending/retrySchedule.ts';
import { mintSecret, sealSecret } from '../../../src/webhooks/delivery/sending/secretSeal.ts';
import { Sender } from '../../../src/webhooks/delivery/sending/sender.ts';
import { WebhookDelivery } from '../../../src/webhooks/delivery/webhookDelivery.ts';
import type { EndpointRecord } from '../../../src/webhooks/endpoint.type.ts';
import { TargetGuard } from '../../../src/webhooks/guard/targetGuard.ts';
import { WebhookRepository } from '../../../src/webhooks/webhook.repository.ts';
import { asSuperuser, emptyTables, openTestDatabase } from '../../support/database.ts';
import { Receiver } from './receiver.ts';

export const SEAL_KEY = Buffer.alloc(32, 9);
const DAY_MS = 86_400_000;
const SOURCE = '/wangge/test';

export interface Wish {
  readonly grid?: string;
  readonly eventTypes?: readonly string[];
  readonly categories?: readonly string[] | null;
  readonly topic?: 'INCIDENT' | 'BOUNDARY' | 'OWNERSHIP';
  readonly position?: number;
}

export interface EventWish {
  readonly kind?: string;
  readonly topic?: 'INCIDENT' | 'BOUNDARY' | 'OWNERSHIP';
  readonly areas?: readonly string[];
  readonly category?: string | null;
}

/** A log that tests write by hand, endpoints with real receivers, and time that they move. */
export class DeliveryWorld {
  /** Near the real time, because receivers look at timestamps. */
  now = new Date();
  readonly db: Kysely<Database>;
  readonly log: FeedLog;
  readonly endpoints: WebhookRepository;
  town = '';
  district = '';
  elsewhere = '';
  /** Where the log stood when the test began. */
  base = 0;
  clientId = '';
  keyId = '';
  waits: number[] = [];
  #receivers: Receiver[] = [];
  #senders: Sender[] = [];

  private constructor(db: Kysely<Database>) {
    this.db = db;
    this.log = new FeedLog(new FeedLogRepository(db));
    this.endpoints = new WebhookRepository(db);
  }

  static async open(): Promise<DeliveryWorld> {
    const { db } = await openTestDatabase();
    await emptyTables(db);
    const world = new DeliveryWorld(db);
    await world.log.catchUp();
    return world;
  }

  /** Another town with a client of its own; endpoints of before are removed. */
  async renew(): Promise<void> {
    await this.close();
    [this.town, this.district, this.elsewhere] = [randomUUID(), randomUUID(), randomUUID()];
    [this.now, this.waits, this.base] = [new Date(), [], this.log.head];
    await asSuperuser(this.db, async (trx) => {
      await sql`set local session_replication_role = replica`.execute(trx);
      await sql`delete from webhook_secret`.execute(trx);
      await sql`update webhook_endpoint set status = 'DISABLED', reason = 'REMOVED', leased_by = null, leased_until = null`.execute(
        trx,
      );
      for (const id of [this.town, this.district, this.elsewhere]) {
        await sql`insert into grid (id, layer_id, tier_id, edition_from) values (${id}::uuid, 1, 1, 1)`.execute(trx);
      }
    });
    await this.newClient();
  }

  /** Another client of the town with a live key; endpoints made from now on are its. */
  async newClient(
    more: { actions?: string[]; eventTypes?: string[]; areas?: string[]; days?: number } = {},
  ): Promise<void> {
    const { actions = ['incidents.read', 'editions.follow'], eventTypes = [], areas = [this.town], days = 30 } = more;
    this.clientId = randomUUID();
    this.keyId = randomUUID().replaceAll('-', '').slice(0, 20);
    await inEveryArea(this.db, async (trx) => {
      const client = { id: this.clientId, name: 'Water works', area_ids: areas, everywhere: false, actions };
      await trx
        .insertInto('api_client')
        .values({ ...client, event_types: eventTypes, created_at: this.now, created_by: 'a test' })
        .execute();
      const expiresAt = new Date(this.now.getTime() + days * DAY_MS);
      const key = { id: this.keyId, client_id: this.clientId, secret_hash: Buffer.alloc(32), created_at: this.now };
      await trx
        .insertInto('api_key')
        .values({ ...key, expires_at: expiresAt })
        .execute();
    });
  }

  async revokeKey(): Promise<void> {
    await inEveryArea(this.db, (trx) =>
      trx.updateTable('api_key').set({ revoked_at: this.now }).where('id', '=', this.keyId).execute(),
    );
  }

  async receiver(): Promise<Receiver> {
    const receiver = await Receiver.open();
    this.#receivers.push(receiver);
    return receiver;
  }

  /** An endpoint of the client with a secret. */
  async endpoint(url: string, wish: Wish = {}): Promise<{ id: string; secret: string }> {
    const id = randomUUID();
    const { grid = this.town, eventTypes = [], categories = null, topic = 'INCIDENT', position = this.log.head } = wish;
    await inEveryArea(this.db, (trx) =>
      trx
        .insertInto('webhook_endpoint')
        .values({
          ...{ id, client_id: this.clientId, grid_id: grid, topic, url, position, created_by: 'a test' },
          ...{ event_types: [...eventTypes], categories: categories && [...categories] },
          ...{ status_at: this.now, created_at: this.now },
        } as never)
        .execute(),
    );
    return { id, secret: await this.addSecret(id) };
  }

  async addSecret(endpointId: string): Promise<string> {
    const secret = mintSecret();
    const id = randomUUID();
    const sealed = sealSecret(SEAL_KEY, { id, endpointId }, secret);
    await inEveryArea(this.db, (trx) =>
      trx
        .insertInto('webhook_secret')
        .values({ id, endpoint_id: endpointId, sealed, created_at: this.now } as never)
        .execute(),
    );
    return secret;
  }

  /** Appends events to the log; gives their ids. */
  async happen(count: number, { kind = 'REPORTED', topic = 'INCIDENT', areas, category = 'NOISE' }: EventWish = {}) {
    const ids = Array.from({ length: count }, () => randomUUID());
    const incident = { category, status: 'OPEN', severity: 'HIGH', summary: 'Secret words', x: 1, y: 2 };
    await asSuperuser(this.db, (trx) =>
      sql`insert into feed_outbox (event_id, topic, kind, subject, version, category, at, area_ids, payload)
        select e.id, ${topic}, ${kind}, '7', 3, ${category}::text, ${this.now}::timestamptz,
          ${areas ?? [this.district, this.town]}::uuid[], ${JSON.stringify({ act: 'report', incident })}::text::jsonb
        from unnest(${ids}::uuid[]) with ordinality e(id, n) order by e.n`.execute(trx),
    );
    await this.sequence();
    return ids;
  }

  /** Moves what is in the outbox to the log. */
  async sequence(): Promise<void> {
    await sql`select sequence_feed(100000)`.execute(this.db);
    await this.log.catchUp();
  }

  /** A server of its own, with time that passes only where it waits. */
  office(more: Partial<Timing> = {}, leaseMs = 60_000): Office & { sender: Sender } {
    const pause = async (milliseconds: number) => {
      this.waits.push(milliseconds);
      this.now = new Date(this.now.getTime() + milliseconds);
    };
    const timing = { clock: () => this.now, random: () => 0.5, pause, scheduleMs: [1000, 2000, 4000], holdMs: 10_000 };
    const guard = new TargetGuard(['127.0.0.0/8']);
    const sender = new Sender(guard, SEAL_KEY, { timeoutMs: 1000, mostAtOnce: 64 });
    this.#senders.push(sender);
    const { log, endpoints } = this;
    const parts = { source: SOURCE, log, endpoints, replays: new ReplayRepository(this.db), sender };
    return { ...openOffice({ ...parts, timing: { ...timing, ...more } }, leaseMs), sender };
  }

  delivery(office: Office): WebhookDelivery {
    return new WebhookDelivery(office, {
      warn: (details) => {
        throw (details as { err: Error }).err;
      },
    });
  }

  /** Delivers what is due now. */
  round(office: Office = this.office()): Promise<void> {
    return this.delivery(office).round();
  }

  async standing(id: string): Promise<EndpointRecord> {
    return (await this.endpoints.findStanding(id, this.now))!.endpoint;
  }

  /** The rows of a table of an endpoint. */
  async rows<T extends 'webhook_attempt' | 'webhook_parked'>(table: T, id: string) {
    const order = table === 'webhook_attempt' ? sql`id` : sql`position`;
    const { rows } = await inEveryArea(this.db, (trx) =>
      sql<Database[T]>`select * from ${sql.table(table)} where endpoint_id = ${id}::uuid order by ${order}`.execute(
        trx,
      ),
    );
    return rows;
  }

  /** Asks for everything that was parked. */
  async askReplay(id: string): Promise<void> {
    await inEveryArea(this.db, (trx) =>
      trx
        .updateTable('webhook_parked')
        .set({ replayed_at: this.now })
        .where('endpoint_id', '=', id)
        .where('delivered_at', 'is', null)
        .execute(),
    );
  }

  /** As the database sees a server that was killed a while ago. */
  async endLeases(): Promise<void> {
    await asSuperuser(this.db, (trx) =>
      sql`update webhook_endpoint set leased_until = clock_timestamp() - interval '1 second' where leased_by is not null`.execute(
        trx,
      ),
    );
  }

  async close(): Promise<void> {
    for (const sender of this.#senders) await sender.close();
    for (const receiver of this.#receivers) await receiver.close();
    [this.#senders, this.#receivers] = [[], []];
  }
}
