import { randomUUID } from 'node:crypto';
import type { Transaction } from 'kysely';
import type { RequestContext } from '../../access/requestContext.ts';
import type { Database } from '../../db/tables.ts';
import { DomainError } from '../../errors.ts';
import { isUuid } from '../../ids.ts';
import { assertInstant } from '../../posts/appointing/seats/dates.ts';
import type { DoneAct, Guard, StaffingDesk, StaffingPlan } from '../../posts/appointing/staffingDesk.ts';
import type { TeamWriters } from '../import/teamImport.service.ts';
import { draftCoverage } from './coverage.ts';
import type { ManagedTeamRepository } from './managedTeam.repository.ts';
import { readBodyOfTeam, readTeamChanges, readWord, type TeamChanges, type TeamWish } from './readTeam.ts';
import type { TeamReach } from './teamReach.ts';

type Trx = Transaction<Database>;
type Write = StaffingPlan['write'];

/** What teams are written through, and where it is read again in the publication. */
export interface TeamActWriters {
  readonly posts: Pick<TeamWriters['posts'], 'insertBodies'>;
  readonly teams: TeamWriters['teams'];
  readonly managed: ManagedTeamRepository;
}

/** Forms teams, changes them, and says what they cover and whom they stand under, each act one edition. */
export class TeamActsService {
  readonly #desk: StaffingDesk;
  readonly #writers: TeamActWriters;
  readonly #reach: TeamReach;

  constructor(desk: StaffingDesk, writers: TeamActWriters, reach: TeamReach) {
    this.#desk = desk;
    this.#writers = writers;
    this.#reach = reach;
  }

