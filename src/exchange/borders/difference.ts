import type { Polygon, Ring, Shape } from '../../geometry/polygon.ts';
import { ringAreaSign } from '../../geometry/polygon.ts';
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

/** Whether two shapes have the same vertices on the same rings, whatever the ring directions, first vertices and order. */
export function isSameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  const keys = (shape: Shape) => shape.map(polygonKey).sort();
  const keysOfB = keys(b);
  return keys(a).every((key, i) => key === keysOfB[i]);
}

function polygonKey([outer, ...holes]: Polygon): string {
  return [ringKey(outer), ...holes.map(ringKey).sort()].join(';');
}

function ringKey(ring: Ring): string {
  let low = 0;
  for (let i = 2; i < ring.length; i += 2) {
    if (ring[i] < ring[low] || (ring[i] === ring[low] && ring[i + 1] < ring[low + 1])) low = i;
  }
  const step = ringAreaSign(ring) < 0 ? -2 : 2;
  const numbers: number[] = [];
  for (let i = 0, at = low; i < ring.length; i += 2, at = (at + step + ring.length) % ring.length) {
    numbers.push(ring[at], ring[at + 1]);
  }
  return numbers.join(' ');
}
