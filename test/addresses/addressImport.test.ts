import iconv from 'iconv-lite';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ImportAddressesOptions } from '../../src/addresses/import/addressImport.service.ts';
import { FOR_SPREADSHEETS, faultsAsCsv } from '../../src/csv/writeCsv.ts';
import { type Api, openApi } from '../support/api.ts';
import { countRows, emptyTables, openTestDatabase } from '../support/database.ts';

let api: Api;
beforeEach(async () => {
  await emptyTables((await openTestDatabase()).db);
  api = await openApi();
});

const HEADER = 'id,text,aliases,lon,lat,datum,building,from,to';
const GOOD = [
  'A1,泉州市丰泽区中山路12号,老邮局;中山路邮电所,118.6,24.9,,,2020-01-01,',
  'A2,泉州市丰泽区中山路14号3号楼501室,,118.601,24.901,,便民服务中心,2020-01-01,',
  'A3,泉州市丰泽区中山路14号3号楼502室,,118.601,24.901,,便民服务中心,2020-01-01,',
];
const file = (...lines: string[]) => Buffer.from([HEADER, ...lines].join('\n'));
const run = (bytes: Uint8Array, options: Partial<ImportAddressesOptions> = {}) =>
  api.app.importers.addresses.importAddresses(bytes, { commit: true, ...options });
const find = async (search: string, asOf?: string) => {
  const query = `query ($search: String!, $asOf: DateTime) { addresses(search: $search, asOf: $asOf, first: 1) {
    address { id text aliases point { lon lat } building { id name } } } }`;
  return (await api.ask(query, { search, asOf })).addresses[0]?.address;
};

describe('a file of addresses', () => {
  it('is one edition, and makes nothing new when it comes again', async () => {
    const report = await run(file(...GOOD));
    expect(report).toMatchObject({
      rows: 3,
      faults: [],
      would: { addresses: 3, buildings: 1, changes: 0 },
      edition: 1,
    });
    expect(await find('老邮局')).toMatchObject({ text: '泉州市丰泽区中山路12号', aliases: ['老邮局', '中山路邮电所'] });
    const [a, b] = [await find('中山路14号3号楼501'), await find('中山路14号3号楼502')];
    expect(a.building).toMatchObject({ name: '便民服务中心' });
    expect(b.building.id).toBe(a.building.id);
    expect(await run(file(...GOOD))).toMatchObject({ nothingNew: true, edition: null });
    expect(api.app.editions.latest).toBe(1);
  });

  it('is only told of, and nothing written, in a dry run', async () => {
    const report = await run(file(...GOOD), { commit: false });
    expect(report).toMatchObject({ would: { addresses: 3 }, edition: null });
    expect(await countRows((await openTestDatabase()).db)).toMatchObject({ address: 0, edition: 0 });
  });

  it('is read in GB18030 and in Big5 as in UTF-8', async () => {
    for (const encoding of ['gb18030', 'big5']) {
      const text = [HEADER, '甲1,台北市中正路12號,,121.5,25.03,,,2020-01-01,'].join('\n').replace('甲1', encoding);
      const report = await run(Buffer.from(iconv.encode(text, encoding)), { encoding });
      expect(report.faults).toEqual([]);
      expect(await find('台北市中正路12号')).toMatchObject({ text: '台北市中正路12號' });
    }
  });

  it('is moved to WGS84 from the datum of the file or of the row', async () => {
    await run(file('G,丰泽区甲路1号,,118.6,24.9,,,,', 'W,丰泽区乙路1号,,118.6,24.9,wgs84,,,'), { datum: 'GCJ02' });
    const [moved, kept] = [await find('甲路1号'), await find('乙路1号')];
    expect(kept.point).toEqual({ lon: 118.6, lat: 24.9 });
    expect(Math.abs(moved.point.lon - 118.6)).toBeGreaterThan(0.002);
  });

  it('changes what it says of a known address from a day on, and keeps what was before', async () => {
    await run(file(...GOOD));
    const id = (await find('老邮局')).id;
    const report = await run(file('A1,泉州市丰泽区迎宾路2号,老邮局,118.6,24.9,,,2025-01-01,'));
    expect(report).toMatchObject({ would: { addresses: 0, changes: 1 }, edition: 2 });
    expect(await find('老邮局')).toMatchObject({ id, text: '泉州市丰泽区迎宾路2号' });
    expect(await find('老邮局', '2024-06-01T00:00:00Z')).toMatchObject({ id, text: '泉州市丰泽区中山路12号' });
    const ended = await run(file('A1,泉州市丰泽区迎宾路2号,老邮局,118.6,24.9,,,2025-01-01,2026-01-01'));
    expect(ended.edition).toBe(3);
    expect(await find('老邮局')).toBeUndefined();
    expect(await find('老邮局', '2025-06-01T00:00:00Z')).toMatchObject({ id });
  });
});

