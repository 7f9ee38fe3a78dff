import fc from 'fast-check';
import { sql } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import { inAreas, inEveryArea } from '../../src/db/areas.ts';
import type { OpenDatabase } from '../../src/db/database.ts';
import { inTransaction } from '../../src/db/pgErrors.ts';
import { beginEdition, idOf, type Trx } from '../proofs/rawRegistry.ts';
import { asSuperuser, emptyTables, openTestDatabase } from '../support/database.ts';
import {
  AFTER,
  ALL_GRIDS,
  appointRaw,
  BEFORE,
  expectedSeen,
  FIRST_TOWN,
  MOVED,
  publishMove,
  publishTree,
  readSeen,
  SECOND_TOWN,
  type Seen,
} from './staffedTree.ts';

let database: OpenDatabase;
const NOTHING: Seen = { post: [], post_version: [], appointment: [], person: [], person_version: [] };
const seenIn = (areas: readonly string[], now: Date) => inAreas(database.db, areas, now, readSeen);

/** What a transaction sees whose settings are these, as they are. */
const seenWith = (areas: string, now: string) =>
  inTransaction(database.db, async (trx) => {
    await set(trx, areas, now);
    return readSeen(trx);
  });

async function set(trx: Trx, areas: string, now = String(AFTER.getTime())): Promise<void> {
  await sql`select set_config('wangge.areas', ${areas}::text, true), set_config('wangge.now', ${now}::text, true)`.execute(
    trx,
  );
}

beforeAll(async () => {
  database = await openTestDatabase();
  await emptyTables(database.db);
  await publishTree(database);
});

describe('access follows the tree', () => {
  it('until a village is moved, before and after the instant of the move', async () => {
    for (const now of [BEFORE, AFTER]) {
      expect(await seenIn([FIRST_TOWN], now)).toEqual(expectedSeen([FIRST_TOWN], now, false));
      expect(await seenIn([SECOND_TOWN], now)).toEqual(expectedSeen([SECOND_TOWN], now, false));
    }
  });

  it('and goes over at that instant once the move is published, on connections that were open all the time', async () => {
    const first = expectedSeen([FIRST_TOWN], BEFORE).post.length;
    await publishMove(database);
    expect(await seenIn([FIRST_TOWN], BEFORE)).toEqual(expectedSeen([FIRST_TOWN], BEFORE));
    const after = await seenIn([FIRST_TOWN], AFTER);
    expect(after).toEqual(expectedSeen([FIRST_TOWN], AFTER));
    expect(after.post).toHaveLength(first - 4);
    expect(await seenIn([SECOND_TOWN], AFTER)).toEqual(expectedSeen([SECOND_TOWN], AFTER));
    expect((await seenIn([SECOND_TOWN], AFTER)).post).toHaveLength(first + 4);
  });
});

const areaLists = fc.uniqueArray(fc.constantFrom(...ALL_GRIDS, idOf(77)), { maxLength: 4 });
const instants = fc.constantFrom(BEFORE, AFTER);

/** The first areas whose view differs from what walking the tree gives. */
async function findLeak(trx: Trx): Promise<string | undefined> {
  for (const [areas, now] of fc.sample(fc.tuple(areaLists, instants), { numRuns: 60, seed: 7 })) {
    await set(trx, areas.join(','), String(now.getTime()));
    if (JSON.stringify(await readSeen(trx)) !== JSON.stringify(expectedSeen(areas, now))) return areas.join(',');
  }
  return undefined;
}

