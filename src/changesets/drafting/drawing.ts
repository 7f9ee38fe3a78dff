import type { Clock } from '../../clock.ts';
import { DomainError } from '../../errors.ts';
import type { EditionService } from '../../grids/edition.service.ts';
import type { Draft } from '../changeset.type.ts';
import type { Op } from '../ops/op.ts';
import { type OpRules, type Replayed, replay } from '../rebasing/replay.ts';
import type { Restoring } from '../rebasing/restoring.ts';
import type { TerritoryReader } from '../territory/territoryReader.ts';
import type { Write } from './changesetDesk.ts';
import type { ChangesetStore } from './draftReader.ts';
import { type DraftState, isDone, stateAfter, stateOf } from './draftState.ts';

const MOST = { ops: 200, steps: 2_000, grids: 5_000 } as const;

/** What is drawn on. */
export interface Ground {
  readonly editions: EditionService;
  readonly territories: TerritoryReader;
  readonly restoring: Restoring;
}

/** A change of steps, worked out and not yet written. */
type Drawn = Write & { readonly state: DraftState };

/** Works out what becomes of a draft whose steps change. */
export class Drawing {
  readonly #store: Pick<ChangesetStore, 'db' | 'steps'>;
  readonly #ground: Ground;
  readonly #rules: OpRules;
  readonly #clock: Clock;

  constructor(store: Pick<ChangesetStore, 'db' | 'steps'>, ground: Ground, rules: OpRules, clock: Clock) {
    this.#store = store;
    this.#ground = ground;
    this.#rules = rules;
    this.#clock = clock;
  }

  /** What a new draft starts from. */
  present(): { readonly asOf: Date; readonly edition: number } {
    return { asOf: this.#clock(), edition: this.#ground.editions.latest };
  }

  /** Throws BAD_INPUT for no ops, TOO_LARGE for too many, and what an op is refused with. */
  apply(draft: Draft, ops: readonly Op[]): Drawn {
    assertOps(ops);
    const { patch, lineage } = this.#rules.applyOps(draft.territory, ops);
    const state = stateAfter(draft, { ops, patch, lineage });
    assertSize(state);
    const { position } = state.steps.at(-1)!;
    const { steps } = this.#store;
    const { id } = draft.record;
    return {
      state,
      details: { ops: countKinds(ops), grids: patch.size },
      also: async (trx, madeAt) => {
        if (draft.steps.some(({ undone }) => undone)) await steps.deleteUndone(trx, id);
        await steps.insertStep(trx, id, { position, ops, patch, lineage, undone: false, dropped: null, madeAt });
      },
    };
  }

  /** Undoes the last step that is done, or does the first again that is undone. Throws BAD_INPUT where there is none. */
  async turn(draft: Draft, undone: boolean): Promise<Drawn> {
    const step = undone ? draft.steps.findLast(isDone) : draft.steps.find((each) => each.undone);
    if (!step) {
      const message = `id: the changeset has nothing to ${undone ? 'undo' : 'redo'}.`;
      throw new DomainError('BAD_INPUT', message, { field: 'id' });
    }
    const { position } = step;
    const { db, steps } = this.#store;
    const { id } = draft.record;
    const stored = await steps.listSteps(db, id);
    const turned = stored.map((each) => (each.position === position ? { ...each, undone } : each));
    return {
      state: stateOf(draft.base, turned),
      details: { step: position, ops: countKinds(step.ops) },
      also: (trx) => steps.setUndone(trx, id, position, undone),
    };
  }

  /** Puts the draft on the newest edition, as it is now. */
  async rebase(draft: Draft): Promise<Drawn> {
    const { db, steps } = this.#store;
    const { id, reverts } = draft.record;
    const stored = await steps.listSteps(db, id);
    const restored = reverts === null ? undefined : await settle(this.#ground.restoring.restore(reverts));
    const { asOf, edition } = restored && 'base' in restored ? restored : this.present();
    const base = await this.#ground.territories.read({ asOf: asOf.getTime(), edition });
    const { outcomes, state } = replay(draft, stored, base, this.#rules, () => {
      if (restored && 'base' in restored) return restored;
      throw restored?.reason;
    });
    assertSize(state);
    const dropped = outcomes.filter((outcome) => outcome.dropped !== null);
    const back = { status: 'DRAFT', submitted_at: null, approved_by: null, approved_at: null } as const;
    return {
      state,
      set: { ...back, base_edition: edition, base_as_of: asOf },
      details: { edition, dropped: dropped.map(({ position }) => String(position)) },
      also: async (trx) => {
        await steps.deleteUndone(trx, id);
        for (const outcome of outcomes.filter(isNews(stored))) await steps.replaceStep(trx, id, outcome);
      },
    };
  }
}

/** Leaves alone the steps that a rebase before this one has dropped. */
const isNews = (stored: readonly { position: number; dropped: string | null }[]) => (outcome: Replayed) =>
  stored.some(({ position, dropped }) => position === outcome.position && dropped === null);

async function settle<T extends object>(work: Promise<T>): Promise<T | { readonly reason: unknown }> {
  return work.catch((reason: unknown) => ({ reason }));
}

function assertOps(ops: readonly Op[]): void {
  if (ops.length === 0) {
    throw new DomainError('BAD_INPUT', 'ops: give at least one op.', { field: 'ops' });
  }
  if (ops.length <= MOST.ops) return;
  const message = `ops: at most ${MOST.ops} in one call, not ${ops.length}. Send them in several calls.`;
  throw new DomainError('TOO_LARGE', message, { field: 'ops', limit: MOST.ops });
}

/** Throws TOO_LARGE. */
export function assertSize({ steps, patch }: Pick<DraftState, 'steps' | 'patch'>): void {
  const over = steps.length > MOST.steps ? 'steps' : patch.size > MOST.grids ? 'grids' : undefined;
  if (!over) return;
  const words = over === 'steps' ? 'has' : 'touches';
  const message = `ops: a changeset ${words} at most ${MOST[over]} ${over}. Publish this one and go on in another.`;
  throw new DomainError('TOO_LARGE', message, { field: 'ops', limit: MOST[over] });
}

/** `rename 2`, `split 1` …, for the audit. */
function countKinds(ops: readonly Op[]): string[] {
  const counts = new Map<string, number>();
  for (const op of ops) for (const kind of Object.keys(op)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, count]) => `${kind} ${count}`);
}
