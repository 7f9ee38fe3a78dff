import { Field, Float, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { listOf } from '../../api/listSize.ts';
import { PositionType } from '../../api/position.type.ts';
import { DateTimeScalar } from '../../api/scalars.ts';
import { Grid } from '../../grids/api/grid.type.ts';
import { Layer } from '../../grids/api/layer.type.ts';
import { OwnershipStatusEnum } from '../../ownership/api/ownership.type.ts';
import type { OwnershipStatus } from '../../ownership/territorial.ts';
import { Body } from '../../posts/api/staff.type.ts';

export enum DiscrepancyKindEnum {
  GAP = 'GAP',
  OVERLAP = 'OVERLAP',
  WRONG_OWNER = 'WRONG_OWNER',
  BAD_BOUNDARY = 'BAD_BOUNDARY',
}
registerEnumType(DiscrepancyKindEnum, {
  name: 'DiscrepancyKind',
  description: 'What is said to be wrong at a place.',
  valuesConfig: {
    GAP: { description: 'Nobody answers here, and somebody should.' },
    OVERLAP: { description: 'Two grids of one tier claim the place.' },
    WRONG_OWNER: { description: 'The wrong grid or the wrong body answers.' },
    BAD_BOUNDARY: { description: 'The border is not drawn as it runs.' },
  },
});

export enum DiscrepancyStatusEnum {
  OPEN = 'OPEN',
  ANSWERED = 'ANSWERED',
}
registerEnumType(DiscrepancyStatusEnum, {
  name: 'DiscrepancyStatus',
  description: 'Where a report stands.',
  valuesConfig: {
    OPEN: { description: 'It waits for an answer.' },
    ANSWERED: { description: 'Whoever maintains the place has answered.' },
  },
});

export enum DiscrepancyOutcomeEnum {
  FIXED = 'FIXED',
  NOT_A_FAULT = 'NOT_A_FAULT',
  WILL_FIX = 'WILL_FIX',
}
registerEnumType(DiscrepancyOutcomeEnum, {
  name: 'DiscrepancyOutcome',
  description: 'What comes of a report.',
  valuesConfig: {
    FIXED: { description: 'It was put right. Final.' },
    NOT_A_FAULT: { description: 'The registry is as it should be. Final.' },
    WILL_FIX: { description: 'It will be put right; another answer follows.' },
  },
});

@ObjectType({ description: 'What one layer said of the place when it was reported.', simpleResolvers: true })
export class DiscrepancyGround {
  @Right('discrepancies.report')
  @Field(() => Layer, { description: 'The layer.' })
  readonly layer!: Layer;

  @Right('discrepancies.report')
  @Field(() => OwnershipStatusEnum, { description: 'How it stood to the place.' })
  readonly status!: OwnershipStatus;

  @Right('discrepancies.report')
  @Field(() => Grid, {
    nullable: true,
    description:
      'The deepest grid that held the place, or where none did the nearest, as it was then; null: none near.',
  })
  readonly grid!: Grid | null;

  @Right('discrepancies.report')
  @Field(() => Float, { nullable: true, description: 'Metres to that grid, 0 where it held the place.' })
  readonly distanceMetres!: number | null;
}

@ObjectType({
  description: 'Somebody said that the registry is wrong at a place. Nothing tells who.',
  simpleResolvers: true,
})
export class DiscrepancyReport {
  @Right('discrepancies.report')
  @Field(() => ID, {
    description: 'Keep it: whoever has it may read what becomes of the report, and nobody guesses it.',
  })
  readonly id!: string;

  @Right('discrepancies.report')
  @Field(() => DiscrepancyKindEnum, { description: 'What is said to be wrong.' })
  readonly kind!: DiscrepancyKindEnum;

  @Right('discrepancies.report')
  @Field(() => DiscrepancyStatusEnum, { description: 'Where it stands.' })
  readonly status!: DiscrepancyStatusEnum;

  @Right('discrepancies.report')
  @Field(() => PositionType, { description: 'The place.' })
  readonly at!: PositionType;

  @Right('discrepancies.report')
  @Field(() => Layer, { nullable: true, description: 'The layer that was named; null: none.' })
  readonly layer!: Layer | null;

  @Right('discrepancies.report')
  @Field(() => DateTimeScalar, { description: 'When it was first reported.' })
  readonly reportedAt!: Date;

  @Right('discrepancies.report')
  @Field(() => Int, { description: 'The newest edition then.' })
  readonly edition!: number;

  @Right('discrepancies.report')
  @Field(() => Int, {
    description: 'How often: reports of one kind and layer within a day and 15 metres are one, while it waits.',
  })
  readonly count!: number;

  @Right('discrepancies.report')
  @Field(() => Boolean, {
    description: 'Whether the registry itself showed what was claimed, as where a GAP was reported in one.',
  })
  readonly confirmed!: boolean;

  @Right('discrepancies.report')
  @Field(() => Grid, {
    nullable: true,
    description: 'The grid it goes to, as it was then; null where there is none near.',
  })
  readonly grid!: Grid | null;

  @Right('discrepancies.report')
  @Field(() => [DiscrepancyGround], {
    complexity: listOf(4),
    description: 'What each layer said of the place when it was reported.',
  })
  readonly grounds!: readonly DiscrepancyGround[];

  @Right('discrepancies.report')
  @Field(() => Body, { nullable: true, description: 'The body that managed the grid then, or the nearest one above.' })
  readonly managedThenBy!: Body | null;

  @Right('discrepancies.report')
  @Field(() => Body, {
    nullable: true,
    description: 'The body that manages the grid now, or the nearest one above: it answers. Null where none is named.',
  })
  readonly managedBy!: Body | null;

  @Right('discrepancies.report')
  @Field(() => DiscrepancyOutcomeEnum, { nullable: true, description: 'What comes of it; null: not answered yet.' })
  readonly outcome!: DiscrepancyOutcomeEnum | null;

  @Right('discrepancies.report')
  @Field(() => String, { nullable: true, description: 'The answer; null: none yet.' })
  readonly answer!: string | null;

  @Right('discrepancies.report')
  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was last answered.' })
  readonly answeredAt!: Date | null;

  @Right('discrepancies.report')
  @Field(() => ID, { nullable: true, description: 'The changeset that puts it right, if one was named.' })
  readonly changesetId!: string | null;

  @Right('discrepancies.read')
  @Field(() => String, {
    nullable: true,
    description: 'What was said about the place. Null: nothing, or the place is not in your area.',
  })
  readonly note!: string | null;
}
