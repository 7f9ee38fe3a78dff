import Flatbush from 'flatbush';
import { buildCells, type Cells } from './cells/buildCells.ts';
import { CellReader } from './cells/cellReader.ts';
import { type PackedRows, packRows } from './cells/packedRows.ts';
import type { Box, Shape } from './polygon.ts';

/** One boundary in the index: a version of a grid. */
export interface IndexRow {
  readonly shape: Shape;
  /** Depth of its tier: a smaller unit has a larger level. */
  readonly level: number;
}

/** When each row holds, by row number: from the first value up to, and without, the second. */
export interface RowRanges {
  /** Milliseconds since 1970 (UTC); -Infinity and Infinity are open ends. */
  readonly validFrom: Float64Array;
  readonly validTo: Float64Array;
  readonly editionFrom: Int32Array;
  /** An open end is 2147483647. */
  readonly editionTo: Int32Array;
}

/** What an index is made of besides its ranges: plain arrays, which another thread can build and hand over. */
export interface PointIndexParts {
  /** Coordinates, as in `PackedRows`. */
  readonly xy: Int32Array;
  readonly cells: Cells;
  /** The packed R-tree over the boxes of the rows; undefined without rows. */
  readonly boxTree: ArrayBuffer | undefined;
}

const OFF_EARTH = 2_147_483_647;
const RANGE = { VALID_FROM: 0, VALID_TO: 1, EDITION_FROM: 2, EDITION_TO: 3, SIZE: 4 } as const;

/** The four limits of a row side by side, so that the filter reads one cache line. */
function packRanges(count: number, ranges: RowRanges | undefined): Float64Array {
  const packed = new Float64Array(count * RANGE.SIZE);
  for (let row = 0; row < count; row++) {
    const at = row * RANGE.SIZE;
    packed[at + RANGE.VALID_FROM] = ranges?.validFrom[row] ?? -Infinity;
    packed[at + RANGE.VALID_TO] = ranges?.validTo[row] ?? Infinity;
    packed[at + RANGE.EDITION_FROM] = ranges?.editionFrom[row] ?? -Infinity;
    packed[at + RANGE.EDITION_TO] = ranges?.editionTo[row] ?? Infinity;
  }
  return packed;
}

function buildBoxTree(boxes: Int32Array): ArrayBuffer | undefined {
  const count = boxes.length / 4;
  if (count === 0) return undefined;
  const tree = new Flatbush(count, 16, Int32Array);
  for (let i = 0; i < boxes.length; i += 4) {
    // The tree numbers its boxes, so a row without vertices needs one too: off the Earth.
    if (boxes[i] > boxes[i + 2]) tree.add(OFF_EARTH, OFF_EARTH);
    else tree.add(boxes[i], boxes[i + 1], boxes[i + 2], boxes[i + 3]);
  }
  tree.finish();
  return tree.data as ArrayBuffer;
}

/**
 * Which rows hold a point, exactly as `containsPoint` says, in well under a microsecond. Points are lattice numbers;
 * any other number is outside everything. It keeps no reference to the shapes it was built from.
 */
export class PointIndex {
  /** Size of all its arrays. */
  readonly bytes: number;
  private readonly reader: CellReader;
  private readonly words: Int32Array;
  private readonly ranges: Float64Array;
  private readonly tree: Flatbush | undefined;

  /** Puts an index of so many rows together. Without `ranges` every row holds at every instant and in every edition. */
  constructor({ xy, cells, boxTree }: PointIndexParts, rowCount: number, ranges?: RowRanges) {
    this.reader = new CellReader(cells, xy);
    this.words = cells.words;
    this.ranges = packRanges(rowCount, ranges);
    this.tree = boxTree && Flatbush.from(boxTree);
    this.bytes = xy.byteLength + cells.words.byteLength + this.ranges.byteLength + (boxTree?.byteLength ?? 0);
  }

  /** The deepest row (of equal depth the lowest number) that holds the point at this instant and edition; -1 if none. */
  locate(x: number, y: number, asOfMs: number, edition: number): number {
    const { words, ranges } = this;
    let at = this.reader.listAt(x, y);
    while (at !== 0) {
      const word = words[at];
      if (word < 0) {
        at = ~word;
        continue;
      }
      const r = (word >> 1) * 4;
      if (ranges[r] <= asOfMs && asOfMs < ranges[r + 1] && ranges[r + 2] <= edition && edition < ranges[r + 3]) {
        if ((word & 1) === 0 || this.reader.holds(at, x, y)) return word >> 1;
      }
      at += (word & 1) === 0 ? 1 : 2 + (words[at + 1] & -2);
    }
    return -1;
  }

  /** Appends to `into` all rows that hold the point at this instant and edition, deepest first, then by number. */
  locateAll(x: number, y: number, asOfMs: number, edition: number, into: number[]): void {
    const { ranges } = this;
    this.find(x, y, (row) => {
      const r = row * RANGE.SIZE;
      const holds =
        ranges[r + RANGE.VALID_FROM] <= asOfMs &&
        asOfMs < ranges[r + RANGE.VALID_TO] &&
        ranges[r + RANGE.EDITION_FROM] <= edition &&
        edition < ranges[r + RANGE.EDITION_TO];
      if (holds) into.push(row);
      return false;
    });
  }

  /**
   * Calls `accept` for the rows that hold the point, deepest first, then by number, whatever their ranges. Stops at and
   * returns the first that is accepted; -1 if none.
   */
  find(x: number, y: number, accept: (row: number) => boolean): number {
    const { words } = this;
    let at = this.reader.listAt(x, y);
    while (at !== 0) {
      const word = words[at];
      if (word < 0) {
        at = ~word;
        continue;
      }
      if (((word & 1) === 0 || this.reader.holds(at, x, y)) && accept(word >> 1)) return word >> 1;
      at += (word & 1) === 0 ? 1 : 2 + (words[at + 1] & -2);
    }
    return -1;
  }

  /** All rows that hold the point, deepest first, then by number, whatever their ranges. */
  findAll(x: number, y: number): number[] {
    const rows: number[] = [];
    this.find(x, y, (row) => {
      rows.push(row);
      return false;
    });
    return rows;
  }

  /** Ends a row's editions: answers for this edition and later ones no longer give it. The only thing that ever changes. */
  close(row: number, editionTo: number): void {
    this.ranges[row * RANGE.SIZE + RANGE.EDITION_TO] = editionTo;
  }

  /** Rows whose own box meets the box: every row that comes near, and some that do not. Unsorted, each once. */
  candidates(box: Box): number[] {
    return this.tree?.search(box.minX, box.minY, box.maxX, box.maxY) ?? [];
  }
}

/** The slow part of building an index: everything that does not depend on when a row holds. */
export function buildIndexParts(packed: PackedRows): PointIndexParts {
  return { xy: packed.xy, cells: buildCells(packed), boxTree: buildBoxTree(packed.boxes) };
}

/** Builds the index over all rows. Without `ranges` every row holds at every instant and in every edition. */
export function buildPointIndex(rows: readonly IndexRow[], ranges?: RowRanges): PointIndex {
  const packed = packRows(
    rows.map((row) => row.shape),
    Int32Array.from(rows, (row) => row.level),
  );
  return new PointIndex(buildIndexParts(packed), rows.length, ranges);
}
