import { Field, Int, ObjectType } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { listOf } from '../../api/listSize.ts';
import { DateTimeScalar } from '../../api/scalars.ts';
import { Grid } from '../../grids/api/grid.type.ts';
import { Body } from '../../posts/api/staff.type.ts';
import type { CoveringTeam } from '../coveringTeams.ts';
import type { CircuitDays } from '../team.type.ts';

@ObjectType({ simpleResolvers: true, description: 'How many members of one kind a body has. Nobody is named.' })
export class MemberCount {
  @Right('registry.read')
  @Field(() => String, { description: 'The kind in local words, such as 民警 or 志愿者.' })
  readonly kind!: string;

  @Right('registry.read')
  @Field(() => Int, { description: 'How many.' })
  readonly count!: number;
}

@ObjectType({ simpleResolvers: true, description: 'The body above, in one line.' })
export class BodyParent {
  @Right('registry.read')
  @Field(() => String, { description: 'The line in local words, such as police or party.' })
  readonly line!: string;

  @Right('registry.read')
  @Field(() => Body, { description: 'The body above in that line.' })
  readonly body!: Body;
}

@ObjectType({
  simpleResolvers: true,
  description: 'The days on which a body goes round some grids: those on which everything given here agrees.',
})
export class Circuit {
  private readonly days: CircuitDays;

  @Right('registry.read')
  @Field(() => [Grid], {
    complexity: listOf(5),
    description: 'The grids it covers on those days, with all below them.',
  })
  readonly grids: readonly Grid[];

  @Right('registry.read')
  @Field(() => Boolean, { description: 'Whether it goes round at the asked instant.' })
  readonly active: boolean;

  @Right('registry.read')
  @Field(() => DateTimeScalar, {
    description: 'Until when that stays so: the end of the circuit day, or the beginning of the next one.',
  })
  readonly changesAt: Date;

  constructor(days: CircuitDays, grids: readonly Grid[], active: boolean, changesAt: Date) {
    this.days = days;
    this.grids = grids;
    this.active = active;
    this.changesAt = changesAt;
  }

  @Right('registry.read')
  @Field(() => [Int], { description: 'Days of the week, 1 (Monday) to 7 (Sunday); empty for any.' })
  get weekdays(): readonly number[] {
    return this.days.weekdays;
  }

  @Right('registry.read')
  @Field(() => [Int], { description: 'Days of the month, 1 to 31; -1 is the last one; empty for any.' })
  get monthDays(): readonly number[] {
    return this.days.monthDays;
  }

  @Right('registry.read')
  @Field(() => [Int], {
    description: 'Only the first (1) to fifth (5) such weekday of a month; -1 is the last one; empty for each.',
  })
  get monthWeeks(): readonly number[] {
    return this.days.monthWeeks;
  }

  @Right('registry.read')
  @Field(() => String, { description: 'Where the days begin and end at midnight: an IANA name.' })
  get timeZone(): string {
    return this.days.timeZone;
  }
}

@ObjectType({ simpleResolvers: true, description: 'A body that covers the place, and through which grid.' })
export class Team {
  @Right('registry.read')
  @Field(() => Body, { description: 'The body: station, squad, volunteers, mediation centre …' })
  readonly body: Body;

  @Right('registry.read')
  @Field(() => String, { nullable: true, description: 'Civil, official … in local words; null when not told apart.' })
  readonly standing: string | null;

  @Right('registry.read')
  @Field(() => Grid, { description: 'The nearest grid that it covers: that of the place, or one above.' })
  readonly grid: Grid;

  @Right('registry.read')
  @Field(() => Boolean, { description: 'True when it covers the grid because it is a day of its circuit.' })
  readonly onCircuit: boolean;

  constructor({ body, team, version, coverage }: CoveringTeam, moment: Grid['moment']) {
    this.body = body.at(moment);
    this.standing = team.standing;
    this.grid = new Grid(version, moment);
    this.onCircuit = coverage.days !== null;
  }

  @Right('registry.read')
  @Field(() => String, { description: 'What sort of body it is, in local words.' })
  get kind(): string {
    return this.body.kind;
  }
}
