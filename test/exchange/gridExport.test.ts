import { beforeAll, expect, it } from 'vitest';
import { emptyTables, openTestDatabase } from '../support/database.ts';
import { type Exchange, importOrFail, openExchange } from './openExchange.ts';
import { FIELDS, fileOf, square } from './squares.ts';

const TOWNS = { layer: 'gov', tier: 'town', ...FIELDS } as const;
const VILLAGES = { ...TOWNS, tier: 'village', parentField: 'parent' } as const;
const VILLAGE_FILE = fileOf([
  { code: 'V1', parent: 'T', rings: [square(0, 0, 2, 4)] },
  { code: 'V2', parent: 'T', rings: [square(2, 0, 2, 4), square(2.5, 1).reverse()] },
]);
let exchange: Exchange;

beforeAll(async () => {
  const { db } = await openTestDatabase();
  await emptyTables(db);
  exchange = openExchange(db, () => new Date('2024-05-01T00:00:00Z'));
  const create = 'partition' as const;
  await importOrFail(exchange, { ...TOWNS, create, text: fileOf([{ code: 'T', rings: [square(0, 0, 4)] }]) });
  await importOrFail(exchange, { ...VILLAGES, create, text: VILLAGE_FILE });
  const renamed = VILLAGE_FILE.replace('Grid V1', 'New name');
  await importOrFail(exchange, { ...VILLAGES, text: renamed });
});

async function exported(input: Parameters<Exchange['exporter']['exportGrids']>[0]): Promise<string> {
  let text = '';
  for await (const piece of exchange.exporter.exportGrids(input)) text += piece;
  return text;
}

it('comes back unchanged, holes and parents too', async () => {
  const text = await exported({ layer: 'gov', tier: 'village' });
  const options = { ...VILLAGES, kindField: 'kind', text };
  const report = await importOrFail(exchange, options);
  expect(report.counts).toMatchObject({ SAME: 2, CHANGED: 0, NEW: 0, MISSING: 0 });
  expect(report.changes).toEqual([]);
});

it('writes a whole layer from the root down, as of a date and as an edition knew it', async () => {
  const names = async (input: object) =>
    JSON.parse(await exported({ layer: 'gov', ...input })).features.map(
      (feature: { properties: { code: string; name: string } }) => feature.properties.name,
    );
  expect(await names({})).toEqual(['Grid T', 'New name', 'Grid V2']);
  expect(await names({ asOf: new Date('2024-04-30T00:00:00Z') })).toEqual(['Grid T', 'Grid V1', 'Grid V2']);
  expect(await names({ edition: 2 })).toEqual(['Grid T', 'Grid V1', 'Grid V2']);
  expect(await names({ edition: 1 })).toEqual(['Grid T']);
});

it('refuses a layer, tier and edition that are not there, before the first piece', () => {
  const { exporter } = exchange;
  expect(() => exporter.exportGrids({ layer: 'goov' })).toThrow(/no layer goov; there is gov/);
  expect(() => exporter.exportGrids({ layer: 'gov', tier: 'sector' })).toThrow(/it has town, village/);
  expect(() => exporter.exportGrids({ layer: 'gov', edition: 99 })).toThrow(/there are 1 to 3/);
});
