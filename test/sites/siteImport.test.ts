import { beforeEach, describe, expect, it } from 'vitest';
import { FOR_PROGRAMS, faultsAsCsv } from '../../src/csv/writeCsv.ts';
import { PostImportService } from '../../src/posts/import/postImport.service.ts';
import { type SiteImportOptions, SiteImportService } from '../../src/sites/import/siteImport.service.ts';
import { workbook } from '../csv/workbook.ts';
import { openSitesWorld, type SitesWorld } from './sitesWorld.ts';

let world: SitesWorld;
let service: SiteImportService;
const clock = { now: () => new Date('2024-06-01T00:00:00Z'), timeZone: 'Asia/Shanghai' };

beforeEach(async () => {
  world = await openSitesWorld();
  service = new SiteImportService(world.editions, world, { sites: world.book, directory: world.directory }, clock);
});

const COLUMNS =
  'site_code,name,kind,lon,lat,bodies,service,hours,rating_scheme,stars,most_stars,honour,honoured_on,from';
const GOOD = `${COLUMNS}
S1,东门警务室,police_room,105.2,25.1,Station;Hall,id,Mo-Fr 08:30-17:30,星级,3,5,优秀,2023-05-04,2024-01-01
S1,东门警务室,police_room,105.2,25.1,,report,24/7,,,,,,2024-01-01
S2,西门自助室,self_service,105.3,25.2,,id,24/7,,,,,,
`;
const run = (bytes: Uint8Array | string, options: Partial<SiteImportOptions> = {}) =>
  service.importSites(Buffer.from(bytes), { commit: true, ...options });
const cells = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => line.split(','));

describe('importing sites', () => {
  it('makes sites with bodies, services, ratings and honours in one edition, the same from CSV and XLSX, and nothing the second time', async () => {
    const before = world.editions.latest;
    const dry = await run(GOOD, { commit: false });
    expect(dry).toMatchObject({ rows: 3, faults: [], edition: null, nothingNew: false });
    expect(dry.would).toEqual({ sites: 2, bodies: 2, services: 3, ratings: 1, honours: 1, changes: 0 });
    const made = await run(workbook(cells(GOOD)));
    expect(made).toEqual({ ...dry, edition: before + 1 });
    const moment = { asOf: Date.parse('2024-06-02T00:00:00Z'), edition: before + 1 };
    const sites = world.book.sites.rowsIn(before + 1).map(({ value }) => value);
    expect(sites.map(({ name }) => name).sort()).toEqual(['东门警务室', '西门自助室']);
    const room = sites.find(({ kind }) => kind === 'police_room')!;
    expect(room).toMatchObject({ point: { lon: 105.2, lat: 25.1 }, radiusMetres: 30, timeZone: 'Asia/Shanghai' });
    expect(world.book.housedIn(room.id, moment).length).toBe(2);
    expect(world.book.servicesOf(room.id, moment).map(({ code }) => code)).toEqual(['id', 'report']);
    expect(world.book.honoursOf(room.id, moment)).toEqual([{ siteId: room.id, name: '优秀', givenOn: '2023-05-04' }]);
    for (const again of [GOOD, workbook(cells(GOOD))]) {
      expect(await run(again)).toMatchObject({ nothingNew: true, edition: null, faults: [] });
    }
    expect(world.editions.latest).toBe(before + 1);
  });

  it('changes what is otherwise from the day given on, and keeps what was before', async () => {
    await run(GOOD);
    const later = GOOD.replace('星级,3,5', '星级,4,5')
      .replace('Mo-Fr 08:30-17:30', 'Mo-Su 08:00-20:00')
      .replaceAll('2024-01-01', '2024-09-01');
    const report = await run(later);
    expect(report.would).toEqual({ sites: 0, bodies: 0, services: 1, ratings: 1, honours: 0, changes: 2 });
    const [{ value: room }] = world.book.sites
      .rowsIn(report.edition!)
      .filter(({ value }) => value.kind === 'police_room');
    expect(world.book.ratingsOf(room.id, report.edition!).map(({ value }) => value.stars)).toEqual([3, 4]);
    const daysOpen = (day: string) =>
      world.book.servicesOf(room.id, { asOf: Date.parse(day), edition: report.edition! })[0].hours.weekly.length;
    expect([daysOpen('2024-08-31'), daysOpen('2024-09-01')]).toEqual([5, 7]);
  });

  const BAD = `${COLUMNS}
S1,东门,room,105.2,25.1,,id,8-17,,,,,,
S2,西门,room,205.2,25.1,,,,,,,,,
S3,南门,room,105.2,,,id,24/7,,,,,,
S4,北门,room,105.2,25.1,Nobody,,,,,,,,
S5,好,room,105.25,25.1,Hall,id,24/7,,,,,,
S5,坏,room,105.25,25.1,,,,,,,,,
S6,x,room,105.2,25.1,,,,星,6,5,,,
S7,y,room,105.2,25.1,,,,,,,奖,2023-02-30,
S8,13812345678,room,105.2,25.1,,,,,,,,,
S9,=1+1,room,105.2,25.1,,id,24/7,,,,,,yesterday
S9,too,few
`;

  it('names row, column, value and reason of what is wrong, as CSV too; nothing is kept', async () => {
    const report = await run(BAD);
    expect(report.edition).toBeNull();
    expect(report.faults.map(({ row, column }) => `${row} ${column}`)).toEqual([
      '2 hours',
      '3 lon',
      '4 lat',
      '5 bodies',
      '7 name',
      '8 stars',
      '9 honoured_on',
      '10 name',
      '11 from',
      '12 ',
      '12 lon',
      '12 lat',
    ]);
    expect(report.faults.every(({ reason }) => reason.length > 5)).toBe(true);
    expect(JSON.stringify(report)).not.toContain('13812345678');
    const lines = faultsAsCsv(report.faults, FOR_PROGRAMS).trim().split('\n');
    expect(lines[0]).toBe('row,column,value,reason');
    expect(lines.length).toBe(report.faults.length + 1);
    expect(lines[1]).toContain('2,hours,8-17,');
  });

  it('keeps the good rows where that is asked', async () => {
    const report = await run(BAD, { keepGood: true });
    expect(report.faults.length).toBe(12);
    const names = world.book.sites.rowsIn(report.edition!).map(({ value }) => value.name);
    expect(names).toEqual(['好']);
  });

  it.each([
    ['an unknown column', 'site_code,name,kind,lon,lat,guests\nS1,a,b,1,2,c\n', /guests/],
    ['a missing column', 'site_code,name,kind,lon\nS1,a,b,1\n', /"lat" is missing/],
    ['no rows', `${COLUMNS}\n`, /no rows/],
  ])('refuses a file with %s', async (_, text, words) => {
    await expect(run(text)).rejects.toThrow(words);
  });
});

describe('importing posts', () => {
  it('takes a workbook as well as CSV', async () => {
    const text = 'grid_code,role,holder_kind,holder_name,from\nV2,officer,person,李建国,2023-01-01\n';
    const posts = new PostImportService(world.editions, world.posts, world, clock);
    const asBook = await posts.importPosts(workbook(cells(text)), { commit: false });
    expect(asBook).toEqual(await posts.importPosts(Buffer.from(text), { commit: false }));
    expect(asBook).toMatchObject({ faults: [], would: { people: 1, posts: 1, appointments: 1 } });
  });
});
