import { boxOf, type Ring, type Shape } from '../polygon.ts';

/** The distinct shapes of the rows, packed: versions of a grid that share a boundary share its coordinates. */
export interface PackedRows {
  /** All rings one after the other, x and y interleaved, the first vertex of each ring repeated at its end. */
  readonly xy: Int32Array;
  /** Row → number of its shape. */
  readonly shapeOfRow: Int32Array;
  /** Shape → first of its rings in `ringStart`; one more entry closes the last. */
  readonly ringsOfShape: Int32Array;
  /** Ring → its first vertex in `xy`; one more entry closes the last. */
  readonly ringStart: Int32Array;
  /** Row → minX, minY, maxX, maxY over all rings; a row without vertices has minX > maxX. */
  readonly boxes: Int32Array;
  /** Row → depth: larger is deeper. */
  readonly levels: Int32Array;
  /** Rows in the order of the answers: deepest level first, then row number. */
  readonly order: Int32Array;
}

function ringsOf(shape: Shape): Ring[] {
  return shape.flatMap((polygon) => polygon.filter((ring) => ring.length > 0));
}

function hashOf(shape: Shape): number {
  let hash = 0x811c9dc5;
  for (const polygon of shape) {
    for (const ring of polygon) {
      for (let i = 0; i < ring.length; i++) hash = Math.imul(hash ^ ring[i], 0x01000193);
      hash = Math.imul(hash ^ ring.length, 0x01000193);
    }
  }
  return hash;
}

function isSameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true;
  const ringsA = ringsOf(a);
  const ringsB = ringsOf(b);
  if (ringsA.length !== ringsB.length) return false;
  return ringsA.every((ring, i) => {
    const other = ringsB[i];
    return ring.length === other.length && ring.every((value, j) => value === other[j]);
  });
}

/** Shape number of each row, and the distinct shapes by that number. */
function distinctShapes(shapes: readonly Shape[]): { shapeOfRow: Int32Array; distinct: Shape[] } {
  const shapeOfRow = new Int32Array(shapes.length);
  const distinct: Shape[] = [];
  const byHash = new Map<number, number[]>();
  for (let row = 0; row < shapes.length; row++) {
    const hash = hashOf(shapes[row]);
    const alike = byHash.get(hash) ?? [];
    let number = alike.find((candidate) => isSameShape(distinct[candidate], shapes[row]));
    if (number === undefined) {
      number = distinct.push(shapes[row]) - 1;
      byHash.set(hash, [...alike, number]);
    }
    shapeOfRow[row] = number;
  }
  return { shapeOfRow, distinct };
}

function packRings(distinct: readonly Shape[]) {
  let vertices = 0;
  let rings = 0;
  for (const shape of distinct) {
    for (const ring of ringsOf(shape)) {
      vertices += ring.length / 2 + 1;
      rings++;
    }
  }
  const xy = new Int32Array(vertices * 2);
  const ringsOfShape = new Int32Array(distinct.length + 1);
  const ringStart = new Int32Array(rings + 1);
  let at = 0;
  let ringNumber = 0;
  distinct.forEach((shape, number) => {
    for (const ring of ringsOf(shape)) {
      ringStart[ringNumber++] = at / 2;
      xy.set(ring, at);
      at += ring.length;
      xy[at++] = ring[0];
      xy[at++] = ring[1];
    }
    ringsOfShape[number + 1] = ringNumber;
  });
  ringStart[rings] = vertices;
  return { xy, ringsOfShape, ringStart };
}

function boxesOf(shapes: readonly Shape[]): Int32Array {
  const boxes = new Int32Array(shapes.length * 4);
  shapes.forEach((shape, row) => {
    const rings = ringsOf(shape);
    // Every ring counts, also a hole that leaves its outer ring: containment is even-odd over all of them.
    const box = boxOf(rings.map((ring) => [ring]));
    boxes.set(rings.length > 0 ? [box.minX, box.minY, box.maxX, box.maxY] : [1, 1, 0, 0], row * 4);
  });
  return boxes;
}

/** Packs the rows' coordinates. `levels[row]` is the depth of the row. */
export function packRows(shapes: readonly Shape[], levels: Int32Array): PackedRows {
  const { shapeOfRow, distinct } = distinctShapes(shapes);
  const order = Int32Array.from(shapes.keys()).sort((a, b) => levels[b] - levels[a] || a - b);
  return { ...packRings(distinct), shapeOfRow, boxes: boxesOf(shapes), levels, order };
}
