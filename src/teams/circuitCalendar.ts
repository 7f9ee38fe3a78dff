import { startOfDay } from '../clock.ts';
import { DomainError } from '../errors.ts';
import type { CircuitDays } from './team.type.ts';

const DAY_MS = 86_400_000;
// The rarest day that can be asked for, the 31st on the fifth Friday, comes within this.
const LOOK_AHEAD_DAYS = 800;

/** Whether it is a circuit day, the same at every instant of [from, until). Instants in milliseconds. */
export interface DaySpan {
  readonly isOn: boolean;
  readonly from: number;
  readonly until: number;
}

/** Tells the days of one circuit. A day lasts from the first instant of its date in the time zone to that of the next. */
export class CircuitCalendar {
  readonly #days: CircuitDays;
  #span: DaySpan | undefined;

  constructor(days: CircuitDays) {
    this.#days = days;
  }

  /** The stretch of circuit days, or of other days, around the instant; a long one may be told in parts. */
  at(asOf: number): DaySpan {
    const kept = this.#span;
    if (kept && kept.from <= asOf && asOf < kept.until) return kept;
    const { timeZone } = this.#days;
    const today = dayOf(asOf, timeZone);
    const isOn = falls(this.#days, today);
    let end = today + DAY_MS;
    for (let ahead = 1; ahead < LOOK_AHEAD_DAYS && falls(this.#days, end) === isOn; ahead += 1) end += DAY_MS;
    this.#span = { isOn, from: startOf(today, timeZone), until: startOf(end, timeZone) };
    return this.#span;
  }
}

/** Throws BAD_INPUT for days that can never come, or a time zone that does not exist, naming the field. */
export function assertDays(days: CircuitDays): void {
  const { weekdays, monthDays, monthWeeks, timeZone } = days;
  assertNumbers('weekdays', weekdays, 7, false);
  assertNumbers('monthDays', monthDays, 31, true);
  assertNumbers('monthWeeks', monthWeeks, 5, true);
  if (weekdays.length === 0 && monthDays.length === 0) {
    throw badDays('weekdays', 'weekdays: a circuit has weekdays or days of the month; give one of them.');
  }
  if (monthWeeks.length > 0 && weekdays.length === 0) {
    throw badDays('monthWeeks', 'monthWeeks: it says which weekday of the month; give the weekdays too.');
  }
  try {
    formatOf(timeZone);
  } catch {
    throw badDays('timeZone', `timeZone: there is no time zone ${timeZone}; give an IANA name such as Asia/Shanghai.`);
  }
}

function assertNumbers(field: string, numbers: readonly number[], most: number, last: boolean): void {
  const wrong = numbers.find((n) => !(Number.isInteger(n) && ((n >= 1 && n <= most) || (last && n === -1))));
  if (wrong === undefined) return;
  throw badDays(field, `${field}: ${wrong} is not a number from 1 to ${most}${last ? ', or -1 for the last' : ''}.`);
}

function badDays(field: string, message: string): DomainError {
  return new DomainError('BAD_INPUT', message, { field });
}

/** Whether the date, as the midnight of UTC that begins it, is one of the days. */
function falls({ weekdays, monthDays, monthWeeks }: CircuitDays, date: number): boolean {
  const day = new Date(date);
  const dayOfMonth = day.getUTCDate();
  const left = daysInMonth(day) - dayOfMonth;
  const agrees = (wanted: readonly number[], fromFirst: number, isLast: boolean) =>
    wanted.length === 0 || wanted.includes(fromFirst) || (isLast && wanted.includes(-1));
  return (
    agrees(weekdays, day.getUTCDay() || 7, false) &&
    agrees(monthDays, dayOfMonth, left === 0) &&
    agrees(monthWeeks, Math.ceil(dayOfMonth / 7), left < 7)
  );
}

function daysInMonth(day: Date): number {
  return new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 0)).getUTCDate();
}

function startOf(date: number, timeZone: string): number {
  return startOfDay(new Date(date).toISOString().slice(0, 10), timeZone).getTime();
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (!format) {
    const calendar = { calendar: 'iso8601', numberingSystem: 'latn' } as const;
    format = new Intl.DateTimeFormat('en', {
      timeZone,
      ...calendar,
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
    });
    formats.set(timeZone, format);
  }
  return format;
}

/** The date in the time zone, as the midnight of UTC that begins it. */
function dayOf(instant: number, timeZone: string): number {
  const parts = formatOf(timeZone).formatToParts(instant);
  const part = (type: string) => Number(parts.find((each) => each.type === type)!.value);
  return Date.UTC(part('year'), part('month') - 1, part('day'));
}
