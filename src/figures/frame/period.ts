import { startOfDay } from '../../clock.ts';
import { DomainError } from '../../errors.ts';

export type PeriodKind = 'DAY' | 'WEEK' | 'MONTH';

/** A day, ISO week or month of the calendar, by the days in it. */
export interface Period {
  /** Each YYYY-MM-DD, in order. */
  readonly days: readonly string[];
  /** When each day begins; and at the end when the day after begins. */
  readonly starts: readonly Date[];
}

const DAY_MS = 86_400_000;
const dayText = (ms: number) => new Date(ms).toISOString().slice(0, 10);

/** The day, the week from Monday on or the month that holds a day, cut at local midnights. Throws BAD_INPUT for no day. */
export function periodOf(kind: PeriodKind, day: string, timeZone: string): Period {
  const at = Date.parse(`${day}T00:00:00Z`);
  if (!/^\d{4}-\d\d-\d\d$/.test(day) || Number.isNaN(at) || dayText(at) !== day) {
    throw new DomainError('BAD_INPUT', `day: ${day} is no day; write it as 2026-11-22.`, { field: 'day' });
  }
  const { first, count } = daysOf(kind, at);
  const days = Array.from({ length: count }, (_, i) => dayText(first + i * DAY_MS));
  const starts = [...days, dayText(first + count * DAY_MS)].map((each) => startOfDay(each, timeZone));
  return { days, starts };
}

/** A month written YYYY-MM. Throws BAD_INPUT for none. */
export function monthOf(month: string, timeZone: string): Period {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(month)) {
    throw new DomainError('BAD_INPUT', `month: ${month} is no month; write it as 2026-11.`, { field: 'month' });
  }
  return periodOf('MONTH', `${month}-01`, timeZone);
}

// Days of the calendar are counted in UTC, which has none that is longer or shorter.
function daysOf(kind: PeriodKind, at: number): { first: number; count: number } {
  if (kind === 'DAY') return { first: at, count: 1 };
  const date = new Date(at);
  if (kind === 'WEEK') return { first: at - ((date.getUTCDay() + 6) % 7) * DAY_MS, count: 7 };
  const first = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
  return { first, count: (Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) - first) / DAY_MS };
}
