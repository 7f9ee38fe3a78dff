import { isSameShape } from '../../geometry/rings/sameShape.ts';
import { type DraftGrid, mainCodeOf } from '../territory/draftGrid.ts';
import { afterwards, type Change, type Patch } from '../territory/patch.ts';
import type { Territory } from '../territory/territory.ts';
import { unionOf } from './borders/faces.ts';
import type { Step } from './step.ts';

/** Whether the ground of a grid is that of others, and so is not drawn itself. */
export function isDerived(territory: Territory, grid: { readonly layer: string; readonly tier: string }): boolean {
  return territory.getTier(grid.layer, grid.tier).source !== 'DRAWN';
}

/** Throws BAD_INPUT for a grid, or a tier, whose boundaries nobody draws. */
export function assertDrawn(step: Step, field: string, grid: { readonly layer: string; readonly tier: string }): void {
  const { source, name } = step.territory.getTier(grid.layer, grid.tier);
  if (source === 'DRAWN') return;
  const members =
    source === 'CHILDREN' ? 'the grids below it' : `grids of tier ${source.tier} of layer ${source.layer}`;
  step.refuse(
    field,
    `${name} is the union of ${members} and is not drawn itself. Redraw those, or assign others to it.`,
  );
}

/**
 * Redraws, upwards and across layers, the grids whose members changed, until nothing changes any more. Each waits for
 * those of its members that are to be redrawn themselves.
 */
export function redrawDerived(step: Step): void {
  const patch = step.patch();
  const own = [...patch].filter(
    ([, { before, after }]) => before?.shape !== after?.shape || before?.memberIds !== after?.memberIds,
  );
  const concerned = [...holdersOf(step.territory, patch), ...own.map(([id]) => id)];
  const pending = new Set(concerned.filter((id) => isToRedraw(step, id)));
  while (pending.size > 0) {
    const ids = [...pending].sort();
    const ready = ids.filter((id) => !membersOf(step, step.get(id, '')).some((member) => pending.has(member.id)));
    const changes = new Map<string, Change>();
    for (const id of ready.length > 0 ? ready : ids) {
      pending.delete(id);
      const before = step.get(id, '');
      if (keepsGround(step, before)) continue;
      const shape = unionOf(membersOf(step, before).map((member) => member.shape));
      if (!isSameShape(shape, before.shape)) changes.set(id, { before, after: { ...before, shape } });
    }
    step.change(afterwards(changes));
    for (const id of holdersOf(step.territory, changes)) if (isToRedraw(step, id)) pending.add(id);
  }
}

/**
 * Whether the children that changed hold together what they held before, vertices included: then so does their parent,
 * however many other children it has.
 */
function keepsGround(step: Step, grid: DraftGrid): boolean {
  const was = step.before.find(grid.id);
  if (was?.shape !== grid.shape || step.territory.getTier(grid.layer, grid.tier).source !== 'CHILDREN') return false;
  const changes = [...step.patch().values()];
  const isBelow = (child: DraftGrid | null) => child?.parentId === grid.id;
  const held = changes.filter(({ before }) => isBelow(before)).map(({ before }) => before!.shape);
  const holds = changes.filter(({ after }) => isBelow(after)).map(({ after }) => after!.shape);
  return held.length > 0 && holds.length > 0 && isSameShape(unionOf(held), unionOf(holds));
}

function isToRedraw(step: Step, id: string): boolean {
  const grid = step.territory.find(id);
  return grid !== undefined && isDerived(step.territory, grid);
}

/** The grids that a change of their children or members may concern. */
function holdersOf(territory: Territory, changed: Patch): Set<string> {
  const ids = new Set<string>();
  for (const [id, { before, after }] of changed) {
    const isMoved = before?.shape !== after?.shape;
    if (isMoved || before?.parentId !== after?.parentId) {
      for (const parentId of [before?.parentId, after?.parentId]) if (parentId) ids.add(parentId);
    }
    if (isMoved) for (const holder of territory.madeOf(id)) ids.add(holder.id);
  }
  return ids;
}

/** In the order of their ids, so that the same members give the same bytes. */
function membersOf(step: Step, grid: DraftGrid): DraftGrid[] {
  const { territory } = step;
  const { source } = territory.getTier(grid.layer, grid.tier);
  const members =
    source === 'CHILDREN'
      ? territory.childrenOf(grid.id)
      : (grid.memberIds ?? []).map((id) => territory.find(id)).filter((member) => member !== undefined);
  if (members.length > 0) return members.sort((a, b) => (a.id < b.id ? -1 : 1));
  return step.refuse(
    '',
    `${mainCodeOf(grid)} would be left without any member. Retire it or merge it into another instead.`,
    'BAD_INPUT',
    { grid: grid.id },
  );
}
