import { beforeAll, describe, expect, it } from 'vitest';
import { isAtHand } from '../geometry/sharedData.ts';
import { emptyTables, openTestDatabase } from '../support/database.ts';
import {
  compareWithExpected,
  type Exchange,
  importOrFail,
  openExchange,
  readCity,
  readExpected,
} from './openExchange.ts';

let exchange: Exchange;
beforeAll(async () => {
  const { db } = await openTestDatabase();
  await emptyTables(db);
  exchange = openExchange(db);
});

const CITIES = ['toronto', 'seattle', 'philadelphia'];
const DIVISIONS = {
  layer: 'police',
  tier: 'division',
  codeField: 'DIV',
  nameField: 'UNIT_NAME',
  create: 'partition',
} as const;
const PRECINCTS = {
  layer: 'spd',
  tier: 'precinct',
  codeField: 'name',
  nameField: 'name',
  create: 'partition',
} as const;
const BEATS = { ...PRECINCTS, tier: 'beat', parentBy: 'location' } as const;

describe.runIf(isAtHand('toronto'))('Toronto (needs ../shared/data/toronto)', () => {
  it('loads the divisions as an exact coverage, with every sliver in the report', async () => {
    const report = await importOrFail(exchange, { ...DIVISIONS, text: readCity('toronto/police_divisions.geojson') });
    expect(report.counts).toMatchObject({ NEW: 16, REFUSED: 0 });
    expect(report.changes).toHaveLength(10);
    expect(report.changes.every((change) => change.areaSquareMetres < 2 && change.widthMetres < 0.1)).toBe(true);
    expect(report.gaps).toEqual([]);
  });

  it('gives every incident more than 5 cm from a border the division that holds it', () => {
    const points = readExpected('toronto/expected/mci_2018__division__tor_div.csv.gz');
    const { asked, wrong } = compareWithExpected(exchange, 'police', points);
    expect(asked).toBe(30_931);
    expect(wrong).toEqual([]);
  });

  it('loads the neighbourhoods as they are, because they are exact already', async () => {
    const report = await importOrFail(exchange, {
      text: readCity('toronto/neighbourhoods_140.geojson'),
      layer: 'hood',
      tier: 'neighbourhood',
      codeField: 'AREA_SHORT_CODE',
      nameField: 'AREA_NAME',
      create: 'partition',
    });
    expect(report.counts.NEW).toBe(140);
    expect(report.changes).toEqual([]);
    const points = readExpected('toronto/expected/mci_2018__hood_id__tor_nb.csv.gz');
    const { asked, wrong } = compareWithExpected(exchange, 'hood', points);
    expect(asked).toBe(30_309);
    expect(wrong).toEqual([]);
  });

  it('finds nothing to do when the same file comes again', async () => {
    const before = exchange.editions.latest;
    const { create: _, ...again } = DIVISIONS;
    const report = await importOrFail(exchange, { ...again, text: readCity('toronto/police_divisions.geojson') });
    expect(report.counts).toMatchObject({ SAME: 16, CHANGED: 0, NEW: 0 });
    expect(report.edition).toBeNull();
    expect(exchange.editions.latest).toBe(before);
  });
});

describe.runIf(isAtHand('seattle'))('Seattle (needs ../shared/data/seattle)', () => {
  it('nests the beats of 2015 in their precincts by location, by the 0.1 % rule', async () => {
    await importOrFail(exchange, { ...PRECINCTS, text: readCity('seattle/spd_precincts.geojson') });
    const report = await importOrFail(exchange, { ...BEATS, text: readCity('seattle/spd_beats_2015.geojson') });
    expect(report.counts.NEW).toBe(51);
    expect(report.rows.find((row) => row.code === 'B1')?.parent).toBe('N');
    expect(report.rows.find((row) => row.code === 'W3')?.parent).toBe('SW');
    const points = readExpected('seattle/expected/spd_911_2016__beat__sea_beats.csv.gz');
    expect(compareWithExpected(exchange, 'spd', points)).toEqual({ asked: 660, wrong: [] });
  });

  it('refuses the beats of 2017 in the old precincts: water, Harbor and ten beats do not nest, each with its share', async () => {
    const { create: _, ...beats } = { ...BEATS, codeField: 'beat', nameField: 'beat' };
    const text = readCity('seattle/spd_beats_2017.geojson');
    const report = await exchange.importer.importGrids({ ...beats, text, commit: true });
    expect(report.refusal?.code).toBe('NOT_NESTED');
    expect(report.committed).toBe(false);
    const refused = report.rows.filter((row) => row.action === 'REFUSED').map((row) => row.code);
    expect(refused).toEqual(expect.arrayContaining(['99', 'H1', 'H2', 'H3', 'K3', 'E1']));
    expect(report.rows.find((row) => row.code === 'E1')?.faults[0].message).toContain('0.17 %');
  });

  it('loads the beats of 2017 as a layer of their own', async () => {
    const text = readCity('seattle/spd_beats_2017.geojson');
    const options = {
      layer: 'spd2017',
      tier: 'beat',
      codeField: 'beat',
      nameField: 'beat',
      create: 'partition',
    } as const;
    await importOrFail(exchange, { ...options, text });
    const points = readExpected('seattle/expected/spd_911_2016__beat__sea_beats2.csv.gz');
    expect(compareWithExpected(exchange, 'spd2017', points)).toEqual({ asked: 670, wrong: [] });
  });
});

describe.runIf(isAtHand('philadelphia'))('Philadelphia (needs ../shared/data/philadelphia)', () => {
  it('loads with 29 slivers decided, and agrees with what PostGIS says of every shooting', async () => {
    const report = await importOrFail(exchange, {
      text: readCity('philadelphia/police_districts.geojson'),
      layer: 'phl',
      tier: 'district',
      codeField: 'dist_num',
      nameField: 'dist_numc',
      create: 'partition',
    });
    expect(report.changes).toHaveLength(29);
    const points = readExpected('philadelphia/expected/shootings__dist__phl_dist.csv.gz');
    expect(compareWithExpected(exchange, 'phl', points)).toEqual({ asked: 6969, wrong: [] });
  });
});

describe.runIf(CITIES.every(isAtHand))('export of what was imported (needs all three cities of ../shared/data)', () => {
  it.each([
    ['police', 'division', 16, undefined],
    ['spd', 'beat', 51, 'parent'],
    ['phl', 'district', 21, undefined],
  ])('of %s/%s comes back unchanged', async (layer, tier, count, parentField) => {
    let text = '';
    for await (const piece of exchange.exporter.exportGrids({ layer, tier })) text += piece;
    const options = { layer, tier, codeField: 'code', nameField: 'name', kindField: 'kind', parentField };
    const report = await importOrFail(exchange, { ...options, text });
    expect(report.counts).toMatchObject({ SAME: count, CHANGED: 0, NEW: 0, MISSING: 0 });
    expect(report.changes).toEqual([]);
  });
});
