/** A ring of lattice numbers x0, y0, x1, y1 …; the closing point is not repeated. Either direction is allowed. */
export type Ring = Int32Array;
/** Outer ring first, then holes. */
export type Polygon = readonly Ring[];
/** Every boundary is a multipolygon: enclaves and islands are ordinary. */
export type Shape = readonly Polygon[];

/** A box on the lattice, both ends included. */
export interface Box {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
}

// Below this difference a product is under 2^52, so the difference of two products is an exact double.
const EXACT_DIFFERENCE = 67_000_000;

/**
 * Sign of the cross product (b - a) × (p - a), exact for every lattice point: positive when p lies to the left of a→b.
 */
export function orientation(ax: number, ay: number, bx: number, by: number, px: number, py: number): number {
  const dx = bx - ax;
  const dy = by - ay;
  const ex = px - ax;
  const ey = py - ay;
  if (
    Math.abs(dx) < EXACT_DIFFERENCE &&
    Math.abs(dy) < EXACT_DIFFERENCE &&
    Math.abs(ex) < EXACT_DIFFERENCE &&
    Math.abs(ey) < EXACT_DIFFERENCE
  ) {
    return dx * ey - dy * ex;
  }
  const cross = BigInt(dx) * BigInt(ey) - BigInt(dy) * BigInt(ex);
  return cross > 0n ? 1 : cross < 0n ? -1 : 0;
}

/**
 * Whether a ray from (px, py) towards +x crosses the edge a–b. Half-open twice over: the edge owns its lower end and
 * not its upper one, and a point on the edge counts as left of it only on one side. The result does not depend on the
 * direction of the edge, so two grids that share it always disagree about a point on it: exactly one owns the point.
 */
export function crossesRay(ax: number, ay: number, bx: number, by: number, px: number, py: number): boolean {
  if (ay > py === by > py) return false;
  return ay < by ? orientation(ax, ay, bx, by, px, py) > 0 : orientation(bx, by, ax, ay, px, py) > 0;
}

function ringCrossings(ring: Ring, px: number, py: number): boolean {
  let inside = false;
  const n = ring.length;
  let ax = ring[n - 2];
  let ay = ring[n - 1];
  for (let i = 0; i < n; i += 2) {
    const bx = ring[i];
    const by = ring[i + 1];
    if (crossesRay(ax, ay, bx, by, px, py)) inside = !inside;
    ax = bx;
    ay = by;
  }
  return inside;
}

/** Exact half-open containment by the even-odd rule, over all rings of the shape. */
export function containsPoint(shape: Shape, px: number, py: number): boolean {
  let inside = false;
  for (const polygon of shape) {
    for (const ring of polygon) if (ringCrossings(ring, px, py)) inside = !inside;
  }
  return inside;
}

/** The box of a shape. */
export function boxOf(shape: Shape): Box {
  let minX = Infinity;
  let minY = Infinity;
  let maxX = -Infinity;
  let maxY = -Infinity;
  for (const polygon of shape) {
    const ring = polygon[0];
    for (let i = 0; i < ring.length; i += 2) {
      minX = Math.min(minX, ring[i]);
      maxX = Math.max(maxX, ring[i]);
      minY = Math.min(minY, ring[i + 1]);
      maxY = Math.max(maxY, ring[i + 1]);
    }
  }
  return { minX, minY, maxX, maxY };
}

/** Number of vertices, closing points not counted. */
export function countVertices(shape: Shape): number {
  let count = 0;
  for (const polygon of shape) for (const ring of polygon) count += ring.length / 2;
  return count;
}
