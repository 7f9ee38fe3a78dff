import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CompiledQuery } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenDatabase, openDatabase } from '../../src/db/database.ts';
import { listMigrations, type MigrateOptions, migrate } from '../../src/db/migrate.ts';
import { newDatabaseSettings } from '../support/database.ts';

let database: OpenDatabase;
let folder: string;
const run = (text: string) => database.asOwner((db) => db.executeQuery(CompiledQuery.raw(text)));
const migrateAsOwner = (options: MigrateOptions) => database.asOwner((db) => migrate(db, options));
const put = (file: string, text: string) => writeFile(join(folder, file), text);
const names = (list: { name: string }[]) => list.map(({ name }) => name);

beforeAll(async () => {
  database = await openDatabase(await newDatabaseSettings('migrate'));
  folder = await mkdtemp(join(tmpdir(), 'wangge-migrations-'));
  await put('0001_first.sql', 'create table first (n integer);\ncreate table second (n integer);\n');
  await put(
    '0002_function.sql',
    `create function two() returns integer language plpgsql as $$ begin return 2; end $$;\ncall_nothing:\n`.replace(
      'call_nothing:\n',
      'insert into first values (two());\n',
    ),
  );
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

describe('migrations', () => {
  it('are only told in a dry run', async () => {
    expect(names(await migrateAsOwner({ folder, dryRun: true }))).toEqual(['first', 'function']);
    expect((await run(`select to_regclass('first') as t, to_regclass('schema_migration') as s`)).rows).toEqual([
      { t: null, s: null },
    ]);
  });

  it('are applied once, in order, even by two servers that start together', async () => {
    const steps: string[] = [];
    const options = { folder, onProgress: (step: string) => steps.push(step) };
    const both = await Promise.all([migrateAsOwner(options), migrateAsOwner(options)]);
    expect(names(both.flat()).toSorted()).toEqual(['first', 'function']);
    expect(steps).toEqual(['0001_first', '0002_function']);
    expect((await run('select n from first')).rows).toEqual([{ n: 2 }]);
    expect(await migrateAsOwner({ folder })).toEqual([]);
    expect((await run('select number, name from schema_migration order by number')).rows).toEqual([
      { number: 1, name: 'first' },
      { number: 2, name: 'function' },
    ]);
  });

  it('are applied whole or not at all', async () => {
    await put('0003_broken.sql', 'create table third (n integer); select 1 / 0;');
    await expect(migrateAsOwner({ folder })).rejects.toMatchObject({
      code: 'DATABASE_FAILED',
      message: expect.stringContaining('0003_broken failed'),
    });
    expect((await run(`select to_regclass('third') as t`)).rows).toEqual([{ t: null }]);
    await rm(join(folder, '0003_broken.sql'));
    expect(await migrateAsOwner({ folder })).toEqual([]);
  });

  it('refuse a file that was changed after it was applied', async () => {
    const original = await readFile(join(folder, '0001_first.sql'), 'utf8');
    await put('0001_first.sql', 'create table first (n bigint);');
    await expect(migrateAsOwner({ folder })).rejects.toMatchObject({
      code: 'DATABASE_FAILED',
      message: expect.stringContaining('0001_first was changed'),
    });
    await put('0001_first.sql', original);
  });

  it('refuse a gap and a file without a number', async () => {
    await put('0005_gap.sql', 'select 1;');
    await expect(migrateAsOwner({ folder })).rejects.toMatchObject({ message: expect.stringContaining('0003_') });
    await rm(join(folder, '0005_gap.sql'));
    await put('notes.sql', 'select 1;');
    await expect(listMigrations(folder)).rejects.toMatchObject({ details: { file: 'notes.sql' } });
    await rm(join(folder, 'notes.sql'));
  });

  it('refuse a database that is newer than the release', async () => {
    await rm(join(folder, '0002_function.sql'));
    await expect(migrateAsOwner({ folder })).rejects.toMatchObject({
      message: expect.stringContaining('newer release'),
    });
  });
});
