import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { FOR_PROGRAMS, FOR_SPREADSHEETS, faultsAsCsv } from '../../src/csv/writeCsv.ts';

const fault = (value: string) => ({ row: 2, column: 'name', value, reason: 'is bad' });

describe('faults as a CSV file', () => {
  it.each(['plain', 'a,b', 'say "x"', 'two\nlines', 'two\r\nlines', '李建国', ''])('say %j as it was', (value) => {
    const rows = [
      ['row', 'column', 'value', 'reason'],
      ['2', 'name', value, 'is bad'],
    ];
    for (const form of [FOR_PROGRAMS, FOR_SPREADSHEETS]) {
      expect(parse(faultsAsCsv([fault(value)], form), { bom: true })).toEqual(rows);
    }
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])(
    'hold nothing that a spreadsheet would run: %j',
    (value) => {
      expect(parse(faultsAsCsv([fault(value)], FOR_PROGRAMS))[1][2]).toBe(`'${value}`);
    },
  );

  it('end and begin as their readers expect', () => {
    expect(faultsAsCsv([], FOR_PROGRAMS)).toBe('row,column,value,reason\n');
    expect(faultsAsCsv([], FOR_SPREADSHEETS)).toBe('\uFEFFrow,column,value,reason\r\n');
  });
});
