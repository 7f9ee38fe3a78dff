import { randomUUID } from 'node:crypto';
import { type RawBuilder, sql, type Transaction } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Areas } from '../../src/access/viewer.ts';
import { inTransaction } from '../../src/db/pgErrors.ts';
import type { Database } from '../../src/db/tables.ts';
import { asSuperuser } from '../support/database.ts';
import { contextOf, KeysWorld, NOW, OWNER } from './keysWorld.ts';

let world: KeysWorld;
beforeEach(async () => {
  world = await KeysWorld.open();
});

const keyId = () => randomUUID().replaceAll('-', '').slice(0, 20);
const rowOf = (clientId: string, from = NOW, days = 1) =>
  sql`(${keyId()}, ${clientId}::uuid, sha256('x'), ${from}::timestamptz, ${from}::timestamptz + ${`${days * 24}h`}::interval)`;
const insertKeys = (...rows: RawBuilder<unknown>[]) =>
  sql`insert into api_key (id, client_id, secret_hash, created_at, expires_at) values ${sql.join(rows)}`;

const as = (areas: Areas, statement: RawBuilder<unknown>) =>
  world.repository.seeing(areas, (trx) => statement.execute(trx));

describe('row security', () => {
  it('shows clients and keys to whoever sees each area, and to nobody without areas', async () => {
    const issued = {
      S1: await world.issue(['S1']),
      D1: await world.issue(['D1']),
      both: await world.issue(['S1', 'S3']),
      all: await world.issue('everywhere'),
    };
    const names = new Map(
      Object.entries(issued).flatMap(([name, { client, key }]) => [
        [client.id, name],
        [key.id, name],
      ]),
    );
    const seen = async (trx: Transaction<Database>) => {
      const clients = await trx.selectFrom('api_client').select('id').execute();
      const keys = await trx.selectFrom('api_key').select('id').execute();
      const [c, k] = [clients, keys].map((rows) => rows.map(({ id }) => names.get(id)).sort());
      expect(k).toEqual(c);
      return c;
    };
    const seenBy = (areas: Areas) => world.repository.seeing(areas, seen);
    const of = (...codes: string[]) => codes.map((code) => world.id(code));
    expect(await seenBy(of('D1'))).toEqual(['D1', 'S1']);
    expect(await seenBy(of('S1'))).toEqual(['S1']);
    expect(await seenBy(of('D2'))).toEqual([]);
    expect(await seenBy(of('S1', 'D2'))).toEqual(['S1', 'both']);
    expect(await seenBy(of('C'))).toEqual(['D1', 'S1', 'both']);
    expect(await seenBy('everywhere')).toEqual(['D1', 'S1', 'all', 'both']);
    expect(await seenBy([])).toEqual([]);
    expect(await inTransaction(world.db, seen)).toEqual([]);
  });

  it('lets nobody write a client or key that could not be read back', async () => {
    const { client } = await world.issue(['D2']);
    const insert = (areas: RawBuilder<unknown>, everywhere: boolean) => sql`
      insert into api_client values (${randomUUID()}::uuid, 'x', ${areas}, ${everywhere}, '{registry.read}', '{}', now(), 'x')`;
    const [d1, d2] = ['D1', 'D2'].map((code) => sql`array[${world.id(code)}]::uuid[]`);
    const mine = [world.id('D1')];
    await as(mine, insert(d1, false));
    for (const [areas, everywhere] of [
      [d2, false],
      [sql`'{}'::uuid[]`, true],
    ] as const) {
      await expect(as(mine, insert(areas, everywhere))).rejects.toMatchObject({ details: { sqlState: '42501' } });
    }
    await expect(as(mine, insertKeys(rowOf(client.id)))).rejects.toMatchObject({ details: { sqlState: '42501' } });
  });
});

