import { CompiledQuery } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { OpenDatabase } from '../../src/db/database.ts';
import { inTransaction, toDomainError } from '../../src/db/pgErrors.ts';
import { asSuperuser, openTestDatabase } from '../support/database.ts';

let database: OpenDatabase;
const run = (text: string) => database.db.executeQuery(CompiledQuery.raw(text));
const raising = (using: string) => run(`do $$ begin raise exception using ${using}; end $$`);

const runAsOwner = (text: string) => asSuperuser(database.db, (trx) => trx.executeQuery(CompiledQuery.raw(text)));

beforeAll(async () => {
  database = await openTestDatabase();
  await runAsOwner(`create table probe_error (id integer constraint probe_key primary key, n integer constraint probe_positive check (n > 0));
    create function probe_judge() returns trigger language plpgsql as $$
    begin perform ST_Relate('POINT(0 0)'::geometry, 'POINT(1 1)'::geometry, 'broken'); return null; end $$;
    create table probe_judged (n integer);
    create constraint trigger probe_judges after insert on probe_judged deferrable initially deferred
      for each row execute function probe_judge();
    create function probe_void() returns void language plpgsql as $$
    begin perform ST_Relate('POINT(0 0)'::geometry, 'POINT(1 1)'::geometry, 'broken'); end $$;
    grant all on probe_error, probe_judged to wangge_server;`);
});
afterAll(() => runAsOwner('drop table probe_error, probe_judged; drop function probe_judge, probe_void'));

describe('errors of our own triggers', () => {
  it.each([
    ['WG001', 'OVERLAP'],
    ['WG002', 'NOT_NESTED'],
    ['WG003', 'MISSING_PARENT'],
    ['WG004', 'BAD_BOUNDARY'],
    ['WG005', 'APPEND_ONLY'],
    ['WG006', 'CONFLICT'],
  ])('%s is %s, with message, way out and details', async (errcode, code) => {
    const raised = raising(
      `errcode = '${errcode}', message = 'Grids 甲 and 乙 clash.', hint = 'Redraw one.', detail = '{"grids":["甲","乙"]}'`,
    );
    await expect(raised).rejects.toMatchObject({
      name: 'DomainError',
      code,
      message: 'Grids 甲 and 乙 clash. Redraw one.',
      details: { grids: ['甲', '乙'] },
    });
  });

  it('survive a detail that is no JSON', async () => {
    await expect(raising(`errcode = 'WG006', message = 'Clash.', detail = 'plain'`)).rejects.toMatchObject({
      details: {},
    });
  });
});

describe('errors of the database', () => {
  it('name constraint and table but never the statement or its values', async () => {
    const refused = run('insert into probe_error values (1, -42)');
    await expect(refused).rejects.toMatchObject({
      code: 'DATABASE_FAILED',
      details: { sqlState: '23514', constraint: 'probe_positive', table: 'probe_error' },
      message: expect.not.stringMatching(/insert|42,|-42/i),
      cause: expect.objectContaining({ code: '23514' }),
    });
  });

  it('a code taken in its scheme is DUPLICATE_CODE and names it', () => {
    const detail = 'Key (scheme_id, code)=(3, 440, x) already exists.';
    const error = Object.assign(new Error('duplicate key'), { code: '23505', constraint: 'grid_code_unique', detail });
    expect(toDomainError(error)).toMatchObject({ code: 'DUPLICATE_CODE', details: { code: '440, x' } });
  });

  it.each(['role "wangge_server" does not exist', 'permission denied to set role "wangge_server"'])(
    '%s says what the owner is to do',
    (message) => {
      expect(toDomainError(Object.assign(new Error(message), { code: '22023' }))).toMatchObject({
        code: 'DATABASE_FAILED',
        message: expect.stringMatching(/`wangge migrate`.*GRANT wangge_server TO/),
      });
    },
  );

  it.each([
    ['40001', 'CONFLICT'],
    ['40P01', 'CONFLICT'],
    ['57014', 'DATABASE_BUSY'],
    ['53300', 'DATABASE_BUSY'],
    ['42601', 'DATABASE_FAILED'],
  ])('%s is %s', async (errcode, code) => {
    await expect(raising(`errcode = '${errcode}', message = 'x'`)).rejects.toMatchObject({ code });
  });
});

