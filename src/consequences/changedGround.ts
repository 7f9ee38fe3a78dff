import { isSameDrawing } from '../changesets/territory/codec.ts';
import { type DraftGrid, mainCodeOf } from '../changesets/territory/draftGrid.ts';
import type { Patch } from '../changesets/territory/patch.ts';
import type { Territory } from '../changesets/territory/territory.ts';
import { type Box, boxOf, joinBoxes, type Shape } from '../geometry/polygon.ts';

export type GroundReason = 'MADE' | 'ENDED' | 'BOUNDARY' | 'PARENT' | 'MANAGER';

/** A grid whose ground, parent or manager a draft changes, and how. A new name or code moves no responsibility. */
export interface ChangedGround {
  readonly id: string;
  readonly before: DraftGrid | null;
  readonly after: DraftGrid | null;
  readonly reasons: readonly GroundReason[];
}

/** By layer, tier and code. */
export function listChangedGround(patch: Patch): ChangedGround[] {
  return [...patch]
    .map(([id, { before, after }]) => ({ id, before, after, reasons: reasonsOf(before, after) }))
    .filter(({ reasons }) => reasons.length > 0)
    .map((ground) => ({ ground, key: orderOf((ground.after ?? ground.before)!) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ ground }) => ground);
}

/** The order in which grids of a draft are listed. */
export function orderOf(grid: DraftGrid): string {
  return `${grid.layer}/${grid.tier}/${mainCodeOf(grid)}/${grid.id}`;
}

function reasonsOf(before: DraftGrid | null, after: DraftGrid | null): GroundReason[] {
  if (!before) return after ? ['MADE'] : [];
  if (!after) return ['ENDED'];
  const reasons: GroundReason[] = [];
  if (!isSameDrawing(before.shape, after.shape)) reasons.push('BOUNDARY');
  if (before.parentId !== after.parentId) reasons.push('PARENT');
  if (before.managerId !== after.managerId) reasons.push('MANAGER');
  return reasons;
}

/**
 * Boxes on the lattice outside which no place of a layer goes to another smallest grid, by layer. A grid whose border
 * moved counts where it moved, not whole; a grid that is divided for the first time, or no longer, counts whole.
 */
export function movedBoxes(
  grounds: readonly ChangedGround[],
  base: Territory,
  territory: Territory,
): ReadonlyMap<string, readonly Box[]> {
  const boxes = new Map<string, Box[]>();
  const add = (layer: string, box: Box | undefined) => {
    if (box) boxes.set(layer, [...(boxes.get(layer) ?? []), box]);
  };
  const parents = new Set<string>();
  for (const { before, after, reasons } of grounds) {
    const { layer } = (after ?? before)!;
    if (reasons.some((reason) => reason === 'MADE' || reason === 'ENDED' || reason === 'BOUNDARY')) {
      add(layer, movedBox(before?.shape, after?.shape));
    }
    if (before?.parentId === after?.parentId) continue;
    for (const id of [before?.parentId, after?.parentId]) if (id) parents.add(id);
  }
  for (const id of parents) {
    const [was, is] = [base.find(id), territory.find(id)];
    if (was && is && base.childrenOf(id).length > 0 !== territory.childrenOf(id).length > 0) {
      add(is.layer, boxOf(is.shape));
    }
  }
  return boxes;
}

// What two shapes differ by is bounded by edges that only one of them has.
function movedBox(before: Shape | undefined, after: Shape | undefined): Box | undefined {
  if (!before || !after) return boxOf((before ?? after)!);
  const edges = new Map<string, readonly [number, number, number, number]>();
  for (const shape of [before, after]) {
    for (const ring of shape.flat()) {
      for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
        const [ax, ay, bx, by] = [ring[j], ring[j + 1], ring[i], ring[i + 1]];
        const key = ax < bx || (ax === bx && ay < by) ? `${ax},${ay},${bx},${by}` : `${bx},${by},${ax},${ay}`;
        if (!edges.delete(key)) edges.set(key, [ax, ay, bx, by]);
      }
    }
  }
  const moved = [...edges.values()];
  if (moved.length === 0) return undefined;
  return joinBoxes(
    moved.map(([ax, ay, bx, by]) => ({
      minX: Math.min(ax, bx),
      minY: Math.min(ay, by),
      maxX: Math.max(ax, bx),
      maxY: Math.max(ay, by),
    })),
  );
}
