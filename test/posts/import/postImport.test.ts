import iconv from 'iconv-lite';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Person } from '../../../src/posts/api/staff.type.ts';
import { type ImportPostsOptions, PostImportService } from '../../../src/posts/import/postImport.service.ts';
import { emptyTables, openTestDatabase } from '../../support/database.ts';
import { appoint, at, day, makeBody, makePerson, makePost, NOW, PostsWorld } from '../postsFixture.ts';

let world: PostsWorld;
let service: PostImportService;
let now: Date;
const clock = { now: () => now, timeZone: 'Asia/Shanghai' };

beforeEach(async () => {
  const { db } = await openTestDatabase();
  await emptyTables(db);
  world = await PostsWorld.make(db);
  now = NOW;
  service = new PostImportService(world.editions, world.posts, world, clock);
});

const HEADER =
  'grid_code,scheme,role,holder_kind,holder_name,holder_code,office_phone,body,body_kind,languages,rank,from,to\n';
const importText = (rows: string, options: Partial<ImportPostsOptions> = {}) =>
  service.importPosts(Buffer.from(HEADER + rows), { commit: true, ...options });
const NONE = { bodies: 0, people: 0, posts: 0, appointments: 0, changes: 0 };

const TEAM = `\
T1,,mediators,body,联调队,,0859-3,,MEDIATION_TEAM,zh;pcc,,2023-01-01,
V2,,officer,person,李建国,P1,0722-1,淅河派出所,STATION,zh,,2023-01-01,
V2,,officer,person,王芳,P2,0722-2,淅河派出所,,,DEPUTY,2023-01-01,2024-01-01
V2,,secretary,person,李建国,P1,,,,,,,
`;