describe('the server', () => {
  it('may neither change a scope nor a date, delete, nor empty', async () => {
    await world.issue(['D1']);
    for (const statement of [
      sql`update api_client set everywhere = true`,
      sql`update api_client set actions = '{registry.read,editions.follow}'`,
      sql`update api_key set expires_at = expires_at + interval '1 h'`,
      sql`update api_key set secret_hash = sha256('x')`,
      sql`delete from api_client`,
      sql`delete from api_key`,
      sql`truncate api_key`,
      sql`alter table api_client disable row level security`,
      sql`drop policy api_client_in_areas on api_client`,
      sql`alter table api_key disable trigger all`,
    ]) {
      await expect(as('everywhere', statement)).rejects.toMatchObject({ details: { sqlState: '42501' } });
    }
  });

  it('revokes once; no revocation is taken back or moved', async () => {
    const { key } = await world.issue(['D1']);
    await world.service.revokeKey(contextOf(OWNER), key.id);
    for (const value of [sql`null`, sql`now()`]) {
      const again = as('everywhere', sql`update api_key set revoked_at = ${value}`);
      await expect(again).rejects.toMatchObject({ code: 'APPEND_ONLY' });
    }
  });
});

describe('the tables', () => {
  it('keep their rows from their owner too', async () => {
    await world.issue(['D1']);
    for (const statement of [
      sql`update api_client set name = 'x'`,
      sql`delete from api_client`,
      sql`truncate api_client cascade`,
      sql`update api_key set revoked_at = now(), expires_at = now()`,
      sql`update api_key set expires_at = now()`,
      sql`delete from api_key`,
      sql`truncate api_key`,
    ]) {
      const tried = asSuperuser(world.db, (trx) => statement.execute(trx));
      await expect(tried).rejects.toMatchObject({ code: 'APPEND_ONLY' });
    }
  });

  it('take no third live key, however it is written', async () => {
    const { client } = await world.issue(['D1'], { days: 2 });
    const [one, hidden] = [() => rowOf(client.id), sql` returning set_config('wangge.areas', '', true)`];
    await expect(as('everywhere', insertKeys(one(), one()))).rejects.toMatchObject({ code: 'CONFLICT' });
    await as('everywhere', insertKeys(one()));
    await expect(as('everywhere', insertKeys(one()))).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(as('everywhere', sql`${insertKeys(one())}${hidden}`)).rejects.toMatchObject({ code: 'CONFLICT' });
    const stale = world.db.transaction().setIsolationLevel('repeatable read');
    const written = stale.execute(async (trx) => {
      await sql`select set_config('wangge.areas', '*', true)`.execute(trx);
      await insertKeys(one()).execute(trx);
    });
    await expect(written).rejects.toThrow(/READ COMMITTED/);
  });

  it('take no third live key from transactions that write at once', async () => {
    const { client } = await world.issue(['D1']);
    const write = () =>
      world.repository.seeing('everywhere', async (trx) => {
        await insertKeys(rowOf(client.id)).execute(trx);
        // So that all are open together, where the engine has more than one connection.
        await sql`select pg_sleep(0.1)`.execute(trx);
      });
    const ends = await Promise.allSettled(Array.from({ length: 8 }, write));
    const refused = ends.filter((end) => end.status === 'rejected').map(({ reason }) => reason.code);
    expect(refused).toEqual(Array(7).fill('CONFLICT'));
  });

  it('leave the areas of a transaction as they were when a key is written', async () => {
    const { client } = await world.issue(['D1']);
    const mine = [world.id('D1')];
    const shown = await world.repository.seeing(mine, async (trx) => {
      await insertKeys(rowOf(client.id)).execute(trx);
      return (await sql<{ areas: string }>`select current_setting('wangge.areas') as areas`.execute(trx)).rows[0].areas;
    });
    expect(shown).toBe(world.id('D1'));
  });

  it('take a key of 400 days and not of more, nor one that ends before it begins', async () => {
    const { client } = await world.issue(['D1']);
    for (const days of [401, 0, -1]) {
      const details = { constraint: 'api_key_at_most_400_days' };
      await expect(as('everywhere', insertKeys(rowOf(client.id, NOW, days)))).rejects.toMatchObject({ details });
    }
    await as('everywhere', insertKeys(rowOf(client.id, NOW, 400)));
  });

  it('take no client of nowhere, and none of both areas and everywhere', async () => {
    for (const [areas, everywhere] of [
      ['{}', false],
      [`{${world.id('D1')}}`, true],
    ] as const) {
      const insert = sql`insert into api_client
        values (${randomUUID()}::uuid, 'x', ${areas}::uuid[], ${everywhere}, '{registry.read}', '{}', now(), 'x')`;
      await expect(as('everywhere', insert)).rejects.toMatchObject({ details: { constraint: 'api_client_somewhere' } });
    }
  });
});
