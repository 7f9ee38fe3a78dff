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

/** The box around boxes; around none there is none. */
export function joinBoxes(boxes: readonly Box[]): Box {
  const joined = { minX: Infinity, minY: Infinity, maxX: -Infinity, maxY: -Infinity };
  for (const { minX, minY, maxX, maxY } of boxes) {
    joined.minX = Math.min(joined.minX, minX);
    joined.minY = Math.min(joined.minY, minY);
    joined.maxX = Math.max(joined.maxX, maxX);
    joined.maxY = Math.max(joined.maxY, maxY);
  }
  return joined;
}

/** Whether two boxes have a place in common; a side or a corner is enough. */
export function boxesMeet(a: Box, b: Box): boolean {
  return a.minX <= b.maxX && b.minX <= a.maxX && a.minY <= b.maxY && b.minY <= a.maxY;
}

/** Number of vertices, closing points not counted. */
export function countVertices(shape: Shape): number {
  let count = 0;
  for (const polygon of shape) for (const ring of polygon) count += ring.length / 2;
  return count;
}

/** Direction of a simple ring, exactly: 1 counter-clockwise, -1 clockwise, 0 when its lowest corner has no width. */
export function ringAreaSign(ring: Ring): -1 | 0 | 1 {
  let low = 0;
  for (let i = 2; i < ring.length; i += 2) {
    if (ring[i] < ring[low] || (ring[i] === ring[low] && ring[i + 1] < ring[low + 1])) low = i;
  }
  const before = (low + ring.length - 2) % ring.length;
  const after = (low + 2) % ring.length;
  const turn = orientation(ring[before], ring[before + 1], ring[low], ring[low + 1], ring[after], ring[after + 1]);
  return turn > 0 ? 1 : turn < 0 ? -1 : 0;
}

/** Where the borders of the shape cut the horizontal line at y, from west to east. Not exact: for choosing, not judging. */
function cutsAt(shape: Shape, y: number): number[] {
  const cuts: number[] = [];
  for (const polygon of shape) {
    for (const ring of polygon) {
      for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
        const ay = ring[j + 1];
        const by = ring[i + 1];
        if (ay > y !== by > y) cuts.push(ring[j] + ((y - ay) / (by - ay)) * (ring[i] - ring[j]));
      }
    }
  }
  return cuts.sort((a, b) => a - b);
}

function insideAt(shape: Shape, y: number): { x: number; y: number } | undefined {
  const cuts = cutsAt(shape, y);
  const spans: [from: number, to: number][] = [];
  for (let i = 0; i + 1 < cuts.length; i += 2) spans.push([cuts[i], cuts[i + 1]]);
  spans.sort((a, b) => b[1] - b[0] - (a[1] - a[0]));
  for (const [from, to] of spans) {
    for (const x of [Math.floor((from + to) / 2), Math.ceil(from)]) if (containsPoint(shape, x, y)) return { x, y };
  }
  return undefined;
}

/**
 * A lattice point that the shape surely contains by {@link containsPoint}: the middle of its widest stretch at half
 * height, or at other heights where that has none. Undefined only for a shape thinner than the lattice.
 */
export function representativePoint(shape: Shape): { x: number; y: number } | undefined {
  const { minY, maxY } = boxOf(shape);
  for (let parts = 2; parts <= 64; parts *= 2) {
    for (let part = 1; part < parts; part += 2) {
      const found = insideAt(shape, Math.round(minY + ((maxY - minY) * part) / parts));
      if (found) return found;
    }
  }
  for (const polygon of shape) {
    for (let i = 1; i < polygon[0].length; i += 2) {
      const found = insideAt(shape, polygon[0][i]);
      if (found) return found;
    }
  }
  return undefined;
}
