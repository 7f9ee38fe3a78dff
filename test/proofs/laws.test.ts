import { sql } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import type { OpenDatabase } from '../../src/db/database.ts';
import { DomainError } from '../../src/errors.ts';
import { emptyTables, openTestDatabase } from '../support/database.ts';
import { countRows } from './openHouse.ts';
import {
  beginEdition,
  box,
  idOf,
  insertRawGrid,
  insertRawLayers,
  insertRawVersion,
  type RawGrid,
  type Trx,
} from './rawRegistry.ts';

let database: OpenDatabase;

const [TOWN_A, TOWN_B, VILLAGE_A1, VILLAGE_A2, VILLAGE_B1, FIELD] = [1, 2, 3, 4, 5, 6].map(idOf);
const NEW = idOf(9);
const [RIVER, OLD_TOWN] = [50, 51].map(idOf);

beforeAll(async () => {
  database = await openTestDatabase();
  await emptyTables(database.db);
  await database.db.transaction().execute(async (trx) => {
    const edition = await beginEdition(trx);
    await insertRawLayers(trx, edition);
    const grids: RawGrid[] = [
      { id: TOWN_A, tier: 'town', boundary: box(0, 0, 4) },
      { id: TOWN_B, tier: 'town', boundary: box(4, 0, 4) },
      { id: VILLAGE_A1, tier: 'village', parent: TOWN_A, boundary: box(0, 0, 2, 4) },
      { id: VILLAGE_A2, tier: 'village', parent: TOWN_A, boundary: box(2, 0, 2, 4) },
      { id: VILLAGE_B1, tier: 'village', parent: TOWN_B, boundary: box(4, 0, 4, 2) },
      { id: FIELD, tier: 'field', parent: VILLAGE_A1, boundary: box(0, 0, 1) },
    ];
    for (const grid of grids) await insertRawGrid(trx, edition, grid);
    await staff(trx, edition);
  });
  await database.db.transaction().execute(mergeTown);
});

/** One row in every other dated table. */
async function staff(trx: Trx, edition: number): Promise<void> {
  const since = sql`tstzrange('2020-01-01Z', null)`;
  const e = sql.lit(edition);
  await sql`insert into scheme (code, name, edition_from) values ('local', 'Local', ${e})`.execute(trx);
  await sql`insert into grid_code (grid_id, scheme_id, code, main, edition_from)
    select ${TOWN_A}::uuid, id, 'A', true, ${e} from scheme`.execute(trx);
  await sql`insert into gap (layer_id, name, boundary, valid, edition_from)
    select id, 'Gap', ST_GeomFromText(${box(20, 20, 1)}, 4326), ${since}, ${e} from layer where code = 'land'`.execute(
    trx,
  );
  await sql`insert into body (id, edition_from) values (${idOf(20)}, ${e})`.execute(trx);
  await sql`insert into body_version (body_id, name, kind, valid, edition_from) values (${idOf(20)}, 'Team', 'TEAM', ${since}, ${e})`.execute(
    trx,
  );
  await sql`insert into body (id, edition_from) values (${idOf(24)}, ${e})`.execute(trx);
  await sql`insert into team_version (body_id, member_kinds, member_counts, valid, edition_from)
    values (${idOf(20)}, '{officer}', '{3}', ${since}, ${e})`.execute(trx);
  await sql`insert into body_parent (body_id, line, parent_id, valid, edition_from)
    values (${idOf(20)}, 'police', ${idOf(24)}, ${since}, ${e})`.execute(trx);
  await sql`insert into team_coverage (coverage_id, body_id, grid_id, valid, edition_from)
    values (${idOf(25)}, ${idOf(20)}, ${TOWN_A}, ${since}, ${e})`.execute(trx);
  await sql`insert into person (id, edition_from) values (${idOf(21)}, ${e})`.execute(trx);
  await sql`insert into person_version (person_id, name, valid, edition_from) values (${idOf(21)}, 'Wang', ${since}, ${e})`.execute(
    trx,
  );
  await sql`insert into role (code, name, position, edition_from) values ('head', 'Head', 1, ${e})`.execute(trx);
  await sql`insert into role_tier (role_id, tier_id, edition_from) select r.id, t.id, ${e} from role r, tier t where t.code = 'town'`.execute(
    trx,
  );
  await sql`insert into post (id, role_id, grid_id, edition_from) select ${idOf(22)}::uuid, id, ${TOWN_A}::uuid, ${e} from role`.execute(
    trx,
  );
  await sql`insert into post_version (post_id, valid, edition_from) values (${idOf(22)}, ${since}, ${e})`.execute(trx);
  await sql`insert into appointment (appointment_id, post_id, person_id, rank, valid, edition_from)
    values (${idOf(23)}, ${idOf(22)}, ${idOf(21)}, 'PRIMARY', ${since}, ${e})`.execute(trx);
  await sql`insert into roster (roster_id, appointment_id, post_id, time_zone, rule, starts_local, minutes, valid, edition_from)
    values (${idOf(26)}, ${idOf(23)}, ${idOf(22)}, 'UTC', 'FREQ=DAILY', '2020-01-01 08:00', 480, ${since}, ${e})`.execute(
    trx,
  );
  await sql`insert into holiday (calendar, day, name, edition_from) values ('cn', '2026-10-01', 'Day', ${e})`.execute(
    trx,
  );
  await fileAddresses(trx, edition);
  await sql`insert into duty (role_id, category, stance, valid, edition_from) select id, '*', 'MAY', ${since}, ${e} from role`.execute(
    trx,
  );
  await fileSites(trx, edition);
  await fileMembers(trx, edition);
}

