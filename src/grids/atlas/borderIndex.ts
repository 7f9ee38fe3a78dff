import Flatbush from 'flatbush';
import { boxAround, type Metric, metricAt, segmentDistanceSquaredMetres } from '../../geometry/distance.ts';
import type { Ring, Shape } from '../../geometry/polygon.ts';

// Edges that share a box. A district of thousands of vertices is asked about a few dozen of them.
const EDGES_PER_PIECE = 32;

/** Finds the borders near a point: all rings in pieces, each with its box in a packed R-tree. */
export class BorderIndex {
  readonly #rows: number[] = [];
  readonly #rings: Ring[] = [];
  readonly #starts: number[] = [];
  readonly #tree: Flatbush | undefined;

  constructor(shapes: readonly Shape[]) {
    for (const [row, shape] of shapes.entries()) {
      for (const ring of shape.flat()) {
        for (let start = 0; start < ring.length; start += 2 * EDGES_PER_PIECE) {
          this.#rows.push(row);
          this.#rings.push(ring);
          this.#starts.push(start);
        }
      }
    }
    if (this.#rows.length === 0) return;
    this.#tree = new Flatbush(this.#rows.length, 16, Int32Array);
    for (let piece = 0; piece < this.#rows.length; piece++) this.#addBox(this.#tree, piece);
    this.#tree.finish();
  }

  get bytes(): number {
    // Row, ring and start of a piece are a pointer each.
    return (this.#tree?.data.byteLength ?? 0) + this.#rows.length * 24;
  }

  /** Metres from the point to the border of each row whose border is within so many metres, by row. */
  within(x: number, y: number, metres: number): Map<number, number> {
    const found = new Map<number, number>();
    if (!this.#tree) return found;
    const metric = metricAt(y);
    const { minX, minY, maxX, maxY } = boxAround(x, y, metres);
    for (const piece of this.#tree.search(minX, minY, maxX, maxY)) {
      const distance = Math.sqrt(this.#distanceSquared(piece, x, y, metric));
      const row = this.#rows[piece];
      if (distance <= metres && distance < (found.get(row) ?? Infinity)) found.set(row, distance);
    }
    return found;
  }

  #addBox(tree: Flatbush, piece: number): void {
    const ring = this.#rings[piece];
    let minX = Infinity;
    let minY = Infinity;
    let maxX = -Infinity;
    let maxY = -Infinity;
    for (let i = this.#starts[piece]; i <= this.#endOf(piece); i += 2) {
      const at = i % ring.length;
      minX = Math.min(minX, ring[at]);
      maxX = Math.max(maxX, ring[at]);
      minY = Math.min(minY, ring[at + 1]);
      maxY = Math.max(maxY, ring[at + 1]);
    }
    tree.add(minX, minY, maxX, maxY);
  }

  // The last edge of the last piece leads back to the ring's first vertex.
  #endOf(piece: number): number {
    return Math.min(this.#starts[piece] + 2 * EDGES_PER_PIECE, this.#rings[piece].length);
  }

  #distanceSquared(piece: number, x: number, y: number, metric: Metric): number {
    const ring = this.#rings[piece];
    let least = Infinity;
    for (let i = this.#starts[piece]; i < this.#endOf(piece); i += 2) {
      const next = (i + 2) % ring.length;
      const distance = segmentDistanceSquaredMetres(ring[i], ring[i + 1], ring[next], ring[next + 1], x, y, metric);
      least = Math.min(least, distance);
    }
    return least;
  }
}
