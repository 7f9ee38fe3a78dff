import { boxOf, containsPoint, representativePoint } from '../../geometry/polygon.ts';
import { findRingFault } from '../../geometry/rings/ringFaults.ts';
import { type DraftGrid, mainCodeOf } from '../territory/draftGrid.ts';
import type { Territory } from '../territory/territory.ts';
import type { Ask, Step } from './step.ts';

/** Throws BAD_INPUT unless the parent is of a higher tier of the grid's layer: which also rules out any circle. */
export function assertParent(step: Step, field: string, layer: string, tier: string, parent: DraftGrid): void {
  const rankOf = (code: string) => step.territory.getTier(layer, code).rank;
  if (parent.layer !== layer) step.refuse(field, `it is of layer ${parent.layer}; give a grid of layer ${layer}.`);
  if (rankOf(parent.tier) < rankOf(tier)) return;
  step.refuse(field, `it is of tier ${parent.tier}; give a grid of a tier above ${tier}.`);
}

export function reparent(step: Step, ask: Ask<'reparent'>): void {
  const grid = step.get(ask.grid, 'grid');
  const parent = step.get(ask.parent, 'parent');
  assertParent(step, 'parent', grid.layer, grid.tier, parent);
  if (grid.parentId === parent.id) step.refuse('parent', 'the grid is below it already; leave the op out.');
  step.change([{ ...grid, parentId: parent.id }]);
}

/** The grids of a tier whose representative points lie in an area. */
export function gridsIn(territory: Territory, area: Ask<'carve'>['area'], layer: string, tier: string): DraftGrid[] {
  return territory.meeting(boxOf(area), layer, tier).filter(({ shape }) => {
    const point = representativePoint(shape);
    return point !== undefined && containsPoint(area, point.x, point.y);
  });
}

/** The layer in which a tier is given to a grid: its own where the tier is below it, else that of its members. */
export function carvedLayer(territory: Territory, tier: string, to: DraftGrid): string | undefined {
  const { rank, source } = territory.getTier(to.layer, to.tier);
  if (territory.getLayer(to.layer).tiers.some((each) => each.code === tier && each.rank > rank)) return to.layer;
  return typeof source === 'object' && source.tier === tier ? source.layer : undefined;
}

/** The tier whose grids make up those of a derived tier: the next one below it, or that of its members. */
export function partsOf(
  territory: Territory,
  layer: string,
  tier: string,
): { layer: string; tier: string } | undefined {
  const { rank, source } = territory.getTier(layer, tier);
  if (typeof source === 'object') return source;
  const below = territory.getLayer(layer).tiers.filter((each) => each.rank > rank);
  return source === 'CHILDREN' && below.length > 0 ? { layer, tier: below[0].code } : undefined;
}

/** Gives a grid of a derived tier its first parts: those that have their middle in its outline. */
export function gather(step: Step, grid: DraftGrid, outline: Ask<'carve'>['area']): void {
  const parts = partsOf(step.territory, grid.layer, grid.tier);
  const found = parts ? gridsIn(step.territory, outline, parts.layer, parts.tier) : [];
  if (found.length === 0) {
    const words = `${grid.tier} is made of grids of tier ${parts?.tier}, and none of them has its middle in it.`;
    step.refuse('boundary', words);
  }
  step.change([grid]);
  give(step, found, grid);
}

export function carve(step: Step, { area, tier, to }: Ask<'carve'>): void {
  const taker = step.get(to, 'to');
  const isRing = area.length > 0 && area.flat().every((ring) => ring.length >= 6);
  if (!isRing || findRingFault(area))
    step.refuse('area', 'its rings cross or are empty; draw it again.', 'BAD_BOUNDARY');
  const layer = carvedLayer(step.territory, tier, taker);
  if (layer === undefined) {
    step.refuse('tier', `grids of tier ${tier} are neither below ${mainCodeOf(taker)} nor members of its tier.`);
  }
  const found = gridsIn(step.territory, area, layer, tier).filter((grid) => !isWith(grid, taker));
  if (found.length === 0) {
    step.refuse('area', `no grid of tier ${tier} that is not with ${mainCodeOf(taker)} already has its middle in it.`);
  }
  give(step, found, taker);
}

export function assign(step: Step, { members, to }: Ask<'assign'>): void {
  const taker = step.get(to, 'to');
  const asked = [...new Set(members)].map((id, i): DraftGrid => {
    const grid = step.get(id, `members[${i}]`);
    if (fits(step.territory, grid, taker)) return grid;
    const words = `tier ${grid.tier} of layer ${grid.layer} is neither below that of ${mainCodeOf(taker)} nor what it is made of.`;
    return step.refuse(`members[${i}]`, words, 'BAD_INPUT', { grid: id });
  });
  const found = asked.filter((grid) => !isWith(grid, taker));
  if (found.length === 0)
    step.refuse('members', `name at least one grid that is not with ${mainCodeOf(taker)} already.`);
  give(step, found, taker);
}

function fits(territory: Territory, grid: DraftGrid, taker: DraftGrid): boolean {
  const { rank, source } = territory.getTier(taker.layer, taker.tier);
  if (grid.layer === taker.layer) return territory.getTier(grid.layer, grid.tier).rank > rank;
  return typeof source === 'object' && source.layer === grid.layer && source.tier === grid.tier;
}

function isWith(grid: DraftGrid, taker: DraftGrid): boolean {
  return grid.layer === taker.layer ? grid.parentId === taker.id : (taker.memberIds?.includes(grid.id) ?? false);
}

/** A grid is a member of one grid of a tier at most, so the ones that had it lose it. */
function give(step: Step, grids: readonly DraftGrid[], taker: DraftGrid): void {
  if (grids[0].layer === taker.layer) {
    step.change(grids.map((grid) => ({ ...grid, parentId: taker.id })));
    return;
  }
  const given = new Set(grids.map((grid) => grid.id));
  const losers = new Map<string, DraftGrid>();
  for (const id of given) {
    for (const holder of step.territory.madeOf(id)) {
      if (holder.layer === taker.layer && holder.tier === taker.tier) losers.set(holder.id, holder);
    }
  }
  const lost = [...losers.values()].map((holder) => ({
    ...holder,
    memberIds: holder.memberIds!.filter((id) => !given.has(id)),
  }));
  step.change([...lost, { ...taker, memberIds: [...new Set([...(taker.memberIds ?? []), ...given])].sort() }]);
}

/**
 * Ends a grid: its children and its places as a member go to those that carry it on, the children each to the one that
 * `heirOf` names. The caller has seen to the ground.
 */
export function endGrid(
  step: Step,
  grid: DraftGrid,
  heirs: readonly string[],
  heirOf: (child: DraftGrid) => string,
): void {
  const children = step.territory.childrenOf(grid.id).map((child) => ({ ...child, parentId: heirOf(child) }));
  const holders = step.territory.madeOf(grid.id).map((holder) => {
    // A grid belongs to one grid of a tier at most: heirs that are with another already stay there.
    const isFree = (heir: string) =>
      !step.territory.madeOf(heir).some((other) => other.layer === holder.layer && other.tier === holder.tier);
    const memberIds = [...holder.memberIds!.filter((id) => id !== grid.id), ...heirs.filter(isFree)].sort();
    return { ...holder, memberIds };
  });
  step.change([...children, ...holders], [grid.id]);
}
