import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { listOf } from '../../api/listSize.ts';
import { PageInfo } from '../../api/page.type.ts';
import { PositionType } from '../../api/position.type.ts';
import { DateTimeScalar } from '../../api/scalars.ts';
import { Grid } from '../../grids/api/grid.type.ts';
import { Person } from '../../posts/api/staff.type.ts';

export enum VisitStateEnum {
  UNREVIEWED = 'UNREVIEWED',
  ACCEPTED = 'ACCEPTED',
  REFUSED = 'REFUSED',
}
registerEnumType(VisitStateEnum, {
  name: 'VisitState',
  description: 'Where a visit stands. Only accepted ones count.',
  valuesConfig: {
    UNREVIEWED: { description: 'Nobody has judged it yet.' },
    ACCEPTED: { description: 'Somebody else found it true: it counts.' },
    REFUSED: { description: 'Somebody else found it untrue, and said why.' },
  },
});

export enum VisitFlagEnum {
  STALE = 'STALE',
  TWICE = 'TWICE',
}
registerEnumType(VisitFlagEnum, {
  name: 'VisitFlag',
  description: 'What makes a visit doubtful; whoever reviews it decides.',
  valuesConfig: {
    STALE: { description: 'It was recorded more than 72 hours after it was made.' },
    TWICE: { description: 'The same post recorded the same kind at the same place within 12 hours.' },
  },
});

@ObjectType({ description: 'Where a visit was made.', simpleResolvers: true })
export class VisitedPlace {
  @Right('visits.read')
  @Field(() => ID, { nullable: true, description: 'The site or premises; null where none was named.' })
  readonly siteId!: string | null;

  @Right('visits.read')
  @Field(() => ID, { nullable: true, description: 'The address; null where none was named.' })
  readonly addressId!: string | null;

  @Right('visits.read')
  @Field(() => String, { nullable: true, description: 'Name of the site or premises at the time of the visit.' })
  readonly name!: string | null;

  @Right('visits.read')
  @Field(() => String, { nullable: true, description: 'What sort of site or premises it was, in local words.' })
  readonly kind!: string | null;

  @Right('visits.read')
  @Field(() => PositionType, { description: 'The point.' })
  readonly at!: PositionType;
}

@ObjectType({
  description: 'A member of staff was at a place. Nothing is known of whom he or she met.',
  simpleResolvers: true,
})
export class Visit {
  @Right('visits.read')
  @Field(() => ID, { description: 'Stable.' })
  readonly id!: string;

  @Right('visits.read')
  @Field(() => String, { description: 'Code of its kind in the local practice.' })
  readonly kind!: string;

  @Right('visits.read')
  @Field(() => String, { nullable: true, description: 'Code of the way contact was made; null: none was named.' })
  readonly contactKind!: string | null;

  @Right('visits.read')
  @Field(() => ID, { description: 'The post that went.' })
  readonly postId!: string;

  @Right('visits.read')
  @Field(() => String, { description: 'Code of the role of that post.' })
  readonly role!: string;

  @Right('visits.read')
  @Field(() => Person, { nullable: true, description: 'The member of staff who went; null where nobody said.' })
  readonly visitor!: Person | null;

  @Right('visits.read')
  @Field(() => Grid, {
    nullable: true,
    description: 'The smallest grid that held the place, in the layer of the post, as it was then.',
  })
  readonly grid!: Grid | null;

  @Right('visits.read')
  @Field(() => VisitedPlace, { description: 'Where it was.' })
  readonly place!: VisitedPlace;

  @Right('visits.read')
  @Field(() => DateTimeScalar, { description: 'When it was made, as whoever recorded it says.' })
  readonly visitedAt!: Date;

  @Right('visits.read')
  @Field(() => DateTimeScalar, { description: 'When it was recorded.' })
  readonly recordedAt!: Date;

  @Right('visits.read')
  @Field(() => String, { description: 'The login that recorded it.' })
  readonly recordedBy!: string;

  @Right('visits.read')
  @Field(() => String, { nullable: true, description: 'What was done; null: nothing was said.' })
  readonly note!: string | null;

  @Right('visits.read')
  @Field(() => [VisitFlagEnum], { description: 'What makes it doubtful; empty: nothing.' })
  readonly flags!: readonly VisitFlagEnum[];

  @Right('visits.read')
  @Field(() => VisitStateEnum, { description: 'Where it stands.' })
  readonly state!: VisitStateEnum;

  @Right('visits.read')
  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was reviewed; null: it was not.' })
  readonly reviewedAt!: Date | null;

  @Right('visits.read')
  @Field(() => String, { nullable: true, description: 'The login that reviewed it; null: nobody did.' })
  readonly reviewedBy!: string | null;

  @Right('visits.read')
  @Field(() => String, { nullable: true, description: 'What the reviewer said; null: nothing.' })
  readonly reason!: string | null;
}

@ObjectType({ description: 'A visit in a list.', simpleResolvers: true })
export class VisitEdge {
  @Right('visits.read')
  @Field(() => Visit, { description: 'The visit.' })
  readonly node!: Visit;

  @Right('visits.read')
  @Field(() => String, { description: 'Pass it as `after` to go on behind this visit.' })
  readonly cursor!: string;
}

@ObjectType({ description: 'A page of visits, the last recorded first.', simpleResolvers: true })
export class VisitConnection {
  @Right('visits.read')
  @Field(() => [VisitEdge], { complexity: listOf(1), description: 'The visits of this page.' })
  readonly edges!: readonly VisitEdge[];

  @Right('visits.read')
  @Field(() => PageInfo, { description: 'Where the page begins and ends.' })
  readonly pageInfo!: PageInfo;

  @Right('visits.read')
  @Field(() => Int, { description: 'How many there are on all pages.' })
  readonly totalCount!: number;
}
