import { crossesRay } from '../polygon.ts';
import type { Cells } from './buildCells.ts';
import { END, RUN_FLAGS, TURNS_AT_END, TURNS_AT_START, WIDE } from './cellLists.ts';

/** Reads the lists of an index: the hot path, so all state lies in typed arrays and nothing is allocated. */
export class CellReader {
  readonly words: Int32Array;
  private readonly xy: Int32Array;
  private readonly rootAt: number;
  private readonly x0: number;
  private readonly y0: number;
  private readonly width: number;
  private readonly height: number;
  private readonly shift: number;
  private readonly columns: number;

  constructor({ words, root, rootAt }: Cells, xy: Int32Array) {
    this.words = words;
    this.xy = xy;
    this.rootAt = rootAt;
    this.x0 = root.x0;
    this.y0 = root.y0;
    this.width = root.columns * 2 ** root.shift;
    this.height = root.rows * 2 ** root.shift;
    this.shift = root.shift;
    this.columns = root.columns;
  }

  /** Place of the list of the cell that holds the point; END outside everything. */
  listAt(x: number, y: number): number {
    const dx = x - this.x0;
    const dy = y - this.y0;
    if (!(dx >= 0 && dy >= 0 && dx < this.width && dy < this.height)) return END;
    const { words, shift } = this;
    let cell = words[this.rootAt + (dy >>> shift) * this.columns + (dx >>> shift)];
    while (cell < 0) {
      const at = ~cell;
      const finer = words[at];
      const bits = words[at + 1];
      const mask = (1 << bits) - 1;
      cell = words[at + 2 + (((dy >>> finer) & mask) << bits) + ((dx >>> finer) & mask)];
    }
    return cell;
  }

  /** Whether the row of the PARTIAL entry at this place holds the point. */
  holds(place: number, x: number, y: number): boolean {
    const { words, xy } = this;
    const head = words[place + 1];
    let inside = head & 1;
    const end = place + 2 + (head & -2);
    for (let at = place + 2; at < end; at += 2) {
      const flags = words[at + 1];
      let i = 2 * words[at];
      const last = i + 2 * (flags >> RUN_FLAGS);
      if ((flags & WIDE) !== 0) {
        inside ^= this.wideRun(i, last, flags, x, y);
        continue;
      }
      let ax = xy[i];
      let ay = xy[i + 1];
      if ((flags & TURNS_AT_START) !== 0 && y >= ay) inside ^= 1;
      while (i < last) {
        i += 2;
        const bx = xy[i];
        const by = xy[i + 1];
        if (ay > y !== by > y) {
          const side = (bx - ax) * (y - ay) - (by - ay) * (x - ax);
          if (by > ay ? side > 0 : side < 0) inside ^= 1;
        }
        ax = bx;
        ay = by;
      }
      if ((flags & TURNS_AT_END) !== 0 && y >= ay) inside ^= 1;
    }
    return inside === 1;
  }

  /** The same for a run too long for doubles. */
  private wideRun(first: number, last: number, flags: number, x: number, y: number): number {
    const { xy } = this;
    let crossings = 0;
    if ((flags & TURNS_AT_START) !== 0 && y >= xy[first + 1]) crossings++;
    if ((flags & TURNS_AT_END) !== 0 && y >= xy[last + 1]) crossings++;
    for (let i = first; i < last; i += 2) {
      if (crossesRay(xy[i], xy[i + 1], xy[i + 2], xy[i + 3], x, y)) crossings++;
    }
    return crossings & 1;
  }
}