/** A river made of a town, and a town that is to end. */
async function fileMembers(trx: Trx, edition: number): Promise<void> {
  await insertRawGrid(trx, edition, { id: RIVER, layer: 'water', tier: 'river', boundary: box(0, 0, 4) });
  await insertRawGrid(trx, edition, { id: OLD_TOWN, tier: 'town', boundary: box(30, 0, 1) });
  await sql`insert into tier_rule (tier_id, made_of, member_tier_id)
    select r.id, 'MEMBERS', t.id from tier r, tier t where r.code = 'river' and t.code = 'town'`.execute(trx);
  await sql`insert into grid_member (grid_id, layer_id, tier_id, member_id, valid, edition_from)
    select g.id, g.layer_id, g.tier_id, ${TOWN_A}::uuid, tstzrange('2020-01-01Z', null), ${sql.lit(edition)}
    from grid g where g.id = ${RIVER}`.execute(trx);
}

/** The edition in which the old town goes on in another. */
async function mergeTown(trx: Trx): Promise<void> {
  const edition = await beginEdition(trx);
  await sql`update grid_version set edition_to = ${edition} where grid_id = ${OLD_TOWN}`.execute(trx);
  await insertRawVersion(trx, edition, { id: OLD_TOWN, boundary: box(30, 0, 1), to: '2021-01-01Z' });
  await sql`insert into grid_lineage (from_id, to_id, how, at, edition_from)
    values (${OLD_TOWN}, ${TOWN_A}, 'MERGED', '2021-01-01Z', ${sql.lit(edition)})`.execute(trx);
}

/** One row in every table of addresses. */
async function fileAddresses(trx: Trx, edition: number): Promise<void> {
  const [building, address] = [idOf(40), idOf(41)].map((id) => sql`${id}::uuid`);
  const since = sql`tstzrange('2020-01-01Z', null), ${sql.lit(edition)}`;
  const point = sql`ST_SetSRID(ST_MakePoint(120, 30), 4326)`;
  await sql`insert into building (id, edition_from) values (${building}, ${sql.lit(edition)})`.execute(trx);
  await sql`insert into building_version (building_id, name, point, valid, edition_from)
    values (${building}, 'Hall', ${point}, ${since})`.execute(trx);
  await sql`insert into address (id, edition_from) values (${address}, ${sql.lit(edition)})`.execute(trx);
  await sql`insert into address_version (address_id, main_text, point, building_id, valid, edition_from)
    values (${address}, '1 Main St', ${point}, ${building}, ${since})`.execute(trx);
  await sql`insert into address_name (spaced) values ('main st')`.execute(trx);
  await sql`insert into address_anchor (version_id, name_id, number, numbers, divisions, edition_from)
    select v.id, n.id, '1', '{}', '{}', ${sql.lit(edition)} from address_version v, address_name n`.execute(trx);
}

