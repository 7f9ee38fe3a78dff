import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { DomainError } from '../../../src/errors.ts';
import { readPostsFile } from '../../../src/posts/import/postsFile.ts';

const HEADER = 'grid_code,role,holder_kind,holder_name,office_phone,body,languages,rank,from,to';
const ROW = '421303187001,officer,person,李建国,0722-3312345,淅河派出所,zh;pcc,PRIMARY,2023-01-01,';
const TEXT = `${HEADER}\n${ROW}\n421303187002,officer,person,张桂芳,0722-3312346,淅河派出所,zh,DEPUTY,2023-02-01,2024-02-01\n`;

function codeOf(run: () => unknown): { code: string; message: string; details: Record<string, unknown> } {
  try {
    run();
  } catch (error) {
    if (error instanceof DomainError)
      return { code: error.code, message: error.message, details: { ...error.details } };
    throw error;
  }
  throw new Error('It was accepted.');
}

const timeZone = 'Asia/Shanghai';
const read = (text: string) => readPostsFile(Buffer.from(text), { timeZone });
const faultsOf = (row: string, header = HEADER) => read(`${header}\n${row}\n`).faults;

describe('encodings of a posts file', () => {
  const cases: [string, Buffer][] = [
    ['UTF-8', Buffer.from(TEXT)],
    ['UTF-8', Buffer.from(`\uFEFF${TEXT}`)],
    ['GB18030', iconv.encode(TEXT.repeat(1), 'GB18030')],
    ['UTF-16LE', iconv.encode(TEXT, 'UTF-16LE', { addBOM: true })],
    ['UTF-16LE', iconv.encode(TEXT, 'UTF-16LE', { addBOM: false })],
    ['UTF-16BE', iconv.encode(TEXT, 'UTF-16BE', { addBOM: true })],
  ];
  it.each(cases)('reads %s without being told', (encoding, bytes) => {
    const file = readPostsFile(bytes, { timeZone });
    expect(file.faults).toEqual([]);
    expect(file.encoding).toBe(encoding);
    expect(file.rows.map((row) => row.holderName)).toEqual(['李建国', '张桂芳']);
  });

  it('reads Big5 when it is named, and when it can be recognised', () => {
    const names = [
      '陳建國',
      '張桂芳',
      '調解委員會',
      '網格員與警務區負責人員名單',
      '鄉鎮派出所的聯絡電話',
      '這個社區的志願者們',
    ];
    const rows = names.map((name) => `1,officer,person,${name}`);
    const bytes = iconv.encode(`grid_code,role,holder_kind,holder_name\n${rows.join('\n')}\n`, 'Big5');
    expect(readPostsFile(bytes, { timeZone, encoding: 'big5' }).rows.map((row) => row.holderName)).toEqual(names);
    expect(readPostsFile(bytes, { timeZone }).rows.map((row) => row.holderName)).toEqual(names);
  });

  it('refuses GB18030 bytes that are said to be UTF-8 and names the first byte that does not fit', () => {
    const bytes = iconv.encode(TEXT, 'GB18030');
    const refused = codeOf(() => readPostsFile(bytes, { timeZone, encoding: 'utf-8' }));
    expect(refused.code).toBe('BAD_ENCODING');
    expect(refused.details.offset).toBe(bytes.findIndex((byte) => byte >= 0x80));
  });

  it('refuses UTF-8 bytes that are said to be GB18030 or Big5, though both would read them as other letters', () => {
    for (const encoding of ['GB18030', 'Big5']) {
      expect(codeOf(() => readPostsFile(Buffer.from(TEXT), { timeZone, encoding })).code).toBe('BAD_ENCODING');
    }
  });

  it('refuses bytes of no encoding, cut UTF-16 and an encoding nobody knows', () => {
    const broken = Buffer.concat([Buffer.from(`${HEADER}\n1,officer,person,`), Buffer.from([0xff, 0xff, 0x80, 0x0a])]);
    const refused = codeOf(() => readPostsFile(broken, { timeZone }));
    expect(refused.code).toBe('BAD_ENCODING');
    expect(refused.details.offset).toBe(broken.indexOf(0xff));
    const cut = iconv.encode(TEXT, 'UTF-16LE', { addBOM: true }).subarray(0, -1);
    expect(codeOf(() => readPostsFile(cut, { timeZone })).details.offset).toBe(cut.length - 1);
    expect(codeOf(() => readPostsFile(Buffer.from(TEXT), { timeZone, encoding: 'klingon' })).message).toContain(
      'klingon is not known',
    );
  });
});

