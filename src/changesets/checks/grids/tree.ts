import type { DraftGrid } from '../../territory/draftGrid.ts';
import { type Finding, nameOf, spotIn } from '../issue.ts';
import { gridsIn, type Scope } from '../scope.ts';

/** Grids whose parent has ended, is unknown, in another layer or not above them. */
export function findLostParents(scope: Scope): Finding[] {
  const { territory, focus } = scope;
  const asked = new Set(gridsIn(scope));
  if (focus !== null) {
    for (const id of focus) for (const child of territory.childrenOf(id)) asked.add(child);
  }
  const findings: Finding[] = [];
  for (const grid of asked) {
    const what = parentFault(scope, grid);
    if (!what) continue;
    const message = `The parent of ${nameOf(grid)} ${what}. Name the grid of a higher tier that holds it (reparent).`;
    findings.push({ rule: 'missing_parent', message, grids: [grid.id], place: spotIn(grid), wherever: true });
  }
  return findings;
}

function parentFault({ territory, context }: Scope, grid: DraftGrid): string | undefined {
  if (grid.parentId === null) return undefined;
  const parent = territory.find(grid.parentId);
  if (!parent) {
    const ended = context.base.find(grid.parentId);
    return ended ? `${nameOf(ended)} ends with this draft` : `${grid.parentId} is not known`;
  }
  if (parent.layer !== grid.layer) return `${nameOf(parent)} is in layer ${parent.layer}, not in ${grid.layer}`;
  const { rank } = territory.getTier(parent.layer, parent.tier);
  if (rank < territory.getTier(grid.layer, grid.tier).rank) return undefined;
  return `${nameOf(parent)} is of tier ${parent.tier}, which is not above ${grid.tier}`;
}