/** One row in every table of sites, premises, lines and chat groups. */
async function fileSites(trx: Trx, edition: number): Promise<void> {
  const e = `tstzrange('2020-01-01Z', null), ${edition}`;
  const point = 'ST_SetSRID(ST_MakePoint(120, 30), 4326)';
  const [site, premises, line, channel] = [30, 31, 32, 33].map(idOf).map((id) => `'${id}'`);
  const rows = {
    'site (id, edition_from)': `${site}, ${edition}`,
    'premises (id, edition_from)': `${premises}, ${edition}`,
    'line (id, edition_from)': `${line}, ${edition}`,
    'channel (id, edition_from)': `${channel}, ${edition}`,
    'site_version (site_id, name, kind, point, radius_metres, time_zone, valid, edition_from)': `${site}, 'Room', 'ROOM', ${point}, 10, 'UTC', ${e}`,
    'site_body (site_id, body_id, valid, edition_from)': `${site}, '${idOf(20)}', ${e}`,
    'site_service (site_id, code, name, hours, valid, edition_from)': `${site}, 'id', 'Id', '{}', ${e}`,
    'site_rating (site_id, scheme, stars, most, valid, edition_from)': `${site}, 'stars', 3, 5, ${e}`,
    'site_honour (site_id, name, given_on, valid, edition_from)': `${site}, 'Medal', '2020-01-01', ${e}`,
    'premises_version (premises_id, name, kind, point, radius_metres, valid, edition_from)': `${premises}, 'Inn', 'INN', ${point}, 10, ${e}`,
    'line_version (line_id, name, kind, path, tolerance_metres, valid, edition_from)': `${line}, 'Street', 'STREET', ST_GeomFromText('LINESTRING(120 30, 120.001 30)', 4326), 10, ${e}`,
    'channel_version (channel_id, name, kind, grid_id, valid, edition_from)': `${channel}, 'Group', 'GROUP', '${TOWN_A}', ${e}`,
    'post_base (post_id, site_id, valid, edition_from)': `'${idOf(22)}', ${site}, ${e}`,
    'practice (grid_id, valid_from, sections, edition_from)': `'${TOWN_A}', '2020-01-01Z', '{"contacts": []}', ${edition}`,
  };
  for (const [columns, values] of Object.entries(rows)) {
    await sql.raw(`insert into ${columns} values (${values})`).execute(trx);
  }
}

/** The server, and the owner of the tables: a superuser, whom no right but only the laws can stop. */
const WRITERS = ['server', 'owner'] as const;
type Writer = (typeof WRITERS)[number];

type Act = (trx: Trx) => Promise<unknown>;
type Isolation = 'read committed' | 'repeatable read' | 'serializable';

/** What the database says to a transaction that breaks a law: our code, its own, and the words. Nothing is written. */
async function refusalOf(writer: Writer, act: Act, isolation: Isolation = 'read committed'): Promise<string> {
  const before = await countRows({ database });
  let refusal = 'accepted';
  try {
    await database.db
      .transaction()
      .setIsolationLevel(isolation)
      .execute(async (trx) => {
        if (writer === 'owner') await sql`set local role none`.execute(trx);
        await act(trx);
      });
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const { code, constraint } = error.cause as { code?: string; constraint?: string };
    refusal = [error.code, code, constraint, error.message].filter(Boolean).join(' ');
  }
  expect(await countRows({ database }), refusal).toEqual(before);
  return refusal;
}

