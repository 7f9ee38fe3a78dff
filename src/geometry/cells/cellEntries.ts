import { Words } from './words.ts';

export const NONE = -1;
/** Entry kinds: the cell lies wholly inside the row, or edges of the row decide, from an even or odd start. */
export const FULL = 2;
/** Numbers of one entry: row, kind (0, 1 = parity of PARTIAL, or FULL), first run, next entry. */
export const ENTRY = { ROW: 0, KIND: 1, RUN: 2, NEXT: 3, SIZE: 4 } as const;
/** Numbers of one run of edges: first vertex, last vertex, next run. */
export const RUN = { START: 0, END: 1, NEXT: 2, SIZE: 3 } as const;

/** The entries of every cell of one grid of cells while it is built: linked lists in order of arrival. */
export class CellEntries {
  readonly entries = new Words(1 << 10);
  readonly runs = new Words(1 << 10);
  heads = new Int32Array(0);
  private tails = new Int32Array(0);

  /** Empties the lists for a grid of so many cells. */
  reset(cells: number): void {
    if (this.heads.length < cells) {
      this.heads = new Int32Array(cells);
      this.tails = new Int32Array(cells);
    }
    this.heads.fill(NONE, 0, cells);
    this.entries.length = 0;
    this.runs.length = 0;
  }

  append(cell: number, row: number, kind: number, run: number): void {
    const at = this.entries.take(ENTRY.SIZE);
    const { data } = this.entries;
    data[at + ENTRY.ROW] = row;
    data[at + ENTRY.KIND] = kind;
    data[at + ENTRY.RUN] = run;
    data[at + ENTRY.NEXT] = NONE;
    if (this.heads[cell] === NONE) this.heads[cell] = at;
    else data[this.tails[cell] + ENTRY.NEXT] = at;
    this.tails[cell] = at;
  }
}
