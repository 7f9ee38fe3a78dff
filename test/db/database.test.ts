import { CompiledQuery, sql, type Transaction } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allowLongStatements, type OpenDatabase, openDatabase, runNamed } from '../../src/db/database.ts';
import { inTransaction } from '../../src/db/pgErrors.ts';
import type { Database } from '../../src/db/tables.ts';
import { asSuperuser, emptyTables, newDatabaseSettings, openTestDatabase } from '../support/database.ts';

let database: OpenDatabase;
const run = (text: string) => database.db.executeQuery(CompiledQuery.raw(text));

beforeAll(async () => {
  database = await openTestDatabase();
  await asSuperuser(database.db, (trx) =>
    trx.executeQuery(
      CompiledQuery.raw(`create table if not exists probe (id bigint generated always as identity primary key, n integer);
        grant all on probe to wangge_server`),
    ),
  );
});
afterAll(() => asSuperuser(database.db, (trx) => trx.executeQuery(CompiledQuery.raw('drop table probe'))));

describe('values', () => {
  it('are read alike on both engines', async () => {
    const { rows } = await sql`select
      9007199254740991::int8 as whole, count(*) as counted, 1.25::numeric as decimal, 0.1::float8 as double,
      date '2024-02-29' as day, timestamptz '2024-02-29 12:00:00.123+08' as instant,
      tstzrange('2024-01-01 00:00+00', null) as range, '\\x00ff10'::bytea as bytes, true as flag, null::int8 as nothing,
      '{"a":[1,2]}'::jsonb as json, array[1, null, 3]::int8[] as wholes, array[date '2024-02-29'] as days,
      array['网格', 'b']::text[] as texts, '550e8400-e29b-41d4-a716-446655440000'::uuid as uuid,
      ST_AsBinary(ST_Point(1, 2), 'NDR') as wkb`.execute(database.db);
    expect(rows[0]).toEqual({
      whole: Number.MAX_SAFE_INTEGER,
      counted: 1,
      decimal: 1.25,
      double: 0.1,
      day: '2024-02-29',
      instant: new Date('2024-02-29T04:00:00.123Z'),
      range: '["2024-01-01 00:00:00+00",)',
      bytes: Buffer.from([0, 255, 16]),
      flag: true,
      nothing: null,
      json: { a: [1, 2] },
      wholes: [1, null, 3],
      days: ['2024-02-29'],
      texts: ['网格', 'b'],
      uuid: '550e8400-e29b-41d4-a716-446655440000',
      wkb: Buffer.from('0101000000000000000000f03f0000000000000040', 'hex'),
    });
  });

  it('are sent alike on both engines', async () => {
    const values = { instant: new Date('1999-12-31T16:00:00Z'), bytes: Buffer.from([0, 1, 255]), json: { 网: 1 } };
    const { rows } = await sql`select ${values.instant}::timestamptz as instant, ${values.bytes}::bytea as bytes,
      ${values.json}::jsonb as json, ${[1, 2]}::int8[] as wholes, ${'2024-02-29'}::date as day,
      ${null}::int as nothing, ${0.1}::float8 as double, ${''}::text as empty`.execute(database.db);
    expect(rows[0]).toEqual({ ...values, wholes: [1, 2], day: '2024-02-29', nothing: null, double: 0.1, empty: '' });
  });

  it('refuses an int8 that a number cannot hold, rather than round it', async () => {
    await expect(run('select 9007199254740993::int8')).rejects.toMatchObject({ code: 'DATABASE_FAILED' });
    expect((await run('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });

  it('keeps a reply of many megabytes whole', async () => {
    const { rows } = await sql<{ text: string }>`
      select repeat(i::text, 1000) as text from generate_series(1000, 4999) as i`.execute(database.db);
    expect(rows).toHaveLength(4000);
    expect(rows.every(({ text }, i) => text === String(i + 1000).repeat(1000))).toBe(true);
  });
});

describe('statements', () => {
  it('may be prepared under a name and run again with other parameters', async () => {
    const ask = (n: number) =>
      runNamed<{ twice: number }>(database.db, 'probe.twice', 'select $1::int * 2 as twice', [n]);
    const answers = [await ask(1), await ask(2), await ask(21)];
    expect(answers.map(([row]) => row.twice)).toEqual([2, 4, 42]);
    const listing = `select count(*) as n from pg_prepared_statements where name = 'probe.twice'`;
    const perConnection = await database.db.connection().execute(async (one) => {
      await runNamed(one, 'probe.twice', 'select $1::int * 2 as twice', [3]);
      return one.executeQuery(CompiledQuery.raw(listing));
    });
    expect(perConnection.rows).toEqual([{ n: 1 }]);
  });

  it('still work after thousands of errors', async () => {
    const attempts = 6_000;
    let refused = 0;
    await database.db.connection().execute(async (one) => {
      for (let i = 0; i < attempts; i += 1) {
        await one.executeQuery(CompiledQuery.raw('select 1 / $1::int', [0])).catch(() => {
          refused += 1;
        });
      }
    });
    expect(refused).toBe(attempts);
    expect((await run('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });
});

describe('transactions', () => {
  it('take turns: 30 at once all count', async () => {
    await run('truncate probe');
    await run('insert into probe (n) values (0)');
    const addOne = (trx: Transaction<Database>) => trx.executeQuery(CompiledQuery.raw('update probe set n = n + 1'));
    await Promise.all(Array.from({ length: 30 }, () => inTransaction(database.db, addOne)));
    expect((await run('select n from probe')).rows).toEqual([{ n: 30 }]);
  });

  it('write nothing when their work throws', async () => {
    await run('truncate probe');
    const failed = inTransaction(database.db, async (trx) => {
      await trx.executeQuery(CompiledQuery.raw('insert into probe (n) values (1)'));
      throw new Error('changed my mind');
    });
    await expect(failed).rejects.toThrow('changed my mind');
    expect((await run('select n from probe')).rows).toEqual([]);
  });

  it('say so when a swallowed error has undone them', async () => {
    const failed = inTransaction(database.db, async (trx) => {
      await trx.executeQuery(CompiledQuery.raw('insert into probe (n) values (1)'));
      await trx.executeQuery(CompiledQuery.raw('select 1 / 0')).catch(() => undefined);
    });
    await expect(failed).rejects.toMatchObject({ code: 'DATABASE_FAILED' });
    expect((await run('select n from probe')).rows).toEqual([]);
  });

  it('cannot be used after their end', async () => {
    const leaked = await inTransaction(database.db, async (trx) => ({ trx }));
    expect(() => leaked.trx.executeQuery(CompiledQuery.raw('select 1'))).toThrow('already committed');
  });

  it('nor can a connection that was given back', async () => {
    const leaked = await database.db.connection().execute(async (one) => ({ one }));
    await expect(leaked.one.executeQuery(CompiledQuery.raw('select 1'))).rejects.toMatchObject({ code: 'INTERNAL' });
  });
});

describe('a statement over its time', () => {
  // Interrupts nothing while it runs: one expression, evaluated in a single step.
  const endless = 'select count(*) from generate_series(1, 2000000000)';

  it('is given up with DATABASE_BUSY, its transaction undone, and the database goes on', async () => {
    const own = await openDatabase({ ...(await newDatabaseSettings('busy')), statementTimeoutMs: 60_000 });
    try {
      const { db } = own;
      await own.asOwner((owner) =>
        owner.executeQuery(CompiledQuery.raw('create table kept (n integer); grant all on kept to public')),
      );
      await db.executeQuery(CompiledQuery.raw('insert into kept values (1)'));
      const late = inTransaction(db, async (trx) => {
        await allowLongStatements(trx, 200);
        await trx.executeQuery(CompiledQuery.raw('insert into kept values (2)'));
        await trx.executeQuery(CompiledQuery.raw(endless));
      });
      const waiting = db.executeQuery(CompiledQuery.raw('select 1 as one'));
      await expect(late).rejects.toMatchObject({ code: 'DATABASE_BUSY' });
      expect((await waiting).rows).toEqual([{ one: 1 }]);
      expect((await db.executeQuery(CompiledQuery.raw('select n from kept'))).rows).toEqual([{ n: 1 }]);
    } finally {
      await own.close();
    }
  });
});

describe('a short limit', () => {
  it('ends with its transaction', async () => {
    const slow = CompiledQuery.raw('select count(*) as n from generate_series(1, 1000), pg_sleep(1.5)');
    await database.db.connection().execute(async (one) => {
      await inTransaction(one, (trx) => allowLongStatements(trx, 100));
      expect((await one.executeQuery(slow)).rows).toEqual([{ n: 1000 }]);
    });
  });
});

describe('the shared test database', () => {
  it('is emptied without touching migrations', async () => {
    await run('insert into probe (n) values (7)');
    const before = (await run('select count(*) as n from schema_migration')).rows;
    await emptyTables(database.db);
    expect((await run('select count(*) as n from probe')).rows).toEqual([{ n: 0 }]);
    expect((await run('select count(*) as n from schema_migration')).rows).toEqual(before);
  });
});

describe('a server that is not there', () => {
  it('is DATABASE_BUSY in plain words, without the password', async () => {
    const settings = {
      databaseUrl: 'postgres://me:hunter2@127.0.0.1:9/none',
      dataDir: '',
      poolSize: 1,
      statementTimeoutMs: 500,
    };
    const attempt = openDatabase(settings);
    await expect(attempt).rejects.toMatchObject({
      code: 'DATABASE_BUSY',
      message: expect.stringContaining('DATABASE_URL'),
    });
    await expect(attempt).rejects.toMatchObject({ message: expect.not.stringContaining('hunter2') });
  });
});
