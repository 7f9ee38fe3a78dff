import { type Kysely, sql } from 'kysely';
import { inEveryArea } from '../../db/areas.ts';
import type { Database } from '../../db/tables.ts';
import { readTable, type TableLog } from '../../grids/log/datedLog.ts';
import type { HolidayState, RosterState } from './roster.type.ts';

export interface RosterLog {
  readonly rosters: TableLog<RosterState>;
  readonly holidays: TableLog<HolidayState>;
}

/** Reads what the RosterBook holds, by the log of editions. */
export class RosterLogRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** What the editions in (after, upTo] opened and closed, for all areas. */
  readLog(after: number, upTo: number): Promise<RosterLog> {
    return inEveryArea(this.#db, async (trx) => ({
      rosters: await readTable<RosterState>(
        { trx, after, upTo },
        sql`roster r`,
        sql`r.roster_id as id, r.appointment_id as "appointmentId", r.post_id as "postId", r.time_zone as "timeZone",
          r.rule, to_char(r.starts_local, 'YYYY-MM-DD"T"HH24:MI') as "startsLocal", r.minutes,
          r.dates_out::text[] as "datesOut", r.dates_in::text[] as "datesIn",
          r.holiday_calendar as "holidayCalendar", r.on_holidays as "onHolidays"`,
      ),
      // A holiday is its own date, so it holds on all dates that an edition believes in.
      holidays: await readTable<HolidayState>(
        { trx, after, upTo },
        sql`(select h.*, tstzrange('-infinity', 'infinity') as valid from holiday h) r`,
        sql`r.calendar, r.day::text as day`,
      ),
    }));
  }
}
