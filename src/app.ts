import 'reflect-metadata';
import type { GraphQLSchema } from 'graphql';
import { type Logger, pino } from 'pino';
import { readSecret } from './access/secret.ts';
import type { LocalIssuer } from './access/tokens/localIssuer.ts';
import { systemViewer, type Viewer } from './access/viewer.ts';
import { buildAccess } from './app/accessParts.ts';
import { type AuditParts, buildAudit } from './app/auditParts.ts';
import { buildChangesets, type ChangesetParts } from './app/changesetParts.ts';
import { doorWitness } from './app/doorWitness.ts';
import { buildFeed, type FeedParts } from './app/feed/feedParts.ts';
import { buildWebhooks } from './app/feed/webhookParts.ts';
import { buildIncidents, type IncidentParts } from './app/incidents/incidentParts.ts';
import { buildPractice, type PracticeParts } from './app/incidents/practiceParts.ts';
import { buildRegistry, type RegistryParts } from './app/registryParts.ts';
import { buildResolvers } from './app/resolvers.ts';
import { type Clock, systemClock } from './clock.ts';
import type { Config } from './config.ts';
import type { OpenDatabase } from './db/database.ts';
import { listenFor } from './db/listen.ts';
import { migrate } from './db/migrate.ts';
import { LogFollower } from './followLog.ts';
import { GridAreas } from './grids/areas.ts';
import type { Witness } from './http/witness.ts';
import type { DueWork } from './incidents/oversight/dueWork.service.ts';
import { Metrics } from './metrics.ts';
import { buildApiSchema } from './schema.ts';

/** The house, built: its database open and migrated, its memory showing the newest edition. */
export interface App extends RegistryParts {
  readonly config: Config;
  readonly log: Logger;
  readonly database: OpenDatabase;
  readonly schema: GraphQLSchema;
  /** Counts and records what happens at the doors. */
  readonly witness: Witness;
  readonly audit: AuditParts;
  /** Drafts of boundaries: drawn, reviewed, published, and carried in files. */
  readonly changesets: ChangesetParts;
  /** Local practice: set, and asked for. */
  readonly practice: PracticeParts;
  /** Incidents: taken in, kept and directed. */
  readonly incidents: IncidentParts;
  /** The log of events, and who reads it. */
  readonly feed: FeedParts;
  /** What the clock brings: late tasks, and what climbs by itself. */
  readonly dueWork: DueWork;
  /** Who acts where nobody is signed in. */
  readonly operator: Viewer;
  /** The demo's own issuer, where its tokens are taken. */
  readonly localIssuer: LocalIssuer | undefined;
  /** Who a header `authorization` is; of none, the public. Throws UNAUTHENTICATED for one that is not good. */
  authenticate(authorization: string | undefined): Viewer | Promise<Viewer>;
  /** Begins to show what other processes publish, and keeps the head of the audit. */
  follow(): Promise<LogFollower>;
  /** Stops what `follow` began and closes the database. */
  close(): Promise<void>;
}

export interface AppOptions {
  readonly clock?: Clock;
  /** Who acts where nobody is named, in the audit: `cli` and a name of the operating system, for a command. */
  readonly operator?: string;
  /** Told what is going on while the database is made, migrated and read. */
  readonly onProgress?: (step: string) => void;
}

/** Brings an open database up to date and reads it into memory. This folder is the only place that constructs things. */
export async function buildApp(database: OpenDatabase, config: Config, options: AppOptions = {}): Promise<App> {
  const { clock = systemClock, onProgress = () => {} } = options;
  const operator = systemViewer(options.operator ?? 'registry');
  // To stderr: stdout is for what a command was asked for.
  const log = pino({ name: 'wangge', level: config.logLevel }, pino.destination(2));
  await database.asOwner((db) => migrate(db, { onProgress: (name) => onProgress(`Migrating to ${name}`) }));
  const secret = readSecret(config);
  const metrics = new Metrics();
  const audit = buildAudit(database.db, clock, log, { config, secret });
  const registry = buildRegistry(
    database.db,
    { now: clock, timeZone: config.timeZone },
    { audit: audit.log, operator },
  );
  const tree = new GridAreas(registry.atlas, registry.finder, registry.moments);
  const access = buildAccess(database.db, tree, audit, {
    config,
    secret,
    clock,
    log,
    onRefused: metrics.signInRefused,
  });
  const changesets = buildChangesets(database.db, registry, { tree, audit: audit.log, clock });
  const needs = { tree, audit: audit.log, clock: { now: clock, timeZone: config.timeZone }, log };
  const incidents = buildIncidents(database.db, registry, needs);
  const practice = buildPractice(database.db, registry, { tree, audit: audit.log, clock });
  const feed = buildFeed(database, { config, clock, log, tree });
  metrics.gauge('wangge_feed_position', 'Newest event of the feed that is known.', () => feed.memory.head);
  metrics.gauge('wangge_feed_readers', 'Readers that wait at the head of the feed.', () => feed.memory.readers);
  const webhooks = buildWebhooks(database.db, feed.memory, { config, secret, tree, audit: audit.log, clock, log });
  const own = { tree, audit, access, clock, changesets, incidents, practice, feed, webhooks, needs };
  const resolvers = buildResolvers(database.db, registry, own);
  onProgress('Reading the registry');
  await registry.editions.catchUp();
  return {
    config,
    log,
    database,
    witness: doorWitness(database.db, audit.log, metrics, log),
    audit,
    changesets,
    practice,
    incidents,
    feed,
    dueWork: incidents.dueWork,
    operator,
    ...registry,
    schema: buildApiSchema(resolvers),
    authenticate: (authorization) => access.authenticator.authenticate(authorization),
    localIssuer: access.signIn.localIssuer,
    ...running(
      database,
      new LogFollower(registry.editions, 'The log of editions', log),
      new LogFollower(feed.memory, 'The feed', log),
      [access.signIn, audit.heads, incidents.dueWork, ...feed.running, ...webhooks.running],
    ),
  };
}

/** Work that goes on beside requests, from `follow` to `close`. */
interface Running {
  start(): unknown;
  close(): unknown;
}

function running(database: OpenDatabase, editions: LogFollower, feed: LogFollower, beside: readonly Running[]) {
  let stopListening: (() => Promise<void>) | undefined;
  return {
    async follow() {
      editions.start();
      feed.start();
      stopListening = await listenFor(database, {
        wangge_edition: () => editions.look(),
        wangge_feed: () => feed.look(),
      });
      for (const each of beside) await each.start();
      return editions;
    },
    async close() {
      await stopListening?.();
      await editions.stop();
      await feed.stop();
      for (const each of beside) await each.close();
      await database.close();
    },
  };
}
