import { Arg, Args, Ctx, ID, Int, Mutation, Query, Resolver } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import type { RequestContext } from '../../access/requestContext.ts';
import { pageSized } from '../../api/listSize.ts';
import { type Page, PageArgs } from '../../api/page.type.ts';
import { DateTimeScalar } from '../../api/scalars.ts';
import type { ChangesetService } from '../changeset.service.ts';
import type { ChangesetRecord, Draft } from '../changeset.type.ts';
import type { PublishingService } from '../publishing/publishing.service.ts';
import type { ReviewService } from '../review.service.ts';
import { Changeset } from './changeset.type.ts';
import { ChangesetConnection, ChangesetFilter } from './changesetList.type.ts';
import { type DraftRoom, DraftView } from './draftView.ts';
import { BoundaryOp } from './input/boundaryOp.input.ts';
import { readOps } from './input/readOps.ts';

const REVISION = {
  description: 'The revision you read. CONFLICT, and nothing is done, when it has been changed since.',
};
const CHANGESET = { description: 'The changeset.' };

/** Boundary editing: drafts, their review and their publication. */
@Resolver(() => Changeset)
export class ChangesetResolver {
  private readonly desk: ChangesetService;
  private readonly review: ReviewService;
  private readonly publishing: PublishingService;
  private readonly room: DraftRoom;

  constructor(desk: ChangesetService, review: ReviewService, publishing: PublishingService, room: DraftRoom) {
    this.desk = desk;
    this.review = review;
    this.publishing = publishing;
    this.room = room;
  }

  @Right('boundaries.read')
  @Query(() => Changeset, {
    nullable: true,
    description: 'One draft, for its author and for those whose area it touches. Null: no such, or not for you.',
  })
  async changeset(@Arg('id', () => ID, CHANGESET) id: string, @Ctx() by: RequestContext): Promise<Changeset | null> {
    const draft = await this.desk.find(by, id);
    return draft ? this.show(draft) : null;
  }

  @Right('boundaries.read')
  @Query(() => ChangesetConnection, {
    complexity: pageSized(100),
    description: 'Your drafts and those that touch your area, the newest first.',
  })
  changesets(
    @Arg('filter', () => ChangesetFilter, { nullable: true, description: 'Which; all if not given.' })
    filter: ChangesetFilter | null,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() by: RequestContext,
  ): Promise<Page<ChangesetRecord>> {
    return this.desk.list(by, { ...filter, ...page });
  }

  @Right('boundaries.edit')
  @Mutation(() => Changeset, { description: 'Opens an empty draft on the newest edition.' })
  openChangeset(
    @Arg('title', () => String, { description: 'What it is about, at most 200 characters.' }) title: string,
    @Ctx() by: RequestContext,
  ): Promise<Changeset> {
    return this.shown(this.desk.open(by, title));
  }

  @Right('boundaries.edit')
  @Mutation(() => Changeset, {
    description: 'Applies ops to your draft: all or none. Read `issues` and `grids` to see what came of it.',
  })
  applyToChangeset(
    @Arg('id', () => ID, CHANGESET) id: string,
    @Arg('expectedRevision', () => Int, REVISION) expectedRevision: number,
    @Arg('ops', () => [BoundaryOp], { description: 'In their order, at most 200.' }) ops: BoundaryOp[],
    @Ctx() by: RequestContext,
  ): Promise<Changeset> {
    return this.shown(this.desk.apply(by, id, expectedRevision, readOps(ops)));
  }

  @Right('boundaries.edit')
  @Mutation(() => Changeset, { description: 'Takes the last step back, to the byte.' })
  undoInChangeset(
    @Arg('id', () => ID, CHANGESET) id: string,
    @Arg('expectedRevision', () => Int, REVISION) expectedRevision: number,
    @Ctx() by: RequestContext,
  ): Promise<Changeset> {
    return this.shown(this.desk.undo(by, id, expectedRevision));
  }

  @Right('boundaries.edit')
  @Mutation(() => Changeset, { description: 'Does the step again that was undone last.' })
  redoInChangeset(
    @Arg('id', () => ID, CHANGESET) id: string,
    @Arg('expectedRevision', () => Int, REVISION) expectedRevision: number,
    @Ctx() by: RequestContext,
  ): Promise<Changeset> {
    return this.shown(this.desk.redo(by, id, expectedRevision));
  }