describe('importing posts', () => {
  it('makes bodies, people, posts and appointments in one edition, from UTF-8 with a mark and from GB18030', async () => {
    for (const [encoding, bytes] of [
      ['UTF-8', Buffer.from(`\uFEFF${HEADER}${TEAM}`)],
      ['GB18030', iconv.encode(HEADER + TEAM, 'GB18030')],
    ] as const) {
      await emptyTables(world.db);
      world = await PostsWorld.make(world.db);
      service = new PostImportService(world.editions, world.posts, world, clock);
      const before = world.editions.latest;
      const report = await service.importPosts(bytes, { commit: true, title: 'Staff of 淅河' });
      expect(report).toEqual({
        encoding,
        rows: 4,
        faults: [],
        would: { bodies: 2, people: 2, posts: 3, appointments: 4, changes: 0 },
        nothingNew: false,
        edition: before + 1,
      });
      expect(world.editions.editions.at(-1)?.title).toBe('Staff of 淅河');
      expect(world.say('V2', at('2023-06-01', before + 1))).toEqual(['officer: 李建国 PRIMARY, 王芳 DEPUTY']);
      expect(world.say('V2', at('2024-07-01', before + 1))).toEqual([
        'officer: 李建国 PRIMARY',
        'secretary: 李建国 PRIMARY',
      ]);
      expect(world.say('T1', at('2023-06-01', before + 1))).toEqual(['mediators: 联调队 PRIMARY']);
      const [{ holders }] = world.directory.postsOn(world.gridId('V2'), at('2024-07-01', before + 1));
      const officer = holders[0].holder as Person;
      expect(officer).toMatchObject({ officePhone: '0722-1', body: { name: '淅河派出所', kind: 'STATION' } });
    }
  });

  it('is a dry run unless told: the same report, and nothing written', async () => {
    const before = world.editions.latest;
    const report = await importText(TEAM, { commit: false });
    expect(report).toMatchObject({ would: { people: 2, appointments: 4 }, nothingNew: false, edition: null });
    await world.editions.catchUp();
    expect(world.editions.latest).toBe(before);
  });

  it('makes nothing new of the same file, now and later, and publishes no edition', async () => {
    const { edition } = await importText(TEAM);
    now = day('2025-01-01');
    const again = await importText(TEAM);
    expect(again).toMatchObject({ faults: [], would: NONE, nothingNew: true, edition: null });
    expect(world.editions.latest).toBe(edition);
  });

  it('2.4: a worker of eight grids is one person with eight posts, with a key or without', async () => {
    const rows = (name: string, code: string) =>
      [1, 2, 3, 4, 5, 6, 7, 8]
        .map((n) => `V${n},local,worker,person,${name},${code},0722-9,Station,,,,2023-01-01,\n`)
        .join('');
    const keyed = await importText(rows('Li', 'L-1'));
    expect(keyed.would).toEqual({ bodies: 1, people: 1, posts: 8, appointments: 8, changes: 0 });
    const plain = await importText(rows('Ma', ''));
    expect(plain.would).toEqual({ bodies: 0, people: 1, posts: 0, appointments: 8, changes: 0 });
    expect(await importText(rows('Ma', ''))).toMatchObject({ nothingNew: true });
  });

  it('uses bodies, people and posts that were there before, and makes them exist when they are needed', async () => {
    const station = makeBody('Station');
    const person = makePerson('Chen', { officePhone: '0722-5', bodyId: station.id, validFrom: day('2022-01-01') });
    const post = makePost('officer', world.gridId('V1'), { validFrom: day('2022-01-01') });
    const held = appoint(post, person, { validFrom: day('2022-01-01') });
    await world.staff({ bodies: [station], people: [person], posts: [post], appointments: [held] });
    const report = await importText(
      `V1,local,officer,person,Chen,,0722-5,Station,,,DEPUTY,2021-01-01,2021-06-01\n` +
        `V2,local,officer,person,Chen,${person.id},,${station.id},,,,2022-01-01,\n`,
    );
    expect(report.would).toEqual({ bodies: 0, people: 0, posts: 1, appointments: 2, changes: 0 });
    expect(world.say('V1', at('2021-02-01', report.edition!))).toEqual(['officer: Chen DEPUTY']);
    expect(world.say('V1', at('2022-02-01', report.edition!))).toEqual(['officer: Chen PRIMARY']);
    expect(world.say('V2', at('2022-02-01', report.edition!))).toEqual(['officer: Chen PRIMARY']);
  });

  it('moves the end of an appointment and changes a phone from the effective date, each once', async () => {
    const first = await importText('V1,local,officer,person,Gao,G,1,Station,,,,2023-01-01,\n');
    const rows = 'V1,local,officer,person,Gao,G,2,Station,,,,2023-01-01,2025-01-01\n';
    const second = await importText(rows, { effectiveAt: day('2024-01-01') });
    expect(second.would).toEqual({ ...NONE, changes: 2 });
    const phone = (date: string, edition: number) =>
      world.directory.postsOn(world.gridId('V1'), at(date, edition))[0].holders.map(({ holder }) => holder.officePhone);
    expect(phone('2023-12-31', second.edition!)).toEqual(['1']);
    expect(phone('2024-01-01', second.edition!)).toEqual(['2']);
    expect(phone('2026-01-01', second.edition!)).toEqual([]);
    expect(phone('2026-01-01', first.edition!)).toEqual(['1']);
    expect(await importText(rows, { effectiveAt: day('2024-06-01') })).toMatchObject({ nothingNew: true });

    const longer = rows.replace('2025-01-01', '2027-01-01');
    const third = await importText(longer);
    expect(third.would).toEqual({ ...NONE, appointments: 1 });
    expect(phone('2026-01-01', third.edition!)).toEqual(['2']);
    expect(await importText(longer)).toMatchObject({ nothingNew: true });
  });
});

