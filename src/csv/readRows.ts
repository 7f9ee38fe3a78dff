import type { CellFault } from './cellFault.ts';
import type { CsvRecord, CsvTable } from './readCsv.ts';
import type { RowCells } from './rowCells.ts';

/** A file as it was read, not yet compared with the registry. */
export interface RowsFile<Row, Column extends string> {
  readonly encoding: string;
  /** Rows read, good and bad, without blank lines. */
  readonly rowCount: number;
  readonly rows: readonly Row[];
  readonly faults: readonly CellFault<Column>[];
}

/** The rows without faults, and the faults of the others. `readRow` may give undefined for a row that has faults. */
export function readRows<Row, Column extends string, Cells extends RowCells<Column>>(
  { encoding, columns, records }: CsvTable<readonly Column[]>,
  Cells: new (record: CsvRecord, columns: readonly Column[]) => Cells,
  readRow: (cells: Cells) => Row | undefined,
): RowsFile<Row, Column> {
  const rows: Row[] = [];
  const faults: CellFault<Column>[] = [];
  for (const record of records) {
    const cells = new Cells(record, columns);
    const row = readRow(cells);
    if (row !== undefined && cells.faults.length === 0) rows.push(row);
    else faults.push(...cells.faults);
  }
  return { encoding, rowCount: records.length, rows, faults };
}
