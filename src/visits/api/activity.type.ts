import { ArgsType, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { listOf } from '../../api/listSize.ts';
import { PageInfo } from '../../api/page.type.ts';
import { DateTimeScalar } from '../../api/scalars.ts';
import { Grid } from '../../grids/api/grid.type.ts';
import { AreaArgs } from './visit.input.ts';

@ObjectType({
  description: 'Something that takes place on grids for a time: a fair, a march, a talk …',
  simpleResolvers: true,
})
export class Activity {
  @Right('visits.read')
  @Field(() => ID, { description: 'Stable.' })
  readonly id!: string;

  @Right('visits.read')
  @Field(() => String, { description: 'Code of its class in the local practice.' })
  readonly activityClass!: string;

  @Right('visits.read')
  @Field(() => String, { description: 'What takes place.' })
  readonly title!: string;

  @Right('visits.read')
  @Field(() => [Grid], { complexity: listOf(3), description: 'Where, as these grids are when it begins.' })
  readonly grids!: readonly Grid[];

  @Right('visits.read')
  @Field(() => String, { nullable: true, description: 'Code of the campaign that it is part of; null: of none.' })
  readonly campaign!: string | null;

  @Right('visits.read')
  @Field(() => DateTimeScalar, { description: 'When it begins.' })
  readonly from!: Date;

  @Right('visits.read')
  @Field(() => DateTimeScalar, { nullable: true, description: 'When it is planned to end; null: not planned.' })
  readonly to!: Date | null;

  @Right('visits.read')
  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When somebody ended it, earlier than planned; null: nobody did.',
  })
  readonly endedAt!: Date | null;

  @Right('visits.read')
  @Field(() => DateTimeScalar, { description: 'When it was recorded.' })
  readonly recordedAt!: Date;
}

@ObjectType({ description: 'An activity in a list.', simpleResolvers: true })
export class ActivityEdge {
  @Right('visits.read')
  @Field(() => Activity, { description: 'The activity.' })
  readonly node!: Activity;

  @Right('visits.read')
  @Field(() => String, { description: 'Pass it as `after` to go on behind this activity.' })
  readonly cursor!: string;
}

@ObjectType({ description: 'A page of activities, the last recorded first.', simpleResolvers: true })
export class ActivityConnection {
  @Right('visits.read')
  @Field(() => [ActivityEdge], { complexity: listOf(1), description: 'The activities of this page.' })
  readonly edges!: readonly ActivityEdge[];

  @Right('visits.read')
  @Field(() => PageInfo, { description: 'Where the page begins and ends.' })
  readonly pageInfo!: PageInfo;

  @Right('visits.read')
  @Field(() => Int, { description: 'How many there are on all pages.' })
  readonly totalCount!: number;
}

@InputType({ description: 'An activity. It is never changed but for its end.' })
export class ActivityInput {
  @Field(() => String, { description: 'Code of a class of the local practice of each grid.' })
  activityClass!: string;

  @Field(() => String, {
    description: 'What takes place, in at most 100 characters; never who: numbers of phones and cards are refused.',
  })
  title!: string;

  @Field(() => [ID], { description: 'Where: 1 to 200 grids, by id or code, all in your area.' })
  gridIds!: string[];

  @Field(() => DateTimeScalar, { description: 'When it begins; past or planned.' })
  from!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it ends; without it, when it is ended.' })
  to?: Date | null;

  @Field(() => String, { nullable: true, description: 'Code of a campaign of the local practice of each grid.' })
  campaign?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'A key of your own, 8 to 200 characters, such as a UUID: the same activity under the same key is one.',
  })
  clientKey?: string | null;
}

@ArgsType()
export class ActivityArgs extends AreaArgs {
  @Field(() => String, { nullable: true, description: 'Only of this class.' })
  activityClass?: string | null;

  @Field(() => String, { nullable: true, description: 'Only of this campaign.' })
  campaign?: string | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Only what is going on at this instant: from its beginning to its end. All dates if not given.',
  })
  on?: Date | null;
}