describe('row security', () => {
  it('shows exactly the rows of the subtrees, whatever the areas', async () => {
    expect(await inTransaction(database.db, findLeak)).toBeUndefined();
  });

  const walk = (
    body: string,
  ) => `create or replace function grid_in_areas(grid uuid) returns boolean language sql stable
    return ${body}`;
  it.each([
    ['looks at the grid alone', walk(`grid::text = any (string_to_array(current_setting('wangge.areas', true), ','))`)],
    ['lets everything through', walk('true')],
    [
      'asks for the parent of any time',
      walk(`exists (with recursive up as (select grid as id union
        select v.parent_id from up join grid_version v on v.grid_id = up.id where v.edition_to is null)
        select from up where id::text = any (string_to_array(current_setting('wangge.areas', true), ',')))`),
    ],
    ['leaves people open', 'create policy person_open on person for select using (true)'],
  ])('a twin that %s is found out by the same areas', async (_, twin) => {
    const undo = new Error('undo');
    const leak = inTransaction(database.db, async (trx) => {
      await sql`set local role none`.execute(trx);
      await sql.raw(twin).execute(trx);
      await sql`set local role wangge_server`.execute(trx);
      expect(await findLeak(trx)).toBeDefined();
      throw undo;
    });
    await expect(leak).rejects.toBe(undo);
  });

  it('shows nothing without areas, in foreign areas, and in those of a grid that is not there', async () => {
    expect(await inTransaction(database.db, readSeen)).toEqual(NOTHING);
    expect(await seenIn([], AFTER)).toEqual(NOTHING);
    expect(await seenIn([idOf(77)], AFTER)).toEqual(NOTHING);
    expect(await seenIn([FIRST_TOWN], new Date('2010-01-01'))).toEqual(NOTHING);
    expect(await seenIn([FIRST_TOWN], AFTER)).not.toEqual(NOTHING);
  });

  it('shows everything to the work of the registry itself', async () => {
    const roots = ALL_GRIDS.filter((id) => id !== MOVED);
    expect(await inEveryArea(database.db, readSeen)).toEqual(expectedSeen(roots, BEFORE));
  });

  it.each([
    ["another's quote", `'; drop table person; --`, ''],
    ['no ids', 'everything', ''],
    ['a star among others', '*,*', ''],
    ['a star with a space', ' *', ''],
    ['a pattern', '%', ''],
    ['a list of PostgreSQL', `{${FIRST_TOWN}}`, ''],
    ['a null', 'NULL', ''],
    ['a very long list', ','.repeat(10_000), ''],
    ['no instant', FIRST_TOWN, '-'],
    ['an instant in words', FIRST_TOWN, 'now'],
    ['an instant that is infinite', FIRST_TOWN, 'infinity'],
    ['an instant beyond all time', FIRST_TOWN, '9'.repeat(40)],
    ['an instant with more behind it', FIRST_TOWN, `${AFTER.getTime()}\n; select 1`],
  ])('shows nothing, and raises nothing, for %s', async (_, areas, now) => {
    expect(await seenWith(areas, now || String(AFTER.getTime()))).toEqual(NOTHING);
  });

  it('takes what is well written around what is not', async () => {
    const areas = `nonsense,,${FIRST_TOWN},*`;
    expect(await seenWith(areas, String(AFTER.getTime()))).toEqual(expectedSeen([FIRST_TOWN], AFTER));
  });

  it('forgets the areas with the transaction, on the same connection, committed or not', async () => {
    await database.db.connection().execute(async (one) => {
      const look = (areas?: readonly string[]) =>
        areas ? inAreas(one, areas, AFTER, readSeen) : inTransaction(one, readSeen);
      expect(await look([FIRST_TOWN])).toEqual(expectedSeen([FIRST_TOWN], AFTER));
      expect(await look()).toEqual(NOTHING);
      const failed = inAreas(one, [FIRST_TOWN], AFTER, () => Promise.reject(new Error('changed my mind')));
      await expect(failed).rejects.toThrow('changed my mind');
      expect(await look()).toEqual(NOTHING);
      expect((await sql`select from person`.execute(one)).rows).toEqual([]);
    });
  });

  it('is forced on every table with staff', async () => {
    const { rows } = await sql<{ name: string }>`select relname as name from pg_class
      where relnamespace = 'public'::regnamespace and relrowsecurity and relforcerowsecurity`.execute(database.db);
    const forced = rows.map(({ name }) => name);
    expect(forced).toEqual(expect.arrayContaining(Object.keys(NOTHING)));
  });
});

