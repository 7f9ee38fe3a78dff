import { type NthDay, RuleFault, type RuleParts, readRuleParts } from './ruleText.ts';
import { DAY_MS, type DayNumber } from './zone.ts';

const MOST_DAYS_AHEAD = 40_000; // A COUNT that is not used up in a century never is.

/** The days on which a rule of RFC 5545 falls, counted from its first day on. Days know no hours and no time zone. */
export class Recurrence {
  /** The last day on which it can fall; Infinity where the rule has no end. */
  readonly lastDay: DayNumber;
  readonly #rule: RuleParts;
  readonly #start: DayNumber;
  readonly #fields: DayFields;

  /** Throws RuleFault for a text that it cannot read. */
  constructor(text: string, start: DayNumber) {
    this.#rule = withDefaults(readRuleParts(text), new DayFields(start));
    this.#start = start;
    this.#fields = new DayFields(start);
    this.lastDay = this.#rule.until ?? Number.POSITIVE_INFINITY;
    if (this.#rule.count !== undefined) this.lastDay = this.#lastCounted(this.#rule.count);
  }

  fallsOn(day: DayNumber): boolean {
    return day >= this.#start && day <= this.lastDay && this.#matches(day);
  }

  #lastCounted(count: number): DayNumber {
    let left = count;
    for (let day = this.#start; day < this.#start + MOST_DAYS_AHEAD; day += 1) {
      if (!this.#matches(day)) continue;
      left -= 1;
      if (left === 0) return day;
    }
    throw new RuleFault(`COUNT=${count} is not used up within a century; leave COUNT out, or give UNTIL`);
  }

  #matches(day: DayNumber): boolean {
    const { positions } = this.#rule;
    const fields = new DayFields(day);
    if (!this.#isInPeriod(day, fields) || !this.#isChosen(fields)) return false;
    if (positions.length === 0) return true;
    const set = this.#chosenInPeriod(day, fields);
    const at = set.indexOf(day);
    return positions.includes(at + 1) || positions.includes(at - set.length);
  }

  /** Whether the day lies in a day, week, month or year that INTERVAL does not skip. */
  #isInPeriod(day: DayNumber, fields: DayFields): boolean {
    const { frequency, interval, weekStart } = this.#rule;
    if (interval === 1) return true;
    const { year, month } = fields;
    const first = this.#fields;
    if (frequency === 'DAILY') return (day - this.#start) % interval === 0;
    if (frequency === 'YEARLY') return (year - first.year) % interval === 0;
    if (frequency === 'MONTHLY') return ((year - first.year) * 12 + month - first.month) % interval === 0;
    return (weekOf(day, weekStart) - weekOf(this.#start, weekStart)) % interval === 0;
  }

  #isChosen(fields: DayFields): boolean {
    const { months, monthDays, days } = this.#rule;
    if (months.length > 0 && !months.includes(fields.month)) return false;
    if (monthDays.length > 0 && !isMonthDay(fields, monthDays)) return false;
    return days.length === 0 || days.some((wanted) => this.#isWeekday(fields, wanted));
  }

  #isWeekday(fields: DayFields, { weekday, nth }: NthDay): boolean {
    if (fields.weekday !== weekday) return false;
    if (nth === 0) return true;
    // In a year without BYMONTH the nth is of the year, else of the month.
    const ofYear = this.#rule.frequency === 'YEARLY' && this.#rule.months.length === 0;
    const at = ofYear ? fields.dayOfYear : fields.dayOfMonth;
    const length = ofYear ? fields.daysInYear : fields.daysInMonth;
    return nth > 0 ? Math.ceil(at / 7) === nth : -Math.ceil((length - at + 1) / 7) === nth;
  }

  #chosenInPeriod(day: DayNumber, fields: DayFields): DayNumber[] {
    const { frequency, weekStart } = this.#rule;
    let [from, length] = [day, 1];
    if (frequency === 'WEEKLY') [from, length] = [weekOf(day, weekStart) * 7 + weekStart - EPOCH_WEEKDAY, 7];
    if (frequency === 'MONTHLY') [from, length] = [day - fields.dayOfMonth + 1, fields.daysInMonth];
    if (frequency === 'YEARLY') [from, length] = [day - fields.dayOfYear + 1, fields.daysInYear];
    const days = Array.from({ length }, (_, i) => from + i);
    return days.filter((each) => this.#isChosen(new DayFields(each)));
  }
}

const EPOCH_WEEKDAY = 3; // 1970-01-01 was a Thursday.

/** What the calendar says of a day. Most rules ask only for the weekday, so the rest is worked out when it is asked for. */
class DayFields {
  readonly day: DayNumber;
  #date: Date | undefined;

  constructor(day: DayNumber) {
    this.day = day;
  }

  /** 0 is Monday. */
  get weekday(): number {
    return (((this.day + EPOCH_WEEKDAY) % 7) + 7) % 7;
  }

  get year(): number {
    return this.#shown().getUTCFullYear();
  }

  /** 1 to 12. */
  get month(): number {
    return this.#shown().getUTCMonth() + 1;
  }

  get dayOfMonth(): number {
    return this.#shown().getUTCDate();
  }

  get daysInMonth(): number {
    return new Date(Date.UTC(this.year, this.month, 0)).getUTCDate();
  }

  get dayOfYear(): number {
    return this.day - Date.UTC(this.year, 0, 1) / DAY_MS + 1;
  }

  get daysInYear(): number {
    return (Date.UTC(this.year + 1, 0, 1) - Date.UTC(this.year, 0, 1)) / DAY_MS;
  }

  #shown(): Date {
    this.#date ??= new Date(this.day * DAY_MS);
    return this.#date;
  }
}

function isMonthDay({ dayOfMonth, daysInMonth }: DayFields, monthDays: readonly number[]): boolean {
  return monthDays.includes(dayOfMonth) || monthDays.includes(dayOfMonth - daysInMonth - 1);
}

function weekOf(day: DayNumber, weekStart: number): number {
  return Math.floor((day + EPOCH_WEEKDAY - weekStart) / 7);
}

/** What RFC 5545 takes from the first day where the rule does not say it. */
function withDefaults(rule: RuleParts, start: DayFields): RuleParts {
  const { frequency, days, monthDays, months } = rule;
  if (days.length > 0 || monthDays.length > 0 || frequency === 'DAILY') return rule;
  if (frequency === 'WEEKLY') return { ...rule, days: [{ weekday: start.weekday, nth: 0 }] };
  if (frequency === 'MONTHLY' || months.length > 0) return { ...rule, monthDays: [start.dayOfMonth] };
  return { ...rule, months: [start.month], monthDays: [start.dayOfMonth] };
}
