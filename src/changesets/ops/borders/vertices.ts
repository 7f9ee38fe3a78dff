import { fromLattice } from '../../../geometry/lattice.ts';
import { type Box, joinBoxes, type Ring, type Shape } from '../../../geometry/polygon.ts';
import type { DraftGrid } from '../../territory/draftGrid.ts';
import { isDerived } from '../derived.ts';
import type { Point } from '../op.ts';
import type { Ask, Step } from '../step.ts';
import { nodeThrough } from './ground.ts';
import { assertSound } from './soundness.ts';

type Edit = (ring: Ring) => Ring;

const named = ([x, y]: Point) => `${fromLattice(x)}, ${fromLattice(y)}`;
const same = (a: Point, b: Point) => a[0] === b[0] && a[1] === b[1];

function boxOfPoints(points: readonly Point[]): Box {
  return joinBoxes(points.map(([x, y]) => ({ minX: x, minY: y, maxX: x, maxY: y })));
}

function pointsOf(ring: Ring): Point[] {
  return Array.from({ length: ring.length / 2 }, (_, i) => [ring[2 * i], ring[2 * i + 1]] as const);
}

function ringOf(points: readonly Point[]): Ring {
  return Int32Array.from(points.flat());
}

function hasVertex(ring: Ring, [x, y]: Point): boolean {
  for (let i = 0; i < ring.length; i += 2) if (ring[i] === x && ring[i + 1] === y) return true;
  return false;
}

/** The drawn grids of a layer with a ring that passes a test, near some points. */
function gridsWith(step: Step, layer: string, points: readonly Point[], test: (ring: Ring) => boolean): DraftGrid[] {
  const near = step.territory.meeting(boxOfPoints(points), layer);
  return near.filter((grid) => !isDerived(step.territory, grid) && grid.shape.some((polygon) => polygon.some(test)));
}

function edit(shape: Shape, test: (ring: Ring) => boolean, change: Edit): Shape {
  return shape.map((polygon) => polygon.map((ring) => (test(ring) ? change(ring) : ring)));
}

/** Puts edited shapes in place, and where their new edges meet a vertex of another grid of the layer, a vertex there. */
function settle(
  step: Step,
  field: string,
  layer: string,
  edited: readonly DraftGrid[],
  edges: readonly (readonly [Point, Point])[],
): void {
  step.change(edited);
  const lines = edges.map((edge) => Int32Array.from(edge.flat()));
  try {
    nodeThrough(step, layer, lines);
  } catch (error) {
    // Shapes that cross cannot be noded; what crosses which is said better by the judge.
    assertSound(step, field, { neighbours: true });
    throw error;
  }
}

/** The vertices next to one, over some grids, each once. */
function besides(grids: readonly DraftGrid[], at: Point): Point[] {
  const found = new Map<string, Point>();
  for (const ring of grids.flatMap((grid) => grid.shape.flat())) {
    const points = pointsOf(ring);
    points.forEach((point, i) => {
      if (!same(point, at)) return;
      for (const next of [points.at(i - 1)!, points[(i + 1) % points.length]]) found.set(next.join(), next);
    });
  }
  return [...found.values()];
}

function refuseMissing(step: Step, field: string, layer: string, what: string): never {
  const derived = [...step.territory.getLayer(layer).tiers].filter((tier) => tier.source !== 'DRAWN');
  const hint = derived.length > 0 ? ' Derived tiers follow their members: change those.' : '';
  return step.refuse(field, `no drawn grid of layer ${layer} has ${what}.${hint}`);
}

export function moveVertex(step: Step, { layer, from, to }: Ask<'moveVertex'>): void {
  step.territory.getLayer(layer, step.at('layer'));
  const test = (ring: Ring) => hasVertex(ring, from);
  const grids = gridsWith(step, layer, [from], test);
  if (grids.length === 0) refuseMissing(step, 'from', layer, `a vertex at ${named(from)}`);
  if (same(from, to)) step.refuse('to', 'it is where the vertex is already; leave the op out.');
  const next = besides(grids, from);
  if (next.some((point) => same(point, to))) {
    step.refuse('to', `there is the next vertex of the border. Remove the vertex at ${named(from)} instead.`);
  }
  const move: Edit = (ring) => ringOf(pointsOf(ring).map((point) => (same(point, from) ? to : point)));
  const edited = grids.map((grid) => ({ ...grid, shape: edit(grid.shape, test, move) }));
  const edges = next.map((point) => [to, point] as const);
  settle(step, 'to', layer, edited, edges);
}

/** Where the edge between two points starts in a ring, whichever way it runs; -1 when the ring has it not. */
function edgeAt(points: readonly Point[], [a, b]: readonly [Point, Point]): number {
  return points.findIndex((point, i) => {
    const next = points[(i + 1) % points.length];
    return (same(point, a) && same(next, b)) || (same(point, b) && same(next, a));
  });
}

export function insertVertex(step: Step, { layer, edge, at }: Ask<'insertVertex'>): void {
  step.territory.getLayer(layer, step.at('layer'));
  const test = (ring: Ring) => edgeAt(pointsOf(ring), edge) >= 0;
  const grids = gridsWith(step, layer, [edge[0]], test);
  if (grids.length === 0) refuseMissing(step, 'edge', layer, `an edge from ${named(edge[0])} to ${named(edge[1])}`);
  if (same(at, edge[0]) || same(at, edge[1]))
    step.refuse('at', 'it is an end of the edge; give a place between the ends.');
  const insert: Edit = (ring) => {
    const points = pointsOf(ring);
    return ringOf(points.toSpliced(edgeAt(points, edge) + 1, 0, at));
  };
  const edited = grids.map((grid) => ({ ...grid, shape: edit(grid.shape, test, insert) }));
  settle(step, 'at', layer, edited, [
    [edge[0], at],
    [at, edge[1]],
  ]);
}

export function removeVertex(step: Step, { layer, at }: Ask<'removeVertex'>): void {
  const { kind } = step.territory.getLayer(layer, step.at('layer'));
  const test = (ring: Ring) => hasVertex(ring, at);
  const grids = gridsWith(step, layer, [at], test);
  if (grids.length === 0) refuseMissing(step, 'at', layer, `a vertex at ${named(at)}`);
  const ends = kind === 'OVERLAY' ? grids.map((grid) => besides([grid], at)) : [besides(grids, at)];
  if (ends.some((each) => each.length !== 2)) {
    step.refuse(
      'at',
      `${Math.max(...ends.map((each) => each.length))} borders meet there; only a vertex between two edges goes.`,
    );
  }
  const remove: Edit = (ring) => ringOf(pointsOf(ring).filter((point) => !same(point, at)));
  const edited = grids.map((grid) => ({ ...grid, shape: edit(grid.shape, test, remove) }));
  if (edited.some((grid) => grid.shape.flat().some((ring) => ring.length < 6))) {
    step.refuse('at', 'a ring keeps at least 3 vertices; retire the grid, or fill its hole, instead.');
  }
  settle(
    step,
    'at',
    layer,
    edited,
    ends.map(([a, b]) => [a, b] as const),
  );
}