describe('a writer with some areas', () => {
  const write = <T>(areas: string, act: (trx: Trx, edition: number) => Promise<T>) =>
    inTransaction(database.db, async (trx) => {
      const edition = await beginEdition(trx);
      await set(trx, areas);
      return act(trx, edition);
    });
  const post = idOf(5_000);
  const foreignPost = idOf(5_030);
  const person = idOf(6_000);

  it('fills no post elsewhere, makes none there, and without areas files nobody', async () => {
    const denied = { code: 'DATABASE_FAILED', details: { sqlState: '42501' } };
    const appointed = write(FIRST_TOWN, (trx, edition) => appointRaw(trx, edition, { post: foreignPost, person }));
    await expect(appointed).rejects.toMatchObject(denied);
    const made = write(FIRST_TOWN, (trx, edition) =>
      sql`insert into post (id, role_id, grid_id, edition_from)
        select ${idOf(8)}::uuid, id, ${SECOND_TOWN}::uuid, ${edition}::int from role`.execute(trx),
    );
    await expect(made).rejects.toMatchObject(denied);
    const filed = write('', (trx, edition) =>
      sql`insert into person (id, edition_from) values (${idOf(8)}::uuid, ${edition}::int)`.execute(trx),
    );
    await expect(filed).rejects.toMatchObject(denied);
  });

  it('closes nothing elsewhere', async () => {
    const closed = await write(FIRST_TOWN, (trx, edition) =>
      sql`update appointment set edition_to = ${edition}::int where post_id = ${foreignPost}::uuid`.execute(trx),
    );
    expect(closed).toMatchObject({ numAffectedRows: 0n });
    await write(FIRST_TOWN, (trx, edition) => appointRaw(trx, edition, { post, person }));
  });

  it('is judged by all rows: someone filed without a post is refused, unseen or not', async () => {
    const file = (trx: Trx, edition: number) =>
      sql`with filed as (insert into person (id, edition_from) values (${idOf(8)}::uuid, ${edition}::int))
        insert into person_version (person_id, name, valid, edition_from)
        values (${idOf(8)}::uuid, 'Nobody', tstzrange('2020-01-01Z', null), ${edition}::int)`.execute(trx);
    await expect(write(FIRST_TOWN, file)).rejects.toMatchObject({ code: 'MISSING_PARENT' });
    // And nobody is missed who has posts that the writer does not see.
    const alsoElsewhere = await write('*', async (trx, edition) => {
      await appointRaw(trx, edition, { post: foreignPost, person });
      await set(trx, FIRST_TOWN);
      return sql`update appointment set edition_to = ${edition}::int where person_id = ${person}::uuid and edition_to is null`.execute(
        trx,
      );
    });
    expect(Number(alsoElsewhere.numAffectedRows)).toBeGreaterThan(0);
  });

  it('sees after the judge what it saw before', async () => {
    await write(FIRST_TOWN, async (trx, edition) => {
      await appointRaw(trx, edition, { post, person: idOf(6_001) });
      const before = await readSeen(trx);
      await sql`set constraints all immediate`.execute(trx);
      expect(await readSeen(trx)).toEqual(before);
      expect(before.person).not.toContain(idOf(6_030));
    });
  });
});

describe('the price', () => {
  const STAFF = 4_000;

  it('of one lookup is that of its index; of a list, a walk up for each row', async () => {
    await asSuperuser(database.db, async (trx) => {
      const edition = await beginEdition(trx);
      await sql`create temporary table many on commit drop as
        select n, gen_random_uuid() as id from generate_series(1, ${STAFF}::int) as n`.execute(trx);
      await sql`insert into person (id, edition_from) select id, ${edition}::int from many`.execute(trx);
      await sql`insert into appointment (appointment_id, post_id, person_id, rank, valid, edition_from)
        select id, (${idOf(5_000)}::text::uuid), id, 'SUPPORT', tstzrange('2020-01-01Z', null), ${edition}::int from many`.execute(
        trx,
      );
    });
    await asSuperuser(database.db, (trx) => sql`analyze appointment, post, person, grid_version`.execute(trx));
    const one = `select * from appointment where person_id = '${idOf(6_007)}'`;
    const own = (text: string) => inAreas(database.db, [FIRST_TOWN], AFTER, (trx) => measure(trx, text));
    const free = (text: string) => asSuperuser(database.db, (trx) => measure(trx, text));
    const plan = await inAreas(database.db, [FIRST_TOWN], AFTER, (trx) => explain(trx, one));
    expect(plan).toMatch(/Index Scan.* on appointment|Bitmap Index Scan on appointment_by_person/);
    expect(plan).not.toMatch(/Seq Scan on appointment/);
    const [lookup, lookupFree] = [await own(one), await free(one)];
    const list = 'select count(*) from appointment';
    const [listed, listedFree] = [await own(list), await free(list)];
    console.log(
      `Row security: a lookup ${lookup.toFixed(3)} ms against ${lookupFree.toFixed(3)}, ` +
        `a list of ${STAFF} rows ${listed.toFixed(1)} ms against ${listedFree.toFixed(1)}`,
    );
    // PostGIS in a policy made it 250 times.
    expect(lookup).toBeLessThan(lookupFree * 25 + 2);
  });
});

async function explain(trx: Trx, text: string): Promise<string> {
  const { rows } = await sql<Record<string, string>>`explain ${sql.raw(text)}`.execute(trx);
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

/** Milliseconds of the fastest of nine runs, without planning. */
async function measure(trx: Trx, text: string): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 9; run++) {
    const { rows } = await sql<
      Record<string, { 'Execution Time': number }[]>
    >`explain (analyze, timing off, format json)
      ${sql.raw(text)}`.execute(trx);
    best = Math.min(best, rows[0]['QUERY PLAN'][0]['Execution Time']);
  }
  return best;
}
