import type { ColumnType, Generated } from 'kysely';

/** A date array: written from texts YYYY-MM-DD; read it as text[]. */
type Days = ColumnType<unknown, string[], never>;

interface Known {
  id: Generated<number>;
  edition_from: number;
  edition_to: number | null;
}

interface RosterTable extends Known {
  roster_id: string;
  appointment_id: string;
  post_id: string;
  time_zone: string;
  rule: string;
  /** Read it as text: it means no instant without its time zone. */
  starts_local: ColumnType<unknown, string, never>;
  minutes: number;
  dates_out: Days;
  dates_in: Days;
  holiday_calendar: string | null;
  on_holidays: 'OFF' | 'ONLY' | null;
  /** tstzrange in PostgreSQL's text form; read its bounds with lower() and upper(). */
  valid: string;
}

interface HolidayTable extends Known {
  calendar: string;
  day: ColumnType<unknown, string, never>;
  name: string;
}

export interface RosterTables {
  roster: RosterTable;
  holiday: HolidayTable;
}
