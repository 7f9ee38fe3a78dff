import { instantOf } from '../../../clock.ts';
import { columnReader } from '../../../csv/readColumns.ts';
import { readCsv } from '../../../csv/readCsv.ts';
import { type RowsFile, readRows } from '../../../csv/readRows.ts';
import { type RosterFault, rosterFaults } from '../assertRoster.ts';
import type { RosterDraft } from '../roster.type.ts';
import { REQUIRED_COLUMNS, ROSTER_COLUMNS, RosterCells, type RosterColumn } from './rosterCells.ts';

/** What a row says of the shift itself; whose it is and since when is for the registry to tell. */
export type ShiftCells = Omit<RosterDraft, 'id' | 'appointmentId' | 'validFrom' | 'validTo'>;

/** One line of a rosters file, read but not yet compared with the registry. */
export interface RostersRow {
  readonly row: number;
  readonly gridCode: string;
  readonly scheme: string | null;
  readonly role: string;
  readonly holder: string;
  readonly shift: ShiftCells;
  readonly from: Date | null;
  readonly to: Date | null;
}

export type RostersFile = RowsFile<RostersRow, RosterColumn>;

const ANY_DAY = '2000-01-01';
const DAY_MINUTES = 1440;

const readHeader = columnReader({ known: ROSTER_COLUMNS, required: REQUIRED_COLUMNS });

/**
 * Reads a rosters file; `timeZone` is where its days begin. Faults of single rows are returned; throws BAD_ENCODING, and
 * BAD_FILE for a file that is empty, is not CSV, lacks a column or has an unknown one: nothing is silently left out.
 */
export function readRostersFile(bytes: Uint8Array, encoding: string | undefined, timeZone: string): RostersFile {
  return readRows(readCsv(bytes, encoding, readHeader), RosterCells, (cells) => readRow(cells, timeZone));
}

function readRow(cells: RosterCells, timeZone: string): RostersRow {
  const at = (text: string) => instantOf(text, timeZone);
  const row: RostersRow = {
    row: cells.row,
    gridCode: cells.text('grid_code') ?? '',
    scheme: cells.text('scheme'),
    role: cells.text('role') ?? '',
    holder: cells.text('holder') ?? '',
    shift: readShift(cells, timeZone),
    from: cells.instant('from', at),
    to: cells.instant('to', at),
  };
  if (row.from && row.to && row.from >= row.to) cells.fault('to', cells.text('to') ?? '', 'is not after `from`');
  // What is wrong in a cell would be wrong in the whole once more.
  if (cells.faults.length === 0) judgeShift(cells, row.shift);
  return row;
}

function readShift(cells: RosterCells, timeZone: string): ShiftCells {
  const isRule = cells.either('days', 'rule') === 'rule';
  const firstDay = cells.text('first_day');
  if (isRule && firstDay === null) cells.fault('first_day', '', 'is empty, but the rule counts from it');
  const startsAt = cells.text('starts_at') ?? '';
  const holidayCalendar = cells.text('holiday_calendar');
  return {
    timeZone: cells.text('time_zone') ?? timeZone,
    rule: isRule ? (cells.text('rule') ?? '') : ruleOfDays(cells.text('days') ?? ''),
    startsLocal: `${firstDay ?? ANY_DAY}T${/^\d:/.test(startsAt) ? '0' : ''}${startsAt}`,
    minutes: readMinutes(cells, startsAt),
    datesOut: cells.dates('dates_out'),
    datesIn: cells.dates('dates_in'),
    holidayCalendar,
    onHolidays: readOnHolidays(cells, holidayCalendar),
  };
}

function ruleOfDays(days: string): string {
  if (days.toUpperCase() === 'DAILY') return 'FREQ=DAILY';
  return `FREQ=WEEKLY;BYDAY=${days
    .toUpperCase()
    .split(/[;；, ]+/)
    .join(',')}`;
}

function readMinutes(cells: RosterCells, startsAt: string): number {
  if (cells.either('ends_at', 'minutes') === 'minutes') {
    const text = cells.text('minutes') ?? '';
    if (text !== '' && !/^\d{1,5}$/.test(text)) cells.fault('minutes', text, 'is not a whole number');
    return Number(text);
  }
  const endsAt = cells.text('ends_at') ?? '';
  const end = minuteOfDay(endsAt);
  if (end === undefined) cells.fault('ends_at', endsAt, 'is not a time such as 06:00');
  const start = minuteOfDay(startsAt);
  if (start === undefined) cells.fault('starts_at', startsAt, 'is not a time such as 22:00');
  if (end === undefined || start === undefined) return 0;
  return end > start ? end - start : end + DAY_MINUTES - start;
}

function minuteOfDay(text: string): number | undefined {
  const [, hours, minutes] = /^(\d{1,2}):([0-5]\d)$/.exec(text) ?? [];
  const minute = Number(hours) * 60 + Number(minutes);
  // 24:00 is how many write the end of the day.
  return minute <= DAY_MINUTES ? minute : undefined;
}

function readOnHolidays(cells: RosterCells, calendar: string | null): RosterDraft['onHolidays'] {
  const text = cells.text('on_holidays')?.toUpperCase() ?? null;
  if (text === null) return calendar === null ? null : 'OFF';
  if (text === 'OFF' || text === 'ONLY') return text;
  cells.fault('on_holidays', text, 'is none of OFF, ONLY');
  return null;
}

const COLUMN_OF: Partial<Record<RosterFault['field'], RosterColumn>> = {
  timeZone: 'time_zone',
  minutes: 'minutes',
  datesOut: 'dates_out',
  datesIn: 'dates_in',
  holidayCalendar: 'holiday_calendar',
  onHolidays: 'on_holidays',
};

function judgeShift(cells: RosterCells, shift: ShiftCells): void {
  const draft = { ...shift, id: '', appointmentId: '', validFrom: new Date(0), validTo: null };
  for (const { field, reason } of rosterFaults(draft)) {
    let column = COLUMN_OF[field];
    if (field === 'startsLocal')
      column = /T([01]\d|2[0-3]):[0-5]\d$/.test(shift.startsLocal) ? 'first_day' : 'starts_at';
    if (field === 'rule') column = cells.text('rule') === null ? 'days' : 'rule';
    if (field === 'minutes' && cells.text('minutes') === null) column = 'ends_at';
    cells.fault(column ?? '', cells.text(column ?? 'rule') ?? '', reason);
  }
}
