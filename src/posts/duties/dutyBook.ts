import type { EditionReader } from '../../grids/edition.service.ts';
import type { DatedRow } from '../../grids/log/datedLog.ts';
import type { Moment } from '../../grids/moment.ts';
import type { Role } from '../api/staff.type.ts';
import { Timeline, Window } from '../timeline.ts';
import type { DutyRepository } from './duty.repository.ts';
import { bestStance, type DutySeat, type DutyState, type Stance, stanceAt } from './dutyRule.ts';

/** The duty matrix in memory, for every instant and every edition. Follows the log of editions. */
export class DutyBook implements EditionReader {
  readonly #repository: DutyRepository;
  readonly #rules = new Timeline<DutyState>();

  constructor(repository: DutyRepository) {
    this.#repository = repository;
  }

  async read(after: number, upTo: number): Promise<() => void> {
    const log = await this.#repository.readLog(after, upTo);
    return () => this.#rules.show(log, ({ roleId }) => String(roleId));
  }

  /** The best stance that the matrix gives a role at any of its seats; undefined where it says nothing. */
  findStance(role: Role, category: string, seats: readonly DutySeat[], moment: Moment): Stance | undefined {
    const window = new Window(moment);
    const rules = this.#rules.rowsOf(String(role.id)).filter((row) => window.admits(row));
    if (rules.length === 0) return undefined;
    const states = rules.map(({ value }) => value);
    return bestStance(seats.flatMap((seat) => stanceAt(states, category, seat) ?? []));
  }

  /** The belief of an edition about all dates. */
  knownIn(edition: number): readonly DatedRow<DutyState>[] {
    return this.#rules.rowsIn(edition);
  }
}
