import { Field, ObjectType } from 'type-graphql';
import { Right } from '../../../access/declareRight.ts';
import { DateTimeScalar } from '../../../api/scalars.ts';
import { DomainError } from '../../../errors.ts';
import type { Span } from '../pattern/shiftPattern.ts';
import { DAY_MS } from '../pattern/zone.ts';

const MOST_DAYS = 31;

@ObjectType({ simpleResolvers: true, description: 'A time from one instant up to, but without, another.' })
export class Shift {
  @Right('registry.read')
  @Field(() => DateTimeScalar, { description: 'Its first instant.' })
  readonly from!: Date;

  @Right('registry.read')
  @Field(() => DateTimeScalar, { description: 'The first instant that is no longer of it.' })
  readonly to!: Date;
}

export function toShift({ from, until }: Span): Shift {
  return { from: new Date(from), to: new Date(until) };
}

/** The span that a client asks about. Throws BAD_INPUT for one that ends before it begins or is longer than 31 days. */
export function readDutySpan(from: Date, to: Date): Span {
  if (to <= from) {
    const message = `to: ${to.toISOString()} is not after from, ${from.toISOString()}; give a later instant.`;
    throw new DomainError('BAD_INPUT', message, { field: 'to' });
  }
  if (to.getTime() - from.getTime() > MOST_DAYS * DAY_MS) {
    const message = `to: at most ${MOST_DAYS} days are told at once; ask for an earlier end, and go on from there.`;
    throw new DomainError('BAD_INPUT', message, { field: 'to', mostDays: MOST_DAYS });
  }
  return { from: from.getTime(), until: to.getTime() };
}
