import { boxOf, containsPoint, joinBoxes, representativePoint, type Shape } from '../../../geometry/polygon.ts';
import { type DraftGrid, mainCodeOf } from '../../territory/draftGrid.ts';
import { assertDrawn, isDerived } from '../derived.ts';
import { mainCode, readCode, readName, readText } from '../naming.ts';
import type { Ask, Step } from '../step.ts';
import { assertParent, gather } from '../tree.ts';
import { type Faces, facesOf, groundOf, takerOf } from './faces.ts';
import { nodeShapes } from './ground.ts';
import { assertShape } from './soundness.ts';

export function reshape(step: Step, ask: Ask<'reshape'>): void {
  const grid = step.get(ask.grid, 'grid');
  assertDrawn(step, 'grid', grid);
  assertShape(step, 'boundary', ask.boundary);
  layOut(step, grid, ask.boundary);
}

export function create(step: Step, ask: Ask<'create'>): void {
  const { id, layer, tier, boundary } = ask;
  step.territory.getLayer(layer, step.at('layer'));
  step.territory.getTier(layer, tier, step.at('tier'));
  if (step.territory.find(id)) step.refuse('id', `there is a grid ${id} already; give a new id.`);
  assertShape(step, 'boundary', boundary);
  const grid: DraftGrid = {
    id,
    layer,
    tier,
    codes: [mainCode(step.territory, layer, tier, readCode(step, 'code', ask.code))],
    name: readName(step, 'name', ask.name),
    kind: ask.kind === undefined ? 'BASIC' : readText(step, 'kind', ask.kind, 64),
    parentId: parentOf(step, ask),
    managerId: null,
    shape: boundary,
    loads: [],
    memberIds: null,
    versionId: null,
  };
  if (isDerived(step.territory, grid)) gather(step, grid, boundary);
  else layOut(step, grid, boundary);
}

/** The parent that is named, else the grid of the nearest higher tier that holds the middle of the boundary. */
function parentOf(step: Step, { layer, tier, parent, boundary }: Ask<'create'>): string | null {
  if (parent !== undefined) {
    assertParent(step, 'parent', layer, tier, step.get(parent, 'parent'));
    return parent;
  }
  const { rank } = step.territory.getTier(layer, tier);
  const higher = [...step.territory.getLayer(layer).tiers].filter((each) => each.rank < rank);
  if (higher.length === 0) return null;
  const point = representativePoint(boundary);
  for (const { code } of higher.sort((a, b) => b.rank - a.rank)) {
    const holders = point ? step.territory.meeting(boxAt(point), layer, code) : [];
    const holding = holders.filter((grid) => containsPoint(grid.shape, point!.x, point!.y));
    if (holding.length > 0) return holding.map((grid) => grid.id).sort()[0];
  }
  return step.refuse(
    'parent',
    `no grid above tier ${tier} holds the middle of the boundary; name the parent.`,
    'MISSING_PARENT',
  );
}

function boxAt({ x, y }: { readonly x: number; readonly y: number }) {
  return { minX: x, minY: y, maxX: x, maxY: y };
}

/**
 * Gives a grid its new ground. In a PARTITION the grids of its tier give way, and what it held and holds no longer goes
 * to them, face by face.
 */
function layOut(step: Step, grid: DraftGrid, boundary: Shape): void {
  if (step.territory.getLayer(grid.layer).kind === 'OVERLAY') {
    step.change([{ ...grid, shape: boundary }]);
    return;
  }
  const [outline] = nodeShapes(step, grid.layer, [boundary]);
  const old = step.territory.find(grid.id);
  const box = joinBoxes([boundary, ...(old ? [old.shape] : [])].map(boxOf));
  const others = step.territory.meeting(box, grid.layer, grid.tier).filter((other) => other.id !== grid.id);
  const laid = { ...grid, shape: outline };
  const faces = facesOf([laid, ...others, ...(old ? [old] : [])]);
  step.change([laid, ...giveWay(step, faces, others.length, old !== undefined)]);
}

/** The others as they are once the first grid has its new ground; `others` of them, then perhaps the first as it was. */
function giveWay(step: Step, faces: Faces, others: number, hasOld: boolean): DraftGrid[] {
  const [laid] = faces.grids;
  const keeps = new Map<string, number[]>();
  const changed = new Set<string>();
  const isOther = (holder: number) => holder > 0 && holder <= others;
  faces.faces.forEach(({ holders }, number) => {
    const holding = holders.filter(isOther).map((holder) => faces.grids[holder]);
    if (holders.includes(0)) {
      for (const { id } of holding) changed.add(id);
      return;
    }
    if (hasOld && holding.length === 0 && holders.includes(others + 1)) {
      const mayTake = (holder: number, beside: number) => isOther(holder) && !faces.faces[beside].holders.includes(0);
      const taker = takerOf(faces, number, mayTake, laid.parentId);
      if (taker) changed.add(taker.id);
      if (taker) holding.push(taker);
    }
    for (const { id } of holding) keeps.set(id, [...(keeps.get(id) ?? []), number]);
  });
  return faces.grids
    .filter(({ id }) => changed.has(id))
    .map((other) => {
      const kept = keeps.get(other.id);
      if (kept) return { ...other, shape: groundOf(faces, kept) };
      const words = `nothing would be left of ${mainCodeOf(other)}. Retire it or merge it into another instead.`;
      return step.refuse('boundary', words, 'BAD_INPUT', { grid: other.id });
    });
}
