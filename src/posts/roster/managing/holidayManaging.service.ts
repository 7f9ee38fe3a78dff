import type { Transaction } from 'kysely';
import type { RequestContext } from '../../../access/requestContext.ts';
import type { Clock } from '../../../clock.ts';
import type { Database } from '../../../db/tables.ts';
import { DomainError } from '../../../errors.ts';
import type { ActAnswer } from '../../appointing/staffing.repository.ts';
import type { DoneAct, Guard, StaffingDesk } from '../../appointing/staffingDesk.ts';
import { readStaffName } from '../../appointing/staffText.ts';
import { assertHoliday } from '../assertRoster.ts';
import type { RosterRepository } from '../roster.repository.ts';
import type { HolidayDraft } from '../roster.type.ts';
import type { RosterReadingRepository } from './managing.repository.ts';
import { assertList } from './rosterWish.ts';

type Trx = Transaction<Database>;

const MOST_DAYS = 400;
const LONGEST_CALENDAR = 64;

interface CalendarAnswer extends ActAnswer {
  readonly calendar: string;
  readonly changed: number;
}

export interface DoneCalendarAct extends DoneAct {
  readonly answer: CalendarAnswer;
}

/** An act on one calendar. */
interface CalendarAct {
  readonly field: string;
  readonly did: 'added' | 'ended';
  readonly calendar: string;
  readonly input: unknown;
  /** What was sent, as holidays. Throws BAD_INPUT. */
  read(calendar: string): readonly HolidayDraft[];
  write(trx: Trx, edition: number, holidays: readonly HolidayDraft[]): Promise<void>;
}

/** Adds and ends holidays, each act one edition. A calendar concerns every area, so it takes the right everywhere. */
export class HolidayManagingService {
  readonly #desk: StaffingDesk;
  readonly #rosters: RosterRepository;
  readonly #reading: RosterReadingRepository;
  readonly #clock: Clock;

  constructor(desk: StaffingDesk, rosters: RosterRepository, reading: RosterReadingRepository, clock: Clock) {
    this.#desk = desk;
    this.#rosters = rosters;
    this.#reading = reading;
    this.#clock = clock;
  }

  /** Throws FORBIDDEN, BAD_INPUT, CONFLICT where the calendar has all of the days, and what the desk throws. */
  addHolidays(
    by: RequestContext,
    calendar: string,
    days: readonly Omit<HolidayDraft, 'calendar'>[],
    guard: Guard,
  ): Promise<DoneCalendarAct> {
    const act: CalendarAct = {
      ...{ field: 'Mutation.addHolidays', did: 'added', calendar, input: { calendar, days } },
      read: (kept) => days.map(({ day, name }) => ({ calendar: kept, day, name: readStaffName('name', name, 100) })),
      write: (trx, edition, holidays) => this.#rosters.insertHolidays(trx, edition, holidays),
    };
    return this.#perform(by, act, guard);
  }

  /** Throws FORBIDDEN, BAD_INPUT, NOT_FOUND for a day that the calendar does not have, and what the desk throws. */
  endHolidays(by: RequestContext, calendar: string, days: readonly string[], guard: Guard): Promise<DoneCalendarAct> {
    const act: CalendarAct = {
      ...{ field: 'Mutation.endHolidays', did: 'ended', calendar, input: { calendar, days } },
      read: (kept) => days.map((day) => ({ calendar: kept, day, name: 'any' })),
      write: (trx, edition, [{ calendar: kept }]) => this.#rosters.endHolidays(trx, edition, kept, days),
    };
    return this.#perform(by, act, guard);
  }

  #perform(by: RequestContext, act: CalendarAct, guard: Guard): Promise<DoneCalendarAct> {
    const { field, did, input } = act;
    const done = this.#desk.perform(by, { field, input, guard }, async (areas) => {
      if (areas !== 'everywhere') {
        const message = `${field}: a calendar concerns every area, and your own right is for some areas only.`;
        throw new DomainError('FORBIDDEN', message, { field });
      }
      const calendar = readStaffName('calendar', act.calendar, LONGEST_CALENDAR);
      const holidays = act.read(calendar);
      assertList(
        'days',
        holidays.map(({ day }) => day),
        MOST_DAYS,
      );
      for (const holiday of holidays) assertHoliday(holiday);
      const at = this.#clock();
      const write = async (trx: Trx, edition: number): Promise<CalendarAnswer> => {
        await act.write(trx, edition, holidays);
        const changed = await this.#reading.countHolidays(trx, edition);
        if (changed > 0) return { asOf: at.getTime(), calendar, changed };
        throw new DomainError('CONFLICT', 'days: the calendar has all of them already.', { field: 'days' });
      };
      const title = `Holidays ${did === 'added' ? 'added to' : 'taken out of'} calendar ${calendar}`;
      const details = { did: `holidays ${did}`, days: holidays.length };
      return { title, at, gridIds: [], object: { kind: 'calendar', id: calendar }, details, write };
    });
    // An act that is answered again was written by the same field, for its name is part of what is compared.
    return done as Promise<DoneCalendarAct>;
  }
}
