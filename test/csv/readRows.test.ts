import { describe, expect, it } from 'vitest';
import { columnReader } from '../../src/csv/readColumns.ts';
import { readCsv } from '../../src/csv/readCsv.ts';
import { readRows } from '../../src/csv/readRows.ts';
import { RowCells } from '../../src/csv/rowCells.ts';
import { DomainError } from '../../src/errors.ts';

type Column = 'code' | 'name' | 'from';

const known = { code: 'A stable key.', name: 'Its name.', from: 'Since when.' };
const required: readonly Column[] = ['code', 'name'];

class Cells extends RowCells<Column> {
  protected override judge(column: Column, value: string): void {
    if (value.includes('?')) this.fault(column, value, 'is in doubt');
  }

  override text(column: Column, longest: number): string | null {
    if (this.cell(column).length > longest) this.fault(column, this.cell(column), 'is too long');
    return this.cell(column) || null;
  }
}

const columns = columnReader<Column>({ known, required });
const read = (text: string, header = columns) =>
  readRows(readCsv(Buffer.from(text), undefined, header), Cells, (cells) => {
    const row = { row: cells.row, code: cells.required('code', 5), name: cells.text('name', 9) };
    const from = cells.instant('from', (day) => (day === 'noon' ? new Date(0) : undefined));
    return row.name === 'nobody' ? undefined : { ...row, from };
  });

function refusal(header: string, reader = columns): { message: string; details: unknown } {
  try {
    read(`${header}\n1,2,3,4\n`, reader);
  } catch (error) {
    if (!(error instanceof DomainError && error.code === 'BAD_FILE')) throw error;
    return { message: error.message, details: error.details };
  }
  throw new Error('It was accepted.');
}

describe('the columns of a file', () => {
  it('may come in any order, in capitals and without those that are not required', () => {
    const row = { row: 2, code: 'A', name: 'x', from: null };
    expect(read(' NAME ,code\nx,A\n').rows).toEqual([row]);
    expect(read('from,code,name\n,A,x\n').rows).toEqual([row]);
  });

  it('are refused by name when unknown, there twice or missing', () => {
    expect(refusal('code,name,age')).toEqual({
      message: 'Column "age" is not known; take it out. Known columns: code, name, from.',
      details: { column: 'age' },
    });
    expect(refusal('code,name,,from').message).toContain('Column "" is not known');
    expect(refusal('code,name,code')).toEqual({
      message: 'Column "code" is there twice.',
      details: { column: 'code' },
    });
    expect(refusal('code,from')).toEqual({
      message: 'Column "name" is missing: Its name.',
      details: { column: 'name' },
    });
  });

  it('say why a forbidden one must go, and what else there is to know', () => {
    const forbidden = { names: /phone/, because: 'is private' };
    const strict = columnReader<Column>({ known, required, forbidden, hint: 'Ask the office.' });
    const ways = 'take it out. Ask the office. Known columns: code, name, from.';
    expect(refusal('code,name,my_phone', strict).message).toBe(`Column "my_phone" is private; ${ways}`);
    expect(refusal('code,name,age', strict).message).toBe(`Column "age" is not known; ${ways}`);
  });
});

describe('the rows of a file', () => {
  it('are kept when nothing is wrong with them, and every fault of the others is told', () => {
    const file = read('code,name,from\n A , x ,noon\n\n,y?,dusk\ntoolong,z\nB,nobody,\nC,w,\n');
    expect(file.rows).toEqual([
      { row: 2, code: 'A', name: 'x', from: new Date(0) },
      { row: 7, code: 'C', name: 'w', from: null },
    ]);
    const instant = 'is not a date like 2024-03-01 or an instant like 2024-03-01T08:00:00+08:00';
    expect(file.faults).toEqual([
      { row: 4, column: 'name', value: 'y?', reason: 'is in doubt' },
      { row: 4, column: 'code', value: '', reason: 'is empty' },
      { row: 4, column: 'from', value: 'dusk', reason: instant },
      { row: 5, column: '', value: 'toolong,z', reason: 'has 2 cells where the header names 3 columns' },
      { row: 5, column: 'code', value: 'toolong', reason: 'is too long' },
    ]);
    expect([file.encoding, file.rowCount]).toEqual(['UTF-8', 5]);
  });
});
