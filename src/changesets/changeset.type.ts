import type { Issue } from './checks/issue.ts';
import type { Op } from './ops/op.ts';
import type { Lineage, Patch } from './territory/patch.ts';
import type { Territory } from './territory/territory.ts';

/** Of a changeset as it is shown: a published one whose day has not come is SCHEDULED. */
export type ChangesetStatus = 'DRAFT' | 'SUBMITTED' | 'APPROVED' | 'SCHEDULED' | 'PUBLISHED' | 'DISCARDED';

/** A WARNING that somebody took the responsibility for. */
export interface Waiver {
  readonly issueId: string;
  readonly reason: string;
  /** Subject of the viewer. */
  readonly by: string;
  readonly at: Date;
}

/** What is written down of a changeset besides its steps. */
export interface ChangesetRecord {
  readonly id: string;
  readonly title: string;
  readonly status: ChangesetStatus;
  /** Counts every change. */
  readonly revision: number;
  /** Subject of the one who opened it. */
  readonly author: string;
  /** It starts from what this edition knows (0: nothing) of the instant `baseAsOf`. */
  readonly baseEdition: number;
  readonly baseAsOf: Date;
  /** The edition that it takes back. */
  readonly reverts: number | null;
  readonly openedAt: Date;
  readonly submittedAt: Date | null;
  readonly approvedBy: string | null;
  readonly approvedAt: Date | null;
  readonly edition: number | null;
  readonly effectiveAt: Date | null;
  readonly waivers: readonly Waiver[];
}

/** What was done in one call. The first step of a revert has no ops: it restores. */
export interface Step {
  /** 1, 2, 3 … */
  readonly position: number;
  readonly ops: readonly Op[];
  /** Ids of the grids that it changed, made or ended. */
  readonly touched: readonly string[];
  readonly undone: boolean;
  /** Why a rebase left it out. */
  readonly dropped: string | null;
}

/** A changeset with all that follows from it. */
export interface Draft {
  readonly record: ChangesetRecord;
  readonly base: Territory;
  /** The base with the patch. */
  readonly territory: Territory;
  /** All steps in one, those undone or dropped left out. */
  readonly patch: Patch;
  readonly lineage: readonly Lineage[];
  readonly steps: readonly Step[];
  /** Around the touched grids while it is a draft, in the whole of the touched layers afterwards. Worked out once. */
  readonly issues: () => readonly Issue[];
}

/** Which changesets are listed. */
export interface ChangesetFilter {
  readonly status?: ChangesetStatus | null;
  readonly author?: string | null;
  readonly first?: number | null;
  readonly after?: string | null;
}
