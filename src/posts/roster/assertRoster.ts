import { DomainError } from '../../errors.ts';
import { assertDates } from '../post.type.ts';
import { RuleFault } from './pattern/ruleText.ts';
import { LONGEST_SHIFT_MINUTES, ShiftPattern } from './pattern/shiftPattern.ts';
import { DAY_MS, dayNumber, zoneOf } from './pattern/zone.ts';
import type { HolidayDraft, RosterDraft } from './roster.type.ts';

/** The fields of a draft that may be wrong. */
export type RosterField = keyof RosterDraft;

/** What is wrong with one field of a roster; the reason goes on from its name. */
export interface RosterFault {
  readonly field: RosterField;
  readonly reason: string;
}

const MOST_DATES = 1000;
const LONGEST_CALENDAR = 64;
const NEVER_TRIED_DAYS = 366 * 9; // Every rule falls within two leap years, or is a mistake.

/** Everything that is wrong with a roster in itself; what it refers to is for the database to say. */
export function rosterFaults(draft: RosterDraft): RosterFault[] {
  const faults = [...shiftFaults(draft), ...dateFaults(draft), ...holidayFaults(draft)];
  return faults.length > 0 ? faults : ruleFaults(draft);
}

/** Throws BAD_INPUT for the first thing that is wrong with a roster. */
export function assertRoster(draft: RosterDraft): void {
  assertDates(draft);
  const [fault] = rosterFaults(draft);
  if (!fault) return;
  const { field, reason } = fault;
  throw new DomainError('BAD_INPUT', `${field}: ${reason}.`, { field, id: draft.id });
}

/** Throws BAD_INPUT for a day that the calendar does not have, and for names that are empty or too long. */
export function assertHoliday({ calendar, day, name }: HolidayDraft): void {
  const wrong = (field: string, reason: string) => new DomainError('BAD_INPUT', `${field}: ${reason}.`, { field });
  if (!isBetween(calendar.length, 1, LONGEST_CALENDAR)) throw wrong('calendar', 'give 1 to 64 characters');
  if (dayNumber(day) === undefined) throw wrong('day', `${day} is not a day such as 2026-10-01`);
  if (!isBetween(name.length, 1, 100)) throw wrong('name', 'give 1 to 100 characters');
}

function shiftFaults({ timeZone, startsLocal, minutes }: RosterDraft): RosterFault[] {
  const faults: RosterFault[] = [];
  if (!isZone(timeZone)) {
    faults.push({ field: 'timeZone', reason: `${timeZone} is no IANA time zone; write it like Asia/Shanghai` });
  }
  if (!isLocalTime(startsLocal)) {
    const reason = `${startsLocal} is not a local time without an offset, such as 2026-01-05T22:00`;
    faults.push({ field: 'startsLocal', reason });
  }
  if (!Number.isInteger(minutes) || !isBetween(minutes, 1, LONGEST_SHIFT_MINUTES)) {
    const reason = `a shift has 1 to ${LONGEST_SHIFT_MINUTES} whole minutes (seven days), not ${minutes}`;
    faults.push({ field: 'minutes', reason });
  }
  return faults;
}

function dateFaults({ datesOut, datesIn }: RosterDraft): RosterFault[] {
  const faults: RosterFault[] = [];
  for (const [field, dates] of Object.entries({ datesOut, datesIn }) as ['datesOut' | 'datesIn', string[]][]) {
    const wrong = dates.find((date) => dayNumber(date) === undefined);
    if (wrong !== undefined) faults.push({ field, reason: `${wrong} is not a day such as 2026-10-01` });
    if (dates.length > MOST_DATES) faults.push({ field, reason: `at most ${MOST_DATES} dates, not ${dates.length}` });
  }
  const both = datesIn.find((date) => datesOut.includes(date));
  if (both !== undefined) faults.push({ field: 'datesIn', reason: `${both} is in datesOut too` });
  return faults;
}

function holidayFaults({ holidayCalendar, onHolidays }: RosterDraft): RosterFault[] {
  if (holidayCalendar === null && onHolidays === null) return [];
  if (holidayCalendar === null) {
    return [{ field: 'holidayCalendar', reason: 'name the calendar whose holidays onHolidays means' }];
  }
  if (!isBetween(holidayCalendar.length, 1, LONGEST_CALENDAR)) {
    return [{ field: 'holidayCalendar', reason: `give 1 to ${LONGEST_CALENDAR} characters` }];
  }
  if (onHolidays !== null) return [];
  return [
    { field: 'onHolidays', reason: 'say OFF (not on holidays) or ONLY (on holidays only) with a holidayCalendar' },
  ];
}

function ruleFaults(draft: RosterDraft): RosterFault[] {
  try {
    const pattern = new ShiftPattern({ ...draft, onHolidays: null }, zoneOf(draft.timeZone));
    const first = dayNumber(draft.startsLocal.slice(0, 10))!;
    for (let day = first; day < first + NEVER_TRIED_DAYS; day += 1) if (pattern.beginsOn(day)) return [];
    if (draft.datesIn.length > 0) return [];
    return [{ field: 'rule', reason: `${draft.rule} falls on no day after ${draft.startsLocal.slice(0, 10)}` }];
  } catch (fault) {
    if (!(fault instanceof RuleFault)) throw fault;
    return [{ field: 'rule', reason: fault.message }];
  }
}

function isZone(timeZone: string): boolean {
  // An offset such as +08:00 is none: it knows nothing of summer time.
  if (!/^[A-Za-z]/.test(timeZone) || timeZone.length > 64) return false;
  try {
    return Boolean(zoneOf(timeZone));
  } catch {
    return false;
  }
}

function isLocalTime(text: string): boolean {
  const [, day, clock] = /^(\d{4}-\d\d-\d\d)T((?:[01]\d|2[0-3]):[0-5]\d)$/.exec(text) ?? [];
  // The rule counts from this day on: one in antiquity would be a slip, and cost a long count.
  return clock !== undefined && Math.abs(dayNumber(day) ?? Number.NaN) * DAY_MS < Date.parse('2170-01-01');
}

function isBetween(value: number, least: number, most: number): boolean {
  return value >= least && value <= most;
}
