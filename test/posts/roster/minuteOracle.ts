import type { Random } from '../../../seeds/terrain/random.ts';
import type { ShiftWords } from '../../../src/posts/roster/pattern/shiftPattern.ts';

/**
 * The slow truth: a clerk who sits before the clock on the wall and looks up once a minute. It shares nothing with the
 * house: wall clocks are read from the runtime's own calendar text, and days are counted one by one from the first.
 */
export interface Wall {
  readonly from: number;
  /** What the clock has shown at the latest, minute by minute, in minutes since 1970 on the wall. */
  readonly shown: Float64Array;
}

const MINUTE = 60_000;
const DAY_MINUTES = 1440;

/** Looks at the clocks of a zone for some days. */
export function watchWall(timeZone: string, from: number, days: number): Wall {
  const form = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  const shown = new Float64Array(days * DAY_MINUTES);
  let latest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < shown.length; i += 1) {
    const text = form.format(from + i * MINUTE).replace(' ', 'T');
    latest = Math.max(latest, Date.parse(`${text}Z`) / MINUTE);
    shown[i] = latest;
  }
  return { from, shown };
}

/** How a rule was made, for those who do not read RRULE. */
export interface RulePlan {
  readonly every: 'day' | 'week' | 'monthDates' | 'monthNth' | 'yearDate';
  readonly interval: number;
  /** 0 is Monday. */
  readonly weekdays: readonly number[];
  readonly monthDates: readonly number[];
  readonly nth: number;
  /** Days from the first on: the last is the end of the rule. */
  readonly lastAfterDays: number | null;
  readonly count: number | null;
}

export interface RosterPlan {
  readonly words: ShiftWords;
  readonly rule: RulePlan;
  readonly firstDay: number;
  readonly holidays: ReadonlySet<number>;
}

const NAMES = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
const dayOf = (day: number) => new Date(day * DAY_MINUTES * MINUTE);
export const textOf = (day: number) => dayOf(day).toISOString().slice(0, 10);
const weekdayOf = (day: number) => (dayOf(day).getUTCDay() + 6) % 7;

/** A random roster around some days. */
export function randomRoster(random: Random, around: number): RosterPlan {
  const firstDay = around - random.below(random.below(3) === 0 ? 900 : 40);
  const rule = randomRule(random);
  const hours = [0, 0, 1, 2, 2, 6, 8, 18, 20, 22, 23][random.below(11)];
  const startMinute = [0, 0, 0, 30, 15, 59][random.below(6)];
  const minutes = [1, 60, 90, 240, 480, 480, 600, 720, 1440, 1500, 4320, 10_080][random.below(12)];
  const dates = () => Array.from({ length: random.below(5) }, () => around + random.below(30));
  const out = new Set(dates());
  const into = [...new Set(dates())].filter((day) => !out.has(day));
  const clock = `${String(hours).padStart(2, '0')}:${String(startMinute).padStart(2, '0')}`;
  const words: ShiftWords = {
    rule: writeRule(rule, firstDay),
    startsLocal: `${textOf(firstDay)}T${clock}`,
    minutes,
    datesOut: [...out].map(textOf),
    datesIn: into.map(textOf),
    onHolidays: ([null, null, 'OFF', 'ONLY'] as const)[random.below(4)],
  };
  return { words, rule, firstDay, holidays: new Set(Array.from({ length: 8 }, () => around + random.below(30))) };
}

function randomRule(random: Random): RulePlan {
  const every = (['day', 'week', 'week', 'week', 'monthDates', 'monthNth', 'yearDate'] as const)[random.below(7)];
  const some = NAMES.map((_, i) => i).filter(() => random.below(2) === 0);
  const end = random.below(4);
  return {
    every,
    interval: 1 + random.below(every === 'yearDate' ? 1 : 3),
    weekdays: some.length > 0 ? some : [random.below(7)],
    monthDates: [1 + random.below(31), -1 - random.below(3), 1 + random.below(28)],
    nth: [1, 2, 3, 4, -1, -2][random.below(6)],
    lastAfterDays: end === 0 ? random.below(80) : null,
    count: end === 1 ? 1 + random.below(40) : null,
  };
}