/** A transaction that publishes an edition with this in it. */
const publish =
  (act: (trx: Trx, edition: number) => Promise<unknown>): Act =>
  async (trx) =>
    act(trx, await beginEdition(trx));

const draw = (grid: Partial<RawGrid>): Act =>
  publish((trx, edition) => insertRawGrid(trx, edition, { id: NEW, tier: 'village', boundary: '', ...grid }));

const run = (...statements: string[]): Act =>
  publish(async (trx) => {
    for (const statement of statements) await sql.raw(statement).execute(trx);
  });

/** `sql` as it would be in the edition being published. */
const EDITION = '(select max(number) from edition)';
const OVERLAPPING = { id: NEW, tier: 'village', parent: TOWN_A, boundary: box(1, 0, 2) } as const;
const BEYOND = { id: NEW, tier: 'town', boundary: box(10, 0, 1) } as const;

describe.each(WRITERS)('the territory that raw SQL of the %s cannot write', (writer) => {
  const manyCorners = Array.from({ length: 20_001 }, (_, i) => `${(120.01 + (i % 20_000) * 1e-7).toFixed(7)} 30.02`);
  manyCorners.splice(20_000, 1, '120.0119999 30.03', manyCorners[0]);
  const ring = (...corners: string[]) => `MULTIPOLYGON(((${corners.join(',')})))`;

  it.each<[string, Partial<RawGrid>, RegExp]>([
    ['an overlap with a sibling', OVERLAPPING, /^OVERLAP WG001 /],
    [
      'an overlap with a cousin of its tier, within the 0.1 % a child may leave its parent',
      { parent: TOWN_B, boundary: box(3.998, 2, 4.002, 2) },
      /^OVERLAP WG001 /,
    ],
    [
      'an overlap with a sibling of another tier',
      { tier: 'field', parent: TOWN_A, boundary: box(2, 0, 1) },
      /^OVERLAP WG001 /,
    ],
    ['an overlap of roots', { tier: 'town', boundary: box(7, 0, 2) }, /^OVERLAP WG001 /],
    ['an overlap in the future only', { ...OVERLAPPING, from: '2050-01-01Z' }, /^OVERLAP WG001 /],
    ['a child outside its parent', { parent: TOWN_A, boundary: box(4, 2, 1) }, /^NOT_NESTED WG002 /],
    [
      'a child that leaves its parent by 0.2 %',
      { parent: TOWN_B, boundary: box(4, 2, 4.008, 2) },
      /^NOT_NESTED WG002 /,
    ],
    [
      'a child older than its parent',
      { parent: TOWN_B, boundary: box(4, 2, 1), from: '2010-01-01Z' },
      /^MISSING_PARENT WG003 /,
    ],
    ['a parent that is not there', { parent: idOf(77), boundary: box(4, 2, 1) }, /^DATABASE_FAILED 23503 /],
    ['a parent of its own tier', { parent: VILLAGE_B1, boundary: box(4, 0, 1) }, /^MISSING_PARENT WG003 /],
    ['a parent of a lower tier', { tier: 'town', parent: FIELD, boundary: box(0, 0, 1) }, /^MISSING_PARENT WG003 /],
    [
      'a parent of another layer',
      { layer: 'water', tier: 'river', parent: TOWN_A, boundary: box(0, 0, 1) },
      /^MISSING_PARENT WG003 /,
    ],
    ['itself as its parent', { parent: NEW, boundary: box(4, 2, 1) }, /grid_version_not_own_parent/],
    [
      'a vertex off the lattice',
      { ...BEYOND, boundary: ring('120.01 30', '120.02 30', '120.02 30.01', '120.0100000001 30.01', '120.01 30') },
      /^BAD_BOUNDARY 23514 grid_version_on_lattice/,
    ],
    [
      'NaN',
      { ...BEYOND, boundary: ring('120.01 30', 'NaN 30', '120.02 30.01', '120.01 30') },
      /^(BAD_BOUNDARY 23514|DATABASE_FAILED)/,
    ],
    [
      'infinity',
      { ...BEYOND, boundary: ring('120.01 30', 'Infinity 30', '120.02 30.01', '120.01 30') },
      /^(BAD_BOUNDARY 23514|DATABASE_FAILED)/,
    ],
    [
      'longitude 999',
      { ...BEYOND, boundary: ring('120.01 30', '999 30', '120.02 30.01', '120.01 30') },
      /^BAD_BOUNDARY 23514/,
    ],
    [
      'an unclosed ring',
      { ...BEYOND, boundary: ring('120.01 30', '120.02 30', '120.02 30.01', '120.01 30.01') },
      /^DATABASE_FAILED/,
    ],
    [
      'a bow-tie',
      { ...BEYOND, boundary: ring('120.01 30', '120.02 30.01', '120.02 30', '120.01 30.02', '120.01 30') },
      /^BAD_BOUNDARY 23514 grid_version_valid/,
    ],
    [
      'two polygons that overlap',
      { ...BEYOND, boundary: `MULTIPOLYGON(${[box(10, 0, 2), box(11, 0, 2)].map((text) => text.slice(13, -1))})` },
      /^BAD_BOUNDARY 23514 grid_version_valid/,
    ],
    ['less than 10 m²', { ...BEYOND, boundary: box(10, 0, 0.03) }, /^BAD_BOUNDARY 23514 grid_version_area/],
    ['nothing at all', { ...BEYOND, boundary: 'MULTIPOLYGON EMPTY' }, /^BAD_BOUNDARY 23514/],
    ['more than 20,000 vertices', { ...BEYOND, boundary: ring(...manyCorners) }, /^BAD_BOUNDARY 23514/],
    ['a validity that is empty', { ...BEYOND, to: '2020-01-01Z' }, /^DATABASE_FAILED 23514 grid_version_valid_check/],
  ])('%s', async (_, grid, words) => {
    expect(await refusalOf(writer, draw(grid))).toMatch(words);
  });

  it.each<[string, Act, RegExp]>([
    [
      'two versions of a grid at one instant',
      publish((trx, edition) =>
        insertRawVersion(trx, edition, { id: FIELD, parent: VILLAGE_A1, boundary: box(0, 0, 1), from: '2030-01-01Z' }),
      ),
      /^CONFLICT 23P01 grid_version_one_per_instant/,
    ],
    [
      'a parent taken away from its children',
      run(`update grid_version set edition_to = ${EDITION} where grid_id = '${TOWN_A}'`),
      /^MISSING_PARENT WG003 /,
    ],
    [
      'a parent that shrinks below its children',
      publish(async (trx, edition) => {
        await sql`update grid_version set edition_to = ${edition} where grid_id = ${TOWN_A}`.execute(trx);
        await insertRawVersion(trx, edition, { id: TOWN_A, boundary: box(0, 0, 3, 4) });
      }),
      /^NOT_NESTED WG002 /,
    ],
    [
      'a parent that ends before its children',
      publish(async (trx, edition) => {
        await sql`update grid_version set edition_to = ${edition} where grid_id = ${TOWN_A}`.execute(trx);
        await insertRawVersion(trx, edition, { id: TOWN_A, boundary: box(0, 0, 4), to: '2030-01-01Z' });
      }),
      /^MISSING_PARENT WG003 /,
    ],
    [
      'a cycle: a town below its own village',
      publish(async (trx, edition) => {
        await sql`update grid_version set edition_to = ${edition} where grid_id = ${TOWN_A}`.execute(trx);
        await insertRawVersion(trx, edition, { id: TOWN_A, parent: VILLAGE_A1, boundary: box(0, 0, 4) });
      }),
      /^MISSING_PARENT WG003 /,
    ],
    [
      'a grid of one layer in a tier of another',
      publish((trx, edition) =>
        sql`insert into grid (id, layer_id, tier_id, edition_from)
          select ${NEW}::uuid, l.id, t.id, ${edition}::int from layer l, tier t where l.code = 'water' and t.code = 'town'`.execute(
          trx,
        ),
      ),
      /^DATABASE_FAILED 23503 /,
    ],
    [
      'a code that is taken',
      run(
        `insert into grid_code (grid_id, scheme_id, code, edition_from) select '${TOWN_B}', id, 'A', ${EDITION} from scheme`,
      ),
      /^DUPLICATE_CODE 23505 /,
    ],
    [
      'a person without a post',
      run(
        `insert into person values ('${NEW}', ${EDITION})`,
        `insert into person_version (person_id, name, valid, edition_from) values ('${NEW}', 'Li', tstzrange(now(), null), ${EDITION})`,
      ),
      /^MISSING_PARENT WG003 A person without any post/,
    ],
    [
      "the closing of someone's last appointment with nothing in its place",
      run(`update appointment set edition_to = ${EDITION} where edition_to is null`),
      /^MISSING_PARENT WG003 A person without any post/,
    ],
  ])('%s', async (_, act, words) => {
    expect(await refusalOf(writer, act)).toMatch(words);
  });
});

