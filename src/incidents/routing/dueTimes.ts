import type { HandlerPractice, LadderPractice } from '../../practice/practice.type.ts';
import type { Rung } from '../course/state.ts';

const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;

export interface TaskTimes {
  readonly startsAt: Date | null;
  readonly dueAt: Date | null;
}

export interface DueQuestion {
  readonly ladder: LadderPractice | null;
  /** Where it is handled. */
  readonly rung: Rung | null;
  readonly severity: string | null;
  /** Milliseconds since 1970. */
  readonly from: number;
}

/** Due within the hours of the handler, else within the deadline of the ladder for the rung and the grade, else never. */
export function dueTimes({ hours }: Pick<HandlerPractice, 'hours'>, question: DueQuestion): TaskTimes {
  const within = hours ?? deadlineHours(question);
  return { startsAt: null, dueAt: within === null ? null : new Date(question.from + within * HOUR_MS) };
}

/** The deadline that names the grade, else the one of the tier that names none; null: no deadline. */
function deadlineHours({ ladder, rung, severity }: DueQuestion): number | null {
  if (!ladder || rung?.layer !== ladder.layer) return null;
  const ofTier = ladder.deadlines.filter(({ tier }) => tier === rung.tier);
  const named = severity === null ? undefined : ofTier.find((deadline) => deadline.severity === severity);
  return (named ?? ofTier.find((deadline) => deadline.severity === null))?.hours ?? null;
}

/** So many times 24 hours after `from`, and then within the hours given or one day. */
export function followUpTimes(days: number, hours: number | null, from: number): TaskTimes {
  const startsAt = from + days * DAY_HOURS * HOUR_MS;
  return { startsAt: new Date(startsAt), dueAt: new Date(startsAt + (hours ?? DAY_HOURS) * HOUR_MS) };
}
