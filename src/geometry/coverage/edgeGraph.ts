import { crossesRay, orientation, type Ring, type Shape } from '../polygon.ts';
import { ringArea2 } from './latticeArea.ts';
import { PairNumbers } from './pairNumbers.ts';

/** The edges of several shapes with equal vertices and equal edges found. Every edge has its shape on the left. */
export interface EdgeGraph {
  /** Vertex → place. */
  readonly x: Int32Array;
  readonly y: Int32Array;
  /** Vertex → how many edges start there. */
  readonly uses: Int32Array;
  readonly edgeCount: number;
  /** Edge → its vertices and its shape; the edges of a ring follow each other. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly shape: Int32Array;
  readonly borderCount: number;
  /** Edge → number of its border: the same for all edges between the same two vertices, in either direction. */
  readonly border: Int32Array;
  /** Border → one of its edges; edge → the next edge of the same border, or -1. */
  readonly firstEdge: Int32Array;
  readonly nextEdge: Int32Array;
}

/** Calls `visit` for the edges of every ring, outer rings counter-clockwise and holes clockwise. */
function eachRing(shapes: readonly Shape[], visit: (ring: Ring, forward: boolean, shape: number) => void): void {
  shapes.forEach((shape, number) => {
    for (const polygon of shape) {
      polygon.forEach((ring, i) => {
        visit(ring, ringArea2(ring) > 0 === (i === 0), number);
      });
    }
  });
}

function countEdges(shapes: readonly Shape[]): number {
  let count = 0;
  eachRing(shapes, (ring) => {
    count += ring.length / 2;
  });
  return count;
}

/** Finds equal vertices and equal edges of the shapes, in time proportional to their vertices. */
export function buildEdgeGraph(shapes: readonly Shape[]): EdgeGraph {
  const most = countEdges(shapes);
  const vertices = new PairNumbers(most);
  const from = new Int32Array(most);
  const to = new Int32Array(most);
  const shape = new Int32Array(most);
  const uses = new Int32Array(most);
  let edgeCount = 0;
  eachRing(shapes, (ring, forward, number) => {
    const n = ring.length;
    const step = forward ? 2 : -2;
    let i = 0;
    let a = n > 0 ? vertices.numberOf(ring[0], ring[1]) : 0;
    for (let left = n / 2; left > 0; left--) {
      i = (i + step + n) % n;
      const b = vertices.numberOf(ring[i], ring[i + 1]);
      if (a === b) continue;
      from[edgeCount] = a;
      to[edgeCount] = b;
      shape[edgeCount++] = number;
      uses[a]++;
      a = b;
    }
  });
  return { x: vertices.a, y: vertices.b, uses, edgeCount, from, to, shape, ...joinBorders(from, to, edgeCount) };
}

function joinBorders(from: Int32Array, to: Int32Array, edgeCount: number) {
  const borders = new PairNumbers(edgeCount);
  const border = new Int32Array(edgeCount);
  const firstEdge = new Int32Array(edgeCount).fill(-1);
  const nextEdge = new Int32Array(edgeCount);
  for (let edge = 0; edge < edgeCount; edge++) {
    const number = borders.numberOf(Math.min(from[edge], to[edge]), Math.max(from[edge], to[edge]));
    border[edge] = number;
    nextEdge[edge] = firstEdge[number];
    firstEdge[number] = edge;
  }
  return { borderCount: borders.count, border, firstEdge, nextEdge };
}

/** How often a border is used from its lower-numbered vertex to the other, less how often the other way. */
export function balanceOf(graph: EdgeGraph, border: number): number {
  let balance = 0;
  for (let edge = graph.firstEdge[border]; edge !== -1; edge = graph.nextEdge[edge]) {
    balance += graph.from[edge] < graph.to[edge] ? 1 : -1;
  }
  return balance;
}

/**
 * Whether a shape holds a point given in half lattice steps (so that the middle of an edge has a place), strictly:
 * undefined when the point lies on one of its edges.
 */
export function holdsHalfStep(shape: Shape, px: number, py: number): boolean | undefined {
  let inside = false;
  for (const polygon of shape) {
    for (const ring of polygon) {
      const crossed = crossesRing(ring, px, py);
      if (crossed === undefined) return undefined;
      if (crossed) inside = !inside;
    }
  }
  return inside;
}

function crossesRing(ring: Ring, px: number, py: number): boolean | undefined {
  let inside = false;
  const n = ring.length;
  for (let i = 0; i < n; i += 2) {
    const j = i === 0 ? n - 2 : i - 2;
    const [ax, ay, bx, by] = [2 * ring[j], 2 * ring[j + 1], 2 * ring[i], 2 * ring[i + 1]];
    if (Math.min(ay, by) > py || Math.max(ay, by) < py) continue;
    const onBox = Math.min(ax, bx) <= px && px <= Math.max(ax, bx);
    if (onBox && orientation(ax, ay, bx, by, px, py) === 0) return undefined;
    if (crossesRay(ax, ay, bx, by, px, py)) inside = !inside;
  }
  return inside;
}
