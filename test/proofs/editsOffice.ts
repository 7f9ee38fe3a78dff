import type { RequestContext } from '../../src/access/requestContext.ts';
import type { Draft } from '../../src/changesets/changeset.type.ts';
import type { Op } from '../../src/changesets/ops/op.ts';
import { DomainError } from '../../src/errors.ts';
import type { Publication } from './editsGround.ts';
import type { Editing } from './editsHouse.ts';

/** What an editor is told in plain words when an edit cannot be done; anything else is a fault of ours. */
const PLAIN = ['CONFLICT', 'BAD_INPUT', 'BAD_BOUNDARY', 'OVERLAP'];
/** Of one who let go after so many rebases, because others were there before each time: no harm done, and rare. */
export const OUTRUN = 'let go: others were there before at every try';

const MOST_REBASES = 40;

const GRANTS = [{ role: 'gis_editor', areas: 'everywhere' }] as const;
export const person = (subject: string): RequestContext => ({
  viewer: { kind: 'person', subject, grants: GRANTS },
  requestId: 'edits',
  log: { error: () => {} },
});

export const EDITORS = Array.from({ length: 16 }, (_, n) => person(`editor ${n + 1}`));
const APPROVERS = [person('approver 1'), person('approver 2')];

/** What came of all edits: counts by outcome, what was published, and what nobody expected. */
export class Ledger {
  readonly counts: Record<string, number> = {};
  readonly published: Publication[] = [];
  readonly faults: string[] = [];

  count(outcome: string): void {
    this.counts[outcome] = (this.counts[outcome] ?? 0) + 1;
  }

  /** Throws on what is not said in plain words, having written it down. */
  refused(during: string, error: unknown): void {
    const code = error instanceof DomainError ? error.code : 'UNKNOWN';
    this.count(`${during}: ${code}`);
    if (PLAIN.includes(code)) return;
    const cause =
      error instanceof DomainError ? (error.cause as { message?: string; code?: string } | undefined) : error;
    this.faults.push(`${during}: ${code} ${(error as Error).message} ${JSON.stringify(cause, ['message', 'code'])}`);
  }
}

/** An edit brought through: opened, drawn, submitted, approved by another, published, rebased as often as it takes. */
export class Edit {
  readonly #editing: Editing;
  readonly #ledger: Ledger;
  readonly #editor: RequestContext;
  readonly #approver: RequestContext;
  #draft!: Draft;

  constructor(editing: Editing, ledger: Ledger, number: number) {
    this.#editing = editing;
    this.#ledger = ledger;
    this.#editor = EDITORS[number % EDITORS.length];
    this.#approver = APPROVERS[number % APPROVERS.length];
  }

  get draft(): Draft {
    return this.#draft;
  }

  async open(): Promise<Draft> {
    this.#draft = await this.#editing.open(this.#editor, 'Edit');
    return this.#draft;
  }

  /** False: the op is refused, or what it makes is not fit to be published. */
  async prepare(op: Op): Promise<boolean> {
    const { id, revision } = this.#draft.record;
    const drawn = await this.#try('apply', () => this.#editing.apply(this.#editor, id, revision, [op]));
    if (!drawn) return false;
    this.#draft = drawn;
    return this.#review();
  }

  async #review(): Promise<boolean> {
    const { id, revision } = this.#draft.record;
    const submitted = await this.#try('submit', () => this.#editing.submit(this.#editor, id, revision));
    if (!submitted) return false;
    const approved = await this.#try('approve', () => this.#editing.approve(this.#approver, id));
    if (!approved) return false;
    this.#draft = approved;
    return true;
  }

  /** Publishes what is approved; where somebody was first, rebases, has it reviewed again and tries once more. */
  async publish(): Promise<boolean> {
    for (let attempt = 0; attempt < MOST_REBASES; attempt++) {
      const seen = this.#draft;
      try {
        const done = await this.#editing.publish(this.#approver, seen.record.id);
        this.#ledger.count('published');
        this.#ledger.published.push(publicationOf(seen, done.record.edition!));
        return true;
      } catch (error) {
        this.#ledger.refused('publish', error);
        if (!(error instanceof DomainError) || error.code !== 'CONFLICT') return false;
      }
      const { id, revision } = seen.record;
      const rebased = await this.#try('rebase', () => this.#editing.rebase(this.#editor, id, revision));
      if (!rebased) return false;
      this.#draft = rebased;
      if (rebased.patch.size === 0) {
        this.#ledger.count('let go: a neighbour changed the same');
        return false;
      }
      if (!(await this.#review())) return false;
    }
    this.#ledger.count(OUTRUN);
    return false;
  }

  /** Gives up what is left of an edit that was not published. */
  async discard(): Promise<void> {
    const { id } = this.#draft.record;
    const now = await this.#editing.find(this.#editor, id);
    if (now && now.record.status !== 'PUBLISHED') {
      await this.#try('discard', () => this.#editing.discard(this.#editor, id));
    }
  }

  async #try<T>(during: string, act: () => Promise<T>): Promise<T | undefined> {
    try {
      return await act();
    } catch (error) {
      this.#ledger.refused(during, error);
      return undefined;
    }
  }
}

function publicationOf({ patch }: Draft, edition: number): Publication {
  return {
    edition,
    changes: [...patch].map(([grid, { before, after }]) => ({
      grid,
      seen: before?.versionId ?? null,
      goesOn: after !== null,
    })),
  };
}
