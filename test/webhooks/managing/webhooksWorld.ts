import { randomUUID } from 'node:crypto';
import { type GraphQLSchema, graphql } from 'graphql';
import { sql } from 'kysely';
import { buildSchemaSync } from 'type-graphql';
import { listRights } from '../../../src/access/declareRight.ts';
import type { Viewer } from '../../../src/access/viewer.ts';
import { AuditRepository } from '../../../src/audit/audit.repository.ts';
import { AuditLog } from '../../../src/audit/auditLog.ts';
import { DomainError } from '../../../src/errors.ts';
import { WebhookResolver } from '../../../src/webhooks/api/webhook.resolver.ts';
import { WebhookActsResolver } from '../../../src/webhooks/api/webhookActs.resolver.ts';
import { openSecret } from '../../../src/webhooks/delivery/sending/secretSeal.ts';
import type { AttemptRecord } from '../../../src/webhooks/endpoint.type.ts';
import { TargetGuard } from '../../../src/webhooks/guard/targetGuard.ts';
import { ManagingRepository } from '../../../src/webhooks/managing/managing.repository.ts';
import { WebhookActsService } from '../../../src/webhooks/managing/webhookActs.service.ts';
import { WebhookDesk } from '../../../src/webhooks/managing/webhookDesk.ts';
import { WebhookLogRepository } from '../../../src/webhooks/managing/webhookLog.repository.ts';
import { WebhookMakingService } from '../../../src/webhooks/managing/webhookMaking.service.ts';
import { WebhookReadingService } from '../../../src/webhooks/managing/webhookReading.service.ts';
import { type Pinger, WebhookTestService } from '../../../src/webhooks/managing/webhookTest.service.ts';
import { SecretMint } from '../../../src/webhooks/managing/wishes/secretMint.ts';
import { type Answer, contextOf, KeysWorld, NOW } from '../../keys/keysWorld.ts';
import { asSuperuser } from '../../support/database.ts';

export const SEAL_KEY = Buffer.alloc(32, 9);

/** Where names lead in these tests. */
const NAMES: Readonly<Record<string, string>> = {
  'hooks.example.org': '93.184.216.34',
  'other.example.org': '93.184.216.35',
  'inside.example.org': '10.0.0.5',
};

async function resolveName(host: string): Promise<{ address: string }[]> {
  if (NAMES[host] === undefined) throw Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND' });
  return [{ address: NAMES[host] }];
}

const WEBHOOK = `id clientId clientName areaId topic url eventTypes categories status reason statusAt behind waitingSince
  lastDeliveredAt failingSince nextAttemptAt lastWeek { delivered failed parked } parked secrets { createdAt expiresAt } createdAt`;
export const CREATE = `mutation($input: WebhookInput!) { createWebhook(input: $input) { secret webhook { ${WEBHOOK} } } }`;
export const ONE = `query($id: ID!) { webhook(id: $id) { ${WEBHOOK} } }`;
export const LIST = `query($within: ID, $removed: Boolean, $first: Int, $after: String) {
  webhooks(within: $within, removed: $removed, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor } edges { node { ${WEBHOOK} } }
  } }`;
export const ROTATE = `mutation($id: ID!, $hours: Int) {
  rotateWebhookSecret(id: $id, overlapHours: $hours) { secret oldEndsAt webhook { ${WEBHOOK} } } }`;
export const MOVE = `mutation($id: ID!, $url: String!) { moveWebhook(id: $id, url: $url) { ${WEBHOOK} } }`;
export const PAUSE = `mutation($id: ID!) { pauseWebhook(id: $id) { ${WEBHOOK} } }`;
export const RESUME = `mutation($id: ID!, $skip: Boolean) { resumeWebhook(id: $id, skip: $skip) { ${WEBHOOK} } }`;
export const REMOVE = `mutation($id: ID!) { removeWebhook(id: $id) { ${WEBHOOK} } }`;
export const TEST = 'mutation($id: ID!) { testWebhook(id: $id) { delivered httpStatus milliseconds error } }';
export const REPLAY = 'mutation($id: ID!, $parked: [ID!]) { replayWebhook(id: $id, parked: $parked) }';
export const DELIVERIES = `query($id: ID!, $outcome: WebhookDeliveryOutcome, $first: Int, $after: String) {
  webhookDeliveries(id: $id, outcome: $outcome, first: $first, after: $after) {
    pageInfo { hasNextPage endCursor } edges { node { id eventId attempt at milliseconds httpStatus error outcome } }
  } }`;
export const PARKED = `query($id: ID!, $delivered: Boolean, $first: Int, $after: String) {
  webhookParkedEvents(id: $id, delivered: $delivered, first: $first, after: $after) {
    pageInfo { hasNextPage endCursor } edges { node { id eventId eventType reason attempts parkedAt state deliveredAt } }
  } }`;

/** Webhooks of the clients of a town, on an emptied registry. */
export class WebhooksWorld {
  readonly keys: KeysWorld;
  /** What the next ping gives, and whom was pinged. */
  readonly pings: { answer: Pick<AttemptRecord, 'httpStatus' | 'error'>; readonly sent: string[] } = {
    answer: { httpStatus: 204, error: null },
    sent: [],
  };
  readonly #networks: readonly string[];
  readonly #pinger: Pinger;
  readonly #schema: GraphQLSchema;
  readonly #unkeyed: GraphQLSchema;

