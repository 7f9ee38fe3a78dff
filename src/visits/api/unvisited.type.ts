import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { listOf } from '../../api/listSize.ts';
import { PageInfo } from '../../api/page.type.ts';
import { PositionType } from '../../api/position.type.ts';
import { DateTimeScalar } from '../../api/scalars.ts';
import { Grid } from '../../grids/api/grid.type.ts';

@ObjectType({
  description: 'A site or premises that must be visited in a kind, and was not in time.',
  simpleResolvers: true,
})
export class UnvisitedPlace {
  @Right('visits.read')
  @Field(() => ID, { description: 'The site or premises.' })
  readonly siteId!: string;

  @Right('visits.read')
  @Field(() => String, { description: 'Its name.' })
  readonly name!: string;

  @Right('visits.read')
  @Field(() => String, { description: 'What sort it is, in local words.' })
  readonly siteKind!: string;

  @Right('visits.read')
  @Field(() => PositionType, { description: 'Where it is.' })
  readonly at!: PositionType;

  @Right('visits.read')
  @Field(() => Grid, { nullable: true, description: 'The smallest grid that holds it, in the first layer that does.' })
  readonly grid!: Grid | null;

  @Right('visits.read')
  @Field(() => String, { description: 'Code of the kind in which it must be visited.' })
  readonly kind!: string;

  @Right('visits.read')
  @Field(() => Int, { nullable: true, description: 'Once in so many days of 24 hours; null: once.' })
  readonly everyDays!: number | null;

  @Right('visits.read')
  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Its last accepted visit of the kind; null: none. Unreviewed and refused visits do not count.',
  })
  readonly lastVisitedAt!: Date | null;

  @Right('visits.read')
  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Since when it has been due; null where it was never visited.',
  })
  readonly dueAt!: Date | null;
}

@ObjectType({ description: 'An unvisited place in a list.', simpleResolvers: true })
export class UnvisitedEdge {
  @Right('visits.read')
  @Field(() => UnvisitedPlace, { description: 'The place.' })
  readonly node!: UnvisitedPlace;

  @Right('visits.read')
  @Field(() => String, { description: 'Pass it as `after` to go on behind this place.' })
  readonly cursor!: string;
}

@ObjectType({
  description: 'A page of unvisited places: those never visited first, then by how long ago.',
  simpleResolvers: true,
})
export class UnvisitedConnection {
  @Right('visits.read')
  @Field(() => [UnvisitedEdge], { complexity: listOf(1), description: 'The places of this page.' })
  readonly edges!: readonly UnvisitedEdge[];

  @Right('visits.read')
  @Field(() => PageInfo, { description: 'Where the page begins and ends.' })
  readonly pageInfo!: PageInfo;

  @Right('visits.read')
  @Field(() => Int, { description: 'How many there are on all pages.' })
  readonly totalCount!: number;
}

@ObjectType({
  description: 'How many places must be visited in one kind, and how many were in time: visited + unvisited = must.',
  simpleResolvers: true,
})
export class VisitKindCount {
  @Right('visits.read')
  @Field(() => String, { description: 'Code of the kind.' })
  readonly code!: string;

  @Right('visits.read')
  @Field(() => String, { description: 'Name to show to people.' })
  readonly name!: string;

  @Right('visits.read')
  @Field(() => Int, { description: 'Sites and premises in the area that must be visited in this kind.' })
  readonly must!: number;

  @Right('visits.read')
  @Field(() => Int, { description: 'Of these, those with an accepted visit in time.' })
  readonly visited!: number;

  @Right('visits.read')
  @Field(() => Int, { description: 'Of these, the others: `unvisited` lists them.' })
  readonly unvisited!: number;
}
