import { sql, type Transaction } from 'kysely';
import type { Database } from '../../../db/tables.ts';
import type { Validity } from '../../post.type.ts';
import type { RosterDraft } from '../roster.type.ts';

type Trx = Transaction<Database>;

/** A roster as the newest edition knows it: from its first to its last instant. */
export interface WrittenRoster extends Validity {
  readonly id: string;
  readonly postId: string;
}

/** Reads, within the publication that changes it, what is written of rosters. Sees what its transaction's areas show. */
export class RosterReadingRepository {
  /** Those of the ids that are kept; none for an unknown one and for one that never began. */
  async listRosters(trx: Trx, ids: readonly string[]): Promise<WrittenRoster[]> {
    const { rows } = await sql<WrittenRoster>`select r.roster_id as id, r.post_id as "postId",
        min(lower(r.valid)) as "validFrom",
        case when bool_or(upper_inf(r.valid)) then null else max(upper(r.valid)) end as "validTo"
      from roster r where r.roster_id = any (${sql.val([...ids])}::uuid[]) and r.edition_to is null
      group by r.roster_id, r.post_id`.execute(trx);
    return rows;
  }

  /** A roster of the same appointment that says the same for a part of the same dates. */
  async findSame(trx: Trx, draft: RosterDraft): Promise<string | undefined> {
    const [datesOut, datesIn] = [[...draft.datesOut], [...draft.datesIn]];
    const { rows } = await sql<{ id: string }>`select r.roster_id as id from roster r
      where r.appointment_id = ${draft.appointmentId}::uuid and r.edition_to is null
        and r.valid && tstzrange(${draft.validFrom}::timestamptz, ${draft.validTo}::timestamptz)
        and r.time_zone = ${draft.timeZone} and r.rule = ${draft.rule}
        and r.starts_local = ${draft.startsLocal}::timestamp and r.minutes = ${draft.minutes}::int
        and r.dates_out @> ${sql.val(datesOut)}::date[] and r.dates_out <@ ${sql.val(datesOut)}::date[]
        and r.dates_in @> ${sql.val(datesIn)}::date[] and r.dates_in <@ ${sql.val(datesIn)}::date[]
        and r.holiday_calendar is not distinct from ${draft.holidayCalendar}::text
        and r.on_holidays is not distinct from ${draft.onHolidays}::text
      order by 1 limit 1`.execute(trx);
    return rows[0]?.id;
  }

  /** How many days the edition put into calendars or took out. */
  async countHolidays(trx: Trx, edition: number): Promise<number> {
    const { rows } = await sql<{ count: number }>`select count(*)::int as count from holiday
      where edition_from = ${edition}::int or edition_to = ${edition}::int`.execute(trx);
    return rows[0].count;
  }
}
