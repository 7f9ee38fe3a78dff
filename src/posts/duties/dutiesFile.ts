import { z } from 'zod';
import { instantOf } from '../../clock.ts';
import type { CellFault } from '../../csv/cellFault.ts';
import { badFile, readCsv } from '../../csv/readCsv.ts';
import type { Stance } from './dutyRule.ts';

const STANCES: readonly Stance[] = ['MAY', 'LEADS', 'SUPPORTS', 'NOT'];
const cell = (most: number) => z.string().trim().min(1, 'is empty').max(most, `is longer than ${most} characters`);
const maybe = (most: number) =>
  z
    .string()
    .trim()
    .max(most, `is longer than ${most} characters`)
    .transform((text) => text || null);

/** Every column of a duties file: one row says what one role may do about one matter, at a tier, in an area. */
const ROW = z.strictObject({
  role: cell(64),
  category: cell(64),
  stance: z
    .string()
    .transform((text) => text.trim().toUpperCase())
    .pipe(z.enum(STANCES, `is none of ${STANCES.join(', ')}`)),
  layer: maybe(64),
  tier: maybe(64),
  grid_code: maybe(64),
  scheme: maybe(64),
  from: maybe(40),
  to: maybe(40),
});
const COLUMNS = Object.keys(ROW.shape);
const REQUIRED = ['role', 'category', 'stance'];

export interface DutyRow {
  readonly row: number;
  readonly role: string;
  readonly category: string;
  readonly stance: Stance;
  readonly layer: string | null;
  readonly tier: string | null;
  readonly gridCode: string | null;
  readonly scheme: string | null;
  readonly from: Date | null;
  readonly to: Date | null;
}

export interface DutiesFile {
  readonly rowCount: number;
  readonly rows: DutyRow[];
  readonly faults: CellFault[];
}

/** Reads a duties file. Faults of rows are returned; throws BAD_ENCODING, and BAD_FILE naming the columns that are wanted. */
export function readDutiesFile(bytes: Uint8Array, timeZone: string, encoding?: string): DutiesFile {
  const { columns, records } = readCsv(bytes, encoding, readHeader);
  const rows: DutyRow[] = [];
  const faults: CellFault[] = [];
  for (const { row, cells } of records) {
    const read = readRow(row, columns, cells, timeZone);
    if (Array.isArray(read)) faults.push(...read);
    else rows.push(read);
  }
  return { rowCount: records.length, rows, faults };
}

function readHeader(names: readonly string[]): readonly string[] {
  const unknown = names.filter((name) => !COLUMNS.includes(name));
  const missing = REQUIRED.filter((name) => !names.includes(name));
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  const wrong = [...unknown, ...missing, ...twice];
  if (wrong.length === 0) return names;
  const message = `The first line names columns out of ${COLUMNS.join(', ')}, each once; ${REQUIRED.join(', ')} must be there. Look at: ${wrong.join(', ')}.`;
  throw badFile(message, { columns: COLUMNS, wrong });
}

function readRow(
  row: number,
  columns: readonly string[],
  cells: readonly string[],
  timeZone: string,
): DutyRow | CellFault[] {
  if (cells.length !== columns.length) {
    const reason = `has ${cells.length} cells where the header names ${columns.length} columns`;
    return [{ row, column: '', value: cells.join(','), reason }];
  }
  const given = new Map(columns.map((name, index) => [name, cells[index]]));
  const read = ROW.safeParse(Object.fromEntries(COLUMNS.map((name) => [name, given.get(name) ?? ''])));
  if (!read.success) {
    return read.error.issues.map(({ path, message }) => {
      const column = String(path[0]);
      return { row, column, value: (given.get(column) ?? '').slice(0, 64), reason: message };
    });
  }
  const { grid_code: gridCode, from, to, ...rest } = read.data;
  const faults: CellFault[] = [];
  const fault = (column: string, value: string | null, reason: string) =>
    void faults.push({ row, column, value: value ?? '', reason });
  const dates = [readInstant(from, timeZone), readInstant(to, timeZone)];
  if (dates[0] === 'wrong') fault('from', from, 'is not a date like 2024-03-01 or an instant with a zone');
  if (dates[1] === 'wrong') fault('to', to, 'is not a date like 2024-03-01 or an instant with a zone');
  if ((rest.layer === null) !== (rest.tier === null)) fault('tier', rest.tier, 'needs its layer, and a layer its tier');
  if (rest.scheme !== null && gridCode === null) fault('scheme', rest.scheme, 'stands without a grid_code');
  if (faults.length > 0) return faults;
  const [begin, end] = dates as (Date | null)[];
  if (begin && end && end <= begin) fault('to', to, 'is not after `from`');
  return faults.length > 0 ? faults : { row, ...rest, gridCode, from: begin, to: end };
}

function readInstant(text: string | null, timeZone: string): Date | null | 'wrong' {
  return text === null ? null : (instantOf(text, timeZone) ?? 'wrong');
}