describe.each(WRITERS)('an edition that was published, to the %s,', (writer) => {
  /** Refused for lack of a right, or by the law itself. */
  const REFUSED = writer === 'server' ? /^DATABASE_FAILED 42501 / : /^APPEND_ONLY WG005 /;
  const TABLES = [
    ...['edition', 'scheme', 'layer', 'tier', 'grid', 'grid_code', 'grid_version', 'gap', 'body', 'body_version'],
    ...['person', 'person_version', 'role', 'role_tier', 'post', 'post_version', 'appointment'],
    ...['building', 'building_version', 'address', 'address_version', 'address_anchor'],
    ...['team_version', 'body_parent', 'team_coverage', 'duty', 'roster', 'holiday', 'grid_member', 'grid_lineage'],
    ...[
      'site',
      'site_version',
      'site_body',
      'site_service',
      'site_rating',
      'site_honour',
      'premises',
      'premises_version',
    ],
    ...['line', 'line_version', 'channel', 'channel_version', 'post_base', 'practice'],
  ];

  it('covers every table that has editions, each with a row to try', async () => {
    const { rows } = await sql<{ name: string }>`select relname as name from pg_class c
      where relnamespace = 'public'::regnamespace and relkind = 'r' and (relname = 'edition' or exists (
        select from pg_attribute a where a.attrelid = c.oid and a.attname = 'edition_from'))`.execute(database.db);
    expect(rows.map(({ name }) => name).sort()).toEqual(TABLES.toSorted());
    const counts = await countRows({ database });
    expect(TABLES.filter((name) => counts[name] === 0)).toEqual([]);
  });

  it.each(TABLES)('keeps its rows of %s: none is deleted or changed, all are not emptied', async (table) => {
    const column = table === 'edition' ? 'number' : 'edition_from';
    expect(await refusalOf(writer, run(`delete from ${table}`))).toMatch(REFUSED);
    expect(await refusalOf(writer, run(`update ${table} set ${column} = ${column}`))).toMatch(REFUSED);
    // The edition that is being published is still to be told of, and by that PostgreSQL refuses it first.
    const refused = table === 'edition' ? new RegExp(`${REFUSED.source}|55006`) : REFUSED;
    expect(await refusalOf(writer, run(`truncate ${table} cascade`))).toMatch(refused);
  });

  const close = `update grid_version set edition_to = ${EDITION}`;
  it.each<[string, Act, RegExp]>([
    ['is joined by no later row', (trx) => insertRawGrid(trx, 1, BEYOND), /^APPEND_ONLY WG005 /],
    [
      'closes no row afterwards',
      async (trx) => {
        await sql`update grid_version set edition_to = 1 where grid_id = ${FIELD}`.execute(trx);
      },
      /^APPEND_ONLY WG005 /,
    ],
    ['has no row changed while it is closed', run(`${close}, name = 'Other' where grid_id = '${FIELD}'`), REFUSED],
    [
      'has no row opened again',
      run(
        `${close} where grid_id = '${FIELD}'`,
        `update grid_version set edition_to = null where grid_id = '${FIELD}'`,
      ),
      /^APPEND_ONLY WG005 /,
    ],
    [
      'is followed by the next number, no higher one',
      (trx) => beginEdition(trx, 7),
      /^CONFLICT WG006 .*next edition is 3/,
    ],
    ['is not published twice', (trx) => beginEdition(trx, 1), /^CONFLICT WG006 .*next edition is 3/],
    [
      'is one transaction, and a transaction one edition: what one hides the other would show',
      async (trx) => {
        const first = await beginEdition(trx);
        await insertRawGrid(trx, first, OVERLAPPING);
        const second = await beginEdition(trx);
        await sql`update grid_version set edition_to = ${second} where grid_id = ${NEW}`.execute(trx);
      },
      /^CONFLICT WG006 /,
    ],
  ])('%s', async (_, act, words) => {
    expect(await refusalOf(writer, act)).toMatch(words);
  });
});

