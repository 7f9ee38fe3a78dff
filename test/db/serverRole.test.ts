import { sql } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import type { OpenDatabase } from '../../src/db/database.ts';
import { inTransaction } from '../../src/db/pgErrors.ts';
import { asSuperuser, emptyTables, openTestDatabase } from '../support/database.ts';
import { publishTree } from './staffedTree.ts';

let database: OpenDatabase;
const DENIED = { code: 'DATABASE_FAILED', details: { sqlState: '42501' } };

/** Runs SQL as the server, in a transaction that sees all staff and leaves nothing behind. */
async function attempt(...statements: string[]): Promise<void> {
  const undo = new Error('undo');
  await inTransaction(database.db, async (trx) => {
    await sql`select set_config('wangge.areas', '*', true)`.execute(trx);
    for (const statement of statements) await sql.raw(statement).execute(trx);
    throw undo;
  }).catch((error) => {
    if (error !== undo) throw error;
  });
}

beforeAll(async () => {
  database = await openTestDatabase();
  await emptyTables(database.db);
  await publishTree(database);
});

describe('the server may not', () => {
  const f = 'returns int language sql as $$ select 1 $$';
  it.each([
    ['empty a table', 'truncate person cascade'],
    ['empty the log', 'truncate edition cascade'],
    ['delete a person', 'delete from person'],
    ['delete an edition', 'delete from edition'],
    ['rename a person', `update person_version set name = 'Other'`],
    ['move a post', 'update post set grid_id = grid_id'],
    ['date an appointment anew', `update appointment set valid = tstzrange('2000-01-01Z', null)`],
    ['close and change a row at once', `update appointment set edition_to = 2, rank = 'DEPUTY'`],
    ['change an edition', 'update edition set title = title'],
    ['mark an edition', 'insert into edition_mark (edition) values (1)'],
    ['take marks away', 'delete from edition_mark'],
    ['move marks', 'update edition_mark set edition = 1'],
    ['empty the marks', 'truncate edition_mark'],
    ['say that a migration was applied', `insert into schema_migration (number, name, sha256) values (999, 'x', 'x')`],
    ['say that none was', 'delete from schema_migration'],
    ['say that another was', `update schema_migration set name = 'x'`],
    ['change what PostGIS knows', 'delete from spatial_ref_sys'],
    ['add a column', 'alter table person add column mobile text'],
    ['take row security off', 'alter table person disable row level security'],
    ['force it no more', 'alter table person no force row level security'],
    ['write a policy', 'create policy open on person using (true)'],
    ['change a policy', 'alter policy person_in_areas on person using (true)'],
    ['drop a policy', 'drop policy person_in_areas on person'],
    ['switch triggers off', 'alter table grid_version disable trigger all'],
    ['switch one trigger off', 'alter table edition_mark disable trigger edition_judged'],
    ['switch all triggers off for itself', 'set session_replication_role = replica'],
    ['drop a trigger', 'drop trigger grid_version_marks on grid_version'],
    ['add a trigger', 'create trigger t before insert on person for each row execute function measure_boundary()'],
    ['add a rule', 'create rule r as on insert to person do instead nothing'],
    ['drop a table', 'drop table appointment'],
    ['take a table', 'alter table person owner to wangge_server'],
    ['lock a table against all', 'lock table person in access exclusive mode'],
    ['make an index', 'create index on person_version (name)'],
    ['make a table', 'create table copied as select * from person'],
    ['make a temporary table in the place of ours', 'create temporary table edition (number int)'],
    ['make a view', 'create view seen as select * from person'],
    ['make a sequence', 'create sequence s'],
    ['make a schema', 'create schema mine'],
    ['make a function', `create function mine() ${f}`],
    ['make a temporary function', `create function pg_temp.mine() ${f}`],
    ['replace the walk', `create or replace function grid_in_areas(grid uuid) ${f.replace('int', 'boolean')}`],
    [
      'replace the judge',
      `create or replace function judge_edition() returns trigger language plpgsql as $$ begin end $$`,
    ],
    ['let the judge look elsewhere', 'alter function judge_edition() set search_path = pg_temp'],
    ['call a law', 'select assert_staff_only(1)'],
    ['open a table to itself', `call serve_dated('edition_mark', true)`],
    ['drop an extension', 'drop extension pg_trgm cascade'],
    ['make a role', 'create role mine'],
    ['raise itself', 'alter role wangge_server bypassrls'],
    ['join the owner', 'grant postgres to wangge_server'],
    ['read files', `select pg_read_file('/etc/passwd')`],
    ['write files', `copy (select 1) to '/tmp/wangge-out'`],
    ['run programs', `copy (select 1) to program 'true'`],
    ['set the whole database otherwise', 'alter database template1 set timezone = utc'],
  ])('%s', async (_, statement) => {
    await expect(attempt(statement)).rejects.toMatchObject(DENIED);
  });

  it('hand rights on that it has', async () => {
    // PostgreSQL only warns; what counts is that nobody has got any.
    await inTransaction(database.db, (trx) => sql`grant select on person to public`.execute(trx)).catch(() => {});
    const { rows } = await sql`select 1 from pg_class where relname = 'person' and relacl::text ~ '[{,]=r'`.execute(
      database.db,
    );
    expect(rows).toEqual([]);
  });
});

