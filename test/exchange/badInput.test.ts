import { type Kysely, sql } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/db/tables.ts';
import type { GridImportInput } from '../../src/exchange/exchange.type.ts';
import { emptyTables, openTestDatabase } from '../support/database.ts';
import { type Exchange, importOrFail, openExchange } from './openExchange.ts';
import { type Drawn, FIELDS, fileOf, square } from './squares.ts';

let exchange: Exchange;
let db: Kysely<Database>;
const TOWNS = { layer: 'gov', tier: 'town', ...FIELDS } as const;
const VILLAGES = { ...TOWNS, tier: 'village', parentField: 'parent' } as const;

beforeAll(async () => {
  ({ db } = await openTestDatabase());
  await emptyTables(db);
  exchange = openExchange(db);
  const towns = [
    { code: 'T1', rings: [square(0, 0, 4)] },
    { code: 'T2', rings: [square(4, 0, 4)] },
  ];
  await importOrFail(exchange, { ...TOWNS, create: 'partition', text: fileOf(towns) });
  const villages = [{ code: 'V1', parent: 'T1', rings: [square(0, 0, 2)] }];
  await importOrFail(exchange, { ...VILLAGES, create: 'partition', text: fileOf(villages) });
});

async function countRows(): Promise<unknown> {
  const { rows } = await sql`select (select count(*) from edition) as editions, (select count(*) from layer) as layers,
    (select count(*) from tier) as tiers, (select count(*) from scheme) as schemes, (select count(*) from grid) as grids,
    (select count(*) from grid_code) as codes, (select count(*) from grid_version) as versions,
    (select count(*) from gap) as gaps`.execute(db);
  return rows[0];
}

type Options = Partial<Omit<GridImportInput, 'commit'>>;

/** What the import says against the file, thrown or in the report; the database must be as it was. */
async function refusalOf(drawn: Drawn[] | string, options: Options = {}): Promise<string> {
  const before = await countRows();
  const text = typeof drawn === 'string' ? drawn : fileOf(drawn);
  const input = { ...VILLAGES, text, ...options, commit: true };
  let words: string;
  try {
    const report = await exchange.importer.importGrids(input);
    expect(report.committed).toBe(false);
    expect(report.edition).toBeNull();
    const faults = report.rows.flatMap((row) => row.faults.map((fault) => ({ row: row.row, ...fault })));
    words = faults.map(({ row, code, field, message }) => `${code} row ${row} ${field}: ${message}`).join('\n');
    expect(report.refusal).not.toBeNull();
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (!code) throw error;
    words = `${code} ${message}`;
  }
  expect(await countRows()).toEqual(before);
  return words;
}

const village = (more: Drawn): Drawn => ({ code: 'V2', parent: 'T1', rings: [square(2, 0, 2)], ...more });

describe('a file is refused whole, with a code, the place and the way out', () => {
  it.each<[string, Drawn[] | string, Options, RegExp]>([
    ['an empty file', '', {}, /^BAD_FILE .*empty/],
    ['what is not JSON', '{"type":', {}, /^BAD_FILE .*not JSON/],
    ['no features', fileOf([]), {}, /^BAD_FILE .*no features/],
    [
      'an unknown code field',
      [village({})],
      { codeField: 'kode' },
      /^BAD_FILE --code-field: .*"kode".*code, name, parent/,
    ],
    ['an unknown layer', [village({})], { layer: 'gw' }, /^NOT_FOUND --layer: .*there is gov.*--create/],
    ['an unknown tier', [village({})], { tier: 'cell' }, /^NOT_FOUND --tier: .*town, village.*--create/],
    ['another kind of layer', [village({})], { create: 'overlay' }, /^BAD_INPUT --create: .*PARTITION/],
    ['no way to a parent', [village({})], { parentField: undefined }, /^BAD_INPUT .*--parent-by location/],
    ['a parent for the root', [village({})], { tier: 'town' }, /^BAD_INPUT .*leave --parent-field/],
    ['an unknown datum', [village({})], { datum: 'MARS' as never }, /^BAD_DATUM --datum: MARS .*--epsg/],
    ['an unknown EPSG number', [village({})], { epsg: 999_123 }, /^BAD_DATUM --epsg: EPSG:999123 is not known/],
    ['Xian 1980', [village({})], { epsg: 2333 }, /^BAD_DATUM --epsg: .*CGCS2000/],
    ['Beijing 1954', [village({})], { epsg: 4214 }, /^BAD_DATUM --epsg: .*CGCS2000/],
    ['datum and EPSG together', [village({})], { epsg: 4490, datum: 'WGS84' }, /^BAD_DATUM .*exclude each other/],
  ])('%s', async (_, drawn, options, words) => {
    expect(await refusalOf(drawn, options)).toMatch(words);
  });
});

