import { Field, Float, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { listOf } from '../../api/listSize.ts';
import { Grid } from '../../grids/api/grid.type.ts';
import type { VersionEntry } from '../../grids/atlas/rows.ts';
import type { Moment } from '../../grids/moment.ts';
import type { Counts } from '../counting/counts.ts';
import { RATE_KINDS, type Rate, rateOf } from '../counting/rates.ts';
import type { FigureRow as Row } from '../counting/tally.ts';
import type { Figures } from '../figure.service.ts';
import { labelOf } from '../frame/label.ts';
import { FigureCounts } from './figureCounts.type.ts';
import { FigureFrame } from './figureFrame.type.ts';

export enum FigureRateEnum {
  FOUND_FIRST = 'FOUND_FIRST',
  SETTLED = 'SETTLED',
  CLOSED_OF_FOUND = 'CLOSED_OF_FOUND',
  IN_TIME = 'IN_TIME',
  ZERO_CASE = 'ZERO_CASE',
}
registerEnumType(FigureRateEnum, {
  name: 'FigureRateKind',
  description: 'Which share; each says of what it is one.',
  valuesConfig: {
    FOUND_FIRST: { description: 'Found by staff before anybody reported them, of those that came in the period.' },
    SETTLED: { description: 'Settled before the period ended, of those that came in it.' },
    CLOSED_OF_FOUND: { description: 'Closed before the period ended, of those that staff found in it.' },
    IN_TIME: { description: 'Handled in time, of the tasks that fell due in the period.' },
    ZERO_CASE: {
      description: 'Without a matter, of the grids of the tier that existed. Only where it is broken down.',
    },
  },
});

@ObjectType({ description: 'A share with its definition; do not show it without its text.', simpleResolvers: true })
export class FigureRate {
  private readonly rate: Rate;
  private readonly label: string;

  constructor(rate: Rate, label: string) {
    this.rate = rate;
    this.label = label;
  }

  @Right('figures.read')
  @Field(() => FigureRateEnum, { description: 'Which share.' })
  get kind(): FigureRateEnum {
    return FigureRateEnum[this.rate.kind];
  }

  @Right('figures.read')
  @Field(() => String, { description: 'Its name.' })
  get name(): string {
    return this.rate.name;
  }

  @Right('figures.read')
  @Field(() => Int, { description: 'How many of them.' })
  get numerator(): number {
    return this.rate.part;
  }

  @Right('figures.read')
  @Field(() => Int, { description: 'Of how many.' })
  get denominator(): number {
    return this.rate.whole;
  }

  @Right('figures.read')
  @Field(() => String, { description: 'What the numerator counts.' })
  get numeratorText(): string {
    return this.rate.numerator;
  }

  @Right('figures.read')
  @Field(() => String, { description: 'What the denominator counts.' })
  get denominatorText(): string {
    return this.rate.denominator;
  }

  @Right('figures.read')
  @Field(() => Float, { nullable: true, description: '0 to 1; null: nothing of nothing has no value.' })
  get value(): number | null {
    return this.rate.value;
  }

  @Right('figures.read')
  @Field(() => String, {
    nullable: true,
    description: 'As it is printed, such as "95.0 %": worked out in whole numbers, rounded half up. Null: no value.',
  })
  get percent(): string | null {
    return this.rate.percent;
  }

  @Right('figures.read')
  @Field(() => String, { description: 'All of it in words: share, numerator, denominator, area, period, boundaries.' })
  get text(): string {
    return `${this.rate.text} ${this.label}.`;
  }
}

@ObjectType({ description: 'The figures of one grid of the tier.', simpleResolvers: true })
export class FigureRow {
  private readonly figures: Figures;
  private readonly row: Row;
  private readonly decimals: number | null;

  constructor(figures: Figures, row: Row, decimals: number | null) {
    this.figures = figures;
    this.row = row;
    this.decimals = decimals;
  }

  @Right('figures.read')
  @Field(() => Grid, {
    nullable: true,
    description: 'The grid, as it was in the tree counted by. Null: what lies in no grid of this tier.',
  })
  get grid(): Grid | null {
    return showGrid(this.row.grid, this.figures.frame.moment);
  }

  @Right('figures.read')
  @Field(() => FigureCounts, { description: 'What was counted in it.' })
  get counts(): Readonly<Counts> {
    return this.row.counts;
  }

  @Right('figures.read')
  @Field(() => [FigureRate], { complexity: listOf(4), description: 'Its shares.' })
  get rates(): FigureRate[] {
    const frame = { ...this.figures.frame, within: this.row.grid ?? this.figures.frame.within, by: null };
    const where = this.row.grid ? '' : `in no ${this.figures.frame.by?.name ?? 'grid'}; `;
    const source = { counts: this.row.counts, grids: null };
    return ratesOf(source, where + labelOf(frame), this.decimals);
  }
}

@ObjectType({ description: 'Figures of an area in a period.', simpleResolvers: true })
export class FigureTable {
  private readonly figures: Figures;
  private readonly decimals: number | null;

  constructor(figures: Figures, decimals: number | null) {
    this.figures = figures;
    this.decimals = decimals;
  }

  @Right('figures.read')
  @Field(() => FigureFrame, { description: 'What they are about.' })
  get frame(): FigureFrame {
    return new FigureFrame(this.figures.frame);
  }

  @Right('figures.read')
  @Field(() => FigureCounts, { description: 'Of the whole area: the sum of the rows.' })
  get total(): Readonly<Counts> {
    return this.figures.total;
  }

  @Right('figures.read')
  @Field(() => [FigureRate], { complexity: listOf(5), description: 'The shares of the whole area.' })
  get rates(): FigureRate[] {
    return ratesOf(this.figures.source, labelOf(this.figures.frame), this.decimals);
  }

  @Right('figures.read')
  @Field(() => [FigureRow], {
    complexity: listOf(200),
    description:
      'By the grids of the tier, and last what lies in none of them; each matter is in exactly one. Empty where the area is not broken down.',
  })
  get rows(): FigureRow[] {
    return this.figures.rows.map((row) => new FigureRow(this.figures, row, this.decimals));
  }
}

/** A grid as it was at a moment. */
export const showGrid = (version: VersionEntry | null, moment: Moment): Grid | null =>
  version && new Grid(version, moment);

function ratesOf(source: Figures['source'], label: string, decimals: number | null): FigureRate[] {
  return RATE_KINDS.flatMap((kind) => {
    const rate = rateOf(kind, source, decimals);
    return rate ? [new FigureRate(rate, label)] : [];
  });
}
