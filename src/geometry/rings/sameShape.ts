import { ringArea2 } from '../coverage.ts';
import { countVertices, type Polygon, type Ring, type Shape } from '../polygon.ts';

/** Whether two shapes have the same vertices on the same rings, whatever the ring directions, first vertices and order. */
export function isSameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true;
  if (a.length !== b.length || countVertices(a) !== countVertices(b)) return false;
  const keys = (shape: Shape) => shape.map(polygonKey).sort();
  const keysOfB = keys(b);
  return keys(a).every((key, i) => key === keysOfB[i]);
}

function polygonKey([outer, ...holes]: Polygon): string {
  return [ringKey(outer), ...holes.map(ringKey).sort()].join(';');
}

function ringKey(ring: Ring): string {
  let low = 0;
  for (let i = 2; i < ring.length; i += 2) {
    if (ring[i] < ring[low] || (ring[i] === ring[low] && ring[i + 1] < ring[low + 1])) low = i;
  }
  const step = ringArea2(ring) < 0 ? -2 : 2;
  const numbers: number[] = [];
  for (let i = 0, at = low; i < ring.length; i += 2, at = (at + step + ring.length) % ring.length) {
    numbers.push(ring[at], ring[at + 1]);
  }
  return numbers.join(' ');
}
