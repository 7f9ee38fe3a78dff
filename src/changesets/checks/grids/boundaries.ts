import { latticeArea2 } from '../../../geometry/coverage.ts';
import { MAX_VERTICES } from '../../../geometry/geojson.ts';
import { countVertices, orientation, type Shape } from '../../../geometry/polygon.ts';
import type { RingFault } from '../../../geometry/rings/ringFaults.ts';
import type { Point } from '../../ops/op.ts';
import type { DraftGrid, TierRules } from '../../territory/draftGrid.ts';
import { boxOfLines, lineFinder } from '../ground/lines/netEdges.ts';
import { squareMetresOf, widthMetresOf } from '../ground/measure.ts';
import { areaWords, type Finding, lengthWords, nameOf, spotIn } from '../issue.ts';
import { gridsIn, isReshaped, ringFaultOf, type Scope, tierOf } from '../scope.ts';

/** The registry refuses anything smaller (migrations/0003_territory.sql). */
const LEAST_SQUARE_METRES = 10;

const FAULTS: Record<RingFault['code'], string> = {
  SELF_INTERSECTION: 'crosses or touches itself',
  RINGS_CROSS: 'has rings that cross or run along each other',
  HOLE_OUTSIDE: 'has a hole outside its outer ring',
  POLYGONS_OVERLAP: 'has parts that overlap',
  INTERIOR_CUT: 'is cut in two by rings that touch',
};

/** What is wrong about boundaries each on its own: rings, vertices, parts, size, width. */
export function findBoundaryFaults(scope: Scope): Finding[] {
  const findings: Finding[] = [];
  for (const grid of gridsIn(scope)) {
    if (!isReshaped(scope, grid)) continue;
    const fault = ringFaultOf(scope, grid);
    if (fault) findings.push(brokenRing(grid, fault));
    const count = countVertices(grid.shape);
    if (count > MAX_VERTICES) findings.push(tooMany(grid, count));
    if (!fault) findings.push(...misfits(grid, tierOf(scope, grid)));
  }
  return findings;
}

function brokenRing(grid: DraftGrid, fault: RingFault): Finding {
  const message = `The boundary of ${nameOf(grid)} ${FAULTS[fault.code]}. Redraw it there; what else is wrong about it shows afterwards.`;
  return { rule: 'invalid_boundary', message, grids: [grid.id], place: placeOf(grid.shape, fault) };
}

/** Where edges cross, for a fault that was seen at a vertex beside; else that vertex. */
function placeOf(shape: Shape, fault: RingFault): Point {
  const edges: number[] = [];
  for (const ring of shape.flat()) {
    for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2)
      edges.push(ring[j], ring[j + 1], ring[i], ring[i + 1]);
  }
  const near = lineFinder(edges);
  for (let i = 0; i < edges.length; i += 4) {
    const [ax, ay, bx, by] = edges.slice(i, i + 4);
    const others = near(boxOfLines([ax, ay, bx, by]));
    for (let k = 0; k < others.length; k += 4) {
      const [cx, cy, dx, dy] = others.slice(k, k + 4);
      const acrossAb = orientation(ax, ay, bx, by, cx, cy) * orientation(ax, ay, bx, by, dx, dy) < 0;
      if (!acrossAb || orientation(cx, cy, dx, dy, ax, ay) * orientation(cx, cy, dx, dy, bx, by) >= 0) continue;
      const t = ((cx - ax) * (dy - cy) - (cy - ay) * (dx - cx)) / ((bx - ax) * (dy - cy) - (by - ay) * (dx - cx));
      return [Math.round(ax + t * (bx - ax)), Math.round(ay + t * (by - ay))];
    }
  }
  return [fault.x, fault.y];
}

function tooMany(grid: DraftGrid, count: number): Finding {
  const message = `The boundary of ${nameOf(grid)} has ${count} vertices, ${MAX_VERTICES} are allowed. Remove some, or split the grid.`;
  return { rule: 'too_many_vertices', message, grids: [grid.id], place: spotIn(grid), wherever: true };
}

function* misfits(grid: DraftGrid, tier: TierRules): Generator<Finding> {
  const name = nameOf(grid);
  const about = { grids: [grid.id], wherever: true } as const;
  if (grid.shape.length > 1) {
    const message = `${name} has ${grid.shape.length} parts that do not hang together (a common point is not enough). Split it, join the parts, or waive this where it is meant so.`;
    yield { rule: 'not_contiguous', message, ...about, place: spotIn({ ...grid, shape: smallestPart(grid.shape) }) };
  }
  const area = squareMetresOf(grid.shape);
  if (area < Math.max(LEAST_SQUARE_METRES, tier.leastSquareMetres)) {
    const refused = area < LEAST_SQUARE_METRES;
    const least = refused
      ? `the registry takes none under ${LEAST_SQUARE_METRES} m²`
      : `tier ${tier.name} asks for at least ${areaWords(tier.leastSquareMetres)}`;
    const message = `${name} has ${areaWords(area)}; ${least}. Merge it with a neighbour, or give it more ground.`;
    yield { rule: 'too_small', severity: refused ? 'ERROR' : 'WARNING', message, ...about, place: spotIn(grid) };
  }
  const width = widthMetresOf(grid.shape);
  if (width < tier.leastWidthMetres) {
    const message = `${name} is ${lengthWords(width)} wide on average (twice its area by its border); tier ${tier.name} asks for at least ${lengthWords(tier.leastWidthMetres)}. Merge it with a neighbour, or draw it wider.`;
    yield { rule: 'too_thin', message, ...about, place: spotIn(grid) };
  }
}

function smallestPart(shape: Shape): Shape {
  const parts = shape.map((polygon) => [polygon]);
  return parts.reduce((least, part) => (latticeArea2(part) < latticeArea2(least) ? part : least));
}
