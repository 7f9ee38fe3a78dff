import { ArgsType, Field, Float, ID, Int, ObjectType } from 'type-graphql';
import { Right } from '../../../access/declareRight.ts';
import { listOf } from '../../../api/listSize.ts';
import { DateTimeScalar } from '../../../api/scalars.ts';
import { Grid } from '../../../grids/api/grid.type.ts';

@ArgsType()
export class OversightArgs {
  @Field(() => ID, { description: 'Id or code of a grid: the area, with all below it in the tree of today.' })
  within!: string;

  @Field(() => DateTimeScalar, { description: 'From this instant on.' })
  from!: Date;

  @Field(() => DateTimeScalar, { description: 'Before this instant.' })
  to!: Date;
}

@ArgsType()
export class LateArgs extends OversightArgs {
  @Field(() => Int, { nullable: true, description: 'How many grids, at most 200; 50 if not given.' })
  first?: number | null;
}

@ObjectType({
  description:
    'Tasks that were issued in the period to posts of a grid and all below it, counted from when they were issued, due and handled. The six parts sum to `issued`.',
  simpleResolvers: true,
})
export class TaskPunctuality {
  @Right('figures.read')
  @Field(() => Grid, {
    nullable: true,
    description: 'The grid; of the area itself, what is of no child or of several.',
  })
  readonly grid!: Grid | null;

  @Right('figures.read')
  @Field(() => Int, { description: 'Tasks.' })
  readonly issued!: number;

  @Right('figures.read')
  @Field(() => Int, { description: 'Handled by the time they were due, or without such a time; done or failed.' })
  readonly inTime!: number;

  @Right('figures.read')
  @Field(() => Int, { description: 'Handled later.' })
  readonly handledLate!: number;

  @Right('figures.read')
  @Field(() => Int, { description: 'Past the time they were due, and not handled.' })
  readonly lateNow!: number;

  @Right('figures.read')
  @Field(() => Int, { description: 'Late, and then taken away: the matter went on to the next tier, moved or ended.' })
  readonly missed!: number;

  @Right('figures.read')
  @Field(() => Int, { description: 'Not handled, and not late.' })
  readonly open!: number;

  @Right('figures.read')
  @Field(() => Int, { description: 'Declined or taken back before they were late.' })
  readonly dropped!: number;

  @Right('figures.read')
  @Field(() => Float, {
    nullable: true,
    description:
      '`inTime` of `inTime`, `handledLate`, `lateNow` and `missed` together, 0 to 1. Null: none of these yet.',
  })
  readonly rate!: number | null;
}

@ObjectType({ description: 'How punctual the parts of an area are.', simpleResolvers: true })
export class TaskPunctualityList {
  @Right('figures.read')
  @Field(() => [TaskPunctuality], {
    complexity: listOf(20),
    description: 'The children of the grid, and the grid for posts of its own; slowest first. They sum to `total`.',
  })
  readonly rows!: readonly TaskPunctuality[];

  @Right('figures.read')
  @Field(() => TaskPunctuality, { description: 'The whole area.' })
  readonly total!: TaskPunctuality;
}

@ObjectType({ description: 'A grid whose posts have late tasks, or handled some late.', simpleResolvers: true })
export class LateTasks {
  @Right('figures.read')
  @Field(() => Grid, { nullable: true, description: 'The grid of the posts.' })
  readonly grid!: Grid | null;

  @Right('figures.read')
  @Field(() => Int, { description: 'Tasks past the time they were due, and not handled.' })
  readonly lateNow!: number;

  @Right('figures.read')
  @Field(() => Int, { description: 'Tasks that were handled later than they were due.' })
  readonly handledLate!: number;

  @Right('figures.read')
  @Field(() => DateTimeScalar, { nullable: true, description: 'When the longest waiting was due. Null: none waits.' })
  readonly waitingSince!: Date | null;
}

@ObjectType({ description: 'Incidents that ended on one tier.', simpleResolvers: true })
export class TierClosings {
  @Right('figures.read')
  @Field(() => String, { nullable: true, description: 'The tier, by its code; null: none was configured.' })
  readonly tier!: string | null;

  @Right('figures.read')
  @Field(() => Int, { description: 'Incidents closed there, whatever came of them.' })
  readonly closed!: number;

  @Right('figures.read')
  @Field(() => Float, {
    description: '`closed` of the `total` of the ladder, to four decimals, so rounded that those of a ladder sum to 1.',
  })
  readonly share!: number;
}

@ObjectType('LadderClosings', { description: 'On which tiers the incidents of a ladder ended.', simpleResolvers: true })
export class LadderClosingsType {
  @Right('figures.read')
  @Field(() => String, { nullable: true, description: 'The ladder, by its code; null: none was configured.' })
  readonly ladder!: string | null;

  @Right('figures.read')
  @Field(() => Int, { description: 'Incidents closed in the period.' })
  readonly total!: number;

  @Right('figures.read')
  @Field(() => Int, {
    description: 'Those that left out a tier that has a grid here; each has its reason in the trail.',
  })
  readonly skipped!: number;

  @Right('figures.read')
  @Field(() => [TierClosings], { complexity: listOf(4), description: 'Most first; the counts sum to `total`.' })
  readonly tiers!: readonly TierClosings[];
}
