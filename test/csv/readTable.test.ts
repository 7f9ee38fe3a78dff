import { describe, expect, it } from 'vitest';
import { asCsv, readTable } from '../../src/csv/readTable.ts';
import { DomainError } from '../../src/errors.ts';
import { rowsXml, workbook, workbookParts, zip } from './workbook.ts';

const names = (header: readonly string[]) => header;
const read = (bytes: Uint8Array) => readTable(bytes, undefined, names);

async function refusal(bytes: Uint8Array): Promise<DomainError> {
  const error = await read(bytes).then(
    () => undefined,
    (caught) => caught,
  );
  expect(error).toBeInstanceOf(DomainError);
  return error as DomainError;
}

describe('a table', () => {
  it('is the same rows from CSV and from a workbook, numbered as a spreadsheet does', async () => {
    const csv = await read(Buffer.from('Name,Note\n一号,"a, ""b"""\n\n三号,\n'));
    const xlsx = await read(workbook([['Name', 'Note'], ['一号', 'a, "b"'], [], ['三号', null]]));
    expect(xlsx.records).toEqual([
      { row: 2, cells: ['一号', 'a, "b"'] },
      { row: 4, cells: ['三号', ''] },
    ]);
    expect([csv.columns, csv.records.map(({ row }) => row)]).toEqual([xlsx.columns, [2, 4]]);
    expect([csv.encoding, xlsx.encoding]).toEqual(['UTF-8', 'UTF-8']);
  });

  it('has numbers as they are stored, dates as days, and of formulas the value they were saved with', async () => {
    const { records } = await read(
      workbook([
        ['a', 'b', 'c', 'd', 'e'],
        [
          421303187001002,
          105.2000001,
          { date: 45352 },
          { xml: ' t="str"><f>WEBSERVICE("http://x")</f><v>kept</v>' },
          { date: 45352.5 },
        ],
      ]),
    );
    expect(records[0].cells).toEqual(['421303187001002', '105.2000001', '2024-03-01', 'kept', '2024-03-01T12:00:00']);
  });

  it('is CSV as it came where it is no workbook', async () => {
    const bytes = Buffer.from('a\n1\n');
    expect(await asCsv(bytes, 'gb18030')).toEqual({ bytes, encoding: 'gb18030' });
  });
});

describe('a workbook is refused', () => {
  const sheet = rowsXml([['a'], ['1']]);
  it.each<[string, Buffer, RegExp]>([
    ['that is damaged', workbook([['a'], ['1']]).subarray(0, 400), /damaged/],
    ['in the old form of Excel', Buffer.from('d0cf11e0a1b11ae1', 'hex'), /old or protected/],
    ['with rows in two sheets', zip(workbookParts([sheet, sheet])), /2 sheets/],
    ['without rows', zip(workbookParts(['', ''])), /empty/],
    ['that is a ZIP file of something else', zip([{ name: 'a.txt', text: 'a' }]), /cannot be read/],
    [
      'that claims another size than it has',
      zip([...workbookParts([sheet]), { name: 'x.xml', text: 'abc', claims: 50_000_000 }]),
      /damaged/,
    ],
    [
      'that claims less than it has',
      zip([...workbookParts([sheet]), { name: 'x.xml', text: Buffer.alloc(5_000_000), claims: 10 }]),
      /damaged/,
    ],
    ['with very many parts', zip(Array.from({ length: 600 }, (_, i) => ({ name: `${i}.xml`, text: '' }))), /600 parts/],
    [
      'whose one cell is far out',
      workbook([['a'], [{ xml: '><v>1</v></c><c r="XFD1048576"><v>1</v>' }]]),
      /XFD1048576/,
    ],
    [
      'whose row is far down',
      zip(workbookParts([`${sheet}<row r='900000'><c t="inlineStr"><is><t>x</t></is></c></row>`])),
      /900000/,
    ],
  ])('%s', async (_, bytes, words) => {
    const { code, message } = await refusal(bytes);
    expect([code, message]).toEqual(['BAD_FILE', expect.stringMatching(words)]);
  });

  it('that unpacks to more than 100 MB, before that is unpacked, in little memory', async () => {
    const bomb = zip([
      ...workbookParts([sheet]),
      ...Array.from({ length: 4 }, (_, i) => ({ name: `xl/${i}.xml`, text: Buffer.alloc(30_000_000) })),
    ]);
    expect(bomb.length).toBeLessThan(200_000);
    const { message } = await refusal(bomb);
    expect(message).toMatch(/too large/);
  });
});
