import { privateThingIn } from '../../../api/input/note.ts';
import { RowCells } from '../../../csv/rowCells.ts';
import { dayNumber } from '../pattern/zone.ts';

/** Every column of a rosters file, with what its cells say. The header is required, the order free. */
export const ROSTER_COLUMNS = {
  grid_code: 'Code of the grid that the post answers for.',
  scheme: 'Scheme of that code; may be left out while the code names one grid only.',
  role: 'Code of the role of the post.',
  holder: 'Name or id of the person or body that holds the post.',
  time_zone: 'IANA name of the zone of the clock on the wall; TIME_ZONE when left out.',
  days: 'Days of the week on which the shift begins, such as MO;TU;SA, or DAILY. Either this or rule.',
  rule: 'A rule of RFC 5545, such as FREQ=MONTHLY;BYDAY=1SA. Either this or days.',
  first_day: 'The day from which the rule counts; needed with rule, 2000-01-01 when left out with days.',
  starts_at: 'When the shift begins, such as 22:00.',
  ends_at: 'When it ends, such as 06:00: on the next day where it is not later. Either this or minutes.',
  minutes: 'How long it is by the clock on the wall, at most 10080. Either this or ends_at.',
  dates_out: 'Days on which it does not begin, separated by semicolons.',
  dates_in: 'Further days on which it begins, separated by semicolons.',
  holiday_calendar: 'A calendar of holidays.',
  on_holidays: 'OFF (when left out with a calendar): not on its days; ONLY: on its days only.',
  from: 'First instant of the roster: RFC 3339, or a day (its first instant in TIME_ZONE). Now when left out.',
  to: 'First instant no longer of it, in the same form. No end when left out.',
} as const;

export type RosterColumn = keyof typeof ROSTER_COLUMNS;
export const REQUIRED_COLUMNS: readonly RosterColumn[] = ['grid_code', 'role', 'holder', 'starts_at'];
// Codes of grids may be as long as an identity card number.
const CODES: readonly RosterColumn[] = ['grid_code', 'scheme', 'role'];
const LONGEST: Partial<Record<RosterColumn, number>> = { rule: 500, dates_out: 11_000, dates_in: 11_000 };
const UNPRINTABLE = /[\p{Cc}\p{Cs}]/u;
const MOST_SHOWN = 100;

/** The cells of one row; what is wrong with them gathers in `faults`. */
export class RosterCells extends RowCells<RosterColumn> {
  protected override judge(column: RosterColumn, value: string): void {
    const longest = LONGEST[column] ?? 100;
    if (value.length > longest) this.fault(column, value, `is longer than ${longest} characters`);
    if (UNPRINTABLE.test(value)) this.fault(column, value, 'holds a line break or another control character');
    const found = CODES.includes(column) ? undefined : privateThingIn(value);
    if (found) this.fault(column, value.slice(0, 6), `looks like ${found}`);
    if (value === '' && REQUIRED_COLUMNS.includes(column)) this.fault(column, value, 'is empty');
  }

  override fault(column: RosterColumn | '', value: string, reason: string): void {
    super.fault(column, value.slice(0, MOST_SHOWN), reason);
  }

  /** Null where the cell is empty. */
  override text(column: RosterColumn): string | null {
    return this.cell(column) || null;
  }

  /** Which of two columns is given; a fault unless exactly one is. */
  either(one: RosterColumn, other: RosterColumn): RosterColumn {
    const [first, second] = [this.text(one), this.text(other)];
    if (first !== null && second !== null) this.fault(other, second, `is given beside ${one}; give one of them`);
    if (first === null && second === null) this.fault(one, '', `is empty, and so is ${other}; give one of them`);
    return first === null ? other : one;
  }

  /** Days, separated by semicolons. */
  dates(column: RosterColumn): string[] {
    const dates = (this.text(column) ?? '').split(/[;；]/).map((date) => date.trim());
    const given = [...new Set(dates.filter((date) => date !== ''))];
    const wrong = given.find((date) => dayNumber(date) === undefined);
    if (wrong !== undefined) this.fault(column, wrong, 'is not a day such as 2026-10-01');
    return given;
  }
}
