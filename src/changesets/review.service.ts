import type { RequestContext } from '../access/requestContext.ts';
import type { Action } from '../access/rights.ts';
import type { ChangesetStatus, Draft } from './changeset.type.ts';
import type { ChangesetDesk, Deed } from './drafting/changesetDesk.ts';
import type { ChangesetStore, DraftReader } from './drafting/draftReader.ts';
import { assertStatus } from './drafting/standing.ts';
import { assertFit, blockingIssues } from './review/fitness.ts';
import { assertNotEmpty, assertOther, assertReason, getWaivable } from './review/wishes.ts';

const DRAFT: readonly ChangesetStatus[] = ['DRAFT'];
const OPEN: readonly ChangesetStatus[] = ['DRAFT', 'SUBMITTED', 'APPROVED'];

function deedOf(name: string, id: string, right: Action = 'boundaries.edit'): Deed {
  return { field: `Mutation.${name}`, right, id };
}

/** Takes a draft from its author to somebody else's approval, or gives it up. Refuses as `ChangesetService` does. */
export class ReviewService {
  readonly #desk: ChangesetDesk;
  readonly #steps: ChangesetStore['steps'];
  readonly #reader: DraftReader;

  constructor(desk: ChangesetDesk, { steps }: Pick<ChangesetStore, 'steps'>, reader: DraftReader) {
    this.#desk = desk;
    this.#steps = steps;
    this.#reader = reader;
  }

  /** Takes the responsibility for a WARNING. Throws NOT_FOUND for no such issue, BAD_INPUT for an ERROR. */
  waive(by: RequestContext, id: string, expectedRevision: number, issueId: string, reason: string): Promise<Draft> {
    const deed = deedOf('waiveIssue', id);
    return this.#desk.perform(by, deed, async () => {
      const draft = await this.#desk.getOwn(by, id, DRAFT, expectedRevision);
      assertReason(reason);
      const { rule } = getWaivable(issueId, [...draft.issues(), ...this.#reader.wholeIssues(draft, by.viewer)]);
      return this.#desk.write(by, deed, draft, {
        details: { issue: issueId, rule, reason },
        also: (trx, at) => this.#steps.waive(trx, id, { issueId, reason, by: by.viewer.subject, at }),
      });
    });
  }

  /** Throws BAD_INPUT for an empty one, and while an ERROR stands or a WARNING is not waived, in the whole layer. */
  submit(by: RequestContext, id: string, expectedRevision: number): Promise<Draft> {
    const deed = deedOf('submitChangeset', id);
    return this.#desk.perform(by, deed, async () => {
      const draft = await this.#desk.getOwn(by, id, DRAFT, expectedRevision);
      assertNotEmpty(draft);
      assertFit(blockingIssues(this.#reader.wholeIssues(draft, by.viewer), draft.record.waivers), draft.territory);
      this.#desk.assertReach(by, draft, 'boundaries.edit');
      return this.#desk.write(by, deed, draft, { set: { status: 'SUBMITTED', submitted_at: this.#desk.now() } });
    });
  }

  /** From submitted or approved back to a draft, by its author. */
  reopen(by: RequestContext, id: string): Promise<Draft> {
    const deed = deedOf('reopenChangeset', id);
    return this.#desk.perform(by, deed, async () => {
      const draft = await this.#desk.getOwn(by, id, ['SUBMITTED', 'APPROVED']);
      const set = { status: 'DRAFT', submitted_at: null, approved_by: null, approved_at: null } as const;
      return this.#desk.write(by, deed, draft, { set });
    });
  }

  /** By somebody else than the author, whose area holds every grid that it touches. Throws FORBIDDEN. */
  approve(by: RequestContext, id: string): Promise<Draft> {
    const deed = deedOf('approveChangeset', id, 'boundaries.approve');
    return this.#desk.perform(by, deed, async () => {
      const draft = await this.#desk.get(by, id);
      assertOther(by, draft.record);
      this.#desk.assertReach(by, draft, 'boundaries.approve');
      assertStatus(draft.record, ['SUBMITTED']);
      const set = { status: 'APPROVED', approved_by: by.viewer.subject, approved_at: this.#desk.now() } as const;
      return this.#desk.write(by, deed, draft, { set, details: { author: draft.record.author } });
    });
  }

  /** Gives it up, by its author or an administrator of every grid that it touches. It stays readable. */
  discard(by: RequestContext, id: string): Promise<Draft> {
    const deed = deedOf('discardChangeset', id);
    return this.#desk.perform(by, deed, async () => {
      const draft = await this.#desk.get(by, id);
      this.#desk.assertMayEnd(by, draft);
      assertStatus(draft.record, OPEN);
      return this.#desk.write(by, deed, draft, { set: { status: 'DISCARDED' } });
    });
  }
}
