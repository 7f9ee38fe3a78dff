import type { DatedRow } from '../../grids/log/datedLog.ts';
import { type HolderEntry, inHolderOrder } from '../gridPost.ts';
import { Timeline, type Window } from '../timeline.ts';
import { HolidayBook } from './holidayBook.ts';
import { KeptRoster } from './keptRoster.ts';
import type { Span } from './pattern/shiftPattern.ts';
import type { RosterState } from './roster.type.ts';
import type { RosterLogRepository } from './rosterLog.repository.ts';

/** The dated rows of the appointments of one post, of every edition. */
type AppointmentRows = readonly DatedRow<{ readonly id: string }>[];

const NO_SHIFTS: readonly Span[] = [];

/** Every roster of every edition in memory, and who is on duty by them. */
export class RosterBook {
  readonly #repository: RosterLogRepository;
  readonly #rosters = new Timeline<KeptRoster>();
  readonly #holidays = new HolidayBook();
  readonly #rowsOfPost = new Map<string, DatedRow<KeptRoster>[]>();

  constructor(repository: RosterLogRepository) {
    this.#repository = repository;
  }

  /** As an EditionReader: the Directory reads it along with itself, so that both show an edition in one tick. */
  async read(after: number, upTo: number): Promise<() => void> {
    const { rosters, holidays } = await this.#repository.readLog(after, upTo);
    return () => {
      const opened = rosters.opened.map((row) => ({ ...row, value: new KeptRoster(row.value) }));
      this.#rosters.show({ opened, closed: rosters.closed }, (roster) => roster.state.appointmentId);
      for (const row of opened) this.#fileUnderPost(row);
      this.#holidays.show(holidays);
    };
  }

  /**
   * Says of the holders of one post who is on duty, and puts those who are first. Without a roster in force everybody is,
   * and nothing is changed. Narrows the window to the next change of a shift.
   */
  judge(holders: HolderEntry[], appointments: AppointmentRows, window: Window): HolderEntry[] {
    if (this.#rowsOfPost.size === 0 || holders.length === 0) return holders;
    const inForce = holders.map(({ appointmentId }) => this.#inForce(appointmentId, window));
    if (inForce.every((rosters) => rosters.length === 0)) return holders;
    const judged = holders.map((entry, i) => {
      const onDuty = inForce[i].map((roster) => this.#isOn(roster, window)).includes(true);
      const { appointmentId } = entry;
      const { edition } = window;
      const shiftsIn = (span: Span) =>
        this.#shifts(appointmentId, heldIn(appointments, appointmentId, edition), edition, span);
      return { ...entry, duty: { onDuty, shiftsIn } };
    });
    return judged.sort(inHolderOrder);
  }

  /** Ids of the posts of which some holder has a roster for a part of the span, as the edition knows it. */
  postsWithRosters(span: Span, edition: number): string[] {
    const found: string[] = [];
    for (const [postId, rows] of this.#rowsOfPost) {
      if (rows.some((row) => isKnown(row, edition) && row.validFrom < span.until && span.from < row.validTo))
        found.push(postId);
    }
    return found;
  }

  /** The belief of one edition about all dates. */
  knownIn(edition: number): readonly DatedRow<RosterState>[] {
    return this.#rosters.rowsIn(edition).map((row) => ({ ...row, value: row.value.state }));
  }

  /** The names of the calendars that have a holiday in the edition. */
  calendarsIn(edition: number): readonly string[] {
    return this.#holidays.calendarsIn(edition);
  }

  #inForce(appointmentId: string, window: Window): KeptRoster[] {
    const rosters: KeptRoster[] = [];
    // Every row is looked at, for those of other dates narrow the window.
    for (const row of this.#rosters.rowsOf(appointmentId)) if (window.admits(row)) rosters.push(row.value);
    return rosters;
  }

  #isOn(roster: KeptRoster, window: Window): boolean {
    const calendar = this.#holidays.at(roster.state.holidayCalendar, window.edition);
    const { on, from, until } = roster.dutyAt(window.asOf, calendar);
    window.from = Math.max(window.from, from);
    window.until = Math.min(window.until, until);
    return on;
  }

  /** The shifts that are worked: those of rosters in force, cut where a roster or the appointment begins or ends. */
  #shifts(appointmentId: string, held: readonly Span[], edition: number, span: Span): readonly Span[] {
    const rows = this.#rosters.rowsOf(appointmentId).filter((row) => isKnown(row, edition));
    if (rows.length === 0) return NO_SHIFTS;
    const shifts = rows.flatMap(({ value, validFrom, validTo }) => {
      const calendar = this.#holidays.at(value.state.holidayCalendar, edition);
      const valid = { from: validFrom, until: validTo };
      return value.shiftsIn(span, calendar).flatMap((shift) => held.map((part) => cut(cut(shift, valid), part)));
    });
    const worked = shifts.filter(
      (shift) => shift.from < shift.until && shift.from < span.until && span.from < shift.until,
    );
    return worked.sort((a, b) => a.from - b.from || a.until - b.until);
  }

  #fileUnderPost(row: DatedRow<KeptRoster>): void {
    const { postId } = row.value.state;
    const rows = this.#rowsOfPost.get(postId);
    if (rows) rows.push(row);
    else this.#rowsOfPost.set(postId, [row]);
  }
}

function isKnown({ editionFrom, editionTo }: DatedRow<unknown>, edition: number): boolean {
  return editionFrom <= edition && edition < editionTo;
}

/** When an appointment is held as the edition knows it; versions that follow one another are one span. */
function heldIn(rows: AppointmentRows, appointmentId: string, edition: number): Span[] {
  const known = rows.filter((row) => row.value.id === appointmentId && isKnown(row, edition));
  const spans: { from: number; until: number }[] = [];
  for (const { validFrom, validTo } of known.sort((a, b) => a.validFrom - b.validFrom)) {
    const last = spans.at(-1);
    if (last?.until === validFrom) last.until = validTo;
    else spans.push({ from: validFrom, until: validTo });
  }
  return spans;
}

function cut(shift: Span, to: Span): Span {
  return { from: Math.max(shift.from, to.from), until: Math.min(shift.until, to.until) };
}
