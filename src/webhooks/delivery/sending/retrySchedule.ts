import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../../clock.ts';

const [SECOND, MINUTE, HOUR] = [1_000, 60_000, 3_600_000];

/** How long to wait after each failed attempt, about; after as many more than these an event is given up. */
const SCHEDULE_MS = [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR].concat([
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
]);
/** A receiver cannot ask for more. */
const LONGEST_RETRY_AFTER_MS = 24 * HOUR;

/** All that sending knows of time and chance. */
export interface Timing {
  readonly clock: Clock;
  /** From 0 up to 1. */
  readonly random: () => number;
  /** Resolves later, or as soon as the signal says so. */
  readonly pause: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly scheduleMs: readonly number[];
  /** An endpoint is kept while it waits no longer than this, and let go otherwise. */
  readonly holdMs: number;
}

export function systemTiming(clock: Clock, random: () => number = Math.random): Timing {
  const pause = (milliseconds: number, signal: AbortSignal) =>
    delay(milliseconds, undefined, { signal }).catch(() => {});
  return { clock, random, pause, scheduleMs: SCHEDULE_MS, holdMs: 10 * SECOND };
}

/**
 * How long to wait after so many failed attempts, in milliseconds; undefined: give up. Drawn evenly from nothing to twice
 * the step, so that those who failed together do not come back together; never sooner than the receiver asked.
 */
export function waitAfter(failed: number, retryAfterMs: number | undefined, timing: Timing): number | undefined {
  const step = timing.scheduleMs[failed - 1];
  if (step === undefined) return undefined;
  return Math.max(Math.round(timing.random() * 2 * step), retryAfterMs ?? 0);
}

/** Retry-After in milliseconds, from seconds or an HTTP date; at most a day; undefined for anything else. */
export function readRetryAfter(text: string | undefined, now: Date): number | undefined {
  const trimmed = text?.trim() ?? '';
  const ms = /^\d{1,15}$/.test(trimmed) ? Number(trimmed) * SECOND : dateOf(trimmed) - now.getTime();
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), LONGEST_RETRY_AFTER_MS);
}

// Only what begins with the name of a day: Date.parse takes many other texts for dates.
const dateOf = (text: string) => (/^[A-Z][a-z]{2,8},? /.test(text) ? Date.parse(text) : Number.NaN);
