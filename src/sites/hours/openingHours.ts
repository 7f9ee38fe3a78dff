/** One stretch of a day, by the clock on the wall: `HH:MM`, up to `24:00`. An end at or before its beginning is on the next day. */
export interface OpeningSpan {
  readonly from: string;
  readonly to: string;
}

/** A stretch on one day of the week: 1 is Monday, 7 Sunday. */
export interface WeeklySpan extends OpeningSpan {
  readonly day: number;
}

/** One date on which other hours hold than those of its day of the week; no spans: closed all day. */
export interface HoursException {
  /** YYYY-MM-DD. */
  readonly date: string;
  readonly note?: string | null;
  readonly spans: readonly OpeningSpan[];
}

/** When something is open. Spans belong to the day on which they begin. */
export interface HoursPattern {
  readonly weekly: readonly WeeklySpan[];
  readonly exceptions: readonly HoursException[];
}

/** What the clock on the wall shows. */
export interface WallClock {
  /** Days since 1970-01-01. */
  readonly day: number;
  /** Minutes since midnight. */
  readonly minute: number;
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;
const formats = new Map<string, Intl.DateTimeFormat>();

/** Round the clock, every day. */
export const ROUND_THE_CLOCK: HoursPattern = {
  weekly: [1, 2, 3, 4, 5, 6, 7].map((day) => ({ day, from: '00:00', to: '24:00' })),
  exceptions: [],
};

/** What the clock shows in a zone at an instant. Throws RangeError for a zone that is not known. */
export function wallClockAt(instant: number, timeZone: string): WallClock {
  const parts = formatOf(timeZone).formatToParts(instant);
  const read = (type: string) => Number(parts.find((part) => part.type === type)!.value);
  const local = Date.UTC(read('year'), read('month') - 1, read('day'), read('hour'), read('minute'));
  const day = Math.floor(local / DAY_MS);
  return { day, minute: (local - day * DAY_MS) / MINUTE_MS };
}

/**
 * Whether it is open when the clock on the wall shows this. The clock decides: an hour that is shown twice in autumn is
 * open or closed twice, one that is skipped in spring is neither.
 */
export function isOpen(pattern: HoursPattern, { day, minute }: WallClock): boolean {
  return (
    spansOn(pattern, day).some((span) => minute >= startOf(span) && minute < endOf(span)) ||
    spansOn(pattern, day - 1).some((span) => minute + DAY_MINUTES < endOf(span))
  );
}

/** The stretches that begin on a day: those of an exception, or of its day of the week. */
export function spansOn({ weekly, exceptions }: HoursPattern, day: number): readonly OpeningSpan[] {
  if (exceptions.length > 0) {
    const date = new Date(day * DAY_MS).toISOString().slice(0, 10);
    const exception = exceptions.find((each) => each.date === date);
    if (exception) return exception.spans;
  }
  // 1 January 1970 was a Thursday.
  const ofWeek = ((((day + 3) % 7) + 7) % 7) + 1;
  return weekly.filter((span) => span.day === ofWeek);
}

function startOf({ from }: OpeningSpan): number {
  return minutesOf(from);
}

function endOf({ from, to }: OpeningSpan): number {
  const end = minutesOf(to);
  return end > minutesOf(from) ? end : end + DAY_MINUTES;
}

function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (!format) {
    const numeric = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' } as const;
    format = new Intl.DateTimeFormat('en', { timeZone, hourCycle: 'h23', ...numeric });
    formats.set(timeZone, format);
  }
  return format;
}
