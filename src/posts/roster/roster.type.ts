import type { Validity } from '../post.type.ts';
import type { ShiftWords } from './pattern/shiftPattern.ts';

/**
 * One shift of one appointment, for the time in which it is worked. Several rosters of one appointment add up. Whoever
 * holds a post of which some holder has a roster at an instant is on duty only by rosters; of a post without any, everybody
 * always is.
 */
export interface RosterDraft extends ShiftWords, Validity {
  readonly id: string;
  readonly appointmentId: string;
  /** IANA name of the zone of the clock on the wall. */
  readonly timeZone: string;
  /** The calendar that `onHolidays` means; null where it is null. */
  readonly holidayCalendar: string | null;
}

/** A roster as the registry keeps it. */
export interface RosterState extends Omit<RosterDraft, keyof Validity> {
  readonly postId: string;
}

/** A day of a named calendar of holidays, YYYY-MM-DD. */
export interface HolidayDraft {
  readonly calendar: string;
  readonly day: string;
  readonly name: string;
}

export type HolidayState = Pick<HolidayDraft, 'calendar' | 'day'>;
