import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CompiledQuery, type Kysely, sql, type Transaction } from 'kysely';
import { DomainError } from '../errors.ts';
import { allowLongStatements } from './database.ts';
import { inTransaction } from './pgErrors.ts';
import type { Database } from './tables.ts';

const FOLDER = fileURLToPath(new URL('../../migrations', import.meta.url));
const LONGEST_MS = 600_000;

/** One numbered SQL file. `sha256` is that of its bytes, in hex. */
export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sha256: string;
  readonly sql: string;
}

export interface MigrateOptions {
  /** Told the name of each migration before it runs. */
  readonly onProgress?: (step: string) => void;
  /** Only says what would be applied. */
  readonly dryRun?: boolean;
  /** Folder of the files, `migrations/` of this checkout unless told. */
  readonly folder?: string;
}

const titleOf = ({ number, name }: Pick<Migration, 'number' | 'name'>) => `${String(number).padStart(4, '0')}_${name}`;

type Applied = Pick<Migration, 'number' | 'name' | 'sha256'>;

const refuse = (message: string, details: Record<string, unknown>) =>
  new DomainError('DATABASE_FAILED', message, details);

/** The files NNNN_name.sql in order, numbered 1, 2, 3 … without a gap. */
export async function listMigrations(folder = FOLDER): Promise<Migration[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort();
  return Promise.all(
    files.map(async (file, index) => {
      const [, number, name] = /^(\d{4})_([a-z0-9_]+)\.sql$/.exec(file) ?? [];
      if (Number(number) !== index + 1) {
        const expected = String(index + 1).padStart(4, '0');
        throw refuse(`${file} stands where migration ${expected}_… is expected; number the files without a gap.`, {
          file,
        });
      }
      const text = await readFile(join(folder, file), 'utf8');
      return { number: index + 1, name, sha256: createHash('sha256').update(text).digest('hex'), sql: text };
    }),
  );
}

async function readApplied(db: Kysely<Database>): Promise<Applied[]> {
  const { rows } = await sql<{ present: boolean }>`
    select to_regclass('public.schema_migration') is not null as present`.execute(db);
  if (!rows[0].present) return [];
  return (await sql<Applied>`select number, name, sha256 from schema_migration order by number`.execute(db)).rows;
}

function pendingOf(files: Migration[], applied: Applied[]): Migration[] {
  for (const done of applied) {
    const file = files[done.number - 1];
    const title = titleOf(done);
    if (!file)
      throw refuse(`The database has migration ${title}, which is not in this release; use the newer release.`, done);
    if (file.sha256 !== done.sha256 || file.name !== done.name) {
      throw refuse(`Migration ${title} was changed after it was applied; restore the file and write a new one.`, {
        number: done.number,
        name: done.name,
      });
    }
  }
  return files.slice(applied.length);
}

async function assertMayMigrate(db: Kysely<Database>, pending: Migration[]): Promise<void> {
  const { rows } = await sql<{ may: boolean }>`select has_schema_privilege('public', 'create') and coalesce(
    (select pg_has_role(relowner, 'usage') from pg_class where oid = to_regclass('public.schema_migration')), true) as may`.execute(
    db,
  );
  if (rows[0].may) return;
  const first = titleOf(pending[0]);
  const message = `The database lacks migration ${first}, and this login does not own it. Run \`wangge migrate\` as the owner: set MIGRATION_DATABASE_URL.`;
  throw refuse(message, { pending: pending.map(titleOf) });
}

async function applyNext(trx: Transaction<Database>, files: Migration[], onProgress: (step: string) => void) {
  await allowLongStatements(trx, LONGEST_MS);
  await sql`select pg_advisory_xact_lock(hashtext('wangge.migrate'))`.execute(trx);
  await sql`create table if not exists schema_migration (
    number     integer primary key,
    name       text not null,
    sha256     text not null,
    applied_at timestamptz not null default now()
  )`.execute(trx);
  const next = pendingOf(files, await readApplied(trx))[0];
  if (!next) return undefined;
  onProgress(titleOf(next));
  await trx.executeQuery(CompiledQuery.raw(next.sql)).catch((error: Error) => {
    const hint = next.number === 1 ? ' PostGIS must be installed, and the user allowed to create extensions.' : '';
    const message = `Migration ${titleOf(next)} failed.${hint} ${error.message}`;
    throw new DomainError('DATABASE_FAILED', message, { number: next.number, name: next.name }, { cause: error });
  });
  await sql`insert into schema_migration (number, name, sha256)
    values (${next.number}, ${next.name}, ${next.sha256})`.execute(trx);
  return next;
}

/**
 * Brings the database to the newest migration, each in its own transaction; servers that start together take turns.
 * `db` acts as the owner. Returns what was applied, or with `dryRun` what would be. Throws DATABASE_FAILED for a changed, missing or unknown file.
 */
export async function migrate(db: Kysely<Database>, options: MigrateOptions = {}): Promise<Migration[]> {
  const files = await listMigrations(options.folder);
  const pending = pendingOf(files, await readApplied(db));
  if (options.dryRun || pending.length === 0) return pending;
  await assertMayMigrate(db, pending);
  const applied: Migration[] = [];
  for (;;) {
    const next = await inTransaction(db, (trx) => applyNext(trx, files, options.onProgress ?? (() => {})));
    if (!next) return applied;
    applied.push(next);
  }
}
