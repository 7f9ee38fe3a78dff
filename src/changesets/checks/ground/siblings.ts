import { boxOf } from '../../../geometry/polygon.ts';
import type { DraftGrid } from '../../territory/draftGrid.ts';
import { gridsIn, isReshaped, ringFaultOf, type Scope } from '../scope.ts';

/**
 * Grids of one parent (or of none) but of different tiers whose boxes meet, each two once: the law against overlaps
 * holds for siblings too.
 */
export function* mixedSiblings(scope: Scope): Generator<readonly [DraftGrid, DraftGrid]> {
  const { territory, layer } = scope;
  const asked = scope.focus === null ? mixedFamilies(scope) : [...gridsIn(scope)];
  const done = new Set<DraftGrid>();
  for (const grid of asked) {
    if (ringFaultOf(scope, grid) || !(isReshaped(scope, grid) || isMoved(scope, grid))) continue;
    done.add(grid);
    for (const other of territory.meeting(boxOf(grid.shape), layer.code)) {
      if (other.parentId !== grid.parentId || other.tier === grid.tier || done.has(other)) continue;
      if (!ringFaultOf(scope, other)) yield [grid, other];
    }
  }
}

function isMoved({ context }: Scope, grid: DraftGrid): boolean {
  return context.base.find(grid.id)?.parentId !== grid.parentId;
}

/** The members of families with children of several tiers: in most layers there is none. */
function mixedFamilies({ territory, layer }: Scope): DraftGrid[] {
  const families = new Map<string | null, { tier: string; mixed: boolean; grids: DraftGrid[] }>();
  for (const grid of territory.grids(layer.code)) {
    const family = families.get(grid.parentId);
    if (!family) families.set(grid.parentId, { tier: grid.tier, mixed: false, grids: [grid] });
    else {
      family.mixed ||= family.tier !== grid.tier;
      family.grids.push(grid);
    }
  }
  return [...families.values()].flatMap(({ mixed, grids }) => (mixed ? grids : []));
}
