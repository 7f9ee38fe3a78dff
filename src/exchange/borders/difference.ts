import { isSameShape } from '../../geometry/rings/sameShape.ts';
import type { RowAction } from '../exchange.type.ts';
import type { PlannedGrid } from '../importing/plannedGrid.ts';

/** What the import does to a planned grid that has no fault. */
export function actionOf(grid: PlannedGrid): Exclude<RowAction, 'REFUSED' | 'RETIRED' | 'MISSING'> {
  if (!grid.known) return 'NEW';
  return listChanges(grid).length > 0 ? 'CHANGED' : 'SAME';
}

/** The fields in which a known grid will differ from what it is at `effectiveAt`. */
export function listChanges({ before, name, kind, parent, shape }: PlannedGrid): string[] {
  if (!before) return ['validity'];
  const changed: string[] = [];
  if (before.name !== name) changed.push('name');
  if (before.kind !== kind) changed.push('kind');
  if (before.parent !== parent) changed.push('parent');
  if (!isSameShape(before.shape, shape)) changed.push('boundary');
  return changed;
}
