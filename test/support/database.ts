import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { type Kysely, sql, type Transaction } from 'kysely';
import pg from 'pg';
import { IN_MEMORY } from '../../src/config.ts';
import { type DatabaseSettings, type OpenDatabase, openDatabase } from '../../src/db/database.ts';
import { migrate } from '../../src/db/migrate.ts';
import { inTransaction } from '../../src/db/pgErrors.ts';
import type { Database } from '../../src/db/tables.ts';

/** The server that DATABASE_URL names, if any: the tests then run on PostgreSQL, in a database of their own. */
const server = process.env.DATABASE_URL;
const NAME = `wangge_test_${process.pid}`;

const held = globalThis as { wanggeTestDatabase?: Promise<OpenDatabase> };

async function onServer(url: string, statement: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(statement);
  } finally {
    await client.end();
  }
}

const made: string[] = [];

// 'exit' allows nothing asynchronous and vitest grants half a second, so another process drops the databases.
function dropAtExit(url: string, name: string): void {
  made.push(name);
  if (made.length > 1) return;
  process.once('exit', () => {
    const script = `const pg = require(${JSON.stringify(createRequire(import.meta.url).resolve('pg'))});
      const client = new pg.Client({ connectionString: process.argv[1] });
      (async () => {
        await client.connect();
        for (const name of process.argv.slice(2)) await client.query('drop database if exists ' + name + ' with (force)');
      })().finally(() => client.end());`;
    spawn(process.execPath, ['-e', script, url, ...made], { detached: true, stdio: 'ignore' }).unref();
  });
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Drops what runs that were killed have left behind. */
async function dropLeftovers(url: string): Promise<void> {
  const { rows } = await onServer(url, `select datname from pg_database where datname ~ '^wangge_test_[0-9]+'`);
  for (const { datname } of rows) {
    const pid = Number(/\d+/.exec(datname)?.[0]);
    if (pid === process.pid || !isRunning(pid)) await onServer(url, `drop database if exists ${datname} with (force)`);
  }
}

/** Settings of a new empty database of this engine: for tests that close, break or lock what they open. */
export async function newDatabaseSettings(suffix: string): Promise<DatabaseSettings> {
  const common = { dataDir: IN_MEMORY, poolSize: 8, statementTimeoutMs: 60_000 };
  if (!server) return { ...common, databaseUrl: undefined };
  const name = `${NAME}_${suffix}`;
  await onServer(server, `drop database if exists ${name} with (force)`);
  await onServer(server, `create database ${name}`);
  dropAtExit(server, name);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { ...common, databaseUrl: url.href };
}

async function create(): Promise<OpenDatabase> {
  // vitest ends its workers so; leaving in order removes what was made.
  process.once('SIGTERM', () => process.exit(0));
  if (server) await dropLeftovers(server);
  const database = await openDatabase(await newDatabaseSettings('main'));
  await database.asOwner((db) => migrate(db));
  return database;
}

/** The migrated database that all test files of this process share. Start a file by emptying its tables. */
export function openTestDatabase(): Promise<OpenDatabase> {
  held.wanggeTestDatabase ??= create();
  return held.wanggeTestDatabase;
}

/** Runs `work` in one transaction with the rights of the login, a superuser here, that the server puts down. */
export function asSuperuser<T>(db: Kysely<Database>, work: (trx: Transaction<Database>) => Promise<T>): Promise<T> {
  return inTransaction(db, async (trx) => {
    await sql`set local role none`.execute(trx);
    return work(trx);
  });
}

/** Empties every table of ours and restarts their numbers. */
export function emptyTables(db: Kysely<Database>): Promise<void> {
  return asSuperuser(db, async (trx) => {
    const { rows } = await sql<{ tables: string | null }>`
      select string_agg(format('%I.%I', schemaname, tablename), ', ') as tables from pg_tables
      where schemaname = 'public' and tablename not in ('schema_migration', 'spatial_ref_sys')`.execute(trx);
    // As a replica would, because the tables refuse to be emptied even by their owner.
    await sql`set local session_replication_role = replica`.execute(trx);
    if (rows[0].tables) await sql`truncate ${sql.raw(rows[0].tables)} restart identity cascade`.execute(trx);
    // Tables of a single row, marked by this column, are never without it.
    const { rows: single } = await sql<{ name: string }>`select table_name as name from information_schema.columns
      where table_schema = 'public' and column_name = 'only_one'`.execute(trx);
    for (const { name } of single) await sql`insert into ${sql.table(name)} default values`.execute(trx);
  });
}

/** How many rows each table of ours holds, whoever may see them. */
export function countRows(db: Kysely<Database>): Promise<Record<string, number>> {
  return asSuperuser(db, async (trx) => {
    const { rows: tables } = await sql<{ name: string }>`select tablename as name from pg_tables
      where schemaname = 'public' and tablename <> 'spatial_ref_sys' order by tablename`.execute(trx);
    const counts = tables.map(
      ({ name }) => sql`select ${sql.lit(name)}::text as name, count(*) as count from ${sql.table(name)}`,
    );
    const { rows } = await sql<{ name: string; count: number }>`${sql.join(counts, sql` union all `)}`.execute(trx);
    return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
  });
}
