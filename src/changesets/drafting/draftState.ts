import type { Step } from '../changeset.type.ts';
import type { Op } from '../ops/op.ts';
import { isSameDrawing, isSameGrid, readPatch } from '../territory/codec.ts';
import type { DraftGrid } from '../territory/draftGrid.ts';
import { type Change, compose, type Lineage, type Patch } from '../territory/patch.ts';
import type { Territory } from '../territory/territory.ts';
import type { StoredStep } from './step.repository.ts';

/** What the steps of a changeset come to, on their base. */
export interface DraftState {
  readonly base: Territory;
  readonly territory: Territory;
  readonly patch: Patch;
  readonly lineage: readonly Lineage[];
  readonly steps: readonly Step[];
}

export const isDone = ({ undone, dropped }: Pick<Step, 'undone' | 'dropped'>): boolean => !undone && dropped === null;

/** Puts the stored steps together without applying an op again. */
export function stateOf(base: Territory, stored: readonly StoredStep[]): DraftState {
  const changes = new Map<string, Change>();
  const lineage: Lineage[] = [];
  for (const step of stored.filter(isDone)) {
    for (const [id, after] of readPatch(step.patch)) changes.set(id, changeOf(base.find(id) ?? null, after));
    lineage.push(...step.lineage);
  }
  const patch = settled(changes);
  const steps = stored.map(({ patch: written, lineage: _, ...step }) => ({
    ...step,
    touched: Object.keys(written).sort(),
  }));
  return { base, territory: base.with(patch), patch, lineage, steps };
}

// Checks know by its identity a boundary that the draft leaves alone.
function changeOf(before: DraftGrid | null, after: DraftGrid | null): Change {
  if (!before || !after || !isSameDrawing(before.shape, after.shape)) return { before, after };
  return { before, after: { ...after, shape: before.shape } };
}

/** What one step of ops did. */
export interface Done {
  readonly ops: readonly Op[];
  readonly patch: Patch;
  readonly lineage: readonly Lineage[];
}

/** The state after one more step, in place of those that were undone. */
export function stateAfter(state: DraftState, { ops, patch, lineage }: Done): DraftState {
  const whole = settled(compose([state.patch, patch]));
  const kept = state.steps.filter(({ undone }) => !undone);
  const position = (kept.at(-1)?.position ?? 0) + 1;
  return {
    base: state.base,
    territory: state.base.with(whole),
    patch: whole,
    lineage: [...state.lineage, ...lineage],
    steps: [...kept, { position, ops, touched: [...patch.keys()].sort(), undone: false, dropped: null }],
  };
}

/** Without the grids that ended up as they began. */
export function settled(changes: Patch): Patch {
  return new Map(
    [...changes].filter(([, { before, after }]) => {
      if (before === after) return false;
      return !(before && after && isSameGrid(before, after));
    }),
  );
}

/** The codes of the layers in which something is touched. */
export function layersOf(patch: Patch): string[] {
  return [...new Set([...patch.values()].map(({ before, after }) => (after ?? before)!.layer))].sort();
}

/**
 * How grids go on in others, told of grids that were there before or are there afterwards: what passed through a grid
 * that only the draft ever had is told of those at its two ends. A grid that still goes on in itself is left out.
 */
export function lasting(lineage: readonly Lineage[], { base, territory }: DraftState): Lineage[] {
  let links = [...lineage];
  const isPassing = (id: string) => !base.find(id) && !territory.find(id);
  for (const id of new Set(links.flatMap(({ from, to }) => [from, to]).filter(isPassing))) {
    const [into, out] = [links.filter(({ to }) => to === id), links.filter(({ from }) => from === id)];
    const through = into.flatMap(({ from }) => out.map(({ to, how }) => ({ from, to, how })));
    links = [...links.filter(({ from, to }) => from !== id && to !== id), ...through];
  }
  const seen = new Map(links.map((link) => [`${link.from} ${link.to}`, link]));
  return [...seen.values()].filter(({ from, to, how }) => {
    if (from === to || !base.find(from) || !territory.find(to)) return false;
    return how === 'SPLIT' || !territory.find(from);
  });
}
