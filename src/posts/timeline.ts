import { FOREVER, type Moment, OPEN_EDITION } from '../grids/moment.ts';
import type { DatedRow, TableLog } from './directory.repository.ts';

/**
 * What holds at one moment, and for how long: every row that is looked at narrows the span [from, until) around the
 * instant in which, within the edition, the same rows hold. An answer made only from rows that passed through here
 * is therefore the same at every instant of that span.
 */
export class Window {
  readonly asOf: number;
  readonly edition: number;
  from = -FOREVER;
  until = FOREVER;

  constructor(moment: Moment) {
    this.asOf = moment.asOf;
    this.edition = moment.edition;
  }

  admits(row: DatedRow<unknown>): boolean {
    if (this.edition < row.editionFrom || this.edition >= row.editionTo) return false;
    this.#narrow(row.validFrom);
    this.#narrow(row.validTo);
    return row.validFrom <= this.asOf && this.asOf < row.validTo;
  }

  #narrow(boundary: number): void {
    if (boundary > this.asOf) this.until = Math.min(this.until, boundary);
    else this.from = Math.max(this.from, boundary);
  }
}

const NO_ROWS: readonly DatedRow<never>[] = [];

/** All rows of one table under a key, of every edition and every date, for ever. */
export class Timeline<T> {
  readonly #byKey = new Map<string, DatedRow<T>[]>();
  readonly #open = new Map<number, DatedRow<T>>();

  show(log: TableLog<T>, keyOf: (value: T) => string): void {
    for (const { rowId, edition } of log.closed) {
      const row = this.#open.get(rowId);
      if (row) row.editionTo = edition;
      this.#open.delete(rowId);
    }
    for (const row of log.opened) {
      const rows = this.#byKey.get(keyOf(row.value));
      if (rows) rows.push(row);
      else this.#byKey.set(keyOf(row.value), [row]);
      if (row.editionTo === OPEN_EDITION) this.#open.set(row.rowId, row);
    }
  }

  /** Under one key, in no particular order. */
  rowsOf(key: string): readonly DatedRow<T>[] {
    return this.#byKey.get(key) ?? NO_ROWS;
  }

  /** The belief of one edition about all dates. */
  rowsIn(edition: number): DatedRow<T>[] {
    const rows: DatedRow<T>[] = [];
    for (const candidates of this.#byKey.values()) {
      for (const row of candidates) if (row.editionFrom <= edition && edition < row.editionTo) rows.push(row);
    }
    return rows;
  }

  /** The one that holds in the window. The database keeps at most one per key, instant and edition where keys are identities. */
  find(key: string, window: Window): T | undefined {
    let found: T | undefined;
    // Every row is looked at, for those of other dates narrow the window.
    for (const row of this.rowsOf(key)) if (window.admits(row)) found = row.value;
    return found;
  }
}