describe('bad rows', () => {
  const BAD = [
    'B1,泉州市丰泽区中山路15号,,238.6,24.9,,,,',
    'B2,,,118.6,24.9,,,,',
    'B3,泉州市丰泽区中山路16号,,118.6,24.9,MARS,,,',
    'B4,泉州市丰泽区中山路17号,,118.6,24.9,,,2024-02-30,',
    'B5,泉州市丰泽区中山路18号,,118.6,24.9,,,2024-02-01,2024-01-01',
    'B6,12号,,118.6,24.9,,,,',
    'A1,泉州市丰泽区中山路19号,,118.6,24.9,,,2020-01-01,',
    'B8,泉州市丰泽区中山路20号,13812345678,118.6,24.9,,,,',
    'B9,泉州市丰泽区中山路21号,,119.9,24.9,,便民服务中心,,',
    'B10,泉州市丰泽区中山路22号,,24.9,118.6,,,,',
    'B11,泉州市丰泽区中山路23号',
  ];
  const FAULTS = [
    [5, 'lon'],
    [6, 'text'],
    [7, 'datum'],
    [8, 'from'],
    [9, 'to'],
    [10, 'text'],
    [11, 'id'],
    [12, 'aliases'],
    [13, 'building'],
    [14, 'lat'],
    [15, ''],
  ];

  it('are reported with row, column, value and reason, and keep the whole file out', async () => {
    const report = await run(file(...GOOD, ...BAD));
    const first = new Map(report.faults.map((fault) => [fault.row, fault.column]).reverse() as [number, string][]);
    expect([...first].sort(([a], [b]) => a - b)).toEqual(FAULTS);
    for (const { value, reason } of report.faults) {
      expect(reason.length).toBeGreaterThan(5);
      expect(value).not.toContain('13812345678');
    }
    expect(report.edition).toBeNull();
    expect(api.app.editions.latest).toBe(0);
  });

  it('are left out, and the good ones kept, where that is asked', async () => {
    const report = await run(file(...GOOD, ...BAD), { keepGood: true });
    expect(report).toMatchObject({ edition: 1, would: { addresses: 3 } });
    expect(await find('中山路12号')).toMatchObject({ aliases: ['老邮局', '中山路邮电所'] });
    expect((await find('中山路15号'))?.text).not.toBe('泉州市丰泽区中山路15号');
  });

  it('come as a CSV file that a spreadsheet reads and does not run', () => {
    const text = faultsAsCsv([{ row: 2, column: 'text', value: '=1+1,"x"', reason: 'is empty' }], FOR_SPREADSHEETS);
    expect(text).toBe('\uFEFFrow,column,value,reason\r\n2,text,"\'=1+1,""x""",is empty\r\n');
  });
});

describe('a file that is none', () => {
  it.each([
    ['without a needed column', 'id,text,lon\nA,B,1', 'lat'],
    ['with an unknown column', 'text,lon,lat,colour\nA,1,1,red', 'colour'],
    ['with data about people', 'text,lon,lat,户主\nA,1,1,张三', '户主'],
  ])('is refused %s', async (_, text, column) => {
    await expect(run(Buffer.from(text))).rejects.toMatchObject({ code: 'BAD_FILE', details: { column } });
  });
});
