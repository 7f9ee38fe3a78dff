import { orientation } from '../../polygon.ts';

/**
 * Whether a segment between two lattice points passes the unit square around the lattice point (x, y), the one that
 * rounds to it: its western and southern sides belong to it, the others do not. Exact, in half steps. The cases are
 * those of JTS `HotPixel.intersectsScaled`.
 */
export function passesPixel(ax: number, ay: number, bx: number, by: number, x: number, y: number): boolean {
  if (Math.max(ax, bx) < x || Math.min(ax, bx) > x || Math.max(ay, by) < y || Math.min(ay, by) > y) return false;
  if (ax === bx || ay === by) return true;
  const [px, py, qx, qy] = ax < bx ? [2 * ax, 2 * ay, 2 * bx, 2 * by] : [2 * bx, 2 * by, 2 * ax, 2 * ay];
  const side = (dx: number, dy: number) => Math.sign(orientation(px, py, qx, qy, 2 * x + dx, 2 * y + dy));
  const rises = py < qy;
  const northWest = side(-1, 1);
  if (northWest === 0) return !rises;
  const northEast = side(1, 1);
  if (northEast === 0) return rises;
  if (northWest !== northEast) return true;
  const southWest = side(-1, -1);
  if (southWest === 0 || southWest !== northWest) return true;
  const southEast = side(1, -1);
  if (southEast === 0) return !rises;
  return southEast !== southWest;
}

/** The nearest integer to a quotient, halves upwards. */
function roundQuotient(numerator: bigint, denominator: bigint): number {
  const [n, d] = denominator < 0n ? [-numerator, -denominator] : [numerator, denominator];
  const top = 2n * n + d;
  const down = top / (2n * d);
  return Number(top < 0n && down * 2n * d !== top ? down - 1n : down);
}

/** Whether two segments cross between their ends, exactly. */
export function segmentsCross(
  ...[ax, ay, bx, by, cx, cy, dx, dy]: [number, number, number, number, number, number, number, number]
): boolean {
  const sideC = orientation(ax, ay, bx, by, cx, cy);
  const sideD = orientation(ax, ay, bx, by, dx, dy);
  if (!((sideC > 0 && sideD < 0) || (sideC < 0 && sideD > 0))) return false;
  const sideA = orientation(cx, cy, dx, dy, ax, ay);
  const sideB = orientation(cx, cy, dx, dy, bx, by);
  return (sideA > 0 && sideB < 0) || (sideA < 0 && sideB > 0);
}

/** The lattice point whose unit square holds the crossing of two segments that cross between their ends, exactly. */
export function crossingPixel(
  ...[ax, ay, bx, by, cx, cy, dx, dy]: [number, number, number, number, number, number, number, number]
): [x: number, y: number] {
  const [rx, ry] = [BigInt(bx - ax), BigInt(by - ay)];
  const [sx, sy] = [BigInt(dx - cx), BigInt(dy - cy)];
  const along = BigInt(cx - ax) * sy - BigInt(cy - ay) * sx;
  const whole = rx * sy - ry * sx;
  return [ax + roundQuotient(rx * along, whole), ay + roundQuotient(ry * along, whole)];
}
