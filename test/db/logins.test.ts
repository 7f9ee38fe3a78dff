import { type AddressInfo, connect, createServer } from 'node:net';
import { CompiledQuery, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inAreas } from '../../src/db/areas.ts';
import { type DatabaseSettings, type OpenDatabase, openDatabase } from '../../src/db/database.ts';
import { listenFor } from '../../src/db/listen.ts';
import { listMigrations, migrate } from '../../src/db/migrate.ts';
import { inTransaction } from '../../src/db/pgErrors.ts';
import { beginEdition, idOf } from '../proofs/rawRegistry.ts';
import { newDatabaseSettings } from '../support/database.ts';
import { AFTER, appointRaw, expectedSeen, FIRST_TOWN, publishTree, readSeen } from './staffedTree.ts';

const hasLogins = process.env.DATABASE_URL !== undefined;
const OWNER = `wangge_test_owner_${process.pid}`;
const PLAIN = `wangge_test_plain_${process.pid}`;
const STRANGER = `wangge_test_stranger_${process.pid}`;
const PASSWORD = 'only-for-tests';

/** Passes everything on but the `options` of a session, as PgBouncer does with ignore_startup_parameters. */
async function startForgetfulPooler(databaseUrl: string) {
  const { hostname, port } = new URL(databaseUrl);
  const pooler = createServer((client) => {
    const behind = connect(Number(port || 5432), hostname);
    client.once('data', (startup: Buffer) => {
      const fields = startup.subarray(8, -2).toString('latin1').split('\0');
      const kept = fields.filter((_, i) => fields[i - (i % 2)] !== 'options');
      const body = Buffer.from(`${kept.join('\0')}\0\0`, 'latin1');
      const head = Buffer.concat([Buffer.alloc(4), startup.subarray(4, 8)]);
      head.writeInt32BE(8 + body.length);
      behind.write(Buffer.concat([head, body]));
      client.pipe(behind);
    });
    behind.pipe(client);
    for (const socket of [client, behind]) socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => pooler.listen(0, '127.0.0.1', resolve));
  const stop = () => new Promise((resolve) => pooler.close(resolve));
  return { port: (pooler.address() as AddressInfo).port, stop };
}

/**
 * The logins of an operator who does as README says: an owner that is no superuser and migrates, a plain member of
 * wangge_server that serves.
 */
describe.runIf(hasLogins)(
  'an owner and a server that log in apart (needs PostgreSQL: the embedded one has no logins)',
  () => {
    let settings: DatabaseSettings;
    let admin: OpenDatabase;
    let server: OpenDatabase;

    const asAdmin = (text: string) => admin.asOwner((db) => db.executeQuery(CompiledQuery.raw(text)));
    const urlOf = (login: string, options?: string) => {
      const url = new URL(settings.databaseUrl!);
      Object.assign(url, { username: login, password: PASSWORD });
      if (options) url.searchParams.set('options', options);
      return url.href;
    };
    const plain = () => ({ ...settings, databaseUrl: urlOf(PLAIN) });
    const dropLogins = async () => {
      for (const login of [OWNER, PLAIN, STRANGER]) {
        const { rows } = await asAdmin(`select 1 from pg_roles where rolname = '${login}'`);
        if (rows.length > 0)
          await asAdmin(`reassign owned by ${login} to postgres; drop owned by ${login}; drop role ${login}`);
      }
    };

    beforeAll(async () => {
      settings = await newDatabaseSettings('logins');
      admin = await openDatabase(settings);
      await dropLogins();
      await asAdmin(`do $$ begin
        if not exists (select from pg_roles where rolname = 'wangge_server') then create role wangge_server nologin noinherit; end if;
      end $$;
      create role ${OWNER} login password '${PASSWORD}' in role wangge_server;
      create role ${PLAIN} login password '${PASSWORD}' in role wangge_server;
      create role ${STRANGER} login password '${PASSWORD}';
      create extension postgis; create extension btree_gist; create extension pg_trgm;`);
      await asAdmin(`do $$ begin execute format('alter database %I owner to ${OWNER}', current_database()); end $$`);
    });
    afterAll(async () => {
      await server?.close();
      await dropLogins();
      await admin.close();
    });

    it('a server that finds something to migrate says who is to do it', async () => {
      const early = await openDatabase(plain());
      const first = (await listMigrations())[0].name;
      await expect(early.asOwner((db) => migrate(db))).rejects.toMatchObject({
        code: 'DATABASE_FAILED',
        message: expect.stringMatching(new RegExp(`${first}.*\`wangge migrate\` as the owner.*MIGRATION_DATABASE_URL`)),
      });
      await early.close();
    });

    it('the owner, who is no superuser, migrates; then the server needs no owner', async () => {
      const owner = await openDatabase({ ...plain(), migrationDatabaseUrl: urlOf(OWNER) });
      const all = await listMigrations();
      expect(await owner.asOwner((db) => migrate(db))).toHaveLength(all.length);
      await owner.close();
      server = await openDatabase(plain());
      expect(await server.asOwner((db) => migrate(db))).toEqual([]);
    });

    it('the server publishes, and the judge sees everything with the rights of the owner', async () => {
      await publishTree(server);
      expect(await inAreas(server.db, [FIRST_TOWN], AFTER, readSeen)).toEqual(expectedSeen([FIRST_TOWN], AFTER, false));
      const unfilled = inTransaction(server.db, async (trx) => {
        const edition = await beginEdition(trx);
        await sql`with filed as (insert into person values (${idOf(9)}::uuid, ${edition}::int))
        insert into person_version (person_id, name, valid, edition_from)
        values (${idOf(9)}::uuid, 'Nobody', tstzrange('2020-01-01Z', null), ${edition}::int)`.execute(trx);
        await sql`select set_config('wangge.areas', ${FIRST_TOWN}::text, true)`.execute(trx);
      });
      await expect(unfilled).rejects.toMatchObject({ code: 'MISSING_PARENT' });
      await inTransaction(server.db, async (trx) => {
        const edition = await beginEdition(trx);
        await appointRaw(trx, edition, { post: idOf(5_000), person: idOf(6_009) });
      });
    });

    it('the owner is bound by row security as well', async () => {
      const owner = await openDatabase({ ...settings, databaseUrl: urlOf(OWNER) });
      const seen = await owner.asOwner(async (db) => {
        const none = await inTransaction(db, readSeen);
        return { none, own: await inAreas(db, [FIRST_TOWN], AFTER, readSeen) };
      });
      expect(Object.values(seen.none).flat()).toEqual([]);
      expect(seen.own.post).toEqual(expectedSeen([FIRST_TOWN], AFTER, false).post);
      await owner.close();
    });

    it.each([
      ['set role none', 'staff'],
      ['reset role', 'staff'],
      [`set role ${OWNER}`, 'refused'],
      ['set role postgres', 'refused'],
      ['set session authorization postgres', 'refused'],
      [`set session authorization ${OWNER}`, 'refused'],
      ['reset session authorization', 'staff'],
    ])('no way up for the login: %s', async (statement, then) => {
      await server.db.connection().execute(async (one) => {
        const changed = one.executeQuery(CompiledQuery.raw(statement));
        if (then === 'refused') {
          await expect(changed).rejects.toMatchObject({ details: { sqlState: '42501' } });
          return;
        }
        await changed;
        expect((await sql`select from person`.execute(one)).rows).toEqual([]);
        for (const attack of [
          'alter table person disable row level security',
          'truncate person',
          'delete from edition',
        ]) {
          await expect(one.executeQuery(CompiledQuery.raw(attack))).rejects.toMatchObject({
            details: { sqlState: '42501' },
          });
        }
        await one.executeQuery(CompiledQuery.raw('set role wangge_server'));
      });
    });

    it('a connection that is reset acts as the server again', async () => {
      await server.db.connection().execute(async (one) => {
        await one.executeQuery(CompiledQuery.raw('reset role'));
        expect((await sql`select current_user as role`.execute(one)).rows).toEqual([{ role: 'wangge_server' }]);
      });
    });

    it('a login that is no member of the role is told so', async () => {
      const stranger = await openDatabase({ ...settings, databaseUrl: urlOf(STRANGER) });
      await expect(sql`select 1`.execute(stranger.db)).rejects.toMatchObject({
        code: 'DATABASE_FAILED',
        message: expect.stringContaining('GRANT wangge_server TO the login'),
      });
      await stranger.close();
    });

    it('options of the URL are kept, and none of them takes the role away', async () => {
      const options = `-c role=${PLAIN} -c work_mem=3MB`;
      const own = await openDatabase({ ...settings, databaseUrl: urlOf(PLAIN, options) });
      const { rows } = await sql`select current_user as role, current_setting('work_mem') as memory,
      current_setting('timezone') as zone`.execute(own.db);
      expect(rows).toEqual([{ role: 'wangge_server', memory: '3MB', zone: 'UTC' }]);
      await own.close();
    });

    it('nothing is asked through a pooler that drops the role', async () => {
      const { port, stop } = await startForgetfulPooler(settings.databaseUrl!);
      const through = new URL(settings.databaseUrl!);
      through.host = `127.0.0.1:${port}`;
      const own = await openDatabase({ ...settings, databaseUrl: through.href });
      await expect(sql`select 1`.execute(own.db)).rejects.toMatchObject({
        code: 'DATABASE_FAILED',
        message: expect.stringContaining('a pooler that drops `options`'),
      });
      await own.close();
      await stop();
    });

    it('the connection that listens acts as the server too', async () => {
      const stop = await listenFor(server, { wangge_edition: () => {} });
      const { rows } = await asAdmin(`select usename from pg_stat_activity
      where datname = current_database() and query = 'listen wangge_edition'`);
      expect(rows).toEqual([{ usename: PLAIN }]);
      await stop();
      const { notifications } = server;
      if (!('newClient' in notifications)) throw new Error('This is no server.');
      const client = notifications.newClient();
      await client.connect();
      expect((await client.query('select current_user as role')).rows).toEqual([{ role: 'wangge_server' }]);
      await client.end();
    });
  },
);
