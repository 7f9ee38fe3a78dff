import type { DatedRow, TableLog } from '../../grids/log/datedLog.ts';
import { OPEN_EDITION } from '../../grids/moment.ts';
import { Timeline } from '../timeline.ts';
import { type DayNumber, dayNumber } from './pattern/zone.ts';
import type { HolidayState } from './roster.type.ts';

/** The holidays of one calendar as some editions know them; the same object while they know the same days. */
export interface Calendar {
  readonly days: ReadonlySet<DayNumber>;
}

const NO_CALENDAR: Calendar = { days: new Set() };

/** Every holiday of every edition, in memory. */
export class HolidayBook {
  readonly #holidays = new Timeline<HolidayState>();
  /** Of each calendar, the editions that changed it, and what it was from each on. */
  readonly #versions = new Map<string, Map<number, Calendar | undefined>>();

  show(log: TableLog<HolidayState>): void {
    const closings = new Set(log.closed.map(({ edition }) => edition));
    this.#holidays.show(log, (holiday) => holiday.calendar);
    for (const { value, editionFrom } of log.opened) this.#versionsOf(value.calendar).set(editionFrom, undefined);
    // A closed row does not name its calendar here, so every calendar is looked at again from that edition on.
    for (const { editionTo } of log.opened) if (editionTo !== OPEN_EDITION) closings.add(editionTo);
    for (const versions of this.#versions.values()) for (const edition of closings) versions.set(edition, undefined);
  }

  /** The calendar of that name; without a name, or where nobody filled it in, one without days. */
  at(name: string | null, edition: number): Calendar {
    const versions = name === null ? undefined : this.#versions.get(name);
    if (!versions) return NO_CALENDAR;
    let since = 0;
    for (const changed of versions.keys()) if (changed <= edition && changed > since) since = changed;
    if (since === 0) return NO_CALENDAR;
    const known = versions.get(since);
    if (known) return known;
    const calendar = { days: this.#daysOf(name!, since) };
    versions.set(since, calendar);
    return calendar;
  }

  calendarsIn(edition: number): string[] {
    return [...this.#versions.keys()].filter((name) => this.at(name, edition).days.size > 0).sort();
  }

  #daysOf(name: string, edition: number): Set<DayNumber> {
    const known = (row: DatedRow<unknown>) => row.editionFrom <= edition && edition < row.editionTo;
    return new Set(
      this.#holidays
        .rowsOf(name)
        .filter(known)
        .map(({ value }) => dayNumber(value.day)!),
    );
  }

  #versionsOf(name: string): Map<number, Calendar | undefined> {
    let versions = this.#versions.get(name);
    if (!versions) {
      versions = new Map();
      this.#versions.set(name, versions);
    }
    return versions;
  }
}
