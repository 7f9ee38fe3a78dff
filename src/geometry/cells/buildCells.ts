import { CellEntries, ENTRY, FULL, NONE, RUN } from './cellEntries.ts';
import { type Cell, CellLists, END } from './cellLists.ts';
import type { PackedRows } from './packedRows.ts';
import { type CellGrid, isTurn, Raster, type Region } from './raster.ts';
import { chooseRoot } from './rootGrid.ts';

// Measured on 50,000 grids of about 54 vertices (bench/pointIndex.ts): finer costs memory, coarser costs lookups.
const EDGES_PER_CELL = 8;
const SPLIT_ABOVE = 16;
/** A finer grid must at least thin its fullest cells this much, or they are not split again. */
const WORTHWHILE = 0.6;
const MAX_SPLIT_BITS = 10;

/** Coordinates, cells and lists, ready for lookups. */
export interface Cells {
  readonly root: CellGrid;
  /** Cells of the root grid, then everything else: see cellLists.ts. */
  readonly words: Int32Array;
  readonly rootAt: number;
}

/** Builds the cells of an index: a coarse grid, and inside its crowded cells finer ones, as deep as it pays. */
class CellBuilder {
  private readonly rows: PackedRows;
  private readonly lists: CellLists;
  private readonly stamps: Int32Array;
  private stamp = 0;
  private readonly scratch: CellEntries[] = [];
  private readonly wordLimit: number;

  constructor(rows: PackedRows) {
    this.rows = rows;
    this.lists = new CellLists(rows.xy, rows.order.length);
    this.stamps = new Int32Array(rows.ringsOfShape.length);
    // No layer of polygons that rarely overlap comes near this; piles of alike polygons stay bounded by it.
    this.wordLimit = 4 * rows.xy.length + 1_000_000;
  }

  build(): Cells {
    const root = chooseRoot(this.rows);
    const entries = this.entriesAt(0);
    const raster = new Raster(this.rows.xy, root, entries);
    for (const row of this.rows.order) this.spreadRow(raster, row, root);
    const rootAt = this.lists.words.take(root.columns * root.rows);
    this.finishCells(root, entries, rootAt, END, Infinity, 1);
    const { words } = this.lists;
    return { root, words: words.data.slice(0, words.length), rootAt };
  }

  private entriesAt(depth: number): CellEntries {
    this.scratch[depth] ??= new CellEntries();
    return this.scratch[depth];
  }

  private spreadRow(raster: Raster, row: number, root: CellGrid): void {
    const { ringsOfShape, ringStart, shapeOfRow } = this.rows;
    const region = this.regionOf(row, root);
    if (region === undefined) return;
    raster.begin(region);
    const shape = shapeOfRow[row];
    for (let ring = ringsOfShape[shape]; ring < ringsOfShape[shape + 1]; ring++) {
      raster.addRun(ringStart[ring], ringStart[ring + 1] - 1);
    }
    raster.finish(row, 0);
  }

  /** The cells of a grid that the box of a row meets; undefined where there are none. */
  private regionOf(row: number, { x0, y0, shift, columns, rows }: CellGrid): Region | undefined {
    const { boxes } = this.rows;
    const side = 2 ** shift;
    const region = {
      firstColumn: Math.max(0, Math.floor((boxes[row * 4] - x0) / side)),
      lastColumn: Math.min(columns - 1, Math.floor((boxes[row * 4 + 2] - x0) / side)),
      firstRow: Math.max(0, Math.floor((boxes[row * 4 + 1] - y0) / side)),
      lastRow: Math.min(rows - 1, Math.floor((boxes[row * 4 + 3] - y0) / side)),
    };
    const empty = boxes[row * 4] > boxes[row * 4 + 2];
    return empty || region.firstColumn > region.lastColumn || region.firstRow > region.lastRow ? undefined : region;
  }

