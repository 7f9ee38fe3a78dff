import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { listOf } from '../../api/listSize.ts';
import type { Comparison as Compared, CountChange, RateChange } from '../comparing.ts';
import type { Measure } from '../counting/counts.ts';
import { labelOf } from '../frame/label.ts';
import { FigureRate, FigureRateEnum, FigureTable } from './figure.type.ts';

export enum FigureMeasureEnum {
  reported = 'reported',
  found = 'found',
  settled = 'settled',
  foundClosed = 'foundClosed',
  closed = 'closed',
  open = 'open',
  attempts = 'attempts',
  tasksIssued = 'tasksIssued',
  tasksAcknowledged = 'tasksAcknowledged',
  tasksHandled = 'tasksHandled',
  tasksDue = 'tasksDue',
  tasksInTime = 'tasksInTime',
  tasksLate = 'tasksLate',
  visits = 'visits',
}
registerEnumType(FigureMeasureEnum, {
  name: 'FigureMeasure',
  description: 'What is counted: the fields of FigureCounts by their names.',
  valuesConfig: {
    reported: { description: 'Matters that came in the period.' },
    found: { description: 'Of these, found by staff first.' },
    settled: { description: 'Of those that came in the period, settled before it ended.' },
    foundClosed: { description: 'Of those found in the period, closed before it ended.' },
    closed: { description: 'Matters closed in the period.' },
    open: { description: 'Matters open at its end.' },
    attempts: { description: 'Attempts at mediation.' },
    tasksIssued: { description: 'Tasks issued.' },
    tasksAcknowledged: { description: 'Tasks acknowledged.' },
    tasksHandled: { description: 'Tasks handled.' },
    tasksDue: { description: 'Tasks that fell due.' },
    tasksInTime: { description: 'Of these, handled in time.' },
    tasksLate: { description: 'Of these, handled late or not at all.' },
    visits: { description: 'Visits that were accepted.' },
  },
});

@ObjectType({ description: 'How one count changed.', simpleResolvers: true })
export class FigureCountChange implements CountChange {
  @Right('figures.read')
  @Field(() => FigureMeasureEnum, { description: 'What is counted.' })
  readonly measure!: Measure;

  @Right('figures.read')
  @Field(() => Int, { description: 'In the first.' })
  readonly first!: number;

  @Right('figures.read')
  @Field(() => Int, { description: 'In the second.' })
  readonly second!: number;

  @Right('figures.read')
  @Field(() => String, { nullable: true, description: 'Such as "-12.5 %"; null: from nothing there is no percentage.' })
  readonly change!: string | null;
}

@ObjectType({ description: 'How one share changed.', simpleResolvers: true })
export class FigureRateChange {
  private readonly compared: Compared;
  private readonly rate: RateChange;

  constructor(compared: Compared, rate: RateChange) {
    this.compared = compared;
    this.rate = rate;
  }

  @Right('figures.read')
  @Field(() => FigureRateEnum, { description: 'Which share.' })
  get kind(): FigureRateEnum {
    return FigureRateEnum[this.rate.kind];
  }

  @Right('figures.read')
  @Field(() => FigureRate, { description: 'The first, with its definition.' })
  get first(): FigureRate {
    return new FigureRate(this.rate.first, labelOf(this.compared.first.frame));
  }

  @Right('figures.read')
  @Field(() => FigureRate, { description: 'The second, with its definition.' })
  get second(): FigureRate {
    return new FigureRate(this.rate.second, labelOf(this.compared.second.frame));
  }

  @Right('figures.read')
  @Field(() => String, {
    nullable: true,
    description: 'In percentage points, such as "+1.3 points"; null where one of them has no value.',
  })
  get change(): string | null {
    return this.rate.change;
  }
}

@ObjectType({
  description:
    'Two figures of one area beside each other: two years, or the same matters on the boundaries of two days.',
  simpleResolvers: true,
})
export class FigureComparison {
  private readonly compared: Compared;
  private readonly decimals: number | null;

  constructor(compared: Compared, decimals: number | null) {
    this.compared = compared;
    this.decimals = decimals;
  }

  @Right('figures.read')
  @Field(() => FigureTable, { description: 'The first, labelled.' })
  get first(): FigureTable {
    return new FigureTable(this.compared.first, this.decimals);
  }

  @Right('figures.read')
  @Field(() => FigureTable, { description: 'The second, labelled.' })
  get second(): FigureTable {
    return new FigureTable(this.compared.second, this.decimals);
  }

  @Right('figures.read')
  @Field(() => [FigureCountChange], { complexity: listOf(14), description: 'What changed of the counts of the area.' })
  get counts(): readonly CountChange[] {
    return this.compared.counts;
  }

  @Right('figures.read')
  @Field(() => [FigureRateChange], { complexity: listOf(5), description: 'What changed of its shares.' })
  get rates(): FigureRateChange[] {
    return this.compared.rates.map((rate) => new FigureRateChange(this.compared, rate));
  }
}
