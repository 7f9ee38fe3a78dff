/** What is wrong with one cell of a file. `row` counts as a spreadsheet does, the header being row 1. */
export interface CellFault<Column extends string = string> {
  readonly row: number;
  /** Empty where the whole row is meant. */
  readonly column: Column | '';
  readonly value: string;
  readonly reason: string;
}

/** Thrown for what is wrong with one cell of the row at hand. */
export class BadCell<Column extends string> {
  readonly column: Column;
  readonly value: string;
  readonly reason: string;

  constructor(column: Column, value: string | null, reason: string) {
    this.column = column;
    this.value = value ?? '';
    this.reason = reason;
  }

  /** The fault in the report. */
  at(row: number): CellFault<Column> {
    return { row, column: this.column, value: this.value, reason: this.reason };
  }
}
