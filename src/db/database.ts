import { join, resolve } from 'node:path';
import { CompiledQuery, Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import pg from 'pg';
import { type Config, IN_MEMORY } from '../config.ts';
import { lockFolder, makeThrowawayFolder } from './embedded/dataFolder.ts';
import { EmbeddedEngine } from './embedded/engine.ts';
import { EmbeddedSocket } from './embedded/socket.ts';
import { LendingPool, named } from './pool.ts';
import type { Database } from './tables.ts';

/** Where notifications come from: a connection of one's own, or the engine in this process. */
export type NotificationSource =
  | { readonly newClient: () => pg.Client }
  | { readonly onNotification: (listener: (channel: string) => void) => () => void };

/** An open database. Inside a transaction use `trx`, never `db`: the embedded engine has one connection. */
export interface OpenDatabase {
  readonly db: Kysely<Database>;
  readonly engine: 'postgres' | 'embedded';
  readonly notifications: NotificationSource;
  close(): Promise<void>;
}

export interface OpenOptions {
  /** Told what is going on while the embedded database is made or opened; a first start takes seconds. */
  readonly onProgress?: (step: string) => void;
}

export type DatabaseSettings = Pick<Config, 'databaseUrl' | 'dataDir' | 'poolSize' | 'statementTimeoutMs'>;

function kyselyOn(options: pg.PoolConfig): Kysely<Database> {
  return new Kysely<Database>({
    dialect: new PostgresDialect({ pool: new LendingPool(options) }),
  });
}

async function openPostgres(settings: DatabaseSettings): Promise<OpenDatabase> {
  const connection = {
    connectionString: settings.databaseUrl,
    application_name: 'wangge',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  };
  const db = kyselyOn({
    ...connection,
    max: settings.poolSize,
    options: `-c timezone=UTC -c statement_timeout=${settings.statementTimeoutMs}`,
  });
  const newClient = () => new pg.Client(connection);
  return { db, engine: 'postgres', notifications: { newClient }, close: () => db.destroy() };
}

async function openEmbedded(settings: DatabaseSettings, onProgress: (step: string) => void): Promise<OpenDatabase> {
  const throwaway = settings.dataDir === IN_MEMORY ? await makeThrowawayFolder() : undefined;
  const folder = throwaway?.folder ?? resolve(settings.dataDir);
  const engine = new EmbeddedEngine(join(folder, 'pgdata'), onProgress);
  const release = throwaway?.remove ?? (await lockFolder(folder, (reason) => void engine.abandon(reason)));
  const db = kyselyOn({
    stream: () => new EmbeddedSocket(engine, settings.statementTimeoutMs),
    user: 'postgres',
    max: 1,
    idleTimeoutMillis: 0,
  });
  const close = async () => {
    await db.destroy();
    await engine.close();
    await release();
  };
  const notifications = { onNotification: (listener: (channel: string) => void) => engine.onNotification(listener) };
  return { db, engine: 'embedded', notifications, close };
}

/**
 * Opens PostgreSQL when `databaseUrl` is set, and the embedded database in `dataDir` otherwise. Returns once it answers.
 * Throws DATABASE_BUSY when it cannot be reached or another process holds the folder, DATABASE_FAILED when it refuses.
 */
export async function openDatabase(settings: DatabaseSettings, options: OpenOptions = {}): Promise<OpenDatabase> {
  const database = settings.databaseUrl
    ? await openPostgres(settings)
    : await openEmbedded(settings, options.onProgress ?? (() => {}));
  try {
    await sql`select 1`.execute(database.db);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Lets the statements of this transaction run for `milliseconds` each, where the default would stop them; 0 is for ever. */
export async function allowLongStatements(trx: Transaction<Database>, milliseconds: number): Promise<void> {
  await sql`set local statement_timeout = ${sql.lit(Math.trunc(milliseconds))}`.execute(trx);
}

/** Runs SQL with `$1` parameters as a statement prepared under `name` once for each connection: planned once, not anew. */
export async function runNamed<Row>(
  db: Kysely<Database>,
  name: string,
  text: string,
  parameters: readonly unknown[] = [],
): Promise<Row[]> {
  const query = CompiledQuery.raw(named(name, text), [...parameters]);
  return (await db.executeQuery<Row>(query)).rows;
}
