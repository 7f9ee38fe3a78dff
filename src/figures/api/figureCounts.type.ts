import { Field, Int, ObjectType } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';

@ObjectType({ description: 'What was counted. Rows sum to the whole in each.', simpleResolvers: true })
export class FigureCounts {
  @Right('figures.read')
  @Field(() => Int, { description: 'Matters that came in the period, however they came.' })
  readonly reported!: number;

  @Right('figures.read')
  @Field(() => Int, { description: 'Of these, found by staff before anybody reported them.' })
  readonly found!: number;

  @Right('figures.read')
  @Field(() => Int, { description: 'Of those that came in the period, settled before it ended.' })
  readonly settled!: number;

  @Right('figures.read')
  @Field(() => Int, { description: 'Of those found in the period, closed before it ended, with whatever outcome.' })
  readonly foundClosed!: number;

  @Right('figures.read')
  @Field(() => Int, { description: 'Matters closed in the period, with whatever outcome, whenever they came.' })
  readonly closed!: number;

  @Right('figures.read')
  @Field(() => Int, { description: 'Matters open at the end of the period, whenever they came.' })
  readonly open!: number;

  @Right('figures.read')
  @Field(() => Int, { description: 'Attempts at mediation in the period.' })
  readonly attempts!: number;

  @Right('figures.read')
  @Field(() => Int, { description: 'Tasks issued in the period. Tasks and attempts count where their matter counts.' })
  readonly tasksIssued!: number;

  @Right('figures.read')
  @Field(() => Int, { description: 'Tasks acknowledged in the period.' })
  readonly tasksAcknowledged!: number;

  @Right('figures.read')
  @Field(() => Int, { description: 'Tasks handled in the period that were not sent back.' })
  readonly tasksHandled!: number;

  @Right('figures.read')
  @Field(() => Int, {
    description: 'Tasks that fell due in the period and have by now, without those declined or withdrawn.',
  })
  readonly tasksDue!: number;

  @Right('figures.read')
  @Field(() => Int, { description: 'Of these, handled when they were due or earlier.' })
  readonly tasksInTime!: number;

  @Right('figures.read')
  @Field(() => Int, { description: 'Of these, handled later or not at all.' })
  readonly tasksLate!: number;

  @Right('figures.read')
  @Field(() => Int, {
    description:
      'Visits in the period that were accepted; they count where they were made, whatever the category or origin asked for.',
  })
  readonly visits!: number;
}

@ObjectType({
  description: 'What happened. Days sum to weeks and months, and rows to the whole, in each.',
  simpleResolvers: true,
})
export class DigestCounts {
  @Right('figures.read')
  @Field(() => Int, { description: 'Matters that came in the period, however they came.' })
  readonly reported!: number;

  @Right('figures.read')
  @Field(() => Int, { description: 'Of these, found by staff before anybody reported them.' })
  readonly found!: number;

  @Right('figures.read')
  @Field(() => Int, { description: 'Matters closed in the period, with whatever outcome, whenever they came.' })
  readonly closed!: number;

  @Right('figures.read')
  @Field(() => Int, { description: 'Attempts at mediation in the period.' })
  readonly attempts!: number;

  @Right('figures.read')
  @Field(() => Int, { description: 'Tasks issued in the period. Tasks and attempts count where their matter counts.' })
  readonly tasksIssued!: number;

  @Right('figures.read')
  @Field(() => Int, { description: 'Tasks acknowledged in the period.' })
  readonly tasksAcknowledged!: number;

  @Right('figures.read')
  @Field(() => Int, { description: 'Tasks handled in the period that were not sent back.' })
  readonly tasksHandled!: number;

  @Right('figures.read')
  @Field(() => Int, {
    description: 'Tasks that fell due in the period and have by now, without those declined or withdrawn.',
  })
  readonly tasksDue!: number;

  @Right('figures.read')
  @Field(() => Int, { description: 'Of these, handled when they were due or earlier.' })
  readonly tasksInTime!: number;

  @Right('figures.read')
  @Field(() => Int, { description: 'Of these, handled later or not at all.' })
  readonly tasksLate!: number;

  @Right('figures.read')
  @Field(() => Int, {
    description:
      'Visits in the period that were accepted; they count where they were made, whatever the category or origin asked for.',
  })
  readonly visits!: number;
}
