import { orientation, type Ring, type Shape } from '../../geometry/polygon.ts';
import { codesOf, isSameDrawing, isSameVersion, membersOf } from './codec.ts';
import type { DraftGrid } from './draftGrid.ts';

/**
 * Whether a grid is what it was but for vertices on its straight edges: a neighbour got a corner there, and so that both
 * share whole edges the vertex was put into both. Nobody's ground moves by it.
 */
export function isOnlyNoded(before: DraftGrid, after: DraftGrid): boolean {
  if (!isSameVersion({ ...before, shape: after.shape }, after)) return false;
  if (codesOf(before) !== codesOf(after) || membersOf(before) !== membersOf(after)) return false;
  return isSameDrawing(cornersOf(before.shape), cornersOf(after.shape));
}

/** Corners only, each ring from its least one on. */
function cornersOf(shape: Shape): Shape {
  return shape.map((polygon) => polygon.map(ringCorners));
}

function ringCorners(ring: Ring): Ring {
  const corners: number[] = [];
  const n = ring.length;
  for (let i = 0; i < n; i += 2) {
    const [a, b] = [(i + n - 2) % n, (i + 2) % n];
    if (orientation(ring[a], ring[a + 1], ring[i], ring[i + 1], ring[b], ring[b + 1]) !== 0) {
      corners.push(ring[i], ring[i + 1]);
    }
  }
  let least = 0;
  for (let i = 2; i < corners.length; i += 2) {
    if (corners[i] < corners[least] || (corners[i] === corners[least] && corners[i + 1] < corners[least + 1]))
      least = i;
  }
  return Int32Array.from([...corners.slice(least), ...corners.slice(0, least)]);
}
