import type { Line } from '../../../src/geometry/arrangement.ts';
import { orientation, type Shape } from '../../../src/geometry/polygon.ts';

type Edge = readonly [ax: number, ay: number, bx: number, by: number];

/** Every edge of the rings and lines once, by nothing but comparing words. */
export function edgesOf(shapes: readonly Shape[], lines: readonly Line[]): Edge[] {
  const edges = new Map<string, Edge>();
  const add = (ax: number, ay: number, bx: number, by: number) => {
    const edge: Edge = ax < bx || (ax === bx && ay < by) ? [ax, ay, bx, by] : [bx, by, ax, ay];
    if (ax !== bx || ay !== by) edges.set(edge.join(), edge);
  };
  for (const ring of shapes.flat(2)) {
    for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2)
      add(ring[j], ring[j + 1], ring[i], ring[i + 1]);
  }
  for (const line of lines) {
    for (let i = 2; i < line.length; i += 2) add(line[i - 2], line[i - 1], line[i], line[i + 1]);
  }
  return [...edges.values()];
}

export function meet(p: Edge, q: Edge): boolean {
  const within = ([ax, ay, bx, by]: Edge, x: number, y: number) =>
    x >= ax && x <= bx && y >= Math.min(ay, by) && y <= Math.max(ay, by) && orientation(ax, ay, bx, by, x, y) === 0;
  const inside = (edge: Edge, x: number, y: number) =>
    within(edge, x, y) && !(x === edge[0] && y === edge[1]) && !(x === edge[2] && y === edge[3]);
  if (inside(p, q[0], q[1]) || inside(p, q[2], q[3]) || inside(q, p[0], p[1]) || inside(q, p[2], p[3])) return true;
  const side = (edge: Edge, x: number, y: number) => Math.sign(orientation(edge[0], edge[1], edge[2], edge[3], x, y));
  return side(p, q[0], q[1]) * side(p, q[2], q[3]) < 0 && side(q, p[0], p[1]) * side(q, p[2], p[3]) < 0;
}

/** Places where two of these edges meet other than in common vertices: every pair is looked at. */
export function meetings(shapes: readonly Shape[], lines: readonly Line[]): string[] {
  const edges = edgesOf(shapes, lines).sort((p, q) => p[0] - q[0]);
  const found: string[] = [];
  edges.forEach((p, i) => {
    for (let k = i + 1; k < edges.length && edges[k][0] <= p[2]; k++) {
      if (meet(p, edges[k])) found.push(`${p} × ${edges[k]}`);
    }
  });
  return found;
}

/** Bounded faces of a plane graph by Euler's formula: edges − vertices + connected pieces. */
export function countFaces(shapes: readonly Shape[], lines: readonly Line[]): number {
  const edges = edgesOf(shapes, lines);
  const above = new Map<string, string>();
  const root = (at: string): string => {
    const up = above.get(at);
    if (up === undefined || up === at) return at;
    const top = root(up);
    above.set(at, top);
    return top;
  };
  let faces = edges.length;
  for (const [ax, ay, bx, by] of edges) {
    const [a, b] = [`${ax},${ay}`, `${bx},${by}`];
    for (const vertex of [a, b]) {
      if (!above.has(vertex)) above.set(vertex, vertex);
    }
    above.set(root(a), root(b));
  }
  for (const vertex of above.keys()) faces += root(vertex) === vertex ? 0 : -1;
  return faces;
}
