import { type Line, linesOf } from '../../../geometry/arrangement.ts';
import { fromLattice } from '../../../geometry/lattice.ts';
import { type Box, boxesMeet, boxOf, containsPoint, joinBoxes, type Shape } from '../../../geometry/polygon.ts';
import { type DraftGrid, mainCodeOf } from '../../territory/draftGrid.ts';
import { assertDrawn } from '../derived.ts';
import type { Point } from '../op.ts';
import type { Ask, Step } from '../step.ts';
import { type Faces, facesOf, groundOf, takerOf, unionOf } from './faces.ts';
import { isWithin, type LayerNoding, nodeNear, nodeThrough, putNodes } from './ground.ts';
import { assertShape } from './soundness.ts';

interface Gap {
  readonly faces: Faces;
  readonly face: number;
  /** The border of the parent noded into the layer, where there is a parent. */
  readonly noded: LayerNoding | undefined;
}

/** First box looked at around a gap, in lattice steps: some 100 m. It grows until it holds the gap. */
const FIRST_REACH = 10_000;

export function fixGap(step: Step, ask: Ask<'fixGap'>): void {
  const { layer, tier, at } = ask;
  step.territory.getLayer(layer, step.at('layer'));
  const { rank } = step.territory.getTier(layer, tier, step.at('tier'));
  assertDrawn(step, 'tier', { layer, tier });
  if (step.territory.getLayer(layer).kind === 'OVERLAY') step.refuse('layer', 'an OVERLAY may leave ground uncovered.');
  const place = `${fromLattice(at[0])}, ${fromLattice(at[1])}`;
  const here = step.territory.meeting(boxOfPoint(at), layer).filter((grid) => containsPoint(grid.shape, ...at));
  const holder = here.find((grid) => grid.tier === tier);
  if (holder)
    step.refuse('at', `${mainCodeOf(holder)} holds ${place}: there is no gap.`, 'BAD_INPUT', { grid: holder.id });
  const rankOf = (grid: DraftGrid) => step.territory.getTier(layer, grid.tier).rank;
  const above = here.filter((grid) => rankOf(grid) < rank).sort((a, b) => rankOf(b) - rankOf(a))[0];
  const gap = findGap(step, ask, above);
  if (!gap) step.refuse('at', `the ground around ${place} is open to the outside. Reshape a grid to take it.`);
  const taker = ask.to === undefined ? neighbourAt(gap, above) : step.get(ask.to, 'to');
  if (!taker) step.refuse('to', `no grid of tier ${tier} borders on the gap; name the one that gets it.`);
  if (taker.layer !== layer || taker.tier !== tier) step.refuse('to', `it is not of tier ${tier} of layer ${layer}.`);
  const ground: Shape = [gap.faces.faces[gap.face].polygon];
  if (gap.noded) putNodes(step, gap.noded, [ground]);
  const noded = step.get(taker.id, 'to');
  step.change([{ ...noded, shape: unionOf([noded.shape, ground]) }]);
}

function boxOfPoint([x, y]: Point, reach = 0): Box {
  return { minX: x - reach, minY: y - reach, maxX: x + reach, maxY: y + reach };
}

/** The uncovered face around a place: of the parent's ground where there is a parent, else a hole of the tier. */
function findGap(step: Step, { layer, tier, at }: Ask<'fixGap'>, above: DraftGrid | undefined): Gap | undefined {
  let box = boxOfPoint(at, FIRST_REACH);
  for (let seen = -1; ; ) {
    const near = step.territory.meeting(box, layer, tier);
    const noded = above && nodeNear(step, layer, edgesIn(above.shape, box), []);
    const replaced = (grid: DraftGrid) => (noded ? { ...grid, shape: noded.noding.replace(grid.shape) } : grid);
    const faces = facesOf([...near, ...(above ? [above] : [])].map(replaced));
    const isFree = (holders: readonly number[]) => holders.every((grid) => grid === near.length);
    const face = faces.faces.findIndex(({ polygon, holders }) => isFree(holders) && containsPoint([polygon], ...at));
    const found = face < 0 ? undefined : boxOf([faces.faces[face].polygon]);
    if (found && isWithin(found, box)) return { faces, face, noded };
    if (!found && isWithin(joinBoxes(faces.grids.map((grid) => boxOf(grid.shape))), box) && near.length === seen)
      return undefined;
    seen = near.length;
    box = joinBoxes([...(found ? [found] : []), boxOfPoint(at, 4 * (box.maxX - at[0]))]);
  }
}

/** The edges of a shape that meet a box, each a line of its own. */
function edgesIn(shape: Shape, box: Box): Line[] {
  const edges: Line[] = [];
  for (const ring of shape.flat()) {
    for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
      const edge = Int32Array.of(ring[j], ring[j + 1], ring[i], ring[i + 1]);
      if (boxesMeet(boxOf([[edge]]), box)) edges.push(edge);
    }
  }
  return edges;
}

function neighbourAt({ faces, face }: Gap, above: DraftGrid | undefined): DraftGrid | undefined {
  return takerOf(faces, face, (grid) => faces.grids[grid].id !== above?.id, above?.id ?? null);
}

export function fixOverlap(step: Step, { grids: ids, keep }: Ask<'fixOverlap'>): void {
  if (ids[0] === ids[1] || !ids.includes(keep)) step.refuse('keep', 'it is to be one of two different grids.');
  const [a, b] = ids.map((id, i) => step.get(id, `grids[${i}]`));
  if (a.layer !== b.layer || a.tier !== b.tier) step.refuse('grids', 'they are to be of one tier.');
  if (step.territory.getLayer(a.layer).kind === 'OVERLAY') step.refuse('grids', 'in an OVERLAY grids may overlap.');
  assertDrawn(step, 'grids', a);
  nodeThrough(
    step,
    a.layer,
    [a, b].flatMap((grid) => linesOf(grid.shape)),
  );
  const faces = facesOf(ids.map((id) => step.get(id, 'grids')));
  const [keeper, loser] = ids[0] === keep ? [0, 1] : [1, 0];
  const held = faces.faces.map(({ holders }, number) => ({ holders, number }));
  if (!held.some(({ holders }) => holders.length === 2)) step.refuse('grids', 'they do not overlap; leave the op out.');
  const left = held.filter(({ holders }) => holders.includes(loser) && !holders.includes(keeper));
  const other = faces.grids[loser];
  if (left.length === 0) {
    step.refuse('keep', `nothing would be left of ${mainCodeOf(other)}. Retire it or merge it into another instead.`);
  }
  const numbers = left.map(({ number }) => number);
  step.change([{ ...other, shape: groundOf(faces, numbers) }]);
}

/** Boundaries as they are given: neighbours do not give way, and the checks tell what does not fit. */
export function redraw(step: Step, { boundaries }: Ask<'redraw'>): void {
  if (boundaries.length === 0) step.refuse('boundaries', 'give at least one.');
  const drawn = new Map<string, Shape>();
  boundaries.forEach(({ grid: id, boundary }, i) => {
    const grid = step.get(id, `boundaries[${i}].grid`);
    assertDrawn(step, `boundaries[${i}].grid`, grid);
    if (drawn.has(id)) step.refuse(`boundaries[${i}].grid`, 'it is named twice; give one boundary for each grid.');
    assertShape(step, `boundaries[${i}].boundary`, boundary);
    drawn.set(id, boundary);
  });
  step.change([...drawn].map(([id, shape]) => ({ ...step.get(id, 'boundaries'), shape })));
}
