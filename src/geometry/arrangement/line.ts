import type { Shape } from '../polygon.ts';

/** x0, y0, x1, y1 … on the lattice; closed when the last vertex equals the first. */
export type Line = Int32Array;

/** The rings of a shape as closed lines, polygon by polygon, outer ring first. */
export function linesOf(shape: Shape): Line[] {
  return shape.flatMap((polygon) =>
    polygon.map((ring) => {
      const line = new Int32Array(ring.length + 2);
      line.set(ring);
      line.set(ring.subarray(0, 2), ring.length);
      return line;
    }),
  );
}
