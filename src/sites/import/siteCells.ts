import { privateThingIn } from '../../api/input/note.ts';
import { RowCells } from '../../csv/rowCells.ts';
import type { HoursPattern } from '../hours/openingHours.ts';
import { HoursFault, isTimeZone, readHours } from '../hours/readHours.ts';
import type { SiteColumn } from './sitesFile.ts';

const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const NUMBERS: readonly SiteColumn[] = ['lon', 'lat', 'radius_metres', 'stars', 'most_stars', 'site_code'];
const DAY = /^\d{4}-\d\d-\d\d$/;
const MOST_SHOWN = 60;
const NUMBER = /^-?\d{1,7}(\.\d{1,20})?$/;

/** The cells of one row; what is wrong with them gathers in `faults`. */
export class SiteCells extends RowCells<SiteColumn> {
  protected override judge(column: SiteColumn, value: string): void {
    if (UNSEEN.test(value)) this.fault(column, value, 'holds a line break or another unseen character');
    const found = NUMBERS.includes(column) ? undefined : privateThingIn(value);
    if (found) this.fault(column, value.slice(0, 3), `looks like ${found}, which Wangge never keeps`);
  }

  override fault(column: SiteColumn | '', value: string, reason: string): void {
    super.fault(column, value.slice(0, MOST_SHOWN), reason);
  }

  override text(column: SiteColumn, longest: number): string | null {
    const value = this.cell(column);
    if ([...value].length > longest) this.fault(column, value, `is longer than ${longest} characters`);
    return value === '' ? null : value;
  }

  number(column: SiteColumn, least: number, most: number): number | null {
    const value = this.text(column, 30);
    if (value === null) return null;
    const number = Number(value);
    if (NUMBER.test(value) && number >= least && number <= most) return number;
    this.fault(column, value, `is not a number from ${least} to ${most}`);
    return null;
  }

  wholeNumber(column: SiteColumn, least: number, most: number): number | null {
    const number = this.number(column, least, most);
    if (number === null || Number.isInteger(number)) return number;
    this.fault(column, String(number), 'is not a whole number');
    return null;
  }

  list(column: SiteColumn): string[] {
    const parts = this.cell(column)
      .split(/[;；]/)
      .map((part) => part.trim());
    return [...new Set(parts.filter((part) => part !== ''))];
  }

  /** `otherwise` is for a site that names none. */
  timeZone(otherwise: string): string {
    const name = this.text('time_zone', 64);
    if (name !== null && !isTimeZone(name))
      this.fault('time_zone', name, 'is no time zone; write it like Asia/Shanghai');
    return name ?? otherwise;
  }

  hours(): HoursPattern | null {
    const text = this.text('hours', 2000);
    if (text === null) return null;
    try {
      return readHours(text);
    } catch (error) {
      if (!(error instanceof HoursFault)) throw error;
      this.fault('hours', text, error.message);
      return null;
    }
  }

  day(column: SiteColumn): string | null {
    const value = this.text(column, 10);
    if (value === null) return null;
    if (DAY.test(value) && isDay(value)) return value;
    this.fault(column, value, 'is no day; write it like 2024-03-01');
    return null;
  }
}

// Date takes 30 February for 1 March.
function isDay(text: string): boolean {
  return new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text) ?? false;
}