  private constructor(keys: KeysWorld, networks: readonly string[], pinger?: Pinger) {
    this.keys = keys;
    this.#networks = networks;
    this.#pinger = pinger ?? { ping: (id) => this.#pretend(id) };
    this.#schema = this.#schemaOn(new SecretMint(SEAL_KEY));
    this.#unkeyed = this.#schemaOn(new SecretMint(undefined), false);
    // Throws where a field declares none.
    listRights(this.#schema);
  }

  /** `pingerOn`: one that sends; else pings are written down. */
  static async open(networks: readonly string[] = [], pingerOn?: (keys: KeysWorld) => Pinger): Promise<WebhooksWorld> {
    const keys = await KeysWorld.open();
    return new WebhooksWorld(keys, networks, pingerOn?.(keys));
  }

  /** As just opened, for less: the grids stay. */
  async renew(): Promise<void> {
    this.keys.now = NOW;
    this.pings.sent.length = 0;
    this.pings.answer = { httpStatus: 204, error: null };
    await this.write(sql`truncate webhook_attempt, webhook_parked, webhook_secret, webhook_endpoint, api_key, api_client,
      feed_event, feed_outbox, audit_entry restart identity`);
    await this.write(sql`update feed_state set last_position = 0, purged_through = 0`);
  }

  #schemaOn(secrets: SecretMint, sends = true): GraphQLSchema {
    const { db, clock, tree } = this.keys;
    const repository = new ManagingRepository(db, clock);
    const desk = new WebhookDesk(repository, new AuditLog(new AuditRepository(), clock), tree);
    const reading = new WebhookReadingService(desk, repository, new WebhookLogRepository());
    const room = { desk, repository, reading };
    const acts = new WebhookActsResolver(
      new WebhookMakingService(room, secrets, new TargetGuard(this.#networks, resolveName)),
      new WebhookActsService(room, secrets),
      new WebhookTestService(room, sends ? this.#pinger : undefined),
    );
    const resolvers = new Map<unknown, object>([
      [WebhookResolver, new WebhookResolver(reading)],
      [WebhookActsResolver, acts],
    ]);
    return buildSchemaSync({
      resolvers: [WebhookResolver, WebhookActsResolver],
      container: { get: (type: unknown) => resolvers.get(type) },
      validate: false,
    });
  }

  async #pretend(id: string): Promise<AttemptRecord> {
    this.pings.sent.push(id);
    const common = { eventId: randomUUID(), position: null, attempt: 1, milliseconds: 7, outcome: 'PING' } as const;
    return { ...common, at: this.keys.now, ...this.pings.answer };
  }

  /** Data and errors as a client gets them. */
  ask(viewer: Viewer, source: string, variables: object = {}): Promise<Answer> {
    return this.#run(this.#schema, viewer, source, variables);
  }

  /** The same on a server without SECRET_KEY. */
  askUnkeyed(viewer: Viewer, source: string, variables: object = {}): Promise<Answer> {
    return this.#run(this.#unkeyed, viewer, source, variables);
  }

  async #run(schema: GraphQLSchema, viewer: Viewer, source: string, variableValues: object): Promise<Answer> {
    const { data, errors } = await graphql({
      schema,
      source,
      variableValues: { ...variableValues },
      contextValue: contextOf(viewer),
    });
    const shown = errors?.map(({ message, originalError }) => {
      if (!(originalError instanceof DomainError)) throw originalError ?? new Error(message);
      return { message, ...originalError.details, code: originalError.code };
    });
    return JSON.parse(JSON.stringify({ data: data ?? null, errors: shown }));
  }

  /** A client with the rights to follow incidents and editions, of grids by their codes; its id. */
  async client(codes: readonly string[] | 'everywhere', eventTypes: readonly string[] = []): Promise<string> {
    const actions = ['registry.read', 'incidents.read', 'editions.follow'];
    const issued = await this.keys.issue(codes, { actions, eventTypes });
    return issued.client.id;
  }

  /** A webhook of a new client of D1, with its secret; throws where it is refused. */
  async make(more: object = {}) {
    const clientId = await this.client(['D1']);
    const input = { clientId, within: 'S1', url: 'https://hooks.example.org/wangge?token=t0p', ...more };
    const { data, errors } = await this.ask(this.keys.viewer('admin', 'D1'), CREATE, { input });
    if (errors) throw new Error(errors[0].message);
    return data.createWebhook as { secret: string; webhook: Answer['data'] };
  }

  /** What was sealed for a webhook, opened: all that are in use now, newest first. */
  secretsOf(id: string): Promise<(string | undefined)[]> {
    return asSuperuser(this.keys.db, async (trx) => {
      const { rows } = await sql<{ id: string; sealed: Buffer }>`select id, sealed from webhook_secret
        where endpoint_id = ${id}::uuid and (expires_at is null or expires_at > ${this.keys.now}::timestamptz)
        order by created_at desc`.execute(trx);
      return rows.map((row) => openSecret(SEAL_KEY, { ...row, endpointId: id }));
    });
  }

  /** Runs SQL as the owner of the database does. */
  async write(statement: ReturnType<typeof sql>): Promise<void> {
    await asSuperuser(this.keys.db, async (trx) => {
      await sql`set local session_replication_role = replica`.execute(trx);
      await statement.execute(trx);
    });
  }

  /** Puts so many events of incidents of a grid and those above it at the end of the log. */
  async happen(code: string, count: number, category = 'noise'): Promise<void> {
    const areas = this.keys.tree.chainOf(this.keys.id(code));
    await this.write(sql`with moved as (
        insert into feed_event (position, event_id, topic, kind, subject, version, category, at, sequenced_at, area_ids, payload)
        select s.last_position + n, gen_random_uuid(), 'INCIDENT', 'CHANGED', 'i', 1, ${category}, ${this.keys.now}::timestamptz,
          ${this.keys.now}::timestamptz, ${areas}::uuid[], '{}'
        from feed_state s, generate_series(1, ${count}::int) n)
      update feed_state set last_position = last_position + ${count}::int`);
  }
}
