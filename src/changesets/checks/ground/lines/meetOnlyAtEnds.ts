import Flatbush from 'flatbush';
import { orientation } from '../../../../geometry/polygon.ts';
import type { Lines } from './netEdges.ts';

/** Whether lines have nothing in common but ends, exactly. Most borders are so, and then need no noding, which is slow. */
export function meetOnlyAtEnds(lines: Lines): boolean {
  const tree = new Flatbush(Math.max(1, lines.length / 4), 16, Int32Array);
  if (lines.length === 0) return true;
  const boxOf = (i: number) =>
    [
      Math.min(lines[i], lines[i + 2]),
      Math.min(lines[i + 1], lines[i + 3]),
      Math.max(lines[i], lines[i + 2]),
      Math.max(lines[i + 1], lines[i + 3]),
    ] as const;
  for (let i = 0; i < lines.length; i += 4) tree.add(...boxOf(i));
  tree.finish();
  for (let i = 0; i < lines.length; i += 4) {
    const met = tree.search(...boxOf(i), (other) => 4 * other > i && meet(lines, i, 4 * other));
    if (met.length > 0) return false;
  }
  return true;
}

function meet(lines: Lines, i: number, j: number): boolean {
  const [ax, ay, bx, by] = [lines[i], lines[i + 1], lines[i + 2], lines[i + 3]];
  const [cx, cy, dx, dy] = [lines[j], lines[j + 1], lines[j + 2], lines[j + 3]];
  const [c, d] = [orientation(ax, ay, bx, by, cx, cy), orientation(ax, ay, bx, by, dx, dy)];
  const [a, b] = [orientation(cx, cy, dx, dy, ax, ay), orientation(cx, cy, dx, dy, bx, by)];
  if (Math.sign(c) * Math.sign(d) < 0 && Math.sign(a) * Math.sign(b) < 0) return true;
  return (
    (c === 0 && isWithin(ax, ay, bx, by, cx, cy)) ||
    (d === 0 && isWithin(ax, ay, bx, by, dx, dy)) ||
    (a === 0 && isWithin(cx, cy, dx, dy, ax, ay)) ||
    (b === 0 && isWithin(cx, cy, dx, dy, bx, by))
  );
}

/** Whether a point on the line of a–b lies between its ends, and is none of them. */
function isWithin(ax: number, ay: number, bx: number, by: number, px: number, py: number): boolean {
  if ((px === ax && py === ay) || (px === bx && py === by)) return false;
  return Math.min(ax, bx) <= px && px <= Math.max(ax, bx) && Math.min(ay, by) <= py && py <= Math.max(ay, by);
}
