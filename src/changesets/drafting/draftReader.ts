import type { Kysely } from 'kysely';
import { type Areas, areasOf, type Viewer } from '../../access/viewer.ts';
import type { Clock } from '../../clock.ts';
import type { Database } from '../../db/tables.ts';
import type { ChangesetRepository } from '../changeset.repository.ts';
import type { ChangesetRecord, Draft } from '../changeset.type.ts';
import type { Issue } from '../checks/issue.ts';
import type { TerritoryReader } from '../territory/territoryReader.ts';
import type { DraftChecks } from './draftChecks.ts';
import { type DraftState, stateOf } from './draftState.ts';
import type { StepRepository } from './step.repository.ts';

const KEPT = 16;

/** Where changesets are stored. */
export interface ChangesetStore {
  readonly db: Kysely<Database>;
  readonly changesets: ChangesetRepository;
  readonly steps: StepRepository;
}

interface Kept {
  readonly revision: number;
  readonly state: DraftState;
  /** By what was checked, and the areas of the one for whom. */
  readonly issues: Map<string, readonly Issue[]>;
}

/** Puts drafts together. The last few are kept as long as their revision stands. Not to be asked inside a transaction. */
export class DraftReader {
  readonly #store: ChangesetStore;
  readonly #territories: TerritoryReader;
  readonly #checks: Pick<DraftChecks, 'near' | 'whole'>;
  readonly #clock: Clock;
  readonly #kept = new Map<string, Kept>();

  constructor(
    store: ChangesetStore,
    territories: TerritoryReader,
    checks: Pick<DraftChecks, 'near' | 'whole'>,
    clock: Clock,
  ) {
    this.#store = store;
    this.#territories = territories;
    this.#checks = checks;
    this.#clock = clock;
  }

  /** The draft as somebody sees it: only its author is told of what lies outside the area. */
  async find(id: string, viewer: Viewer): Promise<Draft | undefined> {
    const { db, changesets, steps } = this.#store;
    const record = await changesets.find(db, id, this.#clock());
    if (!record) return undefined;
    const known = this.#kept.get(id);
    if (known?.revision === record.revision) return this.#show(record, known, viewer);
    const base = await this.#territories.read(momentOf(record));
    const stored = await steps.listSteps(db, id);
    // Steps that were written in between belong to a later revision.
    const now = await changesets.find(db, id, this.#clock());
    if (now?.revision !== record.revision) return this.find(id, viewer);
    const kept = { revision: record.revision, state: stateOf(base, stored), issues: new Map() };
    return this.#show(record, kept, viewer);
  }

  /** What the revision of a changeset is known to be, without reading it again. */
  keep(id: string, revision: number, { base, territory, patch, lineage, steps }: DraftState): void {
    const known = this.#kept.get(id);
    const issues = known?.state.territory === territory ? known.issues : new Map();
    this.#remember(id, { revision, issues, state: { base, territory, patch, lineage, steps } });
  }

  /** The issues in the whole of the touched layers, whatever the status. */
  wholeIssues(draft: Draft, viewer: Viewer): readonly Issue[] {
    return this.#issues('whole', draft, areasFor(draft.record, viewer));
  }

  /** The ids of issues that were waived and are none any more. */
  mendedWaivers(record: ChangesetRecord, state: DraftState, viewer: Viewer): string[] {
    if (record.waivers.length === 0) return [];
    const standing = new Set(this.#checks.whole(state, areasFor(record, viewer)).map(({ id }) => id));
    return record.waivers.map(({ issueId }) => issueId).filter((id) => !standing.has(id));
  }

  /** The issues around the touched grids, found anew: rules and posts may have changed since. */
  freshIssues(draft: Draft): readonly Issue[] {
    return this.#checks.near(draft, 'everywhere');
  }

  #issues(what: 'near' | 'whole', draft: Draft, areas: Areas): readonly Issue[] {
    const kept = this.#kept.get(draft.record.id);
    const key = `${what} ${areas}`;
    const known = kept?.state.territory === draft.territory ? kept.issues.get(key) : undefined;
    const issues = known ?? this.#checks[what](draft, areas);
    if (kept?.state.territory === draft.territory) kept.issues.set(key, issues);
    return issues;
  }

  #show(record: ChangesetRecord, kept: Kept, viewer: Viewer): Draft {
    this.#remember(record.id, kept);
    const what = record.status === 'DRAFT' ? 'near' : 'whole';
    const draft: Draft = {
      ...kept.state,
      record,
      issues: () => this.#issues(what, draft, areasFor(record, viewer)),
    };
    return draft;
  }

  #remember(id: string, kept: Kept): void {
    this.#kept.delete(id);
    this.#kept.set(id, kept);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= KEPT) return;
      this.#kept.delete(oldest);
    }
  }
}

/** Where the author may draw; others are not told of it, for it is not theirs that is asked about. */
function areasFor({ author }: ChangesetRecord, viewer: Viewer): Areas {
  return viewer.subject === author ? areasOf(viewer, 'boundaries.edit') : 'everywhere';
}

function momentOf({ baseAsOf, baseEdition }: ChangesetRecord) {
  return { asOf: baseAsOf.getTime(), edition: baseEdition };
}