describe.each(WRITERS)('no way of the %s around the judge', (writer) => {
  it.each<Isolation>(['repeatable read', 'serializable'])('%s is refused', async (isolation) => {
    expect(await refusalOf(writer, draw(BEYOND), isolation)).toMatch(/^CONFLICT WG006 .*READ COMMITTED/);
  });

  const overlap = (trx: Trx, edition: number) => insertRawGrid(trx, edition, OVERLAPPING);
  it.each<[string, Act]>([
    [
      'set constraints all immediate before the rows',
      publish(async (trx, edition) => {
        await sql`set constraints all immediate`.execute(trx);
        await overlap(trx, edition);
      }),
    ],
    [
      'immediate for good rows, deferred again for the bad one',
      publish(async (trx, edition) => {
        await insertRawGrid(trx, edition, { ...BEYOND, id: idOf(10) });
        await sql`set constraints all immediate`.execute(trx);
        await sql`set constraints all deferred`.execute(trx);
        await overlap(trx, edition);
      }),
    ],
    [
      'immediate after the bad one',
      publish(async (trx, edition) => {
        await overlap(trx, edition);
        await sql`set constraints all immediate`.execute(trx);
      }),
    ],
    [
      'deferred from the start',
      async (trx) => {
        await sql`set constraints all deferred`.execute(trx);
        await overlap(trx, await beginEdition(trx));
      },
    ],
    [
      'a savepoint that is rolled back in between',
      publish(async (trx, edition) => {
        await sql`savepoint s`.execute(trx);
        await insertRawGrid(trx, edition, { ...BEYOND, id: idOf(10) });
        await sql`rollback to s`.execute(trx);
        await overlap(trx, edition);
      }),
    ],
  ])('%s', async (_, act) => {
    expect(await refusalOf(writer, act)).toMatch(/^OVERLAP WG001 /);
  });

  it.each<[string, string]>([
    ['marks of the edition deleted', 'delete from edition_mark'],
    ['marks moved to another edition', 'update edition_mark set edition = 1'],
    ['marks truncated', 'truncate edition_mark'],
  ])('%s', async (_, statement) => {
    const act = publish(async (trx, edition) => {
      await overlap(trx, edition);
      await sql.raw(statement).execute(trx);
    });
    // 55006: a table whose triggers still wait is emptied by nobody.
    const refused = writer === 'server' ? /^DATABASE_FAILED 42501 / : /^(APPEND_ONLY WG005|DATABASE_FAILED 55006) /;
    expect(await refusalOf(writer, act)).toMatch(refused);
  });

  it('and what keeps the laws is written', async () => {
    const before = await countRows({ database });
    const id = idOf(WRITERS.indexOf(writer) + 90);
    await database.db
      .transaction()
      .execute(draw({ ...BEYOND, id, boundary: box(50 + 10 * WRITERS.indexOf(writer), 0, 1) }));
    const after = await countRows({ database });
    expect(after).toMatchObject({ edition: before.edition + 1, grid: before.grid + 1, edition_mark: 0 });
  });
});
