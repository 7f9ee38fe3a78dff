import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { listOf } from '../../api/listSize.ts';
import { DateTimeScalar } from '../../api/scalars.ts';
import { Edition } from '../../grids/api/connection.type.ts';
import { Grid } from '../../grids/api/grid.type.ts';
import type { EditionRecord } from '../../grids/edition.service.ts';
import type { Draft } from '../changeset.type.ts';
import type { DraftView } from './draftView.ts';
import { BoundaryIssue, ChangesetStep, Waiver } from './issue.type.ts';

export enum ChangesetStatus {
  DRAFT = 'DRAFT',
  SUBMITTED = 'SUBMITTED',
  APPROVED = 'APPROVED',
  SCHEDULED = 'SCHEDULED',
  PUBLISHED = 'PUBLISHED',
  DISCARDED = 'DISCARDED',
}
registerEnumType(ChangesetStatus, {
  name: 'ChangesetStatus',
  description: 'How far a changeset has come.',
  valuesConfig: {
    DRAFT: { description: 'Its author works on it.' },
    SUBMITTED: { description: 'Checked as a whole, waiting for somebody else to approve it.' },
    APPROVED: { description: 'Approved, not yet published.' },
    SCHEDULED: { description: 'Published, for a day that has not come. Ask with `asOf` to see that day.' },
    PUBLISHED: { description: 'In force.' },
    DISCARDED: { description: 'Given up.' },
  },
});

@ObjectType({
  description:
    'A draft of changes to boundaries and trees. It is checked, reviewed by somebody else, and published whole as one edition at one instant.',
  simpleResolvers: true,
})
export class Changeset {
  readonly draft: Draft;
  private readonly view: DraftView;

  constructor(draft: Draft, view: DraftView) {
    this.draft = draft;
    this.view = view;
  }

  @Right('boundaries.read')
  @Field(() => ID, { description: 'Stable for ever.' })
  get id(): string {
    return this.draft.record.id;
  }

  @Right('boundaries.read')
  @Field(() => String, { description: 'What it is about; the title of its edition.' })
  get title(): string {
    return this.draft.record.title;
  }

  @Right('boundaries.read')
  @Field(() => ChangesetStatus, { description: 'How far it has come.' })
  get status(): `${ChangesetStatus}` {
    return this.draft.record.status;
  }

  @Right('boundaries.read')
  @Field(() => Int, { description: 'Counts every change. Send it back as `expectedRevision`.' })
  get revision(): number {
    return this.draft.record.revision;
  }

  @Right('boundaries.read')
  @Field(() => String, { description: 'Who opened it: the subject of the token.' })
  get author(): string {
    return this.draft.record.author;
  }

  @Right('boundaries.read')
  @Field(() => DateTimeScalar, { description: 'When it was opened.' })
  get openedAt(): Date {
    return this.draft.record.openedAt;
  }

  @Right('boundaries.read')
  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was last submitted.' })
  get submittedAt(): Date | null {
    return this.draft.record.submittedAt;
  }

  @Right('boundaries.read')
  @Field(() => String, { nullable: true, description: 'Who approved it; never its author.' })
  get approvedBy(): string | null {
    return this.draft.record.approvedBy;
  }

  @Right('boundaries.read')
  @Field(() => DateTimeScalar, { nullable: true, description: 'From when on it is in force; null until published.' })
  get effectiveAt(): Date | null {
    return this.draft.record.effectiveAt;
  }

  @Right('boundaries.read')
  @Field(() => Int, { description: 'The edition that it starts from; `rebaseChangeset` moves it to the newest.' })
  get baseEdition(): number {
    return this.draft.record.baseEdition;
  }

  @Right('boundaries.read')
  @Field(() => Int, { nullable: true, description: 'The edition that it takes back, where it is a revert.' })
  get reverts(): number | null {
    return this.draft.record.reverts;
  }

  @Right('boundaries.read')
  @Field(() => [BoundaryIssue], {
    complexity: listOf(10, 5_000),
    description:
      'What does not fit, the gravest first, at most 1,000: around the grids that were touched while it is a draft, in the whole layer once it is submitted.',
  })
  get issues(): BoundaryIssue[] {
    return this.view.issues();
  }

  @Right('boundaries.read')
  @Field(() => [Grid], { complexity: listOf(10), description: 'The grids that it touches, as they would be.' })
  get grids(): Grid[] {
    return this.view.grids();
  }

  @Right('boundaries.read')
  @Field(() => [Grid], { complexity: listOf(3), description: 'The grids that it ends, as they are before.' })
  get ended(): Grid[] {
    return this.view.ended();
  }

  @Right('boundaries.read')
  @Field(() => [ChangesetStep], { complexity: listOf(10), description: 'What was done, in its order.' })
  get steps(): ChangesetStep[] {
    return this.view.steps();
  }

  @Right('boundaries.read')
  @Field(() => [Waiver], { complexity: listOf(2), description: 'Warnings that were waived.' })
  get waivers(): readonly Waiver[] {
    return this.draft.record.waivers;
  }

  @Right('boundaries.read')
  @Field(() => Edition, { nullable: true, description: 'The edition that it was published as.' })
  get edition(): EditionRecord | null {
    return this.view.edition();
  }
}
