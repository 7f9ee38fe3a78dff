import { PairNumbers } from '../coverage/pairNumbers.ts';
import { orientation, type Shape } from '../polygon.ts';
import type { Line } from './line.ts';

/**
 * Borders of shapes and lines as a graph in the plane, each edge once. Half-edge 2e runs along edge e from its lower
 * vertex number to the higher, 2e + 1 back; the face of a half-edge lies on its left.
 */
export interface PlaneGraph {
  readonly x: Int32Array;
  readonly y: Int32Array;
  readonly vertexCount: number;
  readonly edgeCount: number;
  /** Half-edge → the vertex it starts from. */
  readonly from: Int32Array;
  /** Half-edge → the one that follows it around its face. */
  readonly next: Int32Array;
  /** Edge → its first use, or -1; use → shape, and the next use of the edge. A ring that passes an edge uses it. */
  readonly firstUse: Int32Array;
  readonly nextUse: Int32Array;
  readonly useShape: Int32Array;
}

/** Cuts the plane along edges that meet in common vertices only; time n log n at worst, n for most. */
export function buildPlaneGraph(shapes: readonly Shape[], lines: readonly Line[]): PlaneGraph {
  let uses = 0;
  for (const shape of shapes) for (const polygon of shape) for (const ring of polygon) uses += ring.length / 2;
  const most = uses + lines.reduce((sum, line) => sum + line.length / 2, 0);
  const vertices = new PairNumbers(most);
  const edges = new PairNumbers(most);
  const firstUse = new Int32Array(most).fill(-1);
  const nextUse = new Int32Array(uses);
  const useShape = new Int32Array(uses);
  const edgeOf = (a: number, b: number) => edges.numberOf(Math.min(a, b), Math.max(a, b));
  let use = 0;
  const addRing = (ring: Int32Array, shape: number) => {
    let a = vertices.numberOf(ring[ring.length - 2], ring[ring.length - 1]);
    for (let i = 0; i < ring.length; i += 2) {
      const b = vertices.numberOf(ring[i], ring[i + 1]);
      if (a === b) continue;
      const edge = edgeOf(a, b);
      nextUse[use] = firstUse[edge];
      useShape[use] = shape;
      firstUse[edge] = use++;
      a = b;
    }
  };
  shapes.forEach((shape, number) => {
    for (const polygon of shape) for (const ring of polygon) addRing(ring, number);
  });
  for (const line of lines) {
    for (let i = 2; i < line.length; i += 2) {
      const a = vertices.numberOf(line[i - 2], line[i - 1]);
      const b = vertices.numberOf(line[i], line[i + 1]);
      if (a !== b) edgeOf(a, b);
    }
  }
  return { firstUse, nextUse, useShape, ...linkFaces(vertices, edges) };
}

function linkFaces(vertices: PairNumbers, edges: PairNumbers) {
  const [x, y, vertexCount, edgeCount] = [vertices.a, vertices.b, vertices.count, edges.count];
  const from = new Int32Array(2 * edgeCount);
  const start = new Int32Array(vertexCount + 1);
  for (let edge = 0; edge < edgeCount; edge++) {
    from[2 * edge] = edges.a[edge];
    from[2 * edge + 1] = edges.b[edge];
    start[edges.a[edge] + 1]++;
    start[edges.b[edge] + 1]++;
  }
  for (let vertex = 0; vertex < vertexCount; vertex++) start[vertex + 1] += start[vertex];
  const leaving = new Int32Array(2 * edgeCount);
  const free = start.slice();
  for (let half = 0; half < 2 * edgeCount; half++) leaving[free[from[half]]++] = half;
  const next = new Int32Array(2 * edgeCount);
  for (let vertex = 0; vertex < vertexCount; vertex++) {
    const star = leaving.subarray(start[vertex], start[vertex + 1]);
    if (star.length > 2) star.sort((g, h) => compareAngles(x, y, vertex, from[g ^ 1], from[h ^ 1]));
    // Who arrives against the half-edge i goes on along the first one clockwise from it.
    for (let i = 0; i < star.length; i++) next[star[i] ^ 1] = star[(i + star.length - 1) % star.length];
  }
  return { x, y, vertexCount, edgeCount, from, next };
}

/** Order of the directions from v to a and to b, counter-clockwise from east, exactly. */
function compareAngles(x: Int32Array, y: Int32Array, v: number, a: number, b: number): number {
  const south = (p: number) => (y[p] < y[v] || (y[p] === y[v] && x[p] < x[v]) ? 1 : 0);
  return south(a) - south(b) || -Math.sign(orientation(x[v], y[v], x[a], y[a], x[b], y[b]));
}