describe('people without a key', () => {
  it('does not take an old file for news of someone who has moved since', async () => {
    const row = 'V1,local,officer,person,Hu,,0722-7,Old station,,,,2023-01-01,\n';
    const { edition } = await importText(row);
    const [{ holders }] = world.directory.postsOn(world.gridId('V1'), at('2024-01-01', edition!));
    const next = makeBody('New station');
    await world.publish(async (trx, to) => {
      await world.posts.insertBodies(trx, to, [next]);
      await world.posts.revisePeople(trx, to, [
        { id: holders[0].holder.id, from: day('2024-01-01'), set: { bodyId: next.id } },
      ]);
    });
    expect(await importText(row)).toMatchObject({ faults: [], nothingNew: true });
  });
});

describe('faults of rows', () => {
  beforeEach(async () => {
    await world.staff({ bodies: [makeBody('Twin'), makeBody('Twin')] });
    await importText('V9,,officer,person,Known,K1,,,,,,2023-01-01,2024-01-01\n');
  });

  it.each([
    ['V99,,officer,person,x,,,,,,,,', 'grid_code', 'is the code of no grid'],
    ['V1,,officer,person,x,,,,,,,,', 'grid_code', 'names several grids; give the scheme: '],
    ['V2,police,officer,person,x,,,,,,,,', 'scheme', 'it is a code in local'],
    ['V2,,boss,person,x,,,,,,,,', 'role', 'known are officer, instructor, worker'],
    ['T1,,worker,person,x,,,,,,,,', 'role', 'the roles there are: officer, mediators'],
    ['V2,,officer,person,x,,,,,,,2019-01-01,', 'from', 'is before grid V2 begins'],
    ['V2,,officer,person,x,,,,,,,2024-02-01,2024-01-01', 'to', 'is not after'],
    ['V2,,officer,person,x,,,,,,,,2024-01-01', 'to', 'is not after the beginning'],
    ['V2,,officer,person,Other,K1,,,,,,,', 'holder_code', 'is already the key of Known'],
    ['V2,,officer,person,x,,,Twin,,,,,', 'body', 'names 2 bodies'],
    ['V9,,officer,person,Known,K1,,,,,,2023-06-01,', 'from', 'overlaps what Known holds here as PRIMARY'],
  ])('names the cell of %s', async (row, column, reason) => {
    const before = world.editions.latest;
    const good = 'V3,,officer,person,Good,,,,,,,,\n';
    const report = await importText(`${good}${row}\n`);
    expect(report.faults).toHaveLength(1);
    expect(report.faults[0]).toMatchObject({ row: 3, column });
    expect(report.faults[0].reason).toContain(reason);
    expect(report).toMatchObject({ edition: null, nothingNew: false });
    await world.editions.catchUp();
    expect(world.editions.latest).toBe(before);
    expect(world.say('V3', at('2024-07-01', before))).toEqual(['officer: vacant']);
  });

  it('finds rows that repeat or contradict one another', async () => {
    const report = await importText(
      'V2,,officer,person,A,A1,1,,,,,2023-01-01,\n' +
        'V2,,officer,person,A,A1,1,,,,,2023-01-01,\n' +
        'V3,,officer,person,A,A1,2,,,,,2023-01-01,\n' +
        'V4,,officer,person,B,A1,1,,,,,2023-01-01,\n',
    );
    expect(report.faults.map(({ row, column }) => [row, column])).toEqual([
      [3, 'holder_name'],
      [4, 'office_phone'],
      [5, 'holder_code'],
    ]);
  });
});

describe('imports at the same time', () => {
  it('compares again when another edition came in between, so both files count and nothing is made twice', async () => {
    const rows = (n: number) => `V${n},local,officer,person,Shared,S,1,Station,,,,2023-01-01,\n`;
    const reports = await Promise.all([1, 2, 3].map((n) => importText(rows(n))));
    expect(new Set(reports.map((report) => report.edition)).size).toBe(3);
    expect(reports.reduce((sum, report) => sum + report.would.people, 0)).toBe(1);
    const { latest } = world.editions;
    for (const n of [1, 2, 3])
      expect(world.say(`V${n}`, at('2024-01-01', latest))).toEqual(['officer: Shared PRIMARY']);
  });
});
