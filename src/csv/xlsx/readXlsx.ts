import { badFile } from '../readCsv.ts';
import { unpackedParts, WORKBOOK_LIMITS } from './unpackedParts.ts';

const MOST_ROWS = 200_000;
const MOST_COLUMNS = 100;
/** Sheets with anything in them. */
const ONE_SHEET = 1;
const XLSX = Buffer.from('PK\x03\x04', 'latin1');
/** Excel before 2007, and workbooks with a password. */
const OLE = Buffer.from([0xd0, 0xcf, 0x11, 0xe0]);
const CELL = /\br\s*=\s*["']([A-Za-z]*)(\d+)["']/g;

/** Whether the bytes are a workbook rather than text. Throws BAD_FILE for one in the old form of Excel. */
export function isXlsx(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.subarray(0, 4));
  if (!head.equals(OLE)) return head.equals(XLSX);
  throw badFile('The file is an old or protected Excel workbook; save it as .xlsx without a password, or as CSV.');
}

/**
 * The rows of the one sheet of a workbook that holds any, as the text that the cells show: dates as YYYY-MM-DD, numbers
 * as they are stored. Formulas are not worked out: a cell has the value with which it was saved. Throws BAD_FILE for what is no
 * workbook, holds more than is allowed, or has rows in several sheets.
 */
export async function readXlsx(bytes: Uint8Array): Promise<string[][]> {
  const file = Buffer.from(bytes);
  assertModest(file);
  const { default: readWorkbook } = await import('read-excel-file/universal');
  const copy = new Uint8Array(file).buffer;
  const sheets = await readWorkbook(copy, { parseNumber: (text: string) => text, trim: false }).catch((error) => {
    throw badFile(`The workbook cannot be read: ${reasonOf(error)}. Save it again as .xlsx.`, {}, error);
  });
  const filled = sheets.map(({ data }) => data).filter((rows) => rows.some((row) => row.some((cell) => cell !== null)));
  if (filled.length > ONE_SHEET) {
    const message = `${filled.length} sheets of the workbook hold rows; keep one, so that it is clear what is meant.`;
    throw badFile(message, { sheets: filled.length });
  }
  return (filled[0] ?? []).map((row) => row.map(cellText));
}

/** Looks at the real size of every part, and at how far the cells reach, before the sheets are read. */
function assertModest(file: Buffer): void {
  for (const { name, bytes } of unpackedParts(file)) {
    if (!name.endsWith('.xml') || !bytes.includes('sheetData')) continue;
    for (const [, letters, digits] of bytes.toString('utf8').matchAll(CELL)) {
      if (Number(digits) <= MOST_ROWS && columnOf(letters) <= MOST_COLUMNS) continue;
      const message = `The workbook reaches to cell ${letters}${digits}; at most ${MOST_ROWS} rows and ${MOST_COLUMNS} columns are read. Delete what is empty, or save it as CSV.`;
      throw badFile(message, { fault: 'TOO_LARGE', limits: { ...WORKBOOK_LIMITS, rows: MOST_ROWS } });
    }
  }
}

/** A is 1, Z is 26, AA is 27. */
function columnOf(letters: string): number {
  let column = 0;
  for (const letter of letters.toUpperCase()) column = column * 26 + letter.charCodeAt(0) - 64;
  return column;
}

function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return '';
  if (!(cell instanceof Date)) return String(cell);
  const text = cell.toISOString();
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text.slice(0, 19);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : 'it is damaged';
}
