import { type CellEntries, FULL, NONE, RUN } from './cellEntries.ts';

/** A grid of square cells whose side is a power of two. */
export interface CellGrid {
  readonly x0: number;
  readonly y0: number;
  /** log2 of the side of a cell. */
  readonly shift: number;
  readonly columns: number;
  readonly rows: number;
}

/** The part of a grid of cells that an entry may touch, both ends included. */
export interface Region {
  readonly firstColumn: number;
  readonly lastColumn: number;
  readonly firstRow: number;
  readonly lastRow: number;
}

/**
 * Spreads the edges of one row over the cells of a grid.
 *
 * For one cell an edge is of one of three kinds. Edges that no ray from the cell can cross (below, above, to the left)
 * are dropped. Edges the cell may touch are kept, as runs of consecutive vertices. Edges wholly to the right of every
 * point of the cell are crossed exactly while they are active, so they fold into one parity at the cell's lowest y,
 * which flips at each vertex where the boundary passes from a kept edge to a folded one: see `isTurn`.
 * All tests are on integers or widened by more than rounding can err, so a wrongly kept edge costs time, never truth.
 */
export class Raster {
  private readonly xy: Int32Array;
  private readonly grid: CellGrid;
  private readonly into: CellEntries;
  private readonly side: number;
  private readonly flips: Uint8Array;
  private readonly rowFlips: Uint8Array;
  private readonly firstRun: Int32Array;
  private readonly lastRun: Int32Array;
  private region: Region = { firstColumn: 0, lastColumn: 0, firstRow: 0, lastRow: 0 };

  constructor(xy: Int32Array, grid: CellGrid, into: CellEntries) {
    this.xy = xy;
    this.grid = grid;
    this.into = into;
    this.side = 2 ** grid.shift;
    const cells = grid.columns * grid.rows;
    this.flips = new Uint8Array(cells);
    this.rowFlips = new Uint8Array(grid.rows);
    this.firstRun = new Int32Array(cells).fill(NONE);
    this.lastRun = new Int32Array(cells);
    into.reset(cells);
  }

  /** Starts a row. The region is where its box meets the grid; its turns and edges follow. */
  begin(region: Region): void {
    this.region = region;
  }

  /** A folded edge that begins at height y to the right of the whole grid. */
  addTurn(y: number): void {
    const row = Math.max(this.region.firstRow, Math.ceil((y - this.grid.y0) / this.side));
    if (row <= this.region.lastRow) this.rowFlips[row] ^= 1;
  }

  /** Adds the edges between the vertices `start` and `end`, in this order. */
  addRun(start: number, end: number): void {
    for (let i = start; i < end; i++) this.addEdge(i);
  }

  private addEdge(i: number): void {
    const { xy, side, region } = this;
    const { y0 } = this.grid;
    const ax = xy[2 * i];
    const ay = xy[2 * i + 1];
    const bx = xy[2 * i + 2];
    const by = xy[2 * i + 3];
    const low = ay < by ? ay : by;
    const high = ay < by ? by : ay;
    const first = Math.floor((low - y0) / side);
    // A level edge is never crossed; it matters only as a link of a run that bends inside the row of cells.
    if (low === high && low === y0 + first * side) return;
    const last = low === high ? first : Math.floor((high - 1 - y0) / side);
    const minX = ax < bx ? ax : bx;
    const maxX = ax < bx ? bx : ax;
    if (first === last) {
      if (first >= region.firstRow && first <= region.lastRow) this.addToRow(i, first, low, high, minX, maxX);
      return;
    }
    const slope = (bx - ax) / (by - ay);
    const from = first < region.firstRow ? region.firstRow : first;
    const to = last > region.lastRow ? region.lastRow : last;
    for (let row = from; row <= to; row++) {
      const bottom = y0 + row * side;
      const xLow = ax + ((low > bottom ? low : bottom) - ay) * slope;
      const xHigh = ax + ((high < bottom + side - 1 ? high : bottom + side - 1) - ay) * slope;
      const left = Math.max(minX, Math.floor(xLow < xHigh ? xLow : xHigh) - 1);
      const right = Math.min(maxX, Math.ceil(xLow < xHigh ? xHigh : xLow) + 1);
      this.addToRow(i, row, low, high, left, right);
    }
  }

  private addToRow(i: number, row: number, low: number, high: number, left: number, right: number): void {
    const { region, side } = this;
    const { x0, y0, columns } = this.grid;
    let from = Math.floor((left - x0) / side);
    let to = Math.floor((right - x0) / side);
    if (from > region.lastColumn + 1) from = region.lastColumn + 1;
    if (to > region.lastColumn) to = region.lastColumn;
    const bottom = y0 + row * side;
    if (from > region.firstColumn && low <= bottom && bottom < high) this.flips[row * columns + from - 1] ^= 1;
    if (from < region.firstColumn) from = region.firstColumn;
    for (let column = from; column <= to; column++) this.keep(row * columns + column, i);
  }

  private keep(cell: number, i: number): void {
    const { runs } = this.into;
    const seen = this.firstRun[cell] !== NONE;
    if (seen) {
      const last = this.lastRun[cell];
      if (runs.data[last + RUN.END] === i) {
        runs.data[last + RUN.END] = i + 1;
        return;
      }
    }
    const at = runs.take(RUN.SIZE);
    runs.data[at + RUN.START] = i;
    runs.data[at + RUN.END] = i + 1;
    runs.data[at + RUN.NEXT] = NONE;
    if (seen) runs.data[this.lastRun[cell] + RUN.NEXT] = at;
    else this.firstRun[cell] = at;
    this.lastRun[cell] = at;
  }

  /** Ends the row: gives every cell of the region its entry. `parity` is that of its edges right of the grid at the grid's lowest y. */
  finish(row: number, parity: number): void {
    const { region, flips, firstRun, rowFlips } = this;
    const { columns } = this.grid;
    let base = parity;
    for (let y = region.firstRow; y <= region.lastRow; y++) {
      base ^= rowFlips[y];
      rowFlips[y] = 0;
      let inside = base;
      for (let cell = y * columns + region.lastColumn; cell >= y * columns + region.firstColumn; cell--) {
        inside ^= flips[cell];
        flips[cell] = 0;
        if (firstRun[cell] !== NONE) {
          this.into.append(cell, row, inside, firstRun[cell]);
          firstRun[cell] = NONE;
        } else if (inside) this.into.append(cell, row, FULL, NONE);
      }
    }
  }

  /** A row that covers the whole grid. */
  cover(row: number): void {
    for (let cell = 0; cell < this.grid.columns * this.grid.rows; cell++) this.into.append(cell, row, FULL, NONE);
  }
}

/** Whether the boundary passes, at vertex `v`, an end of a run of kept edges, to an edge right of the cell. */
export function isTurn(xy: Int32Array, v: number, cellX: number, cellY: number, side: number): boolean {
  const y = xy[2 * v + 1];
  return y > cellY && y < cellY + side && xy[2 * v] >= cellX + side;
}
