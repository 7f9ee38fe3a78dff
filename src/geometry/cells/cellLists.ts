import { type CellEntries, ENTRY, FULL, NONE, RUN } from './cellEntries.ts';
import { isTurn } from './raster.ts';
import { Words } from './words.ts';

/**
 * How the finished cells lie in one Int32Array. A cell is a number: 0 nothing, positive the place of a list,
 * negative ~place of a finer grid: shift, log2 of its columns, then its cells row by row.
 * A list is a sequence of entries, deepest row first:
 *   row << 1                          the cell lies wholly inside the row
 *   row << 1 | 1, runs << 1 | parity, and for each run: first vertex, edges << 3 | wide << 2 | turns at start << 1 | at end
 *   ~place                            the list goes on there (many cells share their tail); ~0 ends it
 */
export const END = 0;
export const WIDE = 4;
export const TURNS_AT_START = 2;
export const TURNS_AT_END = 1;
export const RUN_FLAGS = 3;

// Below this difference the cross product of two differences is an exact double (see polygon.ts).
const EXACT_DIFFERENCE = 67_000_000;

/** The square of one cell, its lower ends included and its upper ends not. */
export interface Cell {
  readonly x: number;
  readonly y: number;
  readonly side: number;
}

/** Writes the lists of finished cells. */
export class CellLists {
  readonly words = new Words(1 << 12);
  private readonly xy: Int32Array;
  private readonly lastTail: Int32Array;

  constructor(xy: Int32Array, rowCount: number) {
    this.xy = xy;
    // Place 0 means the end, so nothing may lie there.
    this.words.take(1);
    this.lastTail = new Int32Array(rowCount);
  }

  /** The list that starts with a covering row and goes on at `next`; the same one as last time where it fits. */
  private link(row: number, next: number): number {
    const known = this.lastTail[row];
    if (known !== 0 && this.words.data[known + 1] === ~next) return known;
    const at = this.words.take(2);
    this.words.data[at] = row << 1;
    this.words.data[at + 1] = ~next;
    this.lastTail[row] = at;
    return at;
  }

  /**
   * Splits the entries of a cell in those up to the last one with edges, and the covering rows after it.
   * Returns the entry that ends the first part (NONE: all are covering) and the shared list of the rest.
   */
  shareTail(from: CellEntries, head: number, tail: number): { stop: number; tail: number } {
    const { data } = from.entries;
    let stop = NONE;
    for (let at = head; at !== NONE; at = data[at + ENTRY.NEXT]) if (data[at + ENTRY.KIND] !== FULL) stop = at;
    const rows: number[] = [];
    for (let at = stop === NONE ? head : data[stop + ENTRY.NEXT]; at !== NONE; at = data[at + ENTRY.NEXT]) {
      rows.push(data[at + ENTRY.ROW]);
    }
    let place = tail;
    for (let i = rows.length - 1; i >= 0; i--) place = this.link(rows[i], place);
    return { stop, tail: place };
  }

  /** Writes the entries from `head` to `stop`, then the jump to the shared tail; returns the place of the list. */
  write(from: CellEntries, head: number, stop: number, tail: number, cell: Cell): number {
    if (stop === NONE) return tail;
    const { data } = from.entries;
    const place = this.words.length;
    for (let at = head; ; at = data[at + ENTRY.NEXT]) {
      const row = data[at + ENTRY.ROW];
      if (data[at + ENTRY.KIND] === FULL) this.push(row << 1);
      else this.writePartial(from, at, cell);
      if (at === stop) break;
    }
    this.push(~tail);
    return place;
  }

  private push(word: number): void {
    const at = this.words.take(1);
    this.words.data[at] = word;
  }

  private writePartial(from: CellEntries, entry: number, cell: Cell): void {
    const { data } = from.entries;
    const runs = from.runs.data;
    const head = this.words.take(2);
    let count = 0;
    for (let run = data[entry + ENTRY.RUN]; run !== NONE; run = runs[run + RUN.NEXT]) {
      const start = runs[run + RUN.START];
      const end = runs[run + RUN.END];
      const at = this.words.take(2);
      this.words.data[at] = start;
      this.words.data[at + 1] = ((end - start) << 3) | this.flags(start, end, cell);
      count++;
    }
    this.words.data[head] = (data[entry + ENTRY.ROW] << 1) | 1;
    this.words.data[head + 1] = (count << 1) | data[entry + ENTRY.KIND];
  }

  private flags(start: number, end: number, cell: Cell): number {
    const { xy } = this;
    return (
      (this.isWide(start, end, cell) ? WIDE : 0) |
      (isTurn(xy, start, cell.x, cell.y, cell.side) ? TURNS_AT_START : 0) |
      (isTurn(xy, end, cell.x, cell.y, cell.side) ? TURNS_AT_END : 0)
    );
  }

  /** Whether doubles might not do for some edge of the run and some point of the cell. */
  private isWide(start: number, end: number, { x, y, side }: Cell): boolean {
    const { xy } = this;
    // Half each way, so that two vertices differ by less than the whole.
    const reach = EXACT_DIFFERENCE / 2 - side;
    for (let v = start; v <= end; v++) {
      if (Math.abs(xy[2 * v] - x) > reach || Math.abs(xy[2 * v + 1] - y) > reach) return true;
    }
    return false;
  }
}