function writeRule(plan: RulePlan, firstDay: number): string {
  const { every, interval, weekdays, monthDates, nth, lastAfterDays, count } = plan;
  const end = [
    count === null ? '' : `;COUNT=${count}`,
    lastAfterDays === null ? '' : `;UNTIL=${textOf(firstDay + lastAfterDays).replaceAll('-', '')}`,
  ].join('');
  const days = weekdays.map((each) => NAMES[each]);
  const step = interval === 1 ? '' : `;INTERVAL=${interval}`;
  if (every === 'day') return `FREQ=DAILY${step}${end}`;
  if (every === 'week') return `FREQ=WEEKLY${step};BYDAY=${days.join(',')}${end}`;
  if (every === 'monthDates') return `FREQ=MONTHLY${step};BYMONTHDAY=${monthDates.join(',')}${end}`;
  if (every === 'monthNth') return `FREQ=MONTHLY${step};BYDAY=${days.map((day) => `${nth}${day}`).join(',')}${end}`;
  return `RRULE:FREQ=YEARLY;BYMONTH=3,10,11;BYMONTHDAY=${monthDates.join(',')}${end}`;
}

/** The days on which shifts begin up to a last one, counted off from the first, one by one. */
export function countDays({ words, rule, firstDay, holidays }: RosterPlan, last: number): Set<number> {
  const days = new Set<number>();
  let counted = 0;
  for (let day = firstDay; day <= last; day += 1) {
    if (!isOfRule(rule, firstDay, day)) continue;
    counted += 1;
    if (rule.count !== null && counted > rule.count) break;
    if (rule.lastAfterDays !== null && day > firstDay + rule.lastAfterDays) break;
    const isHoliday = holidays.has(day);
    if (words.onHolidays === 'OFF' && isHoliday) continue;
    if (words.onHolidays === 'ONLY' && !isHoliday) continue;
    if (!words.datesOut.includes(textOf(day))) days.add(day);
  }
  for (const text of words.datesIn) days.add(Date.parse(`${text}T00:00Z`) / MINUTE / DAY_MINUTES);
  return days;
}

function isOfRule({ every, interval, weekdays, monthDates, nth }: RulePlan, firstDay: number, day: number): boolean {
  const [date, first] = [dayOf(day), dayOf(firstDay)];
  if (every === 'day') return (day - firstDay) % interval === 0;
  if (every === 'week') {
    const mondays = (day - weekdayOf(day) - (firstDay - weekdayOf(firstDay))) / 7;
    return mondays % interval === 0 && weekdays.includes(weekdayOf(day));
  }
  const months = 12 * (date.getUTCFullYear() - first.getUTCFullYear()) + date.getUTCMonth() - first.getUTCMonth();
  const fromEnd = (days: number) => dayOf(day + days).getUTCMonth() !== date.getUTCMonth();
  const isDate = monthDates.some((wanted) =>
    wanted > 0 ? date.getUTCDate() === wanted : fromEnd(-wanted) && !fromEnd(-wanted - 1),
  );
  if (every === 'monthDates') return months % interval === 0 && isDate;
  if (every === 'yearDate') return [2, 9, 10].includes(date.getUTCMonth()) && isDate;
  if (months % interval !== 0 || !weekdays.includes(weekdayOf(day))) return false;
  // Back (or ahead) by weeks: the nth has n - 1 of its kind before it in the month.
  const sameMonth = (weeks: number) => dayOf(day + 7 * weeks).getUTCMonth() === date.getUTCMonth();
  return nth > 0 ? !sameMonth(-nth) && (nth === 1 || sameMonth(1 - nth)) : !sameMonth(-nth) && sameMonth(-nth - 1);
}

/** Minute by minute, whether a shift is on: it is from when the clock shows its beginning until it shows its end. */
export function sitThrough(roster: RosterPlan, { shown }: Wall): Uint8Array {
  const [hours, minutes] = roster.words.startsLocal.slice(11).split(':').map(Number);
  const days = countDays(roster, shown[shown.length - 1] / DAY_MINUTES + 1);
  const begins = [...days].map((day) => day * DAY_MINUTES + hours * 60 + minutes).sort((a, b) => a - b);
  const on = new Uint8Array(shown.length);
  let next = 0;
  let until = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < shown.length; i += 1) {
    for (; next < begins.length && begins[next] <= shown[i]; next += 1) {
      until = Math.max(until, begins[next] + roster.words.minutes);
    }
    on[i] = shown[i] < until ? 1 : 0;
  }
  return on;
}
