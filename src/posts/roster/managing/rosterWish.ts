import { randomUUID } from 'node:crypto';
import { DomainError } from '../../../errors.ts';
import { assertInstant, readDates } from '../../appointing/seats/dates.ts';
import { readStaffName } from '../../appointing/staffText.ts';
import { rosterFaults } from '../assertRoster.ts';
import type { RosterDraft } from '../roster.type.ts';

/** A roster as it is asked for. */
export interface RosterWish {
  readonly timeZone: string;
  readonly rule: string;
  readonly startsLocal: string;
  readonly minutes: number;
  readonly datesOut?: readonly string[] | null;
  readonly datesIn?: readonly string[] | null;
  readonly holidayCalendar?: string | null;
  readonly onHolidays?: 'OFF' | 'ONLY' | null;
  readonly from?: Date | null;
  readonly to?: Date | null;
}

// What an act answers with is kept for when its key comes again, and has room for so many ids.
const MOST_ROSTERS = 30;

/** Throws BAD_INPUT for none, for too many, and for one named twice. */
export function assertList(field: string, list: readonly unknown[], most = MOST_ROSTERS): void {
  const refuse = (words: string) => new DomainError('BAD_INPUT', `${field}: ${words}.`, { field });
  if (list.length < 1 || list.length > most) throw refuse(`give 1 to ${most}, not ${list.length}`);
  const known = list.map((each) => (typeof each === 'string' ? each.toLowerCase() : each));
  if (new Set(known).size < list.length) throw refuse('name each only once');
}

/** The drafts of what is asked for; without a beginning they begin now. Throws BAD_INPUT, naming roster and field. */
export function readRosters(appointmentId: string, wishes: readonly RosterWish[], now: Date): RosterDraft[] {
  assertList('rosters', wishes);
  return wishes.map((wish, index) => {
    const draft = readRoster(appointmentId, wish, `rosters[${index}]`, now);
    const [fault] = rosterFaults(draft);
    if (!fault) return draft;
    const field = `rosters[${index}].${fault.field}`;
    throw new DomainError('BAD_INPUT', `${field}: ${fault.reason}.`, { field });
  });
}

function readRoster(appointmentId: string, wish: RosterWish, at: string, now: Date): RosterDraft {
  const { timeZone, rule, startsLocal, minutes, datesOut, datesIn, holidayCalendar, onHolidays, from, to } = wish;
  return {
    ...{ id: randomUUID(), appointmentId, timeZone, rule, startsLocal, minutes },
    ...{ datesOut: datesOut ?? [], datesIn: datesIn ?? [] },
    holidayCalendar: holidayCalendar == null ? null : readStaffName(`${at}.holidayCalendar`, holidayCalendar, 64),
    onHolidays: onHolidays ?? null,
    ...readSpan(at, from ?? now, to),
  };
}

function readSpan(at: string, from: Date, to: Date | null | undefined) {
  assertInstant(`${at}.from`, from);
  if (to) assertInstant(`${at}.to`, to);
  try {
    return readDates(from, to);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw new DomainError(error.code, `${at}.${error.message}`, { field: `${at}.to` });
  }
}