  @Right('boundaries.edit')
  @Mutation(() => Changeset, { description: 'Takes the responsibility for a WARNING, with a reason. Never an ERROR.' })
  waiveIssue(
    @Arg('id', () => ID, CHANGESET) id: string,
    @Arg('expectedRevision', () => Int, REVISION) expectedRevision: number,
    @Arg('issueId', () => ID, { description: 'The issue.' }) issueId: string,
    @Arg('reason', () => String, { description: 'Why it is right as it is, at most 500 characters.' }) reason: string,
    @Ctx() by: RequestContext,
  ): Promise<Changeset> {
    return this.shown(this.review.waive(by, id, expectedRevision, issueId, reason));
  }

  @Right('boundaries.edit')
  @Mutation(() => Changeset, {
    description:
      'Moves your draft onto the newest edition. What clashes with what was published since is left out, and `steps` says why.',
  })
  rebaseChangeset(
    @Arg('id', () => ID, CHANGESET) id: string,
    @Arg('expectedRevision', () => Int, REVISION) expectedRevision: number,
    @Ctx() by: RequestContext,
  ): Promise<Changeset> {
    return this.shown(this.desk.rebase(by, id, expectedRevision));
  }

  @Right('boundaries.edit')
  @Mutation(() => Changeset, {
    description: 'Hands your draft in for review. Refused while an ERROR stands or a WARNING is not waived.',
  })
  submitChangeset(
    @Arg('id', () => ID, CHANGESET) id: string,
    @Arg('expectedRevision', () => Int, REVISION) expectedRevision: number,
    @Ctx() by: RequestContext,
  ): Promise<Changeset> {
    return this.shown(this.review.submit(by, id, expectedRevision));
  }

  @Right('boundaries.edit')
  @Mutation(() => Changeset, { description: 'Takes a submitted or approved changeset back to draft, by its author.' })
  reopenChangeset(@Arg('id', () => ID, CHANGESET) id: string, @Ctx() by: RequestContext): Promise<Changeset> {
    return this.shown(this.review.reopen(by, id));
  }

  @Right('boundaries.approve')
  @Mutation(() => Changeset, {
    description: 'By someone other than the author, whose area holds every grid that it touches.',
  })
  approveChangeset(@Arg('id', () => ID, CHANGESET) id: string, @Ctx() by: RequestContext): Promise<Changeset> {
    return this.shown(this.review.approve(by, id));
  }

  @Right('boundaries.publish')
  @Mutation(() => Changeset, {
    description:
      'Publishes as one edition: now, or at an instant, past or planned. CONFLICT, with grids, versions and people, when somebody else changed the same grids since; then rebase.',
  })
  publishChangeset(
    @Arg('id', () => ID, CHANGESET) id: string,
    @Arg('effectiveAt', () => DateTimeScalar, { nullable: true, description: 'From when on; now if not given.' })
    effectiveAt: Date | null,
    @Ctx() by: RequestContext,
  ): Promise<Changeset> {
    return this.shown(this.publishing.publish(by, id, effectiveAt));
  }

  @Right('boundaries.edit')
  @Mutation(() => Changeset, { description: 'Gives up a changeset that is not published. It stays readable.' })
  discardChangeset(@Arg('id', () => ID, CHANGESET) id: string, @Ctx() by: RequestContext): Promise<Changeset> {
    return this.shown(this.review.discard(by, id));
  }

  @Right('boundaries.edit')
  @Mutation(() => Changeset, {
    description: 'Opens a draft that takes an edition back, to be reviewed and published like any other.',
  })
  revertEdition(
    @Arg('edition', () => Int, { description: 'The edition whose changes of territory are taken back.' })
    edition: number,
    @Arg('title', () => String, { nullable: true, description: 'What it is about.' }) title: string | null,
    @Ctx() by: RequestContext,
  ): Promise<Changeset> {
    return this.shown(this.publishing.revert(by, edition, title ?? undefined));
  }

  private async shown(draft: Promise<Draft>): Promise<Changeset> {
    return this.show(await draft);
  }

  private show(draft: Draft): Changeset {
    return new Changeset(draft, new DraftView(draft, this.room));
  }
}
