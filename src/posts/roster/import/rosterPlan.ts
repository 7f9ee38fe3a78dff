import { BadCell, type CellFault } from '../../../csv/cellFault.ts';
import type { CodeEntry } from '../../../grids/atlas/rows.ts';
import type { DatedRow } from '../../../grids/log/datedLog.ts';
import { FOREVER } from '../../../grids/moment.ts';
import { stableId } from '../../../ids.ts';
import type { Role } from '../../api/staff.type.ts';
import type { AppointmentState, KnownStaff } from '../../directory.repository.ts';
import { groupBy } from '../../import/subject.ts';
import type { RosterDraft, RosterState } from '../roster.type.ts';
import type { RosterColumn } from './rosterCells.ts';
import type { RostersRow, ShiftCells } from './rostersFile.ts';

/** What one edition of the registry knows, as far as rosters need it. */
export interface KnownRosters {
  readonly edition: number;
  readonly staff: KnownStaff;
  readonly roles: readonly Role[];
  readonly rosters: readonly DatedRow<RosterState>[];
  readonly calendars: readonly string[];
  /** Every grid that has the code, in any scheme. */
  listCodes(code: string): readonly CodeEntry[];
}

/** What a file would write. Empty everywhere when all of it is known already. */
export interface RosterPlan {
  readonly rosters: readonly RosterDraft[];
  readonly ends: readonly { readonly id: string; readonly at: Date }[];
  readonly faults: readonly CellFault<RosterColumn>[];
}

/** A roster from its first to its last known instant. */
interface KnownSpan {
  readonly id: string;
  readonly from: number;
  readonly to: number;
  /** The row of the file that speaks of it. */
  row: number | null;
}

class BadRosterCell extends BadCell<RosterColumn> {}

/** Compares a file with what is known. Rows without `from` begin at `at`, unless they mean a roster in force then. */
export function planRosters(rows: readonly RostersRow[], known: KnownRosters, at: number): RosterPlan {
  const planner = new Planner(known, at);
  const faults: CellFault<RosterColumn>[] = [];
  for (const row of rows) {
    try {
      planner.take(row);
    } catch (fault) {
      if (!(fault instanceof BadRosterCell)) throw fault;
      faults.push(fault.at(row.row));
    }
  }
  return { rosters: planner.rosters, ends: planner.ends, faults };
}

class Planner {
  readonly rosters: RosterDraft[] = [];
  readonly ends: { readonly id: string; readonly at: Date }[] = [];
  readonly #known: KnownRosters;
  readonly #at: number;
  readonly #spans: Map<string, KnownSpan[]>;
  readonly #posts: Map<string, string>;
  readonly #appointments: Map<string, DatedRow<AppointmentState>[]>;
  readonly #names: Map<string, Set<string>>;

  constructor(known: KnownRosters, at: number) {
    this.#known = known;
    this.#at = at;
    this.#spans = spansOf(known.rosters);
    this.#posts = new Map(known.staff.posts.map(({ value }) => [`${value.roleId}/${value.gridId}`, value.id]));
    this.#appointments = groupBy(known.staff.appointments, ({ value }) => value.postId);
    this.#names = new Map();
    for (const { value } of [...known.staff.people, ...known.staff.bodies]) {
      this.#names.set(value.id, (this.#names.get(value.id) ?? new Set()).add(value.name));
    }
  }

  take(row: RostersRow): void {
    const { holidayCalendar } = row.shift;
    if (holidayCalendar !== null && !this.#known.calendars.includes(holidayCalendar)) {
      const calendars = this.#known.calendars.join(', ') || 'none';
      throw new BadRosterCell('holiday_calendar', holidayCalendar, `is no known calendar; known are ${calendars}`);
    }
    const appointmentId = this.#appointment(row, this.#post(row));
    const key = contentKey(appointmentId, row.shift);
    const spans = this.#spans.get(key) ?? [];
    this.#spans.set(key, spans);
    const from = row.from?.getTime() ?? this.#at;
    const meant = spans.find((span) => isMeant(span, row, from));
    if (meant?.row)
      throw new BadRosterCell('starts_at', row.shift.startsLocal.slice(11), `says the same as row ${meant.row}`);
    this.#place(row, appointmentId, { key, spans, from, meant });
  }

