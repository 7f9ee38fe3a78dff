import { type CsvTable, readCsv } from './readCsv.ts';
import { quoted } from './writeCsv.ts';
import { isXlsx, readXlsx } from './xlsx/readXlsx.ts';

/** Text for `readCsv`, with its encoding where that is known. */
export interface CsvBytes {
  readonly bytes: Uint8Array;
  readonly encoding: string | undefined;
}

/**
 * Reads a table from CSV or from an XLSX workbook, which one the bytes tell, into the same rows; `encoding` is for CSV. The
 * rows count as a spreadsheet does. Throws what `readCsv` throws, and BAD_FILE for a workbook that cannot be read.
 */
export async function readTable<C>(
  bytes: Uint8Array,
  encoding: string | undefined,
  readHeader: (names: readonly string[]) => C,
): Promise<CsvTable<C>> {
  const csv = await asCsv(bytes, encoding);
  return readCsv(csv.bytes, csv.encoding, readHeader);
}

/** CSV as it came; a workbook as CSV in UTF-8, for readers that know CSV only. Throws BAD_FILE for a workbook that cannot be read. */
export async function asCsv(bytes: Uint8Array, encoding?: string): Promise<CsvBytes> {
  if (!isXlsx(bytes)) return { bytes, encoding };
  const rows = await readXlsx(bytes);
  // Blank lines are kept, so that rows keep their numbers.
  const text = rows.map((row) => row.map(quoted).join(',')).join('\n');
  return { bytes: Buffer.from(text), encoding: 'UTF-8' };
}
