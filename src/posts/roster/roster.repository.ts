import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { Database } from '../../db/tables.ts';
import { DomainError } from '../../errors.ts';
import { assertHoliday, assertRoster } from './assertRoster.ts';
import type { HolidayDraft, RosterDraft } from './roster.type.ts';

type Trx = Transaction<Database>;

const BATCH = 5_000;
const COLUMNS = sql`(id uuid, "appointmentId" uuid, "timeZone" text, rule text, "startsLocal" timestamp, minutes int,
  "datesOut" date[], "datesIn" date[], "holidayCalendar" text, "onHolidays" text,
  "validFrom" timestamptz, "validTo" timestamptz)`;

/** Writes rosters and holidays inside an edition being published. */
export class RosterRepository {
  /**
   * Adds rosters; an id already known gets a version for other dates. Appointments and holidays of the same edition go in
   * first. Throws BAD_INPUT for a roster that is wrong in itself, NOT_FOUND for an appointment or calendar not known.
   */
  async insertRosters(trx: Trx, edition: number, drafts: readonly RosterDraft[]): Promise<void> {
    for (const draft of drafts) assertRoster(draft);
    for (let start = 0; start < drafts.length; start += BATCH) {
      const batch = drafts.slice(start, start + BATCH);
      const json = asJson(batch);
      await this.#assertReferences(trx, batch, json);
      await sql`insert into roster (roster_id, appointment_id, post_id, time_zone, rule, starts_local, minutes,
          dates_out, dates_in, holiday_calendar, on_holidays, valid, edition_from)
        select d.id, d."appointmentId", (select a.post_id from appointment a
            where a.appointment_id = d."appointmentId" and a.edition_to is null limit 1),
          d."timeZone", d.rule, d."startsLocal", d.minutes, d."datesOut", d."datesIn", d."holidayCalendar",
          d."onHolidays", tstzrange(d."validFrom", d."validTo"), ${edition}::int
        from jsonb_to_recordset(${json}) as d ${COLUMNS}`.execute(trx);
    }
  }

  /** Ends rosters at an instant, past or planned; what was before it stays. Throws NOT_FOUND for one over by then. */
  async endRosters(trx: Trx, edition: number, ids: readonly string[], at: Date): Promise<void> {
    const closed = await sql<{ id: string }>`update roster set edition_to = ${edition}::int
      where roster_id = any (${sql.val([...ids])}::uuid[]) and edition_to is null and valid && tstzrange(${at}, null)
      returning roster_id as id`.execute(trx);
    const found = new Set(closed.rows.map((row) => row.id));
    const missing = ids.find((id) => !found.has(id));
    if (missing !== undefined) {
      const message = `No roster ${missing} is kept on or after ${at.toISOString()}.`;
      throw new DomainError('NOT_FOUND', message, { roster: missing });
    }
    await sql`insert into roster (roster_id, appointment_id, post_id, time_zone, rule, starts_local, minutes,
        dates_out, dates_in, holiday_calendar, on_holidays, valid, edition_from)
      select roster_id, appointment_id, post_id, time_zone, rule, starts_local, minutes, dates_out, dates_in,
        holiday_calendar, on_holidays, tstzrange(lower(valid), ${at}), ${edition}::int
      from roster where roster_id = any (${sql.val([...ids])}::uuid[]) and edition_to = ${edition}::int
        and lower(valid) < ${at}`.execute(trx);
  }

  /** Adds holidays; a day that its calendar has already keeps its name. Throws BAD_INPUT. */
  async insertHolidays(trx: Trx, edition: number, drafts: readonly HolidayDraft[]): Promise<void> {
    for (const draft of drafts) assertHoliday(draft);
    await sql`insert into holiday (calendar, day, name, edition_from)
      select distinct on (d.calendar, d.day) d.calendar, d.day, d.name, ${edition}::int
      from jsonb_to_recordset(${asJson(drafts)}) as d (calendar text, day date, name text)
      where not exists (select from holiday h
        where h.calendar = d.calendar and h.day = d.day and h.edition_to is null)`.execute(trx);
  }

  /** Takes days out of a calendar. Throws NOT_FOUND for a day that it does not have. */
  async endHolidays(trx: Trx, edition: number, calendar: string, days: readonly string[]): Promise<void> {
    const closed = await sql<{ day: string }>`update holiday set edition_to = ${edition}::int
      where calendar = ${calendar} and day = any (${sql.val([...days])}::date[]) and edition_to is null
      returning day::text as day`.execute(trx);
    const missing = days.find((day) => !closed.rows.some((row) => row.day === day));
    if (missing === undefined) return;
    throw new DomainError('NOT_FOUND', `Calendar ${calendar} has no holiday on ${missing}.`, { calendar, missing });
  }

  async #assertReferences(trx: Trx, drafts: readonly RosterDraft[], json: RawBuilder<unknown>): Promise<void> {
    const found = await sql<{
      id: string;
    }>`select d."appointmentId" as id from jsonb_to_recordset(${json}) as d ${COLUMNS}
      where not exists (select from appointment a
        where a.appointment_id = d."appointmentId" and a.edition_to is null) limit 1`.execute(trx);
    if (found.rows[0]) {
      const { id } = found.rows[0];
      const message = `appointmentId: there is no appointment ${id}; appoint the holder first.`;
      throw new DomainError('NOT_FOUND', message, { field: 'appointmentId', appointment: id });
    }
    const named = [...new Set(drafts.flatMap((draft) => draft.holidayCalendar ?? []))];
    if (named.length === 0) return;
    const kept = await sql<{ calendar: string }>`select distinct calendar from holiday where edition_to is null
      order by calendar`.execute(trx);
    const known = kept.rows.map((row) => row.calendar);
    const missing = named.find((calendar) => !known.includes(calendar));
    if (missing === undefined) return;
    const message = `holidayCalendar: there is no calendar ${missing}; known are ${known.join(', ') || 'none'}.`;
    throw new DomainError('NOT_FOUND', message, { field: 'holidayCalendar', calendars: known });
  }
}

function asJson(drafts: readonly object[]): RawBuilder<unknown> {
  return sql`${JSON.stringify(drafts)}::text::jsonb`;
}
