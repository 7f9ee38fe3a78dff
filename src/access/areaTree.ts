import type { Areas } from './viewer.ts';

/** The tree of grids as access sees it: in the current edition, now. Implemented in grids/, which stands above. */
export interface AreaTree {
  /** The id of the grid that an id or a code names; undefined for none, and for a code that is ambiguous. */
  findGridId(idOrCode: string): string | undefined;
  /** The grid and everything above it, nearest first; empty for a grid that does not exist now. */
  chainOf(gridId: string): readonly string[];
}

/** Whether a grid lies in the areas. A grid that does not exist now lies only in `everywhere`. */
export function isWithin(tree: AreaTree, areas: Areas, gridId: string): boolean {
  if (areas === 'everywhere') return true;
  if (areas.length === 0) return false;
  return tree.chainOf(gridId).some((above) => areas.includes(above));
}

/** The grid of the areas that an id or code names; undefined for one that lies elsewhere just as for none. */
export function findWithin(tree: AreaTree, areas: Areas, idOrCode: string): string | undefined {
  const gridId = tree.findGridId(idOrCode);
  return gridId !== undefined && isWithin(tree, areas, gridId) ? gridId : undefined;
}

/** The part of the areas that an id or code names; one that lies elsewhere is as empty as an unknown one. */
export function narrowTo(tree: AreaTree, areas: Areas, idOrCode: string): readonly string[] {
  const gridId = findWithin(tree, areas, idOrCode);
  return gridId === undefined ? [] : [gridId];
}

/** The lowest grid that holds all of some, so that whoever audits it sees the entry; null: the whole registry. */
export function lowestAbove(tree: AreaTree, gridIds: readonly string[]): string | null {
  const [first = [], ...others] = gridIds.map((id) => tree.chainOf(id));
  return first.find((grid) => others.every((chain) => chain.includes(grid))) ?? null;
}
