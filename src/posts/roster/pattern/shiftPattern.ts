import { Recurrence } from './recurrence.ts';
import { DAY_MS, type DayNumber, dayNumber, type LocalTime } from './zone.ts';

/** A shift as a roster writes it. Days are YYYY-MM-DD, `startsLocal` is YYYY-MM-DDTHH:MM on the wall. */
export interface ShiftWords {
  readonly rule: string;
  readonly startsLocal: string;
  /** By the clock on the wall: a night from 22:00 to 06:00 has 480, also when clocks change in it. */
  readonly minutes: number;
  readonly datesOut: readonly string[];
  readonly datesIn: readonly string[];
  readonly onHolidays: 'OFF' | 'ONLY' | null;
}

/** From `from` up to but without `until`, in milliseconds. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/** Whether a shift is on, and a span around the instant in which that stays so. `until` is exact, or the end of an era. */
export interface Duty extends Span {
  readonly on: boolean;
}

export const LONGEST_SHIFT_MINUTES = 7 * 24 * 60;
/**
 * No change is looked for beyond the era of an instant, and no span reaches out of it. Eras are the same for every
 * question, so what is told does not depend on what was asked before.
 */
export const ERA_MS = 512 * DAY_MS;
/** How far back an answer off duty is known to hold, without a look at the calendar: never two days, wherever clocks change. */
const QUIET_MS = 20 * 3_600_000;
const NO_DAYS: ReadonlySet<DayNumber> = new Set();

/** When one shift is on: which days it begins on, and from when to when that is. */
export class ShiftPattern {
  readonly #recurrence: Recurrence;
  readonly #time: LocalTime;
  readonly #startOfDayMs: number;
  readonly #lengthMs: number;
  readonly #out: ReadonlySet<DayNumber>;
  readonly #in: ReadonlySet<DayNumber>;
  readonly #onHolidays: ShiftWords['onHolidays'];
  readonly #lastDay: DayNumber;
  /** A shift that is on within QUIET_MS before an instant began at most so many days before the instant's day. */
  readonly #reachDays: number;

  /** Throws RuleFault for a rule that cannot be read. */
  constructor(words: ShiftWords, time: LocalTime) {
    const [day, clock] = words.startsLocal.split('T');
    const [hours, minutes] = clock.split(':').map(Number);
    this.#recurrence = new Recurrence(words.rule, dayNumber(day)!);
    this.#time = time;
    this.#startOfDayMs = (hours * 60 + minutes) * 60_000;
    this.#lengthMs = words.minutes * 60_000;
    this.#out = new Set(words.datesOut.map((date) => dayNumber(date)!));
    this.#in = new Set(words.datesIn.map((date) => dayNumber(date)!));
    this.#onHolidays = words.onHolidays;
    this.#reachDays = Math.ceil(this.#lengthMs / DAY_MS) + 2;
    this.#lastDay = Math.max(this.#recurrence.lastDay, ...this.#in);
  }

  /** Whether it begins on a day: one added does, one taken out does not, else rule and holidays say so together. */
  beginsOn(day: DayNumber, holidays: ReadonlySet<DayNumber> = NO_DAYS): boolean {
    if (this.#in.has(day)) return true;
    if (this.#out.has(day)) return false;
    if (this.#onHolidays !== null && holidays.has(day) !== (this.#onHolidays === 'ONLY')) return false;
    return this.#recurrence.fallsOn(day);
  }

  /** The shifts that overlap [from, until), each whole, in their order. */
  shiftsIn({ from, until }: Span, holidays: ReadonlySet<DayNumber> = NO_DAYS): Span[] {
    const spans: Span[] = [];
    const last = this.#dayAt(until) + 1;
    for (let day = this.#dayAt(from) - this.#reachDays; day <= last; day += 1) {
      const span = this.#shiftOf(day, holidays);
      if (span && span.from < until && from < span.until) spans.push(span);
    }
    return spans;
  }

  /** Whether it is on at an instant, and for how long. */
  dutyAt(asOf: number, holidays: ReadonlySet<DayNumber> = NO_DAYS): Duty {
    const era = Math.floor(asOf / ERA_MS) * ERA_MS;
    const today = this.#dayAt(asOf);
    let from = Math.max(era, asOf - QUIET_MS);
    const eraEnd = era + ERA_MS;
    const last = Math.min(eraEnd / DAY_MS + 1, this.#lastDay);
    let until = last === this.#lastDay ? Number.POSITIVE_INFINITY : eraEnd;
    let on = false;
    for (let day = today - this.#reachDays; day <= last; day += 1) {
      const span = this.#shiftOf(day, holidays);
      if (!span) continue;
      if (span.from > (on ? until : asOf)) {
        if (!on) until = Math.min(eraEnd, span.from);
        break;
      }
      if (span.until <= asOf) from = Math.max(from, span.until);
      else if (on) until = Math.max(until, span.until);
      else [on, from, until] = [true, Math.max(era, span.from), span.until];
    }
    return { on, from, until: on ? Math.min(until, eraEnd) : until };
  }

  #dayAt(instant: number): DayNumber {
    return Math.floor(this.#time.localAt(instant) / DAY_MS);
  }

  #shiftOf(day: DayNumber, holidays: ReadonlySet<DayNumber>): Span | undefined {
    if (!this.beginsOn(day, holidays)) return undefined;
    const begins = day * DAY_MS + this.#startOfDayMs;
    const from = this.#time.instantOf(begins);
    const until = this.#time.instantOf(begins + this.#lengthMs);
    // A shift that lies wholly in an hour that clocks skip does not take place.
    return from < until ? { from, until } : undefined;
  }
}
