import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { listOf } from '../../api/listSize.ts';
import { DateTimeScalar, GeoJsonScalar } from '../../api/scalars.ts';
import { Grid } from '../../grids/api/grid.type.ts';

export enum Severity {
  ERROR = 'ERROR',
  WARNING = 'WARNING',
  INFO = 'INFO',
}
registerEnumType(Severity, {
  name: 'Severity',
  description: 'How much an issue matters.',
  valuesConfig: {
    ERROR: { description: 'Must be mended: nothing is submitted or published while it stands.' },
    WARNING: { description: 'Must be mended, or waived with a reason.' },
    INFO: { description: 'Worth knowing, such as a fault that was there before the draft.' },
  },
});

@ObjectType({ description: 'Something that does not fit in a draft.', simpleResolvers: true })
export class BoundaryIssue {
  @Right('boundaries.read')
  @Field(() => ID, { description: 'Stays the same as long as the issue is the same; waive it by this.' })
  readonly id!: string;

  @Right('boundaries.read')
  @Field(() => String, { description: 'Which rule: overlap, gap, not_nested … README lists them.' })
  readonly rule!: string;

  @Right('boundaries.read')
  @Field(() => Severity, { description: 'How much it matters.' })
  readonly severity!: `${Severity}`;

  @Right('boundaries.read')
  @Field(() => String, { description: 'In plain words, with the way out.' })
  readonly message!: string;

  @Right('boundaries.read')
  @Field(() => [Grid], { complexity: listOf(2), description: 'The grids concerned, as they would be.' })
  readonly grids!: Grid[];

  @Right('boundaries.read')
  @Field(() => GeoJsonScalar, {
    nullable: true,
    description: 'Where: a Point within a metre of it, or the ground itself. Null: nowhere in particular.',
  })
  readonly place!: object | null;

  @Right('boundaries.read')
  @Field(() => String, { nullable: true, description: 'Why it was waived; null: it was not.' })
  readonly waived!: string | null;
}

@ObjectType({ description: 'What was done in one call, all or none of it.', simpleResolvers: true })
export class ChangesetStep {
  @Right('boundaries.read')
  @Field(() => [String], { complexity: listOf(3), description: 'Kinds of the ops in their order: split, rename …' })
  readonly ops!: string[];

  @Right('boundaries.read')
  @Field(() => [ID], { complexity: listOf(5), description: 'Ids of the grids that it touched.' })
  readonly touched!: readonly string[];

  @Right('boundaries.read')
  @Field(() => Boolean, { description: 'Undone, and waiting for a redo.' })
  readonly undone!: boolean;

  @Right('boundaries.read')
  @Field(() => String, { nullable: true, description: 'Why a rebase left it out; null: it did not.' })
  readonly dropped!: string | null;
}

@ObjectType({ description: 'A warning that somebody took the responsibility for.', simpleResolvers: true })
export class Waiver {
  @Right('boundaries.read')
  @Field(() => ID, { description: 'The issue.' })
  readonly issueId!: string;

  @Right('boundaries.read')
  @Field(() => String, { description: 'Why.' })
  readonly reason!: string;

  @Right('boundaries.read')
  @Field(() => String, { description: 'Who: the subject of the token.' })
  readonly by!: string;

  @Right('boundaries.read')
  @Field(() => DateTimeScalar, { description: 'When.' })
  readonly at!: Date;
}
