import type { FeedEvent } from '../../../feed/feedEvent.ts';
import type { AttemptOutcome, AttemptRecord } from '../../endpoint.type.ts';
import type { Outcome, Stop } from '../outcome.ts';
import { type Timing, waitAfter } from '../sending/retrySchedule.ts';
import type { SendResult } from '../sending/sender.ts';

/** Nothing was taken for so long: somebody must look at the receiver. */
const FAILING_MS = 5 * 86_400_000;
const GONE = 410;

/** Where a courier is. */
export interface Run {
  readonly position: number;
  /** Failed attempts at the event in front. */
  readonly attempt: number;
  readonly failingSince: Date | null;
}

/** An event as it was sent, and what became of it. */
export interface Sent {
  readonly event: FeedEvent;
  readonly body: string;
  readonly at: Date;
  readonly result: SendResult;
}

export interface Verdict {
  readonly run: Run;
  readonly outcome: Omit<Outcome, 'endpointId'>;
  /** Milliseconds to wait before the same event is tried again. */
  readonly next: 'NEXT' | 'END' | number;
}

type Facts = Pick<SendResult, 'httpStatus' | 'error' | 'milliseconds'>;

export function attemptOf(
  { eventId, position }: Pick<AttemptRecord, 'eventId' | 'position'>,
  attempt: number,
  at: Date,
  { httpStatus, error, milliseconds }: Facts,
  outcome: AttemptOutcome,
): AttemptRecord {
  return { eventId, position, attempt, at, milliseconds, httpStatus, error, outcome };
}

/** What follows from an attempt. Pure. */
export function judge(run: Run, sent: Sent, timing: Timing): Verdict {
  const { event, at, result } = sent;
  const number = run.attempt + 1;
  const lineOf = (outcome: AttemptOutcome) =>
    attemptOf({ eventId: event.id, position: event.position }, number, at, result, outcome);
  if (result.error === null) {
    const after = { position: event.position, attempt: 0, failingSince: null };
    return verdictOf(after, { deliveredAt: at, attempts: [lineOf('DELIVERED')] }, 'NEXT');
  }
  const failingSince = run.failingSince ?? at;
  const stopped = stopOf(result, failingSince, at);
  if (stopped) {
    const after = { position: run.position, attempt: number, failingSince };
    return verdictOf(after, { stopped, attempts: [lineOf('FAILED')] }, 'END');
  }
  const wait = waitAfter(number, result.retryAfterMs, timing);
  if (wait === undefined) {
    const after = { position: event.position, attempt: 0, failingSince };
    return verdictOf(after, { attempts: [lineOf('PARKED')], parked: [parkedOf(sent, number, result.error)] }, 'NEXT');
  }
  const after = { position: run.position, attempt: number, failingSince };
  return verdictOf(after, { attempts: [lineOf('FAILED')], nextAttemptAt: new Date(at.getTime() + wait) }, wait);
}

function verdictOf(run: Run, outcome: Partial<Verdict['outcome']>, next: Verdict['next']): Verdict {
  return {
    run,
    outcome: { ...run, nextAttemptAt: null, deliveredAt: null, attempts: [], parked: [], ...outcome },
    next,
  };
}

function stopOf({ httpStatus }: SendResult, failingSince: Date, at: Date): Stop | undefined {
  if (httpStatus === GONE) return { status: 'DISABLED', reason: 'GONE', at };
  const isLong = at.getTime() - failingSince.getTime() >= FAILING_MS;
  return isLong ? { status: 'DISABLED', reason: 'FAILING', at } : undefined;
}

function parkedOf({ event, body, at }: Sent, attempts: number, reason: string): Outcome['parked'][number] {
  const { position, id: eventId, kind, areaIds } = event;
  return { position, eventId, kind, areaIds, body, reason, attempts, at };
}
