import { orientation } from '../polygon.ts';

/** Vertices by number, and directed edges between them with the covered side on the left. */
export interface DirectedEdges {
  readonly x: Int32Array;
  readonly y: Int32Array;
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/**
 * Whether direction v→b comes before v→c when turning clockwise from v→a. Exact. A direction equal to v→a comes last.
 */
function turnsEarlier({ x, y }: DirectedEdges, v: number, a: number, b: number, c: number): boolean {
  const side = (i: number, j: number) => Math.sign(orientation(x[v], y[v], x[i], y[i], x[j], y[j]));
  // Clockwise from a: first the half plane to its right, then straight back, then the half to its left.
  const half = (i: number) => {
    const s = side(a, i);
    if (s < 0) return 0;
    if (s > 0) return 2;
    const ahead = (x[i] - x[v]) * (x[a] - x[v]) >= 0 && (y[i] - y[v]) * (y[a] - y[v]) >= 0;
    return ahead ? 3 : 1;
  };
  const [halfB, halfC] = [half(b), half(c)];
  return halfB === halfC ? side(b, c) < 0 : halfB < halfC;
}

function groupByStart(edges: DirectedEdges): Map<number, number[]> {
  const starts = new Map<number, number[]>();
  edges.from.forEach((vertex, edge) => {
    const known = starts.get(vertex);
    if (known) known.push(edge);
    else starts.set(vertex, [edge]);
  });
  return starts;
}

/**
 * Walks along the edges so that each walk goes once around one connected piece of the covered area or one of its holes.
 * Where several edges leave a vertex it takes the first one clockwise from where it came, which keeps the same piece on
 * its left. Each walk is a list of vertices.
 */
export function traceWalks(edges: DirectedEdges): number[][] {
  const starts = groupByStart(edges);
  const used = new Uint8Array(edges.from.length);
  const walks: number[][] = [];
  for (let first = 0; first < edges.from.length; first++) {
    if (used[first]) continue;
    const walk: number[] = [];
    let edge = first;
    while (!used[edge]) {
      used[edge] = 1;
      walk.push(edges.from[edge]);
      const came = edges.from[edge];
      const at = edges.to[edge];
      const leaving = starts.get(at)!;
      edge = leaving[0];
      for (const other of leaving) {
        if (turnsEarlier(edges, at, came, edges.to[other], edges.to[edge])) edge = other;
      }
    }
    walks.push(walk);
  }
  return walks;
}

/** Cuts a walk at the vertices it passes more than once, into rings that do not touch themselves. */
export function splitWalk(walk: readonly number[]): number[][] {
  const rings: number[][] = [];
  const path: number[] = [];
  const placeOf = new Map<number, number>();
  for (const vertex of walk) {
    const known = placeOf.get(vertex);
    if (known !== undefined) {
      const ring = path.splice(known);
      for (const passed of ring) placeOf.delete(passed);
      rings.push(ring);
    }
    placeOf.set(vertex, path.length);
    path.push(vertex);
  }
  rings.push(path);
  return rings;
}
