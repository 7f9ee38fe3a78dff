import type { Kysely } from 'kysely';
import type { AreaTree } from '../../access/areaTree.ts';
import type { RequestContext } from '../../access/requestContext.ts';
import { readNote } from '../../api/input/note.ts';
import { inEveryArea } from '../../db/areas.ts';
import type { Database } from '../../db/tables.ts';
import { DomainError } from '../../errors.ts';
import type { Atlas } from '../../grids/atlas/atlas.ts';
import { type GridEntry, versionAt } from '../../grids/atlas/rows.ts';
import type { Moment } from '../../grids/moment.ts';
import type { MomentReader } from '../../grids/momentReader.ts';
import { isUuid } from '../../ids.ts';
import type { OwnershipService } from '../../ownership/ownership.service.ts';
import type { Findings } from '../../ownership/ownership.ts';
import type { Command } from '../course/command.ts';
import type { IncidentNotice, IncidentState, PartyState } from '../course/state.ts';
import type { IncidentDesk } from '../desk/incidentDesk.ts';
import type { IncidentRepository } from '../incident.repository.ts';
import type { IncidentFile } from '../incident.type.ts';
import { type MatterGround, matterOf } from '../oversight/matterOf.ts';
import type { Routing } from '../routing/route.type.ts';
import { ownersOf, partyOf, placeNotices } from './frozen/frozenOwners.ts';
import { placeAgain } from './frozen/keptPlace.ts';

const LONGEST_REASON = 500;

type Owner = Omit<PartyState, 'reason'>;

export interface MoveRequest {
  /** A grid by id or code. */
  readonly to: string;
  readonly reason: string;
}

/** Where the place of an incident is read, for finding its owners anew; never to be shown. */
interface MoveRoom {
  readonly db: Kysely<Database>;
  readonly repository: Pick<IncidentRepository, 'find'>;
}

/** What says who owns a place, and where grids are. */
export interface MoveGround extends MatterGround {
  readonly atlas: Pick<Atlas, 'findGrid'>;
  readonly tree: Pick<AreaTree, 'findGridId'>;
  readonly moments: Pick<MomentReader, 'read'>;
  readonly ownership: Pick<OwnershipService, 'locate'>;
}

/** Hands incidents to other owners, with a reason; the trail keeps where they were. */
export class MoveService {
  readonly #desk: Pick<IncidentDesk, 'act'>;
  readonly #room: MoveRoom;
  readonly #ground: MoveGround;
  readonly #routing: Pick<Routing, 'start'>;

  constructor(desk: Pick<IncidentDesk, 'act'>, room: MoveRoom, ground: MoveGround, routing: Pick<Routing, 'start'>) {
    this.#desk = desk;
    this.#room = room;
    this.#ground = ground;
    this.#routing = routing;
  }

  /**
   * To a grid by name, which takes the stead of the owners in its layer, whether or not it holds the place; the owners
   * in other layers stay, and so does the day whose boundaries the matter is shown by. Throws NOT_FOUND, FORBIDDEN,
   * BAD_INPUT for the reason, CONFLICT where it owns the matter already or the matter is closed.
   */
  async move(by: RequestContext, id: string, { to, reason }: MoveRequest): Promise<IncidentFile> {
    const deed = { field: 'Mutation.moveIncident', right: 'incidents.direct', id } as const;
    return this.#desk.act(by, deed, (incident, _actor, at) => {
      const moment = this.#ground.moments.read(at);
      const grid = this.#getGrid(to, moment);
      const stay = ownersNow(incident).filter(({ layerId }) => layerId !== grid.layer.id);
      const owners = [...stay, { gridId: grid.id, layerId: grid.layer.id, share: 1 }];
      const { ownedAt, edition } = incident;
      return this.#command(incident, { owners, ownedAt, edition, notices: [] }, reason, moment);
    });
  }

  /** To those who own its place now, by the newest boundaries. Throws as `move` does, and CONFLICT where no grid holds the place now. */
  async adopt(by: RequestContext, id: string, reason: string): Promise<IncidentFile> {
    const moment = this.#ground.moments.read();
    // Before the desk locks the incident: an area costs a query. The place of an incident never changes.
    const findings = await this.#findAnew(id, moment);
    const deed = { field: 'Mutation.adoptOwners', right: 'incidents.direct', id } as const;
    return this.#desk.act(by, deed, (incident) => {
      const owners = findings ? ownersOf(findings).map(partyOf) : [];
      if (!findings || owners.length === 0) {
        const message = 'id: no grid holds its place now. Move it to a grid by name.';
        throw new DomainError('CONFLICT', message, { field: 'id' });
      }
      const now = { owners, ownedAt: new Date(moment.asOf), edition: moment.edition, notices: placeNotices(findings) };
      return this.#command(incident, now, reason, moment);
    });
  }

  #command(
    incident: IncidentFile,
    now: { owners: Owner[]; ownedAt: Date; edition: number; notices: IncidentNotice[] },
    reason: string,
    moment: Moment,
  ): Command {
    const parties = now.owners.map((owner): PartyState => ({ ...owner, reason: 'OWNER' }));
    const matter = matterOf({ ...incident, parties }, incident.place, this.#ground, moment);
    const { ladder, rung, tasks, notices } = this.#routing.start(matter);
    return {
      ...{ do: 'MOVE', owners: now.owners, ownedAt: now.ownedAt, edition: now.edition },
      reason: readNote('reason', reason, LONGEST_REASON) ?? '',
      ...{ ladder: ladder?.code ?? null, rung, tasks, notices: [...now.notices, ...notices] },
    };
  }

  async #findAnew(id: string, moment: Moment): Promise<Findings | undefined> {
    if (!isUuid(id)) return undefined;
    const record = await inEveryArea(this.#room.db, (trx) => this.#room.repository.find(trx, id));
    return record && this.#ground.ownership.locate(placeAgain(record.place, this.#ground.atlas, moment, false), moment);
  }

  #getGrid(to: string, moment: Moment): GridEntry {
    const gridId = this.#ground.tree.findGridId(to);
    const grid = gridId === undefined ? undefined : this.#ground.atlas.findGrid(gridId);
    if (grid && versionAt(grid, moment)) return grid;
    const message = 'to: no grid has this id or code now, or several have the code; `grids` lists them.';
    throw new DomainError('NOT_FOUND', message, { field: 'to' });
  }
}

const ownersNow = ({ parties }: IncidentState): Owner[] =>
  parties.flatMap(({ gridId, layerId, share, reason }) => (reason === 'OWNER' ? [{ gridId, layerId, share }] : []));