describe('a row is refused by its number, and the whole file with it', () => {
  const good = village({ code: 'V9', rings: [square(2, 2, 2)] });
  const open = square(2, 0, 2).slice(0, 4);
  const bowTie = [
    [120.002, 30],
    [120.004, 30.002],
    [120.004, 30],
    [120.002, 30.002],
    [120.002, 30],
  ];
  const around = Array.from({ length: 500_001 }, (_, i) => {
    const turn = (2 * Math.PI * (i % 500_000)) / 500_000;
    return [120.003 + 0.001 * Math.cos(turn), 30.001 + 0.001 * Math.sin(turn)];
  });

  it.each<[string, Drawn, Options, RegExp]>([
    ['no code', village({ code: '' }), {}, /^BAD_INPUT row 2 code: There is no code/],
    ['no name', village({ name: ' ' }), {}, /^BAD_INPUT row 2 name: There is no name/],
    ['a duplicate code', village({ code: 'V9' }), {}, /^DUPLICATE_CODE row 2 code: .*V9 is already that of row 1/],
    ['a code of another tier', village({ code: 'T1' }), {}, /^DUPLICATE_CODE row 2 code: .*gov\/town.*--scheme/],
    [
      'a missing parent',
      village({ parent: 'T7' }),
      {},
      /^MISSING_PARENT row 2 parent: .*V2.*T7.*import the parents first/,
    ],
    ['no parent', village({ parent: null }), {}, /^MISSING_PARENT row 2 parent: .*V2 names no parent/],
    [
      'a child outside its parent',
      village({ parent: 'T2' }),
      {},
      /^NOT_NESTED row 2 geometry: Grid V2 leaves its parent T2 by 100.0 %/,
    ],
    [
      'a child across two parents',
      village({ rings: [square(3, 0, 2)] }),
      { parentField: undefined, parentBy: 'location' },
      /^NOT_NESTED row 2 --parent-by: .*V2 .*T1 holds most of it, but 50.0 %/,
    ],
    [
      'an overlap with a sibling of the file',
      village({ rings: [square(2, 1, 2)] }),
      {},
      /^OVERLAP row 1 .*V9 overlaps V2 by 2\d{4}.*m².*at 120.*\nOVERLAP row 2 .*V2 overlaps V9/,
    ],
    [
      'an overlap with a known sibling',
      village({ rings: [square(1, 0, 2)] }),
      {},
      /^OVERLAP row 2 geometry: Grid V2 overlaps V1 by/,
    ],
    ['an unclosed ring', village({ rings: [open] }), {}, /^BAD_GEOJSON row 2 features\[1\].*not closed/],
    ['a bow-tie', village({ rings: [bowTie] }), {}, /^BAD_BOUNDARY row 2 features\[1\].*crosses/],
    [
      'longitude 999',
      village({
        rings: [
          [
            [999, 30],
            [120.004, 30],
            [120.004, 30.002],
            [999, 30],
          ],
        ],
      }),
      {},
      /^BAD_GEOJSON row 2 features\[1\].*999/,
    ],
    [
      'swapped axes',
      village({ rings: [square(2, 0, 2).map(([lon, lat]) => [lat, lon])] }),
      {},
      /^BAD_GEOJSON row 2 .*axes look swapped/,
    ],
    [
      'text for a number',
      village({
        rings: [
          [
            ['120', 30],
            [121, 30],
            [121, 31],
            ['120', 30],
          ],
        ],
      }),
      {},
      /^BAD_GEOJSON row 2 .*finite number/,
    ],
    [
      'a line',
      village({ geometry: { type: 'LineString', coordinates: square(2, 0) } }),
      {},
      /^BAD_BOUNDARY row 2 .*LineString/,
    ],
    ['no geometry', { ...village({}), rings: undefined, geometry: { type: 'Polygon' } }, {}, /^BAD_GEOJSON row 2 /],
    ['less than 10 m²', village({ rings: [square(2, 0, 0.02)] }), {}, /^BAD_BOUNDARY row 2 geometry: .*at least 10/],
    ['500,000 vertices', village({ rings: [around] }), {}, /^BAD_BOUNDARY row 2 .*20000 are allowed/],
    [
      'metres taken for degrees',
      village({ rings: [square(2, 0).map(([lon, lat]) => [lon * 1e5, lat * 1e5])] }),
      {},
      /^BAD_GEOJSON row 2 .*--epsg/,
    ],
  ])('%s', async (_, drawn, options, words) => {
    expect(await refusalOf([good, drawn], options)).toMatch(words);
  });

  it('GCJ-02 read as WGS84 lands outside the parent, which is what gives it away', async () => {
    const shifted = square(2, 0, 2).map(([lon, lat]) => [lon + 0.0047, lat - 0.0024]);
    expect(await refusalOf([village({ rings: [shifted] })])).toMatch(/^NOT_NESTED row 1 /);
  });

  it('tells every faulty row, not just the first', async () => {
    const faulty = [
      village({ code: 'X1', parent: 'T7' }),
      village({ code: 'X2', parent: 'T8', rings: [square(2, 2)] }),
    ];
    const words = await refusalOf(faulty);
    expect(words).toContain('row 1');
    expect(words).toContain('row 2');
  });
});

it.each([true, false])('gives the word of the database where only it can judge, with commit %s', async (commit) => {
  const before = await countRows();
  const text = fileOf([{ code: 'C1', parent: 'T1', rings: [square(0, 0)] }]);
  const report = await exchange.importer.importGrids({ ...VILLAGES, tier: 'cell', create: 'partition', text, commit });
  expect(report).toMatchObject({ committed: false, edition: null, refusal: { code: 'OVERLAP' } });
  expect(report.refusal?.message).toMatch(/C1 and V1|V1 and C1/);
  expect(await countRows()).toEqual(before);
});

it('says so when someone else published while the file was being read', async () => {
  const input = { ...VILLAGES, text: fileOf([village({ code: 'V3' })]), commit: true };
  const target = exchange.planner.resolve(exchange.editions.latest, input, new Date());
  await importOrFail(exchange, input);
  const before = await countRows();
  const nothing = { added: [], revived: [], changed: [], retired: [], newGaps: [], endedGaps: [] };
  await expect(exchange.writer.publish({ target, title: 'Late', ...nothing })).rejects.toMatchObject({
    code: 'CONFLICT',
    message: expect.stringContaining('Run the import again'),
  });
  expect(await countRows()).toEqual(before);
});
