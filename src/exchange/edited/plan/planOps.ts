import { applyOps } from '../../../changesets/ops/applyOps.ts';
import type { Op } from '../../../changesets/ops/op.ts';
import { mainCodeOf } from '../../../changesets/territory/draftGrid.ts';
import { compose, type Patch } from '../../../changesets/territory/patch.ts';
import type { Territory } from '../../../changesets/territory/territory.ts';
import { DomainError } from '../../../errors.ts';
import type { Shape } from '../../../geometry/polygon.ts';
import { isSameShape } from '../../../geometry/rings/sameShape.ts';
import type { CreateWish, Wishes } from '../wishes.ts';
import { type Cut, splitsOf, wholeOf } from './cuts.ts';
import { recodesOf, wordsOf } from './words.ts';

/** What is to be done, and what it does. */
export interface OpPlan {
  readonly ops: readonly Op[];
  readonly territory: Territory;
  readonly patch: Patch;
}

/**
 * The ops that do what an edited file asks for, tried on the draft: words first, then all boundaries in one redraw, since
 * no one of them fits without the others, cuts as splits where one line makes them, then new grids, higher tiers first so
 * that they may be parents, then the tree, and what leaves goes last, lowest tier first. Throws what an op is refused with.
 */
export function planOps(wishes: Wishes, draft: Territory): OpPlan {
  const plan = new Plan(draft);
  const { changes, created, retired } = wishes;
  plan.add([...recodesOf(changes, draft), ...[...changes].flatMap(([grid, values]) => wordsOf(grid, values))]);
  const boundaries = new Map(
    [...changes].flatMap(([grid, { boundary }]) => (boundary ? [[grid, boundary] as const] : [])),
  );
  const cut = drawAndCut(plan, boundaries, created);
  const whole = created.filter(({ id }) => !cut.has(id));
  plan.add([...whole].sort((a, b) => rank(draft, a) - rank(draft, b)).map(creation));
  for (const wish of created) plan.add(correctionsOf(wish, plan.territory));
  for (const [grid, { parent }] of changes) {
    if (parent && plan.territory.get(grid, 'grid').parentId !== parent) plan.add([{ reparent: { grid, parent } }]);
  }
  const leaving = retired.map((id) => draft.get(id, 'grid')).sort((a, b) => rank(draft, b) - rank(draft, a));
  plan.add(leaving.map(({ id: grid }) => ({ retire: { grid } })));
  return plan;
}

/** Ops that were tried, and what they made of the draft. */
class Plan implements OpPlan {
  readonly ops: Op[] = [];
  territory: Territory;
  #patches: readonly Patch[] = [];

  constructor(territory: Territory) {
    this.territory = territory;
  }