  #place(
    row: RostersRow,
    appointmentId: string,
    { key, spans, from, meant }: { key: string; spans: KnownSpan[]; from: number; meant: KnownSpan | undefined },
  ): void {
    const start = meant?.from ?? from;
    const to = row.to?.getTime() ?? meant?.to ?? FOREVER;
    if (to <= start)
      throw new BadRosterCell('to', instantText(to), `is not after the beginning, ${instantText(start)}`);
    const other = spans.find((span) => span !== meant && start < span.to && span.from < to);
    if (other) {
      const dates = `${instantText(other.from)} to ${instantText(other.to)}`;
      throw new BadRosterCell(
        'from',
        row.from?.toISOString() ?? '',
        `overlaps the same roster as it is known: ${dates}`,
      );
    }
    const id = meant?.id ?? stableId('roster', key, instantText(from));
    if (meant && to < meant.to) this.ends.push({ id, at: new Date(to) });
    const added = meant ? meant.to : from;
    const validTo = to === FOREVER ? null : new Date(to);
    if (added < to) this.rosters.push({ ...row.shift, id, appointmentId, validFrom: new Date(added), validTo });
    if (meant) spans.splice(spans.indexOf(meant), 1);
    spans.push({ id, from: start, to, row: row.row });
  }

  #post(row: RostersRow): string {
    const role = this.#known.roles.find((candidate) => candidate.code === row.role);
    if (!role) {
      const roles = this.#known.roles.map((candidate) => candidate.code).join(', ');
      throw new BadRosterCell('role', row.role, `is no known role; known are ${roles || 'none'}`);
    }
    const anywhere = this.#known.listCodes(row.gridCode);
    const found = anywhere.filter((entry) => row.scheme === null || entry.scheme.code === row.scheme);
    const grids = new Set(found.map((entry) => entry.grid));
    const schemes = anywhere.map((entry) => entry.scheme.code).join(', ');
    if (anywhere.length === 0) throw new BadRosterCell('grid_code', row.gridCode, 'is the code of no grid');
    if (grids.size === 0)
      throw new BadRosterCell('scheme', row.scheme ?? '', `has no grid ${row.gridCode}; it is a code in ${schemes}`);
    if (grids.size > 1)
      throw new BadRosterCell('grid_code', row.gridCode, `names several grids; give the scheme: ${schemes}`);
    const post = this.#posts.get(`${role.id}/${found[0].grid.id}`);
    if (post !== undefined) return post;
    throw new BadRosterCell('role', row.role, `has no post on grid ${row.gridCode}; import the post first`);
  }

  /** The appointment of the holder that holds when the roster begins, else the next after that. */
  #appointment(row: RostersRow, postId: string): string {
    const held = (this.#appointments.get(postId) ?? []).filter(({ value }) => {
      const id = value.personId ?? value.bodyId!;
      return id === row.holder.toLowerCase() || this.#names.get(id)?.has(row.holder);
    });
    if (held.length === 0)
      throw new BadRosterCell('holder', row.holder, `holds no post of ${row.role} on ${row.gridCode}`);
    const holders = new Set(held.map(({ value }) => value.personId ?? value.bodyId));
    if (holders.size > 1)
      throw new BadRosterCell('holder', row.holder, `names ${holders.size} holders; give the id instead`);
    const from = row.from?.getTime() ?? this.#at;
    const [first] = held.filter(({ validTo }) => from < validTo).sort((a, b) => a.validFrom - b.validFrom);
    if (first) return first.value.id;
    throw new BadRosterCell('holder', row.holder, `holds the post no longer at ${instantText(from)}`);
  }
}

// A row without `from` means what is in force, or what it has ended or planned to end before.
function isMeant(span: KnownSpan, row: RostersRow, at: number): boolean {
  if (row.from) return span.from === row.from.getTime();
  return (span.from <= at && at < span.to) || span.to === row.to?.getTime();
}

function contentKey(appointmentId: string, shift: ShiftCells): string {
  const { timeZone, rule, startsLocal, minutes, datesOut, datesIn, holidayCalendar, onHolidays } = shift;
  const dates = [[...datesOut].sort(), [...datesIn].sort()];
  return JSON.stringify([appointmentId, timeZone, rule, startsLocal, minutes, dates, holidayCalendar, onHolidays]);
}

function spansOf(rows: readonly DatedRow<RosterState>[]): Map<string, KnownSpan[]> {
  const spans = new Map<string, KnownSpan[]>();
  for (const [id, parts] of groupBy(rows, ({ value }) => value.id)) {
    const key = contentKey(parts[0].value.appointmentId, parts[0].value);
    const from = Math.min(...parts.map((part) => part.validFrom));
    const to = Math.max(...parts.map((part) => part.validTo));
    spans.set(key, [...(spans.get(key) ?? []), { id, from, to, row: null }]);
  }
  return spans;
}

function instantText(milliseconds: number): string {
  return Number.isFinite(milliseconds) ? new Date(milliseconds).toISOString() : 'no known date';
}
