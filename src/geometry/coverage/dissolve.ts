import { DomainError } from '../../errors.ts';
import { fromLattice } from '../lattice.ts';
import { type Box, boxOf, type Polygon, type Ring, type Shape } from '../polygon.ts';
import { balanceOf, buildEdgeGraph, type EdgeGraph, holdsHalfStep } from './edgeGraph.ts';
import { ringArea2 } from './latticeArea.ts';
import { splitWalk, traceWalks } from './traceRings.ts';

interface Outer {
  readonly rings: Ring[];
  readonly box: Box;
  readonly area: number;
}

/** The edges that no neighbour cancels. */
function outerEdges(graph: EdgeGraph): { from: number[]; to: number[] } {
  const from: number[] = [];
  const to: number[] = [];
  for (let border = 0; border < graph.borderCount; border++) {
    const balance = balanceOf(graph, border);
    if (balance === 0) continue;
    const edge = graph.firstEdge[border];
    const [low, high] = [Math.min(graph.from[edge], graph.to[edge]), Math.max(graph.from[edge], graph.to[edge])];
    if (Math.abs(balance) > 1) {
      const place = { lon: fromLattice(graph.x[low]), lat: fromLattice(graph.y[low]) };
      const shapes: number[] = [];
      for (let e = edge; e !== -1; e = graph.nextEdge[e]) shapes.push(graph.shape[e]);
      throw new DomainError(
        'OVERLAP',
        `Shapes ${shapes.sort((a, b) => a - b).join(', ')} overlap along the edge at ${place.lon}, ${place.lat}. ` +
          'Only shapes that do not overlap can be dissolved: make them an exact coverage first.',
        { ...place, shapes },
      );
    }
    from.push(balance > 0 ? low : high);
    to.push(balance > 0 ? high : low);
  }
  return { from, to };
}

function ringOf(graph: EdgeGraph, vertices: readonly number[]): Ring {
  const ring = new Int32Array(vertices.length * 2);
  vertices.forEach((vertex, i) => {
    ring[2 * i] = graph.x[vertex];
    ring[2 * i + 1] = graph.y[vertex];
  });
  return ring;
}

/** The smallest outer ring around a hole, found by the middle of an edge: a vertex might be shared with an island. */
function outerAround(hole: Ring, outers: readonly Outer[]): Outer | undefined {
  const [px, py] = [hole[0] + hole[2], hole[1] + hole[3]];
  let best: Outer | undefined;
  for (const outer of outers) {
    const { minX, minY, maxX, maxY } = outer.box;
    if (px < 2 * minX || px > 2 * maxX || py < 2 * minY || py > 2 * maxY) continue;
    if (best !== undefined && best.area <= outer.area) continue;
    if (holdsHalfStep([[outer.rings[0]]], px, py)) best = outer;
  }
  return best;
}

/**
 * The exact union of shapes that form an exact coverage (`findCoverageFaults` finds nothing): edges used in both
 * directions cancel, and the rest is stitched to outer rings, counter-clockwise, and holes, clockwise. Rings touch each
 * other and themselves in single vertices at most, so that the result is a valid multipolygon. All vertices stay, also
 * those where three shapes met. Throws OVERLAP where two shapes lie on the same side of one edge.
 */
export function dissolve(shapes: readonly Shape[]): Shape {
  const graph = buildEdgeGraph(shapes);
  const walks = traceWalks({ x: graph.x, y: graph.y, ...outerEdges(graph) });
  const outers: Outer[] = [];
  const looseHoles: Ring[] = [];
  for (const walk of walks) {
    const rings = splitWalk(walk).map((vertices) => ringOf(graph, vertices));
    const outer = rings.find((ring) => ringArea2(ring) > 0);
    const holes = rings.filter((ring) => ring !== outer);
    if (outer === undefined) looseHoles.push(...holes);
    else outers.push({ rings: [outer, ...holes], box: boxOf([[outer]]), area: ringArea2(outer) });
  }
  for (const hole of looseHoles) {
    const outer = outerAround(hole, outers);
    if (outer === undefined) {
      throw new DomainError(
        'OVERLAP',
        'The shapes overlap: a hole is left without a ring around it. Check them first.',
        {
          lon: fromLattice(hole[0]),
          lat: fromLattice(hole[1]),
        },
      );
    }
    outer.rings.push(hole);
  }
  return outers.map((outer): Polygon => outer.rings);
}