  get patch(): Patch {
    return compose(this.#patches);
  }

  add(ops: readonly Op[]): void {
    if (ops.length === 0) return;
    const { territory, patch } = applyOps(this.territory, ops);
    this.ops.push(...ops);
    this.#patches = [...this.#patches, patch];
    this.territory = territory;
  }

  /** Adds ops if they can be done and the outcome is as wanted. */
  attempt(ops: readonly Op[], isWanted: (after: Territory) => boolean): boolean {
    try {
      if (!isWanted(applyOps(this.territory, ops).territory)) return false;
    } catch (error) {
      if (error instanceof DomainError) return false;
      throw error;
    }
    this.add(ops);
    return true;
  }
}

/**
 * Draws the boundaries and makes the cuts; gives the ids of the parts that splits made. A cut is tried on the grid as it
 * is, then on the whole that its parts make up, because the outer border may have been moved too.
 */
function drawAndCut(plan: Plan, boundaries: ReadonlyMap<string, Shape>, created: readonly CreateWish[]): Set<string> {
  const cut = new Set<string>();
  const done = ({ parts }: Cut) => {
    for (const { id } of parts) cut.add(id);
  };
  const drawn = new Map(boundaries);
  const open: { cut: Cut; splits: Op[] }[] = [];
  for (const each of listCuts(boundaries, created)) {
    const splits = splitsOf(each);
    if (!splits) continue;
    if (plan.attempt(splits, (after) => isMade(each, after))) done(each);
    else open.push({ cut: each, splits });
  }
  const later = open.filter(({ cut: each, splits }) => {
    const whole = wholeOf(each);
    if (!whole) return false;
    const first = redrawOf(new Map([...drawn, [each.grid, whole]]), plan.territory);
    if (!canDo(plan.territory, [...first, ...splits], each)) return false;
    drawn.set(each.grid, whole);
    return true;
  });
  plan.add(redrawOf(drawn, plan.territory));
  for (const { cut: each, splits } of later) {
    if (plan.attempt(splits, (after) => isMade(each, after))) done(each);
    else plan.add(redrawOf(new Map([[each.grid, each.kept]]), plan.territory));
  }
  return cut;
}

function listCuts(boundaries: ReadonlyMap<string, Shape>, created: readonly CreateWish[]): Cut[] {
  const cuts = new Map<string, CreateWish[]>();
  for (const wish of created) {
    if (wish.cutFrom !== null && boundaries.has(wish.cutFrom)) {
      cuts.set(wish.cutFrom, [...(cuts.get(wish.cutFrom) ?? []), wish]);
    }
  }
  return [...cuts].map(([grid, parts]) => ({ grid, kept: boundaries.get(grid)!, parts }));
}

function canDo(territory: Territory, ops: readonly Op[], cut: Cut): boolean {
  return new Plan(territory).attempt(ops, (after) => isMade(cut, after));
}

function isMade({ grid, kept, parts }: Cut, after: Territory): boolean {
  const is = (id: string, shape: Shape) => isSameShape(after.find(id)?.shape ?? [], shape);
  return is(grid, kept) && parts.every(({ id, boundary }) => is(id, boundary));
}

/** One op with those boundaries that are not so already. */
function redrawOf(boundaries: ReadonlyMap<string, Shape>, now: Territory): Op[] {
  const drawn = [...boundaries]
    .filter(([grid, boundary]) => !isSameShape(now.get(grid, 'grid').shape, boundary))
    .map(([grid, boundary]) => ({ grid, boundary }));
  return drawn.length > 0 ? [{ redraw: { boundaries: drawn } }] : [];
}

function creation({ id, layer, tier, code, name, kind, parent, boundary }: CreateWish): Op {
  const optional = { ...(kind === undefined ? {} : { kind }), ...(parent === undefined ? {} : { parent }) };
  return { create: { id, layer, tier, code, name, ...optional, boundary } };
}

/** What a new grid has otherwise than the file says: a part that was cut off is like the whole, one drawn has no manager. */
function correctionsOf({ id: grid, kind, parent, manager }: CreateWish, now: Territory): Op[] {
  const is = now.get(grid, 'grid');
  const ops: Op[] = [];
  if (kind !== undefined && is.kind !== kind) ops.push({ changeKind: { grid, kind } });
  if (parent !== undefined && is.parentId !== parent) ops.push({ reparent: { grid, parent } });
  if (is.managerId !== manager) ops.push({ transfer: { grid, manager } });
  return ops;
}

function rank(draft: Territory, { layer, tier }: { readonly layer: string; readonly tier: string }): number {
  return draft.getTier(layer, tier).rank;
}

/** Codes of the grids that the ops touch beside those that the file is about: parents, members, neighbours. */
export function listBeside({ patch }: OpPlan, { changes, created, retired }: Wishes): string[] {
  const meant = new Set([...changes.keys(), ...created.map(({ id }) => id), ...retired]);
  const beside = [...patch]
    .filter(([id]) => !meant.has(id))
    .map(([, { before, after }]) => mainCodeOf((after ?? before)!));
  return beside.sort();
}
