import { startOfDay } from '../../clock.ts';
import { privateThingIn } from '../../posts/appointing/staffText.ts';
import type { HoursPattern } from '../hours/openingHours.ts';
import { HoursFault, isTimeZone, readHours } from '../hours/readHours.ts';
import type { SiteColumn, SiteFault } from './sitesFile.ts';

const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const NUMBERS: readonly SiteColumn[] = ['lon', 'lat', 'radius_metres', 'stars', 'most_stars', 'site_code'];
const DAY = /^\d{4}-\d\d-\d\d$/;
const INSTANT = /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/;
const NUMBER = /^-?\d{1,7}(\.\d{1,20})?$/;

/** The cells of one row; what is wrong with them gathers in `faults`. */
export class SiteCells {
  readonly row: number;
  readonly faults: SiteFault[] = [];
  readonly #timeZone: string;
  readonly #cells = new Map<SiteColumn, string>();

  /** `timeZone` is where days begin, by its IANA name. */
  constructor(row: number, columns: readonly SiteColumn[], record: readonly string[], timeZone: string) {
    this.row = row;
    this.#timeZone = timeZone;
    for (const [index, column] of columns.entries()) this.#cells.set(column, record[index]?.trim() ?? '');
    if (record.length !== columns.length) {
      this.fault('', record.join(','), `has ${record.length} cells where the header names ${columns.length} columns`);
    }
    for (const [column, value] of this.#cells) {
      if (UNSEEN.test(value)) this.fault(column, value, 'holds a line break or another unseen character');
      const found = NUMBERS.includes(column) ? undefined : privateThingIn(value);
      if (found) this.fault(column, value.slice(0, 3), `looks like ${found}, which Wangge never keeps`);
    }
  }

  fault(column: SiteFault['column'], value: string, reason: string): void {
    this.faults.push({ row: this.row, column, value: value.slice(0, 60), reason });
  }

  text(column: SiteColumn, longest: number): string | null {
    const value = this.#cells.get(column) ?? '';
    if ([...value].length > longest) this.fault(column, value, `is longer than ${longest} characters`);
    return value === '' ? null : value;
  }

  required(column: SiteColumn, longest: number): string {
    const value = this.text(column, longest);
    if (value === null) this.fault(column, '', 'is empty');
    return value ?? '';
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
    const parts = (this.#cells.get(column) ?? '').split(/[;；]/).map((part) => part.trim());
    return [...new Set(parts.filter((part) => part !== ''))];
  }

  timeZone(): string {
    const name = this.text('time_zone', 64);
    if (name !== null && !isTimeZone(name))
      this.fault('time_zone', name, 'is no time zone; write it like Asia/Shanghai');
    return name ?? this.#timeZone;
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

  instant(column: SiteColumn): Date | null {
    const value = this.text(column, 40);
    if (value === null) return null;
    const parts = INSTANT.exec(value);
    const instant = parts && isDay(parts[1]) && (parts[2] ? new Date(value) : startOfDay(parts[1], this.#timeZone));
    if (instant && !Number.isNaN(instant.getTime())) return instant;
    this.fault(column, value, 'is not a date like 2024-03-01 or an instant like 2024-03-01T08:00:00+08:00');
    return null;
  }
}

// Date takes 30 February for 1 March.
function isDay(text: string): boolean {
  return new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text) ?? false;
}
