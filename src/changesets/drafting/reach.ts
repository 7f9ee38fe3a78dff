import { type AreaTree, isWithin } from '../../access/areaTree.ts';
import type { Areas } from '../../access/viewer.ts';
import type { Change, Patch } from '../territory/patch.ts';
import { isOnlyNoded } from '../territory/sameGround.ts';
import type { Territory } from '../territory/territory.ts';

/** A draft, as far as its reach goes. */
export interface Reaching {
  readonly patch: Patch;
  readonly territory: Territory;
}

/**
 * The grids by which it is judged whose changeset it is: those it touches, unless by no more than a vertex on a straight
 * edge, which a split on the border of an area gives its neighbours; for one that does not exist yet the nearest
 * above it in the draft that does; and for one that moves in the tree the grid below which it comes. A new root stands for
 * itself, and so lies in nobody's area.
 */
export function reachOf({ patch, territory }: Reaching, tree: AreaTree): string[] {
  const reach = new Set<string>();
  for (const [id, { before, after }] of patch) {
    if (before && after && isOnlyNoded(before, after)) continue;
    reach.add(nearestKnown(id, { patch, territory }, tree));
    const parent = movedTo({ before, after });
    if (parent) reach.add(nearestKnown(parent, { patch, territory }, tree));
  }
  return [...reach].sort();
}

function movedTo({ before, after }: Change): string | null {
  return before && after && before.parentId !== after.parentId ? after.parentId : null;
}

/** The grid itself where it exists now, else the nearest above it in the draft that does, else the grid again. */
export function nearestKnown(id: string, { patch, territory }: Reaching, tree: AreaTree): string {
  // One that has ended is known by what it was.
  const above = (grid: string) => (territory.find(grid) ?? patch.get(grid)?.before)?.parentId;
  for (let grid: string | null | undefined = id; grid; grid = above(grid)) {
    if (tree.chainOf(grid).length > 0) return grid;
  }
  return id;
}

/** Whether every grid lies in the areas. */
export function isAllWithin(tree: AreaTree, areas: Areas, gridIds: readonly string[]): boolean {
  return gridIds.every((id) => isWithin(tree, areas, id));
}
