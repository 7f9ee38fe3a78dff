import iconv from 'iconv-lite';
import { beforeEach, describe, expect, it } from 'vitest';
import { Atlas } from '../../../src/grids/atlas/atlas.ts';
import { TerritoryRepository } from '../../../src/grids/atlas/territory.repository.ts';
import { EditionService } from '../../../src/grids/edition.service.ts';
import { DirectoryRepository } from '../../../src/posts/directory.repository.ts';
import { Directory } from '../../../src/posts/directory.ts';
import {
  type ImportRostersOptions,
  RosterImportService,
} from '../../../src/posts/roster/import/rosterImport.service.ts';
import { RosterBook } from '../../../src/posts/roster/rosterBook.ts';
import { RosterLogRepository } from '../../../src/posts/roster/rosterLog.repository.ts';
import { emptyTables, openTestDatabase } from '../../support/database.ts';
import { editionBooks } from '../../support/editionBooks.ts';
import { appoint, day, makePerson, makePost, NOW, PostsWorld } from '../postsFixture.ts';
import { rosters, sayDuty } from './rosterFixture.ts';

let world: PostsWorld;
let directory: Directory;
let editions: EditionService;
let service: RosterImportService;
let now: Date;

beforeEach(async () => {
  const { db } = await openTestDatabase();
  await emptyTables(db);
  world = await PostsWorld.make(db);
  now = NOW;
  const post = makePost('officer', world.gridId('V2'));
  const people = ['李建国', '王芳'].map((name) => makePerson(name));
  await world.staff({ people, posts: [post], appointments: people.map((person) => appoint(post, person)) });
  const atlas = new Atlas(new TerritoryRepository(db));
  const book = new RosterBook(new RosterLogRepository(db));
  directory = new Directory(new DirectoryRepository(db), book);
  editions = new EditionService(db, () => now, [atlas, directory], editionBooks(() => now)); // biome-ignore format: one line
  const clock = { now: () => now, timeZone: 'Asia/Shanghai' };
  service = new RosterImportService(editions, rosters, { atlas, directory, rosters: book }, clock);
});

const HEADER =
  'grid_code,role,holder,days,rule,first_day,starts_at,ends_at,minutes,dates_out,holiday_calendar,on_holidays,from,to\n';
const importText = (rows: string, options: Partial<ImportRostersOptions> = {}) =>
  service.importRosters(Buffer.from(HEADER + rows), { commit: true, ...options });
const dutyAt = (at: string) => sayDuty(directory, world.gridId('V2'), at, editions.latest)[0];

const TWO = `\
V2,officer,李建国,MO;TU;WE;TH;FR,,,09:00,17:00,,2024-06-05;2024-06-06,,,2024-01-01,
V2,officer,王芳,,FREQ=WEEKLY;BYDAY=SA,2024-01-06,22:00,06:00,,,,,2024-01-01,
`;

