import { arrange, type Line, nodeInto } from '../../../../geometry/arrangement.ts';
import type { Shape } from '../../../../geometry/polygon.ts';
import { meetOnlyAtEnds } from './meetOnlyAtEnds.ts';
import type { Lines } from './netEdges.ts';

/** A piece of ground that none of some lines crosses, with a spot well inside it. The spot need not be on the lattice. */
export interface Face {
  readonly shape: Shape;
  readonly x: number;
  readonly y: number;
}

/** The bounded faces that lines enclose, crossing or not: noded first where they cross, within half a lattice step (6 mm). */
export function facesOf(lines: Lines): Face[] {
  if (lines.length === 0) return [];
  const edges: Line[] = [];
  for (let i = 0; i < lines.length; i += 4) {
    edges.push(Int32Array.of(lines[i], lines[i + 1], lines[i + 2], lines[i + 3]));
  }
  const noded = meetOnlyAtEnds(lines) ? edges : nodeInto(edges, []).lines;
  return arrange([], noded).faces.map(({ polygon }) => ({
    shape: [polygon],
    ...spotWellInside([polygon]),
  }));
}

const HEIGHTS = 16;

/** The middle of the widest of some stretches halfway between vertices: inside even where no lattice point is. */
function spotWellInside(shape: Shape): { x: number; y: number } {
  const heights = [...new Set(shape.flat().flatMap((ring) => [...ring].filter((_, i) => i % 2 === 1)))];
  heights.sort((a, b) => a - b);
  const step = Math.max(1, Math.floor((heights.length - 1) / HEIGHTS));
  let best = { x: 0, y: 0, width: -1 };
  for (let i = 0; i + 1 < heights.length; i += step) {
    const y = (heights[i] + heights[i + 1]) / 2;
    const cuts = cutsAt(shape, y);
    for (let c = 0; c + 1 < cuts.length; c += 2) {
      const width = Math.min(cuts[c + 1] - cuts[c], heights[i + 1] - heights[i]);
      if (width > best.width) best = { x: (cuts[c] + cuts[c + 1]) / 2, y, width };
    }
  }
  return { x: best.x, y: best.y };
}

function cutsAt(shape: Shape, y: number): number[] {
  const cuts: number[] = [];
  for (const ring of shape.flat()) {
    for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
      const [ay, by] = [ring[j + 1], ring[i + 1]];
      if (ay > y !== by > y) cuts.push(ring[j] + ((y - ay) / (by - ay)) * (ring[i] - ring[j]));
    }
  }
  return cuts.sort((a, b) => a - b);
}

/** Whether a shape holds a spot that is on none of its borders. */
export function holds(shape: Shape, { x, y }: { readonly x: number; readonly y: number }): boolean {
  let inside = false;
  for (const polygon of shape) {
    for (const ring of polygon) {
      for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
        const [ay, by] = [ring[j + 1], ring[i + 1]];
        if (ay > y !== by > y && ring[j] + ((y - ay) / (by - ay)) * (ring[i] - ring[j]) > x) inside = !inside;
      }
    }
  }
  return inside;
}
