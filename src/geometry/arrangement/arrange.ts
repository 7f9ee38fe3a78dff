import { ringArea2 } from '../coverage/latticeArea.ts';
import { splitWalk, traceWalks } from '../coverage/traceRings.ts';
import { metricAt } from '../distance.ts';
import type { Polygon, Ring, Shape } from '../polygon.ts';
import { type Cycle, type FaceCycles, findFaceCycles } from './cycles.ts';
import type { Line } from './line.ts';
import { buildPlaneGraph, type PlaneGraph } from './planeGraph.ts';

/** A connected piece of the plane that no border and no line crosses. */
export interface Face {
  /** Outer ring counter-clockwise, holes clockwise, valid; all vertices stay, dangling ends of lines are left out. */
  readonly polygon: Polygon;
  /** The shapes that hold it, by number, ascending; none is a gap. */
  readonly holders: readonly number[];
}

/** The part of a face's border that it has in common with another face. */
export interface FaceNeighbour {
  /** By number; -1 is the unbounded outside. */
  readonly face: number;
  readonly lengthMetres: number;
}

export interface Arrangement {
  /** The bounded faces, also those that nobody holds. */
  readonly faces: readonly Face[];
  /** The faces across the border of a face, each once, with the length of the common border; ascending. */
  neighboursOf(face: number): readonly FaceNeighbour[];
}

/** Who holds each face: crossing an edge changes it for every shape with a ring along the edge. Nobody holds the outside. */
function labelFaces(graph: PlaneGraph, { faceOf, cyclesOf, outside }: FaceCycles): (readonly number[])[] {
  const holders: (readonly number[])[] = new Array(cyclesOf.length);
  const open: { cycles: readonly Cycle[]; held: readonly number[] }[] = [{ cycles: outside, held: [] }];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const { halfEdges } of at.cycles) {
      for (const half of halfEdges) {
        const across = faceOf[half ^ 1];
        if (across < 0 || holders[across] !== undefined) continue;
        holders[across] = heldAcross(graph, half >> 1, at.held);
        open.push({ cycles: cyclesOf[across], held: holders[across] });
      }
    }
  }
  return holders;
}

function heldAcross(graph: PlaneGraph, edge: number, held: readonly number[]): readonly number[] {
  if (graph.firstUse[edge] < 0) return held;
  const across = new Set(held);
  for (let use = graph.firstUse[edge]; use >= 0; use = graph.nextUse[use]) {
    const shape = graph.useShape[use];
    if (!across.delete(shape)) across.add(shape);
  }
  return [...across].sort((a, b) => a - b);
}

/** The rings of a face without the edges that have it on both sides, cut where they touch themselves. */
function polygonOf(graph: PlaneGraph, faceOf: Int32Array, cycles: readonly Cycle[]): Polygon {
  const { x, y, from: origin } = graph;
  const kept = cycles.map(({ halfEdges }) => halfEdges.filter((half) => faceOf[half] !== faceOf[half ^ 1]));
  const whole = kept.every((halfEdges, i) => halfEdges.length === cycles[i].halfEdges.length);
  const walks = whole
    ? kept.map((halfEdges) => halfEdges.map((half) => origin[half]))
    : traceWalks({
        x,
        y,
        from: kept.flat().map((half) => origin[half]),
        to: kept.flat().map((half) => origin[half ^ 1]),
      });
  const rings = walks.flatMap(splitWalk).map((walk): Ring => {
    const ring = new Int32Array(2 * walk.length);
    walk.forEach((vertex, i) => {
      ring[2 * i] = x[vertex];
      ring[2 * i + 1] = y[vertex];
    });
    return ring;
  });
  const outer = rings.findIndex((ring) => ringArea2(ring) > 0);
  return [rings[outer], ...rings.filter((_, i) => i !== outer)];
}

function neighboursAlong(graph: PlaneGraph, faceOf: Int32Array, face: number, cycles: readonly Cycle[]) {
  const { x, y, from } = graph;
  const lengths = new Map<number, number>();
  for (const half of cycles.flatMap((cycle) => cycle.halfEdges)) {
    const across = faceOf[half ^ 1];
    if (across === face) continue;
    const [a, b] = [from[half], from[half ^ 1]];
    const { metresPerX, metresPerY } = metricAt((y[a] + y[b]) / 2);
    const metres = Math.hypot((x[b] - x[a]) * metresPerX, (y[b] - y[a]) * metresPerY);
    lengths.set(across, (lengths.get(across) ?? 0) + metres);
  }
  return [...lengths]
    .map(([other, lengthMetres]): FaceNeighbour => ({ face: other, lengthMetres }))
    .sort((a, b) => a.face - b.face);
}

/**
 * The faces into which the borders of the shapes and the lines cut the plane. Everything must be noded (`nodeInto`, or
 * exact coverages alone): edges meet in common vertices only. Shapes may overlap and lines may end anywhere. Exact.
 */
export function arrange(shapes: readonly Shape[], lines: readonly Line[] = []): Arrangement {
  const graph = buildPlaneGraph(shapes, lines);
  const cycles = findFaceCycles(graph);
  const holders = labelFaces(graph, cycles);
  return {
    faces: cycles.cyclesOf.map((each, face) => ({
      polygon: polygonOf(graph, cycles.faceOf, each),
      holders: holders[face],
    })),
    neighboursOf: (face) => neighboursAlong(graph, cycles.faceOf, face, cycles.cyclesOf[face]),
  };
}
