import Flatbush from 'flatbush';
import type { PackedRows } from '../../../geometry/cells/packedRows.ts';
import { boxAround, type Metric, metricAt, segmentDistanceSquaredMetres } from '../../../geometry/distance.ts';

// Edges that share a box. A district of thousands of vertices is asked about a few dozen of them.
const EDGES_PER_PIECE = 32;

/** What a border index is made of besides the coordinates: plain arrays, which another thread can hand over. */
export interface BorderParts {
  /** Piece → its row. */
  readonly rows: Int32Array;
  /** Piece → its first and last vertex in the coordinates. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** The packed R-tree over the boxes of the pieces; undefined without pieces. */
  readonly tree: ArrayBuffer | undefined;
}

/** Cuts the rings of all rows in pieces. */
export function buildBorderParts(packed: PackedRows): BorderParts {
  const rows: number[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  packed.shapeOfRow.forEach((shape, row) => {
    for (let ring = packed.ringsOfShape[shape]; ring < packed.ringsOfShape[shape + 1]; ring++) {
      const last = packed.ringStart[ring + 1] - 1;
      for (let start = packed.ringStart[ring]; start < last; start += EDGES_PER_PIECE) {
        rows.push(row);
        starts.push(start);
        ends.push(Math.min(start + EDGES_PER_PIECE, last));
      }
    }
  });
  const pieces = { rows: Int32Array.from(rows), starts: Int32Array.from(starts), ends: Int32Array.from(ends) };
  return { ...pieces, tree: buildTree(packed.xy, pieces) };
}

function buildTree(xy: Int32Array, { starts, ends }: Pick<BorderParts, 'starts' | 'ends'>): ArrayBuffer | undefined {
  if (starts.length === 0) return undefined;
  const tree = new Flatbush(starts.length, 16, Int32Array);
  for (let piece = 0; piece < starts.length; piece++) {
    let minX = Infinity;
    let minY = Infinity;
    let maxX = -Infinity;
    let maxY = -Infinity;
    for (let i = 2 * starts[piece]; i <= 2 * ends[piece]; i += 2) {
      minX = Math.min(minX, xy[i]);
      maxX = Math.max(maxX, xy[i]);
      minY = Math.min(minY, xy[i + 1]);
      maxY = Math.max(maxY, xy[i + 1]);
    }
    tree.add(minX, minY, maxX, maxY);
  }
  tree.finish();
  return tree.data as ArrayBuffer;
}

/** Finds the borders near a point: all rings in pieces, each with its box in a packed R-tree. */
export class BorderIndex {
  readonly #xy: Int32Array;
  readonly #parts: BorderParts;
  readonly #tree: Flatbush | undefined;

  /** `xy` are the coordinates of the rows the parts were built from; they are shared, not copied. */
  constructor(xy: Int32Array, parts: BorderParts) {
    this.#xy = xy;
    this.#parts = parts;
    this.#tree = parts.tree && Flatbush.from(parts.tree);
  }

  /** Size of its own arrays, without the coordinates. */
  get bytes(): number {
    const { rows, starts, ends, tree } = this.#parts;
    return rows.byteLength + starts.byteLength + ends.byteLength + (tree?.byteLength ?? 0);
  }

  /** Metres from the point to the border of each row whose border is within so many metres, by row. */
  within(x: number, y: number, metres: number): Map<number, number> {
    const found = new Map<number, number>();
    if (!this.#tree) return found;
    const metric = metricAt(y);
    const { minX, minY, maxX, maxY } = boxAround(x, y, metres);
    for (const piece of this.#tree.search(minX, minY, maxX, maxY)) {
      const distance = Math.sqrt(this.#distanceSquared(piece, x, y, metric));
      const row = this.#parts.rows[piece];
      if (distance <= metres && distance < (found.get(row) ?? Infinity)) found.set(row, distance);
    }
    return found;
  }

  #distanceSquared(piece: number, x: number, y: number, metric: Metric): number {
    const xy = this.#xy;
    const end = 2 * this.#parts.ends[piece];
    let least = Infinity;
    for (let i = 2 * this.#parts.starts[piece]; i < end; i += 2) {
      const distance = segmentDistanceSquaredMetres(xy[i], xy[i + 1], xy[i + 2], xy[i + 3], x, y, metric);
      least = Math.min(least, distance);
    }
    return least;
  }
}
