import { CsvError } from 'csv-parse';
import { parse } from 'csv-parse/sync';
import { DomainError } from '../errors.ts';
import { decodeText } from './decodeText.ts';

/** One line of a file. `row` counts as a spreadsheet does, the header being row 1. */
export interface CsvRecord {
  readonly row: number;
  readonly cells: readonly string[];
}

/** A file as it came; blank lines are left out but counted. */
export interface CsvTable<C> {
  readonly encoding: string;
  readonly columns: C;
  readonly records: readonly CsvRecord[];
}

/**
 * Reads a CSV file whose first line names its columns; `readHeader` judges their names, trimmed and in lower case.
 * Throws BAD_ENCODING, and BAD_FILE for a file that is empty, is not CSV or has no rows.
 */
export function readCsv<C>(
  bytes: Uint8Array,
  encoding: string | undefined,
  readHeader: (names: readonly string[]) => C,
): CsvTable<C> {
  const decoded = decodeText(bytes, encoding);
  const [header, ...lines] = parseCsv(decoded.text);
  if (!header) throw badFile('The file is empty; the first line must name the columns.');
  const columns = readHeader(header.map((name) => name.trim().toLowerCase()));
  const records = lines
    .map((cells, index) => ({ row: index + 2, cells }))
    .filter(({ cells }) => cells.some((cell) => cell.trim() !== ''));
  if (records.length === 0) throw badFile('The file has a header but no rows.');
  return { encoding: decoded.encoding, columns, records };
}

/** The error of a file that cannot be read as a whole. */
export function badFile(message: string, details: Record<string, unknown> = {}, cause?: unknown): DomainError {
  return new DomainError('BAD_FILE', message, details, { cause });
}

function parseCsv(text: string): string[][] {
  try {
    return parse(text, { bom: true, relax_column_count: true });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw badFile(`The file is not CSV: ${error.message}.`, { fault: error.code }, error);
  }
}
