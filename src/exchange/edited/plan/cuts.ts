import type { Op, Point } from '../../../changesets/ops/op.ts';
import { dissolve, latticeArea2 } from '../../../geometry/coverage.ts';
import type { Ring, Shape } from '../../../geometry/polygon.ts';
import type { CreateWish } from '../wishes.ts';

/** A grid that the file cut: what stays of it, and the parts cut off. */
export interface Cut {
  readonly grid: string;
  readonly kept: Shape;
  readonly parts: readonly CreateWish[];
}

/** The whole of a cut grid before the cut; undefined where its parts are no exact coverage. */
export function wholeOf({ kept, parts }: Cut): Shape | undefined {
  return unionOf([kept, ...parts.map(({ boundary }) => boundary)]);
}

/**
 * The splits that make a cut, the smallest part first, so that the rest is always the larger piece and stays the grid;
 * undefined where a part meets the rest along several stretches, which no one line cuts.
 */
export function splitsOf({ grid, kept, parts }: Cut): Op[] | undefined {
  const ops: Op[] = [];
  const open = [...parts].sort((a, b) => latticeArea2(a.boundary) - latticeArea2(b.boundary));
  while (open.length > 0) {
    const part = open.shift()!;
    const rest = unionOf([kept, ...open.map(({ boundary }) => boundary)]);
    const line = rest && commonStretch(part.boundary, rest);
    if (!line) return undefined;
    ops.push({ split: { grid, line, codes: [part.code], names: [part.name], ids: [part.id] } });
  }
  return ops;
}

function unionOf(shapes: readonly Shape[]): Shape | undefined {
  try {
    return dissolve(shapes);
  } catch {
    // They overlap: it was no clean cut.
    return undefined;
  }
}

/** The one stretch of border that two shapes share edge by edge; undefined where there is none or more than one. */
function commonStretch(shape: Shape, other: Shape): Point[] | undefined {
  const edges = new Set<string>();
  for (const ring of other.flat()) eachEdge(ring, (key) => edges.add(key));
  const stretches = shape.flat().flatMap((ring) => stretchesOf(ring, edges));
  return stretches.length === 1 ? stretches[0] : undefined;
}

function stretchesOf(ring: Ring, edges: ReadonlySet<string>): Point[][] {
  const shared: boolean[] = [];
  eachEdge(ring, (key) => shared.push(edges.has(key)));
  const point = (i: number): Point => [ring[2 * (i % shared.length)], ring[2 * (i % shared.length) + 1]];
  if (shared.every(Boolean)) return [[...shared.map((_, i) => point(i)), point(0)]];
  const stretches: Point[][] = [];
  const start = shared.indexOf(false);
  for (let step = 1; step <= shared.length; step++) {
    const i = start + step;
    if (!shared[i % shared.length]) continue;
    const isFirst = !shared[(i - 1) % shared.length];
    if (isFirst) stretches.push([point(i)]);
    stretches.at(-1)!.push(point(i + 1));
  }
  return stretches;
}

/** Calls `visit` for each edge, from the first vertex on, with a key that is the same in both directions. */
function eachEdge(ring: Ring, visit: (key: string) => void): void {
  for (let i = 0; i < ring.length; i += 2) {
    const j = (i + 2) % ring.length;
    const [a, b] = [`${ring[i]} ${ring[i + 1]}`, `${ring[j]} ${ring[j + 1]}`];
    visit(a < b ? `${a} ${b}` : `${b} ${a}`);
  }
}
