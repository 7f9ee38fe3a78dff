import type { CellFault } from './cellFault.ts';
import type { CsvRecord } from './readCsv.ts';

/** The cells of one row, trimmed; what is wrong with them gathers in `faults`. */
export abstract class RowCells<Column extends string> {
  readonly row: number;
  readonly faults: CellFault<Column>[] = [];
  readonly #cells = new Map<Column, string>();

  constructor({ row, cells }: CsvRecord, columns: readonly Column[]) {
    this.row = row;
    for (const [index, column] of columns.entries()) this.#cells.set(column, cells[index]?.trim() ?? '');
    if (cells.length !== columns.length) {
      this.fault('', cells.join(','), `has ${cells.length} cells where the header names ${columns.length} columns`);
    }
    for (const [column, value] of this.#cells) this.judge(column, value);
  }

  /** Looks for what no cell of the column may hold. Runs before a subclass has its own fields. */
  protected abstract judge(column: Column, value: string): void;

  /** Null where the cell is empty; a fault where it has more than `longest` characters. */
  abstract text(column: Column, longest: number): string | null;

  fault(column: Column | '', value: string, reason: string): void {
    this.faults.push({ row: this.row, column, value, reason });
  }

  /** As it is written; empty also where the file has no such column. */
  cell(column: Column): string {
    return this.#cells.get(column) ?? '';
  }

  hasFault(column: Column): boolean {
    return this.faults.some((fault) => fault.column === column);
  }

  /** A fault where the cell is empty. */
  required(column: Column, longest: number): string {
    const value = this.text(column, longest);
    if (value === null) this.fault(column, '', 'is empty');
    return value ?? '';
  }

  /** An instant, or the day on which it begins; `instantOf` knows in which time zone. */
  instant(column: Column, instantOf: (text: string) => Date | undefined): Date | null {
    const value = this.text(column, 40);
    if (value === null) return null;
    const instant = instantOf(value);
    if (instant) return instant;
    this.fault(column, value, 'is not a date like 2024-03-01 or an instant like 2024-03-01T08:00:00+08:00');
    return null;
  }
}
