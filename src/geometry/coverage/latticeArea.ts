import type { Ring, Shape } from '../polygon.ts';

/**
 * Twice the signed area of a ring in square lattice steps, positive when it runs counter-clockwise. Exact up to 2^53,
 * beyond that the double nearest to the exact sum, so the sign is always right and a larger area never compares less.
 */
export function ringArea2(ring: Ring): number {
  const [x0, y0] = ring;
  let sum = 0;
  let size = 0;
  for (let i = 2; i + 3 < ring.length; i += 2) {
    const left = (ring[i] - x0) * (ring[i + 3] - y0);
    const right = (ring[i + 2] - x0) * (ring[i + 1] - y0);
    sum += left - right;
    size += Math.abs(left) + Math.abs(right);
  }
  return size <= Number.MAX_SAFE_INTEGER ? sum : Number(ringArea2Big(ring));
}

function ringArea2Big(ring: Ring): bigint {
  let sum = 0n;
  const n = ring.length;
  for (let i = 0; i < n; i += 2) {
    const j = (i + 2) % n;
    sum += BigInt(ring[i]) * BigInt(ring[j + 1]) - BigInt(ring[j]) * BigInt(ring[i + 1]);
  }
  return sum;
}

/**
 * Twice the area of a shape in square lattice steps: outer rings less their holes, whatever way the rings run.
 * For ordering and for exact balances, not for square metres. Exact as long as no sum passes 2^53 (about a province).
 */
export function latticeArea2(shape: Shape): number {
  let area = 0;
  for (const polygon of shape) {
    polygon.forEach((ring, i) => {
      area += i === 0 ? Math.abs(ringArea2(ring)) : -Math.abs(ringArea2(ring));
    });
  }
  return area;
}
