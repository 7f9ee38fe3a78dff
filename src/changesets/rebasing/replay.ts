import { DomainError } from '../../errors.ts';
import { type DraftState, isDone, settled } from '../drafting/draftState.ts';
import type { StoredStep } from '../drafting/step.repository.ts';
import type { Applied, Op } from '../ops/op.ts';
import type { Reads } from '../ops/reads.ts';
import { readPatch } from '../territory/codec.ts';
import type { Change, Lineage, Patch } from '../territory/patch.ts';
import type { Territory } from '../territory/territory.ts';
import { clashOf } from './clash.ts';

/** How ops are done, and what they depend on. */
export interface OpRules {
  applyOps(territory: Territory, ops: readonly Op[]): Applied;
  /** What the op takes as it is; when somebody else has changed that, it no longer means what it meant. */
  readsOf(op: Op, territory: Territory): Reads;
}

/** What became of one step on another base. */
export interface Replayed {
  readonly position: number;
  readonly patch: Patch;
  readonly lineage: readonly Lineage[];
  readonly dropped: string | null;
}

/** The patch of a step that has no ops, worked out anew. Throws what it is refused with. */
export type Restore = () => Pick<Applied, 'patch' | 'lineage'>;

/**
 * Does the steps of a draft again on another base. A step that cannot be done there, or that depends on what has been
 * changed since the old base, is dropped with the reason; all others are kept. Undone steps are given up.
 */
export function replay(
  draft: DraftState,
  stored: readonly StoredStep[],
  base: Territory,
  rules: OpRules,
  restore: Restore,
) {
  const outcomes: Replayed[] = [];
  let before = draft.base;
  let now = base;
  for (const step of stored.filter(({ undone }) => !undone)) {
    const { position, ops } = step;
    const outcome = isDone(step) ? attempt({ ops, before, draft, base, now, rules, restore }) : emptied(step.dropped);
    if (isDone(step)) before = before.with(changesOf(before, step));
    now = now.with(outcome.patch);
    outcomes.push({ position, ...outcome });
  }
  return { outcomes, state: stateFrom(base, stored, outcomes) };
}

interface Attempt {
  readonly ops: readonly Op[];
  /** The draft before the step on its old base, and on the new one. */
  readonly before: Territory;
  readonly now: Territory;
  readonly draft: DraftState;
  readonly base: Territory;
  readonly rules: OpRules;
  readonly restore: Restore;
}

function attempt({ ops, before, now, draft, base, rules, restore }: Attempt): Omit<Replayed, 'position'> {
  try {
    if (ops.length === 0) return { ...restore(), dropped: null };
    let running = before;
    for (const op of ops) {
      const clash = clashOf(rules.readsOf(op, running), draft.base, base);
      if (clash) return emptied(clash);
      if (ops.length > 1) running = rules.applyOps(running, [op]).territory;
    }
    const { patch, lineage } = rules.applyOps(now, ops);
    return { patch, lineage, dropped: null };
  } catch (error) {
    if (error instanceof DomainError) return emptied(error.message.slice(0, 500));
    throw error;
  }
}

function emptied(dropped: string | null): Omit<Replayed, 'position'> {
  return { patch: new Map(), lineage: [], dropped };
}

function changesOf(before: Territory, { patch }: StoredStep): Patch {
  const changes = new Map<string, Change>();
  for (const [id, after] of readPatch(patch)) changes.set(id, { before: before.find(id) ?? null, after });
  return changes;
}

function stateFrom(base: Territory, stored: readonly StoredStep[], outcomes: readonly Replayed[]): DraftState {
  const changes = new Map<string, Change>();
  const steps = outcomes.map(({ position, patch, dropped }) => {
    for (const [id, { after }] of patch) changes.set(id, { before: base.find(id) ?? null, after });
    const ops = stored.find((step) => step.position === position)!.ops;
    return { position, ops, touched: [...patch.keys()].sort(), undone: false, dropped };
  });
  const patch = settled(changes);
  const lineage = outcomes.flatMap((outcome) => outcome.lineage);
  return { base, territory: base.with(patch), patch, lineage, steps };
}