describe('a transaction that loses a race', () => {
  beforeEach(() => run('truncate probe_error'));
  const loseTimes = (losses: number, errcode: string) => {
    let runs = 0;
    const result = inTransaction(database.db, async (trx) => {
      runs += 1;
      await trx.executeQuery(CompiledQuery.raw(`insert into probe_error values (${runs}, 1)`));
      if (runs <= losses) {
        await trx.executeQuery(CompiledQuery.raw(`do $$ begin raise exception using errcode = '${errcode}'; end $$`));
      }
      return runs;
    });
    return { result, runs: () => runs };
  };

  it('is run again, and only its last run is written', async () => {
    await expect(loseTimes(2, '40P01').result).resolves.toBe(3);
    expect((await run('select id from probe_error')).rows).toEqual([{ id: 3 }]);
  });

  it('gives up with CONFLICT after three runs', async () => {
    const attempt = loseTimes(9, '40001');
    await expect(attempt.result).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(attempt.runs()).toBe(3);
  });

  it('is not run again for any other error', async () => {
    const attempt = loseTimes(9, 'WG006');
    await expect(attempt.result).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(attempt.runs()).toBe(1);
  });
});

describe('an error inside GEOS', () => {
  const broken = `select ST_Relate('POINT(0 0)'::geometry, 'POINT(1 1)'::geometry, 'broken')`;
  const count = async (table: string) => (await run(`select count(*) as n from ${table}`)).rows[0];

  it.each([
    ['a plain statement', broken],
    ['a function that returns nothing', 'select probe_void()'],
    ['an anonymous block', 'do $$ begin perform probe_void(); end $$'],
    [
      'an aggregate',
      `select bool_or(ST_Relate('POINT(0 0)'::geometry, 'POINT(1 1)'::geometry, 'broken')) from generate_series(1, 3)`,
    ],
    ['the middle of a statement that writes', `with w as (insert into probe_judged values (1)) ${broken}`],
  ])('in %s is an error', async (_where, text) => {
    await expect(run(text)).rejects.toMatchObject({ code: 'DATABASE_FAILED' });
    expect(await count('probe_judged')).toEqual({ n: 0 });
  });

  it('undoes its transaction, even for one who ignores it', async () => {
    const careless = inTransaction(database.db, async (trx) => {
      await trx.executeQuery(CompiledQuery.raw('insert into probe_error values (50, 1)'));
      await trx.executeQuery(CompiledQuery.raw(broken)).catch(() => undefined);
      await trx.executeQuery(CompiledQuery.raw('insert into probe_error values (51, 1)')).catch(() => undefined);
    });
    await expect(careless).rejects.toMatchObject({ code: 'DATABASE_FAILED' });
    expect((await run('select id from probe_error where id >= 50')).rows).toEqual([]);
  });

  it('in a trigger that judges at commit refuses the commit', async () => {
    const judged = inTransaction(database.db, (trx) =>
      trx.executeQuery(CompiledQuery.raw('insert into probe_judged values (1)')),
    );
    await expect(judged).rejects.toMatchObject({ code: 'DATABASE_FAILED' });
    await expect(run('insert into probe_judged values (2)')).rejects.toMatchObject({ code: 'DATABASE_FAILED' });
    expect(await count('probe_judged')).toEqual({ n: 0 });
  });

  it('can be caught in SQL like any other', async () => {
    const caught = `do $$ begin perform probe_void(); raise exception 'not reached';
      exception when internal_error then insert into probe_error values (60, 1); end $$`;
    await run(caught);
    expect((await run('select id from probe_error where id = 60')).rows).toEqual([{ id: 60 }]);
  });

  it('leaves the engine sound a thousand times over', async () => {
    for (let i = 0; i < 1_000; i += 1) await run('select probe_void()').catch(() => undefined);
    expect(
      (await run(`select ST_AsText(ST_Union('POINT(0 0)'::geometry, 'POINT(1 1)'::geometry)) as t`)).rows,
    ).toHaveLength(1);
  });
});