  /** Throws NOT_FOUND, BAD_INPUT, CONFLICT where the same team covers one of the grids, and what the desk throws. */
  formTeam(by: RequestContext, input: TeamWish, guard: Guard): Promise<DoneAct> {
    return this.#desk.perform(by, { field: 'Mutation.formTeam', input, guard }, async (areas) => {
      assertInstant('from', input.from);
      const [id, body] = [randomUUID(), readBodyOfTeam(input)];
      const team = { standing: null, members: [], ...readTeamChanges(input, ''), bodyId: id };
      const gridIds = this.#reach.readGrids(areas, 'covers', input.covers ?? []);
      if (gridIds.length === 0 && areas !== 'everywhere') {
        throw new DomainError('BAD_INPUT', 'covers: name a grid of your area at least.', { field: 'covers' });
      }
      const dates = { validFrom: input.from, validTo: null };
      const write: Write = async (trx, edition) => {
        const { posts, teams, managed } = this.#writers;
        const same = await managed.findSame(trx, body.name, body.kind, gridIds, input.from);
        if (same) {
          const message =
            'name: a team of this name and kind covers one of the grids already; revise that, or take another name.';
          throw new DomainError('CONFLICT', message, { field: 'name', bodyId: same });
        }
        await posts.insertBodies(trx, edition, [{ id, ...body, ...dates }]);
        await teams.insertTeams(trx, edition, [{ ...team, ...dates }]);
        await teams.insertCoverage(trx, edition, await draftCoverage(trx, managed, { id, gridIds, from: input.from }));
        return { bodyId: id, asOf: input.from.getTime() };
      };
      return { ...about('A new team', id, input.from, { did: 'formed', kind: body.kind }), gridIds, write };
    });
  }

  /** Throws NOT_FOUND, BAD_INPUT, and what the desk throws. */
  reviseTeam(by: RequestContext, id: string, from: Date, set: TeamChanges, guard: Guard): Promise<DoneAct> {
    const request = { field: 'Mutation.reviseTeam', input: { id, from, set }, guard };
    return this.#desk.perform(by, request, async (areas) => {
      assertInstant('from', from);
      const changes = readTeamChanges(set, 'set.');
      const changed = Object.keys(changes);
      if (changed.length === 0) throw new DomainError('BAD_INPUT', 'set: say what changes.', { field: 'set' });
      const write: Write = async (trx, edition) => {
        const { teams, managed } = this.#writers;
        if (await managed.isTeam(trx, id, from)) {
          await teams.reviseTeams(trx, edition, [{ bodyId: id, from, set: changes }]);
        } else {
          const team = { bodyId: id, standing: null, members: [], ...changes };
          await teams.insertTeams(trx, edition, [{ ...team, validFrom: from, validTo: null }]);
        }
        return { bodyId: id, asOf: from.getTime() };
      };
      return this.#reach.managing(areas, id, {
        ...about('A change of a team', id, from, { did: 'revised', changed }),
        write,
      });
    });
  }

  /** Throws NOT_FOUND, BAD_INPUT, CONFLICT for a grid that is covered from then on already, and what the desk throws. */
  coverGrids(by: RequestContext, id: string, named: readonly string[], from: Date, guard: Guard): Promise<DoneAct> {
    const request = { field: 'Mutation.coverGrids', input: { id, gridIds: named, from }, guard };
    return this.#desk.perform(by, request, async (areas) => {
      assertInstant('from', from);
      const gridIds = this.#reach.someGrids(areas, named);
      const write: Write = async (trx, edition) => {
        const { teams, managed } = this.#writers;
        const known = await managed.listCoverage(trx, id, gridIds, from);
        const covered = known.find(({ onCircuit }) => !onCircuit);
        if (covered) {
          const message = `gridIds: the team covers one of them then or later already, from ${covered.validFrom.toISOString()} on; leave it out.`;
          throw new DomainError('CONFLICT', message, { field: 'gridIds', gridId: covered.gridId });
        }
        await teams.insertCoverage(trx, edition, await draftCoverage(trx, managed, { id, gridIds, from }));
        return { bodyId: id, asOf: from.getTime() };
      };
      const said = about('What a team covers', id, from, { did: 'covered', grids: gridIds.length });
      return this.#reach.managing(areas, id, { ...said, write }, gridIds);
    });
  }

  /** Always and on circuits. Throws NOT_FOUND, BAD_INPUT, CONFLICT for a grid not covered by then, and what the desk throws. */
  endCoverage(by: RequestContext, id: string, named: readonly string[], at: Date, guard: Guard): Promise<DoneAct> {
    const request = { field: 'Mutation.endCoverage', input: { id, gridIds: named, at }, guard };
    return this.#desk.perform(by, request, async (areas) => {
      assertInstant('at', at);
      const gridIds = this.#reach.someGrids(areas, named);
      const write: Write = async (trx, edition) => {
        const known = await this.#writers.managed.listCoverage(trx, id, gridIds, at);
        const missing = gridIds.find((gridId) => !known.some((each) => each.gridId === gridId));
        if (missing !== undefined) {
          const message = 'gridIds: the team covers one of them neither then nor later. Read again and leave it out.';
          throw new DomainError('CONFLICT', message, { field: 'gridIds', gridId: missing });
        }
        const ids = [...new Set(known.map((each) => each.id))];
        await this.#writers.teams.endCoverage(trx, edition, ids, at);
        return { bodyId: id, asOf: at.getTime() };
      };
      const said = about('What a team covers', id, at, { did: 'uncovered', grids: gridIds.length });
      return this.#reach.managing(areas, id, { ...said, write });
    });
  }

  /** Null takes the team out of the line. Throws NOT_FOUND, BAD_INPUT, CONFLICT, MISSING_PARENT, and what the desk throws. */
  setParent(
    by: RequestContext,
    id: string,
    { line: said, parentId, from }: { readonly line: string; readonly parentId: string | null; readonly from: Date },
    guard: Guard,
  ): Promise<DoneAct> {
    const request = { field: 'Mutation.setParent', input: { id, line: said, parentId, from }, guard };
    return this.#desk.perform(by, request, async (areas) => {
      assertInstant('from', from);
      const line = readWord('line', said);
      if (parentId === id) throw badParent('BAD_INPUT', 'no team stands under itself; name another body.');
      const write: Write = async (trx, edition) => {
        await this.#place(trx, edition, { bodyId: id, line, parentId }, from);
        return { bodyId: id, asOf: from.getTime() };
      };
      const details = { did: parentId === null ? 'taken out' : 'put under', line, ...(parentId && { parentId }) };
      return this.#reach.managing(areas, id, { ...about('Whom a team stands under', id, from, details), write });
    });
  }

  async #place(
    trx: Trx,
    edition: number,
    { bodyId, line, parentId }: { bodyId: string; line: string; parentId: string | null },
    from: Date,
  ): Promise<void> {
    const { teams, managed } = this.#writers;
    if (parentId !== null && !(isUuid(parentId) && (await managed.isBody(trx, parentId)))) {
      throw badParent('NOT_FOUND', 'no body of this id is filed.');
    }
    const placed = await managed.hasParent(trx, bodyId, line, from);
    if (parentId === null && !placed) throw badParent('CONFLICT', 'the team stands under nobody in this line by then.');
    if (placed) await teams.endParents(trx, edition, [{ bodyId, line }], from);
    if (parentId === null) return;
    await teams.insertParents(trx, edition, [{ bodyId, line, parentId, validFrom: from, validTo: null }]);
  }
}

function about(title: string, id: string, at: Date, details: StaffingPlan['details']) {
  return { title, at, object: { kind: 'body', id }, details };
}

function badParent(code: 'BAD_INPUT' | 'NOT_FOUND' | 'CONFLICT', words: string): DomainError {
  return new DomainError(code, `parentId: ${words}`, { field: 'parentId' });
}
