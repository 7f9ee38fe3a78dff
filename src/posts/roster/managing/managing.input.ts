import { Field, ID, InputType, Int, registerEnumType } from 'type-graphql';
import { DateTimeScalar } from '../../../api/scalars.ts';

export enum RosterHolidays {
  OFF = 'OFF',
  ONLY = 'ONLY',
}
registerEnumType(RosterHolidays, {
  name: 'RosterHolidays',
  description: 'What holidays are to a roster.',
  valuesConfig: {
    OFF: { description: 'No shift begins on a holiday.' },
    ONLY: { description: 'Shifts begin on holidays only, of those days that the rule names.' },
  },
});

@InputType({
  description:
    'One shift of a holder: its days by a rule, its hours by the clock on the wall. Several rosters of one holder add up.',
})
export class RosterInput {
  @Field(() => String, { description: 'IANA name of the time zone of the clock on the wall, such as Asia/Shanghai.' })
  readonly timeZone!: string;

  @Field(() => String, {
    description: 'The days by RFC 5545, such as FREQ=WEEKLY;BYDAY=MO,TU. It speaks of days only, never of hours.',
  })
  readonly rule!: string;

  @Field(() => String, {
    description:
      'The day from which the rule counts and the hour at which a shift begins, without an offset: 2026-01-05T22:00.',
  })
  readonly startsLocal!: string;

  @Field(() => Int, { description: 'Length of a shift by the clock on the wall: 1 to 10080 minutes.' })
  readonly minutes!: number;

  @Field(() => [String], { nullable: true, description: 'Days of the rule on which no shift begins, YYYY-MM-DD.' })
  readonly datesOut?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'More days on which a shift begins, YYYY-MM-DD.' })
  readonly datesIn?: string[] | null;

  @Field(() => String, { nullable: true, description: 'A calendar of holidays, by its name; then give `onHolidays`.' })
  readonly holidayCalendar?: string | null;

  @Field(() => RosterHolidays, { nullable: true, description: 'What the holidays of the calendar are to this shift.' })
  readonly onHolidays?: RosterHolidays | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'First instant of the roster, past or planned; left out: now.',
  })
  readonly from?: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'First instant after it; left out: no end.' })
  readonly to?: Date | null;
}

@InputType({ description: 'Rosters for one holder of a post.' })
export class AddRostersInput {
  @Field(() => ID, { description: '`appointmentId` of a holding; the appointment goes on, or is yet to begin.' })
  readonly appointmentId!: string;

  @Field(() => [RosterInput], { description: '1 to 30 rosters.' })
  readonly rosters!: RosterInput[];
}

@InputType({ description: 'A holiday.' })
export class HolidayInput {
  @Field(() => String, { description: 'The day, YYYY-MM-DD.' })
  readonly day!: string;

  @Field(() => String, { description: 'What it is called; at most 100 characters.' })
  readonly name!: string;
}
