import { setImmediate } from 'node:timers/promises';
import type { Ring, Shape } from '../../../geometry/polygon.ts';

/** Shapes on their way to another thread: a few large arrays instead of very many small ones. */
export interface PackedShapes {
  /** All rings one after the other. */
  readonly xy: Int32Array<ArrayBuffer>;
  /** Ring → where it ends in `xy`. */
  readonly ringEnds: Int32Array<ArrayBuffer>;
  /** Shape → the end of its rings in `ringEnds`. */
  readonly shapeEnds: Int32Array<ArrayBuffer>;
}

const SHAPES_AT_ONCE = 2_000;

/** How many vertices all shapes have together. */
export function countVertices(shapes: readonly Shape[]): number {
  let numbers = 0;
  for (const shape of shapes) for (const polygon of shape) for (const ring of polygon) numbers += ring.length;
  return numbers / 2;
}

/** Copies the shapes, leaving room for other work in between. */
export async function packShapes(shapes: readonly Shape[]): Promise<PackedShapes> {
  const xy = new Int32Array(2 * countVertices(shapes));
  const ringEnds: number[] = [];
  const shapeEnds = new Int32Array(shapes.length);
  let at = 0;
  for (const [number, shape] of shapes.entries()) {
    for (const polygon of shape) {
      for (const ring of polygon) {
        xy.set(ring, at);
        at += ring.length;
        ringEnds.push(at);
      }
    }
    shapeEnds[number] = ringEnds.length;
    if (number % SHAPES_AT_ONCE === SHAPES_AT_ONCE - 1) await setImmediate();
  }
  return { xy, ringEnds: Int32Array.from(ringEnds), shapeEnds };
}

/** The shapes again, as views. Which rings were holes of which is lost: containment and distance do not depend on it. */
export function unpackShapes({ xy, ringEnds, shapeEnds }: PackedShapes): Shape[] {
  const shapes: Shape[] = [];
  let at = 0;
  let ring = 0;
  for (const end of shapeEnds) {
    const rings: Ring[] = [];
    for (; ring < end; ring++) {
      rings.push(xy.subarray(at, ringEnds[ring]));
      at = ringEnds[ring];
    }
    shapes.push([rings]);
  }
  return shapes;
}
