import { join, resolve } from 'node:path';
import { CompiledQuery, Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import pg from 'pg';
import { type Config, IN_MEMORY } from '../config.ts';
import { DomainError } from '../errors.ts';
import { lockFolder, makeThrowawayFolder } from './embedded/dataFolder.ts';
import { EmbeddedEngine } from './embedded/engine.ts';
import { EmbeddedSocket, SERVER_ROLE, TAKE_SERVER_ROLE } from './embedded/socket.ts';
import { LendingPool, named } from './pool.ts';
import type { Database } from './tables.ts';

/** Where notifications come from: a connection of one's own, or the engine in this process. */
export type NotificationSource =
  | { readonly newClient: () => pg.Client }
  | { readonly onNotification: (listener: (channel: string) => void) => () => void };

/** An open database. Inside a transaction use `trx`, never `db`: the embedded engine has one connection. */
export interface OpenDatabase {
  /** Acts as the role of the server, which owns nothing and is bound by row security. */
  readonly db: Kysely<Database>;
  readonly engine: 'postgres' | 'embedded';
  readonly notifications: NotificationSource;
  /**
   * Runs `work` with the rights that the server puts down: those of the login of `migrationDatabaseUrl`, else of
   * `databaseUrl`. Nothing but migrations needs it. Not from within a transaction, which would wait for itself.
   */
  asOwner<T>(work: (db: Kysely<Database>) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface OpenOptions {
  /** Told what is going on while the embedded database is made or opened; a first start takes seconds. */
  readonly onProgress?: (step: string) => void;
}

export type DatabaseSettings = Pick<Config, 'databaseUrl' | 'dataDir' | 'poolSize' | 'statementTimeoutMs'> &
  Partial<Pick<Config, 'migrationDatabaseUrl'>>;

function kyselyOn(options: pg.PoolConfig): Kysely<Database> {
  return new Kysely<Database>({
    dialect: new PostgresDialect({ pool: new LendingPool(options) }),
  });
}

/** How to connect, with settings for the whole session. What the URL itself sets stays, and ours has the last word. */
function sessionOn(databaseUrl: string, ...settings: string[]): pg.ClientConfig {
  const url = new URL(databaseUrl);
  const own = url.searchParams.get('options') ?? '';
  // Left in the URL, they would replace all of ours, and with them the role.
  url.searchParams.delete('options');
  const options = [own, 'timezone=UTC', ...settings].join(' -c ').trim();
  const patience = { connectionTimeoutMillis: 10_000, keepAlive: true };
  return { connectionString: url.href, application_name: 'wangge', options, ...patience };
}

/** A pooler in between may drop the settings of a session; nothing is asked with the rights of the login then. */
async function assertServes(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query(`select current_user as role, rolsuper or rolbypassrls as unbound
    from pg_roles where rolname = current_user`);
  if (rows[0]?.role === SERVER_ROLE && !rows[0].unbound) return;
  const message = `The database does not let the server act as the plain role ${SERVER_ROLE}. Connect without a pooler that drops \`options\`, and give that role no attributes.`;
  throw new DomainError('DATABASE_FAILED', message);
}

async function openPostgres(settings: DatabaseSettings, databaseUrl: string): Promise<OpenDatabase> {
  const { poolSize: max, statementTimeoutMs, migrationDatabaseUrl = databaseUrl } = settings;
  const limit = `statement_timeout=${statementTimeoutMs}`;
  const asLogin = async <T>(url: string, work: (db: Kysely<Database>) => Promise<T>): Promise<T> => {
    const db = kyselyOn({ ...sessionOn(url, limit), max });
    return work(db).finally(() => db.destroy());
  };
  // The role is made by the migrations, so it is not asked for yet.
  await asLogin(databaseUrl, (db) => sql`select 1`.execute(db));
  // The planner must hold the policies for dear, and would compile for 200 ms a query that runs for 2.
  const served = sessionOn(databaseUrl, limit, 'jit=off', `role=${SERVER_ROLE}`);
  const db = kyselyOn({ ...served, max, onConnect: assertServes });
  const newClient = () => new pg.Client(sessionOn(databaseUrl, `role=${SERVER_ROLE}`));
  return {
    db,
    engine: 'postgres',
    notifications: { newClient },
    asOwner: (work) => asLogin(migrationDatabaseUrl, work),
    close: () => db.destroy(),
  };
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
  try {
    await sql`select 1`.execute(db);
  } catch (error) {
    await close();
    throw error;
  }
  return { db, engine: 'embedded', notifications, asOwner: (work) => asEmbeddedOwner(db, work), close };
}

/** The one connection of the embedded engine takes off the role of the server for a while. */
function asEmbeddedOwner<T>(db: Kysely<Database>, work: (db: Kysely<Database>) => Promise<T>): Promise<T> {
  return db.connection().execute(async (one) => {
    const takeServerRole = () => one.executeQuery(CompiledQuery.raw(TAKE_SERVER_ROLE));
    await one.executeQuery(CompiledQuery.raw('set role none'));
    const result = await work(one).catch(async (error) => {
      // Where the engine broke down the role went with it, and what broke it down is to be told.
      await takeServerRole().catch(() => {});
      throw error;
    });
    await takeServerRole();
    return result;
  });
}

/**
 * Opens PostgreSQL when `databaseUrl` is set, and the embedded database in `dataDir` otherwise. Returns once it answers.
 * Throws DATABASE_BUSY when it cannot be reached or another process holds the folder, DATABASE_FAILED when it refuses.
 */
export function openDatabase(settings: DatabaseSettings, options: OpenOptions = {}): Promise<OpenDatabase> {
  if (settings.databaseUrl) return openPostgres(settings, settings.databaseUrl);
  return openEmbedded(settings, options.onProgress ?? (() => {}));
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
