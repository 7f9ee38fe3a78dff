import Flatbush from 'flatbush';
import { ringArea2 } from '../coverage/latticeArea.ts';
import { containsPoint, type Ring } from '../polygon.ts';
import type { PlaneGraph } from './planeGraph.ts';

/** One walk around one side of a connected piece of the graph. */
export interface Cycle {
  readonly halfEdges: readonly number[];
  /** Its vertices in order; some more than once where the walk touches itself or passes a dangling edge both ways. */
  readonly ring: Ring;
  /** Twice the area, positive around a face; else the cycle is the outside of its piece. */
  readonly area2: number;
}

/** Which face lies to the left of each half-edge, -1 the unbounded one; and the cycles around each face. */
export interface FaceCycles {
  readonly faceOf: Int32Array;
  /** Face → its outer cycle, then the outsides of the pieces within it. */
  readonly cyclesOf: readonly (readonly Cycle[])[];
  /** The outsides of the pieces that lie in no face. */
  readonly outside: readonly Cycle[];
}

function traceCycles({ x, y, from, next, edgeCount }: PlaneGraph): Cycle[] {
  const traced = new Uint8Array(2 * edgeCount);
  const cycles: Cycle[] = [];
  for (let first = 0; first < 2 * edgeCount; first++) {
    if (traced[first]) continue;
    const halfEdges: number[] = [];
    for (let half = first; !traced[half]; half = next[half]) {
      traced[half] = 1;
      halfEdges.push(half);
    }
    const ring = new Int32Array(2 * halfEdges.length);
    for (let i = 0; i < halfEdges.length; i++) {
      ring[2 * i] = x[from[halfEdges[i]]];
      ring[2 * i + 1] = y[from[halfEdges[i]]];
    }
    cycles.push({ halfEdges, ring, area2: ringArea2(ring) });
  }
  return cycles;
}

/** Vertex → one vertex of its connected piece, the same for all of the piece. */
function piecesOf({ vertexCount, edgeCount, from }: PlaneGraph): Int32Array {
  const above = Int32Array.from({ length: vertexCount }, (_, vertex) => vertex);
  const root = (vertex: number) => {
    let at = vertex;
    while (above[at] !== at) {
      above[at] = above[above[at]];
      at = above[at];
    }
    return at;
  };
  for (let edge = 0; edge < edgeCount; edge++) above[root(from[2 * edge])] = root(from[2 * edge + 1]);
  return above.map((_, vertex) => root(vertex));
}

/** Finds the face of each cycle: a piece that is not joined to the others lies in the smallest face around it. */
export function findFaceCycles(graph: PlaneGraph): FaceCycles {
  const cycles = traceCycles(graph);
  const outers = cycles.filter((cycle) => cycle.area2 > 0);
  const cyclesOf = outers.map((outer) => [outer]);
  const outside: Cycle[] = [];
  const outsides = cycles.filter((cycle) => cycle.area2 <= 0);
  const around = outsides.length > 1 ? faceFinder(graph, outers) : () => -1;
  for (const cycle of outsides) (cyclesOf[around(cycle)] ?? outside).push(cycle);
  const faceOf = new Int32Array(2 * graph.edgeCount).fill(-1);
  cyclesOf.forEach((each, face) => {
    for (const cycle of each) for (const half of cycle.halfEdges) faceOf[half] = face;
  });
  return { faceOf, cyclesOf, outside };
}

function faceFinder(graph: PlaneGraph, outers: readonly Cycle[]): (cycle: Cycle) => number {
  if (outers.length === 0) return () => -1;
  const pieces = piecesOf(graph);
  const pieceOf = (cycle: Cycle) => pieces[graph.from[cycle.halfEdges[0]]];
  const tree = new Flatbush(outers.length, 16, Int32Array);
  for (const { ring } of outers) {
    const box = [ring[0], ring[1], ring[0], ring[1]] as [number, number, number, number];
    for (let i = 2; i < ring.length; i += 2) {
      box[0] = Math.min(box[0], ring[i]);
      box[1] = Math.min(box[1], ring[i + 1]);
      box[2] = Math.max(box[2], ring[i]);
      box[3] = Math.max(box[3], ring[i + 1]);
    }
    tree.add(...box);
  }
  tree.finish();
  return (cycle) => {
    const [x, y] = cycle.ring;
    // Pieces have no vertex in common, so this one is strictly inside or outside of the cycles of the others.
    const holding = tree.search(x, y, x, y, (face) => {
      return pieceOf(outers[face]) !== pieceOf(cycle) && containsPoint([[outers[face].ring]], x, y);
    });
    return holding.reduce((best, face) => (best < 0 || outers[face].area2 < outers[best].area2 ? face : best), -1);
  };
}