describe('the form of a posts file', () => {
  it('reads every column in any order', () => {
    const file = read(
      'to,from,rank,languages,body_kind,body,office_phone,holder_code,holder_name,holder_kind,role,scheme,grid_code\n' +
        '2024-03-01T00:00:00Z,2024-02-01,support,zh；pcc,STATION,,110,B1,调解队,Body,mediator,local,G1\n',
    );
    expect(file.faults).toEqual([]);
    expect(file.rows).toEqual([
      {
        row: 2,
        gridCode: 'G1',
        scheme: 'local',
        role: 'mediator',
        holderKind: 'body',
        holderName: '调解队',
        holderCode: 'B1',
        officePhone: '110',
        body: null,
        bodyKind: 'STATION',
        languages: ['zh', 'pcc'],
        rank: 'SUPPORT',
        from: new Date('2024-01-31T16:00:00Z'),
        to: new Date('2024-03-01T00:00:00Z'),
      },
    ]);
  });

  it.each([
    ['', 'empty'],
    ['\uFEFF', 'empty'],
    [`${HEADER}\n`, 'no rows'],
    [`${HEADER}\n\n ,,,,,,,,,\n`, 'no rows'],
    ['grid_code,role,holder_kind\n1,2,person\n', '"holder_name" is missing'],
    ['grid_code,role,holder_kind,holder_name,role\n', 'twice'],
    ['grid_code,role,holder_kind,holder_name,colour\n', 'Known columns: grid_code, scheme'],
    [`${HEADER}\n1,"officer,person,x\n`, 'not CSV'],
  ])('refuses the whole file %j', (text, reason) => {
    const refused = codeOf(() => read(text));
    expect(refused.code).toBe('BAD_FILE');
    expect(refused.message).toContain(reason);
  });

  it.each(['身份证号', '手机', 'mobile', 'id_card', 'Home_Address', '现住址', 'residents'])(
    'refuses the column %s as data about residents',
    (column) => {
      const refused = codeOf(() => read(`grid_code,role,holder_kind,holder_name,${column}\n1,officer,person,x,y\n`));
      expect(refused.code).toBe('BAD_FILE');
      expect(refused.message).toContain('never keeps');
    },
  );

  it.each([
    ['1,,person,x,,,,,,', 'role', 'is empty'],
    ['1,officer,robot,x,,,,,,', 'holder_kind', 'is none of person, body'],
    ['1,officer,person,x,call me,,,,,', 'office_phone', 'is not a phone number'],
    ['1,officer,person,x,,,普通话,,,', 'languages', 'is not a language tag'],
    ['1,officer,person,x,,,,BOSS,,', 'rank', 'is none of PRIMARY'],
    ['1,officer,person,x,,,,,2024-02-30,', 'from', 'is not a date'],
    ['1,officer,person,x,,,,,01/02/2024,', 'from', 'is not a date'],
    ['1,officer,person,x,,,,,2024-02-01,2024-02-01', 'to', 'is not after'],
    ['1,officer,body,x,,station,,,,', 'body', 'must be empty'],
    ['1,officer,person,x 110101199003071234,,,,,,', 'holder_name', 'identity card'],
    ['1,officer,person,"x\ny",,,,,,', 'holder_name', 'line break'],
    ['1,officer,person,x', '', 'has 4 cells'],
  ])('names row, column and reason for %s', (row, column, reason) => {
    const faults = faultsOf(row);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatchObject({ row: 2, column });
    expect(faults[0].reason).toContain(reason);
  });

  it('counts rows as a spreadsheet does, blank lines and cells of several lines included', () => {
    const file = read(`${HEADER}\n${ROW}\n,,,,,,,,,\n1,officer,robot,x,,,,,,\n`);
    expect(file.rowCount).toBe(2);
    expect(file.faults.map((fault) => fault.row)).toEqual([4]);
  });
});

describe('a day without a time', () => {
  it('begins where the time zone says; an instant with an offset does not depend on it', () => {
    const from = (timeZone: string, cell: string) =>
      readPostsFile(Buffer.from(`${HEADER}\n${ROW.replace('2023-01-01', cell)}\n`), { timeZone }).rows[0].from;
    expect(from('Asia/Shanghai', '2023-07-01')).toEqual(new Date('2023-06-30T16:00:00Z'));
    expect(from('America/New_York', '2023-07-01')).toEqual(new Date('2023-07-01T04:00:00Z'));
    expect(from('America/New_York', '2023-01-01')).toEqual(new Date('2023-01-01T05:00:00Z'));
    expect(from('America/New_York', '2023-07-01T00:00:00+08:00')).toEqual(new Date('2023-06-30T16:00:00Z'));
  });
});
