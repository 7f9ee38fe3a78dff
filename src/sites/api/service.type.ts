import { Field, Int, ObjectType } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { listOf } from '../../api/listSize.ts';
import { DateTimeScalar } from '../../api/scalars.ts';

@ObjectType({ simpleResolvers: true, description: 'A stretch of one day of the week, by the clock on the wall.' })
export class WeeklySpanType {
  @Right('registry.read')
  @Field(() => Int, { description: '1 is Monday, 7 Sunday: the day on which it begins.' })
  readonly day!: number;

  @Right('registry.read')
  @Field(() => String, { description: 'HH:MM.' })
  readonly from!: string;

  @Right('registry.read')
  @Field(() => String, { description: 'HH:MM, up to 24:00; at or before `from`, it is on the next day.' })
  readonly to!: string;
}

@ObjectType({ simpleResolvers: true, description: 'A stretch of one date, by the clock on the wall.' })
export class OpeningSpanType {
  @Right('registry.read')
  @Field(() => String, { description: 'HH:MM.' })
  readonly from!: string;

  @Right('registry.read')
  @Field(() => String, { description: 'HH:MM, up to 24:00; at or before `from`, it is on the next day.' })
  readonly to!: string;
}

@ObjectType({ simpleResolvers: true, description: 'A date on which other hours hold than on its day of the week.' })
export class HoursExceptionType {
  @Right('registry.read')
  @Field(() => String, { description: 'YYYY-MM-DD.' })
  readonly date!: string;

  @Right('registry.read')
  @Field(() => String, { nullable: true, description: 'Why, if it is said.' })
  readonly note!: string | null;

  @Right('registry.read')
  @Field(() => [OpeningSpanType], { complexity: listOf(2), description: 'When it is open; empty: closed all day.' })
  readonly spans!: readonly OpeningSpanType[];
}

@ObjectType({
  simpleResolvers: true,
  description: 'When a service is open. Round the clock is seven days from 00:00 to 24:00.',
})
export class OpeningHours {
  @Right('registry.read')
  @Field(() => String, { description: 'The IANA time zone of its clock, such as Asia/Shanghai.' })
  readonly timeZone!: string;

  @Right('registry.read')
  @Field(() => [WeeklySpanType], { complexity: listOf(7), description: 'The usual week.' })
  readonly weekly!: readonly WeeklySpanType[];

  @Right('registry.read')
  @Field(() => [HoursExceptionType], { complexity: listOf(3), description: 'Dates with other hours, in their order.' })
  readonly exceptions!: readonly HoursExceptionType[];
}

@ObjectType({ simpleResolvers: true, description: 'Something one can have done at a site.' })
export class SiteService {
  @Right('registry.read')
  @Field(() => String, { description: 'Stable; use it as the `service` of a filter. Which ones exist is local data.' })
  readonly code!: string;

  @Right('registry.read')
  @Field(() => String, { description: 'Name to show to people.' })
  readonly name!: string;

  @Right('registry.read')
  @Field(() => Boolean, { description: 'Whether it is open at the asked instant.' })
  readonly openNow!: boolean;

  @Right('registry.read')
  @Field(() => OpeningHours, { description: 'When it is open.' })
  readonly hours!: OpeningHours;
}

@ObjectType({ simpleResolvers: true, description: 'Stars in a named scheme, for some time.' })
export class SiteRating {
  @Right('registry.read')
  @Field(() => String, { description: 'Whose stars: the name of the scheme.' })
  readonly scheme!: string;

  @Right('registry.read')
  @Field(() => Int, { description: 'How many.' })
  readonly stars!: number;

  @Right('registry.read')
  @Field(() => Int, { description: 'The most stars that the scheme gives.' })
  readonly most!: number;

  @Right('registry.read')
  @Field(() => DateTimeScalar, { description: 'Since when.' })
  readonly validFrom!: Date;

  @Right('registry.read')
  @Field(() => DateTimeScalar, { nullable: true, description: 'Until when; null: no end is known.' })
  readonly validTo!: Date | null;
}

@ObjectType({ simpleResolvers: true, description: 'An honour that a site bears.' })
export class SiteHonour {
  @Right('registry.read')
  @Field(() => String, { description: 'What it is called.' })
  readonly name!: string;

  @Right('registry.read')
  @Field(() => String, { description: 'The day it was given on, YYYY-MM-DD.' })
  readonly givenOn!: string;
}