describe('importing rosters', () => {
  it('puts holders on duty, from UTF-8 and GB18030; the same file again makes nothing new', async () => {
    const report = await service.importRosters(iconv.encode(HEADER + TWO, 'GB18030'), {
      commit: true,
      encoding: 'GB18030',
    });
    const published = { encoding: 'GB18030', rows: 2, would: { rosters: 2, ends: 0 }, nothingNew: false };
    expect(report).toEqual({ ...published, faults: [], edition: editions.latest });
    expect(dutyAt('2024-06-04T09:30+08:00')).toBe('李建国 (王芳)');
    expect(dutyAt('2024-06-05T09:30+08:00')).toBe('(李建国) (王芳)');
    expect(dutyAt('2024-06-09T05:59+08:00')).toBe('王芳 (李建国)');
    now = day('2024-09-01');
    expect(await importText(TWO)).toMatchObject({ nothingNew: true, edition: null, encoding: 'UTF-8' });
  });

  it('is a dry run unless told, and writes nothing where any row is wrong', async () => {
    expect(await importText(TWO, { commit: false })).toMatchObject({ would: { rosters: 2 }, edition: null });
    const before = editions.latest;
    expect((await importText(`${TWO}V2,officer,王芳,MO,,,25:00,17:00,,,,,,\n`)).edition).toBeNull();
    expect(editions.latest).toBe(before);
    expect(dutyAt('2024-06-05T09:30+08:00')).toBe('李建国 王芳');
  });

  it('ends what a later file ends, and leaves the rest', async () => {
    await importText(TWO);
    const ended = TWO.split('\n')[0].replace(/,$/, ',2024-07-01');
    expect((await importText(`${ended}\n`)).would).toEqual({ rosters: 0, ends: 1 });
    expect(dutyAt('2024-06-28T09:30+08:00')).toBe('李建国 (王芳)');
    expect(dutyAt('2024-07-02T09:30+08:00')).toBe('(李建国) (王芳)');
    expect(await importText(`${ended}\n`)).toMatchObject({ nothingNew: true });
  });

  it.each([
    ['V9,officer,王芳,MO,,,09:00,17:00,,,,,,', 'role', /has no post on grid V9/],
    ['X1,officer,王芳,MO,,,09:00,17:00,,,,,,', 'grid_code', /is the code of no grid/],
    ['V2,captain,王芳,MO,,,09:00,17:00,,,,,,', 'role', /is no known role; known are officer/],
    ['V2,officer,张三,MO,,,09:00,17:00,,,,,,', 'holder', /holds no post of officer on V2/],
    ['V2,officer,,MO,,,09:00,17:00,,,,,,', 'holder', /is empty/],
    ['V2,officer,王芳,MON,,,09:00,17:00,,,,,,', 'days', /MON is not a day/],
    ['V2,officer,王芳,MO,FREQ=DAILY,2024-01-01,09:00,17:00,,,,,,', 'rule', /beside days; give one/],
    ['V2,officer,王芳,,,,09:00,17:00,,,,,,', 'days', /is empty, and so is rule/],
    ['V2,officer,王芳,,FREQ=HOURLY,2024-01-01,09:00,17:00,,,,,,', 'rule', /more than once a day/],
    ['V2,officer,王芳,,FREQ=DAILY,,09:00,17:00,,,,,,', 'first_day', /the rule counts from it/],
    ['V2,officer,王芳,MO,,,nine,17:00,,,,,,', 'starts_at', /is not a time such as 22:00/],
    ['V2,officer,王芳,MO,,,09:00,,20000,,,,,', 'minutes', /1 to 10080 whole minutes/],
    ['V2,officer,王芳,MO,,,09:00,17:00,,1 May,,,,', 'dates_out', /is not a day such as/],
    ['V2,officer,王芳,MO,,,09:00,17:00,,,cn,,,', 'holiday_calendar', /no known calendar; known are none/],
    ['V2,officer,王芳,MO,,,09:00,17:00,,,,OFF,,', 'holiday_calendar', /name the calendar/],
    ['V2,officer,王芳,MO,,,09:00,17:00,,,,,2024-13-01,', 'from', /is not a date/],
    ['V2,officer,王芳,MO,,,09:00,17:00,,,,,2024-02-01,2024-01-01', 'to', /is not after `from`/],
    ['V2,officer,王芳,MO,,,09:00,17:00', '', /has 8 cells where the header names 14/],
  ])('tells row, column, value and reason of %s', async (row, column, reason) => {
    const { faults } = await importText(`${TWO}${row}\n`);
    expect(faults.map((fault) => [fault.row, fault.column])).toContainEqual([4, column]);
    const fault = faults.find((each) => each.column === column)!;
    expect(fault.reason).toMatch(reason);
    expect(`${TWO}${row}`).toContain(fault.value);
  });

  it('refuses a column that it does not know, and a file without one that it needs', async () => {
    const file = (text: string) => service.importRosters(Buffer.from(text), { commit: true });
    await expect(file('grid_code,role,holder,starts_at,mood\nV2,officer,王芳,09:00,good\n')).rejects.toThrow(/"mood"/);
    await expect(file('grid_code,role,starts_at\nV2,officer,09:00\n')).rejects.toThrow(/Column "holder" is missing/);
  });
});
