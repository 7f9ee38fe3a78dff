import { Field, Int, ObjectType } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { listOf } from '../../api/listSize.ts';
import { DateTimeScalar } from '../../api/scalars.ts';
import { Grid } from '../../grids/api/grid.type.ts';
import { Tier } from '../../grids/api/layer.type.ts';
import { Body } from '../../posts/api/staff.type.ts';
import { DigestCounts } from './figureCounts.type.ts';
import { FigureFrame } from './figureFrame.type.ts';

@ObjectType({ description: 'What happened in one grid of the tier.', simpleResolvers: true })
export class DigestRow {
  @Right('figures.read')
  @Field(() => Grid, { nullable: true, description: 'The grid. Null: what lies in no grid of this tier.' })
  readonly grid!: Grid | null;

  @Right('figures.read')
  @Field(() => DigestCounts, { description: 'What happened in it.' })
  readonly counts!: DigestCounts;
}

@ObjectType({ description: 'What happened on one local day.', simpleResolvers: true })
export class DigestDay {
  @Right('figures.read')
  @Field(() => String, { description: 'The day, as 2026-11-22.' })
  readonly day!: string;

  @Right('figures.read')
  @Field(() => DateTimeScalar, { description: 'Its first instant.' })
  readonly from!: Date;

  @Right('figures.read')
  @Field(() => DateTimeScalar, { description: 'The first instant of the next day.' })
  readonly to!: Date;

  @Right('figures.read')
  @Field(() => DigestCounts, { description: 'What happened on it.' })
  readonly counts!: DigestCounts;
}

@ObjectType({
  description: 'What happened in a day, week or month, cut at local midnights. All digests follow the tree of now.',
  simpleResolvers: true,
})
export class Digest {
  @Right('figures.read')
  @Field(() => FigureFrame, { description: 'What it is about.' })
  readonly frame!: FigureFrame;

  @Right('figures.read')
  @Field(() => DigestCounts, { description: 'Of the whole area and period: the sum of the rows, and of the days.' })
  readonly total!: DigestCounts;

  @Right('figures.read')
  @Field(() => Int, { description: 'Matters open at the end of the period, or by now.' })
  readonly openAtEnd!: number;

  @Right('figures.read')
  @Field(() => [DigestRow], { complexity: listOf(200), description: 'By the grids of the tier; empty without one.' })
  readonly rows!: readonly DigestRow[];

  @Right('figures.read')
  @Field(() => [DigestDay], { complexity: listOf(7), description: 'The days of the period.' })
  readonly days!: readonly DigestDay[];
}

@ObjectType({ description: 'Matters that were settled in one grid.', simpleResolvers: true })
export class GridCredit {
  @Right('figures.read')
  @Field(() => Grid, { description: 'The grid.' })
  readonly grid!: Grid;

  @Right('figures.read')
  @Field(() => Int, { description: 'So many.' })
  readonly settled!: number;
}

@ObjectType({ description: 'One tier: each settled matter counts once in it.', simpleResolvers: true })
export class TierCredit {
  @Right('figures.read')
  @Field(() => Tier, { description: 'The tier.' })
  readonly tier!: Tier;

  @Right('figures.read')
  @Field(() => [GridCredit], { complexity: listOf(50), description: 'Its grids in which something was settled.' })
  readonly grids!: readonly GridCredit[];

  @Right('figures.read')
  @Field(() => Int, { description: 'Settled in no grid of this tier.' })
  readonly inNoGrid!: number;
}

@ObjectType('BodyCredit', { description: 'Settled matters that members of a body handled.', simpleResolvers: true })
export class BodyCreditType {
  @Right('figures.read')
  @Field(() => Body, { description: 'The home unit of whoever handled a task of it, from elsewhere too.' })
  readonly body!: Body;

  @Right('figures.read')
  @Field(() => Int, { description: 'So many, each once, however many of its posts worked on it.' })
  readonly settled!: number;

  @Right('figures.read')
  @Field(() => Int, { description: 'Of these, shared with other bodies, who are credited too.' })
  readonly shared!: number;
}

@ObjectType({ description: 'Who is credited with what was settled in a period.', simpleResolvers: true })
export class SettledCredit {
  @Right('figures.read')
  @Field(() => FigureFrame, { description: 'What it is about.' })
  readonly frame!: FigureFrame;

  @Right('figures.read')
  @Field(() => Int, { description: 'Matters of the area settled in the period: what every tier sums to.' })
  readonly settled!: number;

  @Right('figures.read')
  @Field(() => [TierCredit], { complexity: listOf(4), description: 'The tiers below the area, from the top down.' })
  readonly tiers!: readonly TierCredit[];

  @Right('figures.read')
  @Field(() => [BodyCreditType], {
    complexity: listOf(50),
    description: 'Bodies, those with most first. Shared matters count in each, so that the sum may be larger.',
  })
  readonly bodies!: readonly BodyCreditType[];
}

@ObjectType({ description: 'Open matters of one grade.', simpleResolvers: true })
export class SeverityCount {
  @Right('figures.read')
  @Field(() => String, { nullable: true, description: 'Code of the grade; null: not graded.' })
  readonly code!: string | null;

  @Right('figures.read')
  @Field(() => String, { nullable: true, description: 'As the practice of the area calls it; null: it knows no such.' })
  readonly name!: string | null;

  @Right('figures.read')
  @Field(() => Int, { description: 'So many.' })
  readonly count!: number;
}

@ObjectType({ description: 'Open matters of one grid by their grades.', simpleResolvers: true })
export class SeverityRow {
  @Right('figures.read')
  @Field(() => Grid, { nullable: true, description: 'The grid. Null: what lies in no grid of this tier.' })
  readonly grid!: Grid | null;

  @Right('figures.read')
  @Field(() => [SeverityCount], { complexity: listOf(4), description: 'Every grade of the area, none left out.' })
  readonly grades!: readonly SeverityCount[];
}

@ObjectType({ description: 'Open matters by the grades of their area, now.', simpleResolvers: true })
export class SeverityTable {
  @Right('figures.read')
  @Field(() => FigureFrame, { description: 'What it is about.' })
  readonly frame!: FigureFrame;

  @Right('figures.read')
  @Field(() => Int, { description: 'Open matters: the sum of the grades.' })
  readonly open!: number;

  @Right('figures.read')
  @Field(() => [SeverityCount], { complexity: listOf(4), description: 'The gravest first, what is not graded last.' })
  readonly grades!: readonly SeverityCount[];

  @Right('figures.read')
  @Field(() => [SeverityRow], { complexity: listOf(200), description: 'By the grids of the tier; empty without one.' })
  readonly rows!: readonly SeverityRow[];
}
