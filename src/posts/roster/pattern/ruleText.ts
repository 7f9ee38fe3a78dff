import { type DayNumber, dayNumber } from './zone.ts';

/** What is wrong with the text of a rule, in words that go on from "rule: ". */
export class RuleFault extends Error {}

const FREQUENCIES = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] as const;
export type Frequency = (typeof FREQUENCIES)[number];

/** A weekday, 0 being Monday: every one, or the nth (from the end where negative) of the month or year. */
export interface NthDay {
  readonly weekday: number;
  readonly nth: number;
}

/** An RRULE of RFC 5545 as far as it speaks of days. Empty lists: the rule does not say. */
export interface RuleParts {
  readonly frequency: Frequency;
  readonly interval: number;
  readonly count: number | undefined;
  /** The last day, itself included. */
  readonly until: DayNumber | undefined;
  readonly months: readonly number[];
  readonly monthDays: readonly number[];
  readonly days: readonly NthDay[];
  readonly positions: readonly number[];
  /** 0 is Monday. */
  readonly weekStart: number;
}

const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
const READ = ['FREQ', 'INTERVAL', 'COUNT', 'UNTIL', 'BYMONTH', 'BYMONTHDAY', 'BYDAY', 'BYSETPOS', 'WKST'];
const WITHIN_DAY = ['HOURLY', 'MINUTELY', 'SECONDLY', 'BYHOUR', 'BYMINUTE', 'BYSECOND'];
const LONGEST = 500;

/** Reads `FREQ=WEEKLY;BYDAY=MO,TU` and the like, with or without `RRULE:` before it. Throws RuleFault. */
export function readRuleParts(text: string): RuleParts {
  const parts = namedParts(text);
  const frequency = readFrequency(parts.get('FREQ'));
  const days = listOf(parts, 'BYDAY').map(readDay);
  const { count, until } = readEnd(parts);
  const rule: RuleParts = {
    frequency,
    interval: wholeOf(parts, 'INTERVAL', 1, 1000) ?? 1,
    count,
    until,
    months: numbersOf(parts, 'BYMONTH', 1, 12),
    monthDays: numbersOf(parts, 'BYMONTHDAY', -31, 31),
    days,
    positions: numbersOf(parts, 'BYSETPOS', -366, 366),
    weekStart: readWeekday(parts.get('WKST') ?? 'MO', 'WKST'),
  };
  if (days.some(({ nth }) => nth !== 0) && (frequency === 'DAILY' || frequency === 'WEEKLY'))
    throw new RuleFault('BYDAY with a number, such as 2MO, goes with MONTHLY or YEARLY');
  if (rule.monthDays.length > 0 && frequency === 'WEEKLY')
    throw new RuleFault('BYMONTHDAY does not go with WEEKLY; use MONTHLY or DAILY');
  if (rule.positions.length > 0 && days.length + rule.monthDays.length + rule.months.length === 0)
    throw new RuleFault('BYSETPOS needs BYDAY, BYMONTHDAY or BYMONTH to choose from');
  return rule;
}

function namedParts(text: string): Map<string, string> {
  if (text.length > LONGEST) throw new RuleFault(`it is longer than ${LONGEST} characters`);
  const parts = new Map<string, string>();
  for (const part of text
    .trim()
    .toUpperCase()
    .replace(/^RRULE:/, '')
    .split(';')) {
    const [name, value, ...rest] = part.split('=');
    if (!value || rest.length > 0) throw new RuleFault(`"${part}" has not the form NAME=VALUE`);
    if (parts.has(name)) throw new RuleFault(`${name} is there twice`);
    if (WITHIN_DAY.includes(name)) throw moreThanDaily(name);
    if (!READ.includes(name)) throw new RuleFault(`${name} cannot be read; known are ${READ.join(', ')}`);
    parts.set(name, value);
  }
  return parts;
}

function moreThanDaily(word: string): RuleFault {
  return new RuleFault(
    `${word} lets a shift begin at other times than its own or more than once a day; give one roster for each shift of the day`,
  );
}

function readFrequency(text: string | undefined): Frequency {
  if (text !== undefined && WITHIN_DAY.includes(text)) throw moreThanDaily(text);
  const frequency = FREQUENCIES.find((name) => name === text);
  if (!frequency) throw new RuleFault(`FREQ must be one of ${FREQUENCIES.join(', ')}`);
  return frequency;
}

function readEnd(parts: Map<string, string>): Pick<RuleParts, 'count' | 'until'> {
  const until = parts.get('UNTIL');
  const count = wholeOf(parts, 'COUNT', 1, 10_000);
  if (until === undefined) return { count, until: undefined };
  if (count !== undefined) throw new RuleFault('COUNT and UNTIL exclude one another');
  const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)$/.exec(until) ?? [];
  const last = dayNumber(`${year}-${month}-${day}`);
  if (last === undefined) throw new RuleFault(`UNTIL=${until} is not a local day such as 20261231`);
  return { count, until: last };
}

function readDay(text: string): NthDay {
  const [, nth = '0', weekday] = /^([+-]?[1-9]\d?)?([A-Z]{2})$/.exec(text) ?? [];
  if (weekday === undefined || Math.abs(Number(nth)) > 53)
    throw new RuleFault(`BYDAY: ${text} is not a day such as MO, 2MO or -1FR`);
  return { weekday: readWeekday(weekday, 'BYDAY'), nth: Number(nth) };
}

function readWeekday(text: string, name: string): number {
  const weekday = WEEKDAYS.indexOf(text);
  if (weekday < 0) throw new RuleFault(`${name}: ${text} is none of ${WEEKDAYS.join(', ')}`);
  return weekday;
}

function listOf(parts: Map<string, string>, name: string): string[] {
  return parts.get(name)?.split(',') ?? [];
}

function numbersOf(parts: Map<string, string>, name: string, least: number, most: number): number[] {
  return listOf(parts, name).map((text) => readWhole(name, text, least, most));
}

function wholeOf(parts: Map<string, string>, name: string, least: number, most: number): number | undefined {
  const text = parts.get(name);
  return text === undefined ? undefined : readWhole(name, text, least, most);
}

function readWhole(name: string, text: string, least: number, most: number): number {
  const value = /^[+-]?\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most && value !== 0) return value;
  throw new RuleFault(
    `${name}: ${text} is not a whole number from ${least} to ${most}${least < 0 ? ' without 0' : ''}`,
  );
}
