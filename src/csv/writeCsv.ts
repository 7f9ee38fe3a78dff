import type { CellFault } from './cellFault.ts';

/** How the lines of a CSV file end, and what it begins with. */
interface CsvForm {
  readonly lineEnd: string;
  readonly mark: string;
}

export const FOR_PROGRAMS: CsvForm = { lineEnd: '\n', mark: '' };
/** Without the byte order mark some spreadsheets take UTF-8 for another encoding. */
export const FOR_SPREADSHEETS: CsvForm = { lineEnd: '\r\n', mark: '\uFEFF' };

/** Faults of cells as a CSV file: row, column, value, reason. */
export function faultsAsCsv(faults: readonly CellFault[], { lineEnd, mark }: CsvForm): string {
  const rows = faults.map(({ row, column, value, reason }) => [String(row), column, value, reason].map(harmless));
  const lines = [['row', 'column', 'value', 'reason'], ...rows].map((cells) => cells.map(quoted).join(','));
  return mark + lines.map((line) => line + lineEnd).join('');
}

/** A cell as CSV writes it. */
export function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

// What begins like a formula would be run by a spreadsheet.
function harmless(cell: string): string {
  return /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
}