  /** Turns the entries of each cell of a grid into a list, or into a finer grid. */
  private finishCells(
    grid: CellGrid,
    from: CellEntries,
    cellsAt: number,
    tail: number,
    parentCost: number,
    depth: number,
  ): void {
    const side = 2 ** grid.shift;
    const { words } = this.lists;
    for (let i = 0; i < grid.columns * grid.rows; i++) {
      const head = from.heads[i];
      const shared = this.lists.shareTail(from, head, tail);
      const cell = { x: grid.x0 + (i % grid.columns) * side, y: grid.y0 + Math.floor(i / grid.columns) * side, side };
      const cost = shared.stop === NONE ? 0 : this.costOf(from, head);
      const split =
        cost > SPLIT_ABOVE && grid.shift > 0 && cost < parentCost * WORTHWHILE && words.length < this.wordLimit;
      const value = split
        ? ~this.split(from, head, shared, cell, grid.shift, cost, depth)
        : this.lists.write(from, head, shared.stop, shared.tail, cell);
      words.data[cellsAt + i] = value;
    }
  }

  /**
   * Edges to test in a cell, on the level that has most. Equal shapes count once, and parents do not add to their
   * children: borders upon each other cannot be told apart by smaller cells.
   */
  private costOf(from: CellEntries, head: number): number {
    this.stamp++;
    let most = 0;
    let edges = 0;
    let level = Number.NaN;
    const { data } = from.entries;
    const runs = from.runs.data;
    for (let at = head; at !== NONE; at = data[at + ENTRY.NEXT]) {
      const row = data[at + ENTRY.ROW];
      const shape = this.rows.shapeOfRow[row];
      if (data[at + ENTRY.KIND] === FULL || this.stamps[shape] === this.stamp) continue;
      this.stamps[shape] = this.stamp;
      if (this.rows.levels[row] !== level) edges = 0;
      level = this.rows.levels[row];
      for (let run = data[at + ENTRY.RUN]; run !== NONE; run = runs[run + RUN.NEXT]) {
        edges += runs[run + RUN.END] - runs[run + RUN.START];
      }
      if (edges > most) most = edges;
    }
    return most;
  }

  private split(
    from: CellEntries,
    head: number,
    shared: { stop: number; tail: number },
    cell: Cell,
    shift: number,
    cost: number,
    depth: number,
  ): number {
    const wanted = Math.max(1, Math.ceil(Math.log2(cost / EDGES_PER_CELL) / 2));
    const bits = Math.min(wanted, MAX_SPLIT_BITS, shift);
    const grid = { x0: cell.x, y0: cell.y, shift: shift - bits, columns: 2 ** bits, rows: 2 ** bits };
    const into = this.entriesAt(depth);
    const raster = new Raster(this.rows.xy, grid, into);
    for (let at = head; ; at = from.entries.data[at + ENTRY.NEXT]) {
      this.spreadEntry(raster, from, at, cell, grid);
      if (at === shared.stop) break;
    }
    const { words } = this.lists;
    const place = words.take(2 + grid.columns * grid.rows);
    words.data[place] = grid.shift;
    words.data[place + 1] = bits;
    this.finishCells(grid, into, place + 2, shared.tail, cost, depth + 1);
    return place;
  }

  private spreadEntry(raster: Raster, from: CellEntries, entry: number, cell: Cell, grid: CellGrid): void {
    const { data } = from.entries;
    const runs = from.runs.data;
    const { xy } = this.rows;
    const row = data[entry + ENTRY.ROW];
    if (data[entry + ENTRY.KIND] === FULL) {
      raster.cover(row);
      return;
    }
    const region = this.regionOf(row, grid);
    if (region === undefined) return;
    raster.begin(region);
    for (let run = data[entry + ENTRY.RUN]; run !== NONE; run = runs[run + RUN.NEXT]) {
      for (const v of [runs[run + RUN.START], runs[run + RUN.END]]) {
        if (isTurn(xy, v, cell.x, cell.y, cell.side)) raster.addTurn(xy[2 * v + 1]);
      }
      raster.addRun(runs[run + RUN.START], runs[run + RUN.END]);
    }
    raster.finish(row, data[entry + ENTRY.KIND]);
  }
}

/** Builds the cells over packed rows. */
export function buildCells(rows: PackedRows): Cells {
  return new CellBuilder(rows).build();
}
