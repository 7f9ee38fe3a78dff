import type { Transaction } from 'kysely';
import type { Areas } from '../../access/viewer.ts';
import type { Clock } from '../../clock.ts';
import type { Database } from '../../db/tables.ts';
import { DomainError } from '../../errors.ts';
import { isUuid } from '../../ids.ts';
import { notFound } from '../../posts/appointing/seats/seat.ts';
import type { StaffingDesk, StaffingPlan } from '../../posts/appointing/staffingDesk.ts';
import type { ManagedTeamRepository } from './managedTeam.repository.ts';

const MOST_GRIDS = 500;

/**
 * Decides which teams somebody manages: those whose grids, all that they cover now or later, lie in the own areas. One
 * that covers none is managed by whoever manages everywhere.
 */
export class TeamReach {
  readonly #desk: StaffingDesk;
  readonly #managed: ManagedTeamRepository;
  readonly #clock: Clock;

  constructor(desk: StaffingDesk, managed: ManagedTeamRepository, clock: Clock) {
    this.#desk = desk;
    this.#managed = managed;
    this.#clock = clock;
  }

  /** The grids that ids or codes name, each once. Throws NOT_FOUND for one outside the areas just as for none. */
  readGrids(areas: Areas, field: string, named: readonly string[]): string[] {
    if (named.length > MOST_GRIDS) {
      throw new DomainError('BAD_INPUT', `${field}: name at most ${MOST_GRIDS} grids.`, { field });
    }
    const found = named.map((idOrCode) => {
      const id = this.#desk.findGridId(areas, idOrCode);
      if (id === undefined) throw notFound(field, 'grid');
      return id;
    });
    return [...new Set(found)];
  }

  /** The same for one grid or more. */
  someGrids(areas: Areas, named: readonly string[]): string[] {
    if (named.length === 0) throw new DomainError('BAD_INPUT', 'gridIds: name a grid.', { field: 'gridIds' });
    return this.readGrids(areas, 'gridIds', named);
  }

  /** A plan for a team that is managed: judged now, and again when nobody else publishes. Throws NOT_FOUND. */
  async managing(
    areas: Areas,
    id: string,
    plan: Omit<StaffingPlan, 'gridIds'>,
    more: readonly string[] = [],
  ): Promise<StaffingPlan> {
    const covered = await this.#desk.read(areas, (trx) => this.#assertManaged(trx, areas, id));
    const write: StaffingPlan['write'] = async (trx, edition) => {
      await this.#assertManaged(trx, areas, id);
      return plan.write(trx, edition);
    };
    return { ...plan, gridIds: [...covered, ...more], write };
  }

  async #assertManaged(trx: Transaction<Database>, areas: Areas, id: string): Promise<string[]> {
    if (!isUuid(id)) throw notFound('id', 'team');
    const covered = await this.#managed.listCoveredGrids(trx, id, this.#clock());
    const known = covered.length > 0 || (areas === 'everywhere' && (await this.#managed.isBody(trx, id)));
    if (!known || !covered.every((gridId) => this.#desk.isWithin(areas, gridId))) throw notFound('id', 'team');
    return covered;
  }
}
