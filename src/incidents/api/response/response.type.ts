import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import { Right } from '../../../access/declareRight.ts';
import { listOf } from '../../../api/listSize.ts';
import type { ResponsePractice } from '../../../practice/practice.type.ts';
import type { Arrival } from './arrivals.ts';

@ObjectType('UnitArrival', { description: 'When a unit that is bound by a response class was there, as it told.' })
export class UnitArrival {
  @Right('incidents.read')
  @Field(() => ID, { description: 'Its task.' })
  readonly taskId!: string;

  @Right('incidents.read')
  @Field(() => String, { description: 'The role of its post.' })
  readonly role!: string;

  @Right('incidents.read')
  @Field(() => Float, { nullable: true, description: 'After so many minutes; null: it told of no arrival.' })
  readonly minutes!: number | null;

  @Right('incidents.read')
  @Field(() => Boolean, { description: 'There later than the class allows, or not there though that time is over.' })
  readonly late!: boolean;
}

@ObjectType({
  description:
    'Who was there in time, from what units told, never from where anybody is. Minutes count from when a task was issued or begins; of what was taken down later, from when it occurred.',
})
export class IncidentResponse {
  @Right('incidents.read')
  @Field(() => String, { description: 'The response class.' })
  readonly responseClass: string;

  @Right('incidents.read')
  @Field(() => Float, { description: 'In so many minutes whoever is bound by it is to be there.' })
  readonly minutes: number;

  @Right('incidents.read')
  @Field(() => [UnitArrival], {
    complexity: listOf(1, 20),
    description: 'Every unit that is bound by it: posts of its roles that are to handle the matter or to be there.',
  })
  readonly units: readonly Arrival[];

  constructor({ code, minutes }: ResponsePractice, units: readonly Arrival[]) {
    this.responseClass = code;
    this.minutes = minutes;
    this.units = units;
  }

  @Right('incidents.read')
  @Field(() => Int, { description: 'Units that told of their arrival.' })
  get arrived(): number {
    return this.units.filter(({ minutes }) => minutes !== null).length;
  }

  @Right('incidents.read')
  @Field(() => Int, { description: 'Units that are late.' })
  get late(): number {
    return this.units.filter(({ late }) => late).length;
  }

  @Right('incidents.read')
  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether every unit was there in time. Null: no unit is bound, or some are still on their way in time.',
  })
  get allInTime(): boolean | null {
    if (this.late > 0) return false;
    return this.units.length > 0 && this.arrived === this.units.length ? true : null;
  }
}