describe('the role of the server', () => {
  it('is the one that every connection acts as', async () => {
    const asked = await Promise.all(
      Array.from({ length: 8 }, () => sql<{ role: string }>`select current_user as role`.execute(database.db)),
    );
    expect(new Set(asked.map(({ rows }) => rows[0].role))).toEqual(new Set(['wangge_server']));
  });

  it('has no attributes, is in no other role and owns nothing', async () => {
    const { rows } = await asSuperuser(database.db, (trx) =>
      sql`select rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication, rolcanlogin, rolinherit,
        (select count(*) from pg_auth_members where member = r.oid) as memberships,
        (select count(*) from pg_class where relowner = r.oid) as relations,
        (select count(*) from pg_proc where proowner = r.oid) as functions,
        (select count(*) from pg_namespace where nspowner = r.oid) as schemas
        from pg_roles r where rolname = 'wangge_server'`.execute(trx),
    );
    const none = { rolsuper: false, rolbypassrls: false, rolcreatedb: false, rolcreaterole: false };
    const nothing = { memberships: 0, relations: 0, functions: 0, schemas: 0 };
    expect(rows).toEqual([{ ...none, rolreplication: false, rolcanlogin: false, rolinherit: false, ...nothing }]);
  });

  it('may read and add to every dated table, change only edition_to, and never delete, empty or trigger anything', async () => {
    const { rows } = await sql<{ table: string; dated: boolean; may: string[]; changes: string[] }>`
      select c.relname as table,
        exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'edition_from') as dated,
        array(select p from unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) as p
          where has_table_privilege(c.oid, p)) as may,
        array(select attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not attisdropped
          and has_column_privilege(c.oid, a.attnum, 'UPDATE')) as changes
      from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' order by 1`.execute(
      database.db,
    );
    const dated = rows.filter((row) => row.dated);
    expect(dated.length).toBeGreaterThanOrEqual(16);
    for (const { table, may, changes } of dated) {
      expect([table, may]).toEqual([table, ['SELECT', 'INSERT']]);
      expect([[], ['edition_to']]).toContainEqual(changes);
    }
    const beyond = rows.filter(({ may }) => may.some((right) => ['TRUNCATE', 'REFERENCES', 'TRIGGER'].includes(right)));
    expect(beyond).toEqual([]);
    const own = rows.filter(({ table }) => ['edition_mark', 'schema_migration', 'spatial_ref_sys'].includes(table));
    expect(own.map(({ table, may, changes }) => [table, may, changes])).toEqual(
      ['edition_mark', 'schema_migration', 'spatial_ref_sys'].map((table) => [table, ['SELECT'], []]),
    );
  });

  it('meets laws that all look for our tables first, and that nobody may call', async () => {
    const { rows } = await asSuperuser(database.db, (trx) =>
      sql<{ name: string; pinned: boolean; open: boolean }>`select p.proname as name,
        coalesce(p.proconfig::text ~ 'search_path=.*pg_temp', false) as pinned,
        has_function_privilege('wangge_server', p.oid, 'execute') as open
      from pg_proc p left join pg_depend d on d.objid = p.oid and d.deptype = 'e'
      where p.pronamespace = 'public'::regnamespace and d.objid is null
        and (p.prosecdef or p.prorettype = 'trigger'::regtype or p.proname ~ '^assert_')`.execute(trx),
    );
    expect(rows.length).toBeGreaterThanOrEqual(13);
    expect(rows.filter(({ pinned }) => !pinned)).toEqual([]);
    // What the server does call: work that it may do no other way.
    const called = ['close_unappointed', 'file_discrepancy', 'read_discrepancy', 'figure_owners', 'keep_task'];
    called.push('sequence_feed', 'purge_feed', 'open_feed', 'feed_waiting', 'relocate_incidents');
    called.push('tell_due_editions', 'mark_webhooks', 'purge_webhooks');
    const open = rows.filter((each) => each.open).map(({ name }) => name);
    expect(open.filter((name) => !called.includes(name))).toEqual([]);
  });
});

describe('the owner', () => {
  it.each(['person', 'edition', 'grid_version', 'edition_mark'])('cannot empty %s either', async (table) => {
    const emptied = asSuperuser(database.db, (trx) => sql`truncate ${sql.table(table)} cascade`.execute(trx));
    await expect(emptied).rejects.toMatchObject({ code: 'APPEND_ONLY' });
  });

  it('is put down again after its work, done or failed', async () => {
    const whoAmI = sql<{ role: string; session: string }>`select current_user as role, session_user as session`;
    const { rows } = await database.asOwner((db) => whoAmI.execute(db));
    expect(rows[0].role).toBe(rows[0].session);
    await expect(database.asOwner(() => Promise.reject(new Error('changed my mind')))).rejects.toThrow('my mind');
    expect((await whoAmI.execute(database.db)).rows[0].role).toBe('wangge_server');
  });
});
