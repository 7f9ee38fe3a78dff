import type { EditionReader } from '../../grids/edition.service.ts';
import type { DatedRow } from '../../grids/log/datedLog.ts';
import { FOREVER, type Moment } from '../../grids/moment.ts';
import type { Body } from '../../posts/api/staff.type.ts';
import type { Directory } from '../../posts/directory.ts';
import { Timeline, Window } from '../../posts/timeline.ts';
import { CircuitCalendar } from '../circuitCalendar.ts';
import type { CoverageState, ParentState, TeamState } from '../team.type.ts';
import type { TeamLog, TeamLogRepository } from './teamLog.repository.ts';

/** A body that covers a grid at the moment. */
export interface CoverEntry {
  readonly coverage: CoverageState;
  readonly body: Body;
  readonly team: TeamState;
}

/** What covers one grid itself, exact for every instant of [from, until) in one edition. */
interface Board {
  readonly edition: number;
  readonly from: number;
  readonly until: number;
  readonly entries: readonly CoverEntry[];
}

/**
 * What bodies are made of, whom they stand under and what they cover, in memory, for every instant and every edition.
 * Follows the log of editions. Lists are ordered by what they say, never by when it was written.
 */
export class TeamBook implements EditionReader {
  readonly #repository: Pick<TeamLogRepository, 'readLog'>;
  readonly #directory: Directory;
  readonly #teams = new Timeline<TeamState>();
  readonly #parents = new Timeline<ParentState>();
  readonly #below = new Timeline<ParentState>();
  readonly #coverage = new Timeline<CoverageState>();
  readonly #onGrid = new Timeline<CoverageState>();
  readonly #calendars = new WeakMap<CoverageState, CircuitCalendar>();
  // One board per grid that was ever covered, as last asked. A published edition never changes.
  readonly #boards = new Map<string, Board>();
  #latest = 0;

  /** `directory` must be read before this one. */
  constructor(repository: Pick<TeamLogRepository, 'readLog'>, directory: Directory) {
    this.#repository = repository;
    this.#directory = directory;
  }

  async read(after: number, upTo: number): Promise<() => void> {
    const log = await this.#repository.readLog(after, upTo);
    return () => this.#show(log, upTo);
  }

  /** Without standing and members where nothing is known of the body as a team. */
  teamOf(bodyId: string, moment: Moment): TeamState {
    return this.#team(bodyId, new Window(moment));
  }

  /** The bodies above, by line. One that does not exist at the moment is left out. */
  parentsOf(bodyId: string, moment: Moment): { readonly line: string; readonly body: Body }[] {
    const found = this.#holding(this.#parents, bodyId, moment).flatMap(({ line, parentId }) => {
      const body = this.#directory.findBody(parentId, moment);
      return body ? [{ line, body }] : [];
    });
    return found.sort((a, b) => compare(a.line, b.line));
  }

  /** The bodies directly below, in one line or in any, each once, by name and id. */
  unitsOf(bodyId: string, line: string | null | undefined, moment: Moment): Body[] {
    const ids = new Set<string>();
    for (const row of this.#holding(this.#below, bodyId, moment)) if (!line || row.line === line) ids.add(row.bodyId);
    const units = [...ids].flatMap((id) => this.#directory.findBody(id, moment) ?? []);
    return units.sort((a, b) => compare(a.name, b.name) || compare(a.id, b.id));
  }

  /** What it covers on that date, standing and on circuits, whether or not it is a circuit day; in no order. */
  coverageOf(bodyId: string, moment: Moment): CoverageState[] {
    return this.#holding(this.#coverage, bodyId, moment);
  }

  /** Whether the coverage, which holds on that date, is active at the instant: always, or on the days of its circuit. */
  isActive(coverage: CoverageState, asOf: number): boolean {
    return this.#calendar(coverage)?.at(asOf).isOn ?? true;
  }

  /** The instant at which a circuit day begins or ends next; Infinity where there is no circuit. */
  nextTurn(coverage: CoverageState, asOf: number): number {
    return this.#calendar(coverage)?.at(asOf).until ?? FOREVER;
  }

  /** The bodies whose coverage names the grid itself, active at the moment. */
  coversOn(gridId: string, moment: Moment): readonly CoverEntry[] {
    return this.#board(gridId, moment)?.entries ?? [];
  }

  /** The earliest known instant after `asOf` at which what covers these grids may change; Infinity if none is known. */
  nextChange(gridIds: readonly string[], moment: Moment): number {
    let earliest = FOREVER;
    for (const gridId of gridIds) earliest = Math.min(earliest, this.#board(gridId, moment)?.until ?? FOREVER);
    return earliest;
  }

  /** The belief of one edition about all dates. */
  knownIn(edition: number) {
    return {
      teams: this.#teams.rowsIn(edition),
      parents: this.#parents.rowsIn(edition),
      coverage: this.#coverage.rowsIn(edition),
    };
  }

  #show(log: TeamLog, upTo: number): void {
    this.#teams.show(log.teams, ({ bodyId }) => bodyId);
    this.#parents.show(log.parents, ({ bodyId }) => bodyId);
    this.#below.show(log.parents, ({ parentId }) => parentId);
    this.#coverage.show(log.coverage, ({ bodyId }) => bodyId);
    this.#onGrid.show(log.coverage, ({ gridId }) => gridId);
    this.#latest = upTo;
  }

  #holding<T>(timeline: Timeline<T>, key: string, moment: Moment): T[] {
    const window = new Window(moment);
    return timeline.rowsOf(key).flatMap((row) => (window.admits(row) ? [row.value] : []));
  }

  #team(bodyId: string, window: Window): TeamState {
    return this.#teams.find(bodyId, window) ?? { bodyId, standing: null, members: [] };
  }

  #calendar(coverage: CoverageState): CircuitCalendar | undefined {
    if (!coverage.days) return undefined;
    let calendar = this.#calendars.get(coverage);
    if (!calendar) {
      calendar = new CircuitCalendar(coverage.days);
      this.#calendars.set(coverage, calendar);
    }
    return calendar;
  }

  #board(gridId: string, moment: Moment): Board | undefined {
    const rows = this.#onGrid.rowsOf(gridId);
    // Most grids are covered by nobody: they cost one look.
    if (rows.length === 0) return undefined;
    const { asOf, edition } = moment;
    const kept = this.#boards.get(gridId);
    if (kept && kept.edition === edition && kept.from <= asOf && asOf < kept.until) return kept;
    const board = this.#makeBoard(rows, moment);
    // An edition that is not shown yet may still say something else.
    if (edition <= this.#latest) this.#boards.set(gridId, board);
    return board;
  }

  #makeBoard(rows: readonly DatedRow<CoverageState>[], moment: Moment): Board {
    const window = new Window(moment);
    let until = FOREVER;
    const entries: CoverEntry[] = [];
    for (const row of rows) {
      if (!window.admits(row)) continue;
      const coverage = row.value;
      until = Math.min(until, this.nextTurn(coverage, moment.asOf));
      if (!this.isActive(coverage, moment.asOf)) continue;
      until = Math.min(until, this.#directory.nextBodyChange(coverage.bodyId, moment));
      const body = this.#directory.findBody(coverage.bodyId, moment);
      if (body) entries.push({ coverage, body, team: this.#team(body.id, window) });
    }
    // How long the bodies were so before is not known, so the board serves from its own instant on.
    return { edition: moment.edition, from: moment.asOf, until: Math.min(until, window.until), entries };
  }
}

/** By code units: the same on every machine, whatever its locale. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
