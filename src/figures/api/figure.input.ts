import { ArgsType, Field, ID, InputType, Int, registerEnumType } from 'type-graphql';
import { DateTimeScalar } from '../../api/scalars.ts';
import { DomainError } from '../../errors.ts';
import type { FigureQuestion } from '../frame/frame.ts';

export enum FigureOriginEnum {
  REPORTED = 'REPORTED',
  FOUND = 'FOUND',
  PUSHED = 'PUSHED',
}
registerEnumType(FigureOriginEnum, {
  name: 'FigureOrigin',
  description: 'How matters came that are counted.',
  valuesConfig: {
    REPORTED: { description: 'Somebody reported them.' },
    FOUND: { description: 'Staff found them before anybody reported them.' },
    PUSHED: { description: 'Another system pushed them.' },
  },
});

export enum DigestPeriodEnum {
  DAY = 'DAY',
  WEEK = 'WEEK',
  MONTH = 'MONTH',
}
registerEnumType(DigestPeriodEnum, {
  name: 'DigestPeriod',
  description: 'How long a digest is.',
  valuesConfig: {
    DAY: { description: 'From midnight to midnight in the time zone of the registry.' },
    WEEK: { description: 'Monday to Sunday.' },
    MONTH: { description: 'A month of the calendar.' },
  },
});

/** Decimals beyond these say more than sums can. */
const MOST_DECIMALS = 6;

/** Throws BAD_INPUT. */
export function readDecimals(decimals: number | null | undefined): number | null {
  if (decimals == null) return null;
  if (decimals >= 0 && decimals <= MOST_DECIMALS) return decimals;
  const message = `decimals: 0 to ${MOST_DECIMALS}, not ${decimals}.`;
  throw new DomainError('BAD_INPUT', message, { field: 'decimals' });
}

/** What every figure asks. */
@ArgsType()
export class AreaFigureArgs {
  @Field(() => ID, { description: 'A grid of your areas, by id or code.' })
  within!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Code of a tier below: the figures by the grids of that tier. Not broken down if not given.',
  })
  by?: string | null;

  @Field(() => [String], { nullable: true, description: 'Only matters of these categories; all if not given.' })
  categories?: string[] | null;
}

@InputType({ description: 'A period, and how its matters are placed and narrowed.' })
@ArgsType()
export class FigurePeriodInput {
  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'The first instant; of a campaign, its own if not given.',
  })
  from?: Date | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'The first instant that is not counted; of a campaign, its own if not given.',
  })
  to?: Date | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'Count every matter where its place lay on this day, whoever owned it. If not given, it counts where it is owned, in the tree at the end of the period.',
  })
  boundaryDate?: Date | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Code of a campaign of the local practice: its dates where none are given, its categories, and its name as the label.',
  })
  campaign?: string | null;

  @Field(() => FigureOriginEnum, { nullable: true, description: 'Only matters that came so.' })
  origin?: FigureOriginEnum | null;
}

@ArgsType()
export class FigureArgs extends FigurePeriodInput {
  @Field(() => ID, { description: 'A grid of your areas, by id or code.' })
  within!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Code of a tier below: the figures by the grids of that tier. Not broken down if not given.',
  })
  by?: string | null;

  @Field(() => [String], { nullable: true, description: 'Only matters of these categories; all if not given.' })
  categories?: string[] | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Decimals of percentages, 0 to 6; if not given 1, and 2 for the share of grids without a matter.',
  })
  decimals?: number | null;
}

@ArgsType()
export class CreditArgs extends FigurePeriodInput {
  @Field(() => ID, { description: 'A grid of your areas, by id or code.' })
  within!: string;

  @Field(() => [String], { nullable: true, description: 'Only matters of these categories; all if not given.' })
  categories?: string[] | null;
}

@ArgsType()
export class CompareArgs extends AreaFigureArgs {
  @Field(() => FigurePeriodInput, { description: 'The earlier, or what is compared with.' })
  first!: FigurePeriodInput;

  @Field(() => FigurePeriodInput, { description: 'The later.' })
  second!: FigurePeriodInput;

  @Field(() => Int, { nullable: true, description: 'Decimals of percentages and points, 0 to 6.' })
  decimals?: number | null;
}

@ArgsType()
export class DigestArgs extends AreaFigureArgs {
  @Field(() => String, { description: 'A day of the period, as 2026-11-22, in the time zone of the registry.' })
  day!: string;

  @Field(() => DigestPeriodEnum, {
    nullable: true,
    defaultValue: DigestPeriodEnum.DAY,
    description: 'That day, the week or the month that holds it.',
  })
  period?: DigestPeriodEnum | null;
}

@ArgsType()
export class LoadArgs {
  @Field(() => ID, { description: 'A grid of your areas, by id or code.' })
  within!: string;

  @Field(() => String, { nullable: true, description: 'Code of a tier below, for one row for each of its grids.' })
  by?: string | null;

  @Field(() => String, {
    description: 'Which aggregate figure of the grids, such as population: `Grid.loads` has them.',
  })
  measure!: string;

  @Field(() => String, { description: 'Code of the role whose posts are counted.' })
  role!: string;

  @Field(() => DateTimeScalar, { nullable: true, description: 'As of when; now if not given.' })
  asOf?: Date | null;
}

/** What a client asks, without what was left out. */
export function questionOf(
  { within, by, categories }: { within: string; by?: string | null; categories?: string[] | null },
  { from, to, boundaryDate, campaign, origin }: FigurePeriodInput,
): FigureQuestion {
  return {
    within,
    by: by ?? null,
    categories: categories ?? [],
    from: from ?? null,
    to: to ?? null,
    boundaryDate: boundaryDate ?? null,
    campaign: campaign ?? null,
    origin: origin ?? null,
  };
}
