import type { RequestContext } from '../../access/requestContext.ts';
import { readNote } from '../../api/input/note.ts';
import type { Command } from '../course/command.ts';
import type { IncidentDesk } from '../desk/incidentDesk.ts';
import type { IncidentFile } from '../incident.type.ts';
import type { Routing } from '../routing/route.type.ts';
import type { MatterReader } from './matterReader.ts';
import { climbTo, getRungs, getTarget } from './nextRung.ts';

const LONGEST_REASON = 500;

export interface ClimbRequest {
  /** A tier of the ladder; null: the next one that has a grid here. */
  readonly to?: string | null;
  readonly cause: Extract<Command, { do: 'CLIMB' }>['cause'];
  readonly reason?: string | null;
}

/** Takes a matter up its ladder, by hand. */
export class ClimbService {
  readonly #desk: Pick<IncidentDesk, 'act'>;
  readonly #routing: Pick<Routing, 'rungsOf' | 'at'>;
  readonly #matters: Pick<MatterReader, 'read'>;

  constructor(
    desk: Pick<IncidentDesk, 'act'>,
    routing: Pick<Routing, 'rungsOf' | 'at'>,
    matters: Pick<MatterReader, 'read'>,
  ) {
    this.#desk = desk;
    this.#routing = routing;
    this.#matters = matters;
  }

  /** Throws NOT_FOUND, FORBIDDEN, BAD_INPUT for the tier or the reason, CONFLICT where the ladder does not allow it. */
  async climb(by: RequestContext, id: string, { to = null, cause, reason }: ClimbRequest): Promise<IncidentFile> {
    const deed = { field: 'Mutation.escalateIncident', right: 'incidents.direct', id } as const;
    return this.#desk.act(by, deed, (incident, _actor, at) => {
      const matter = this.#matters.read(incident, at);
      const ladder = getRungs(matter, this.#routing);
      const why = { cause, reason: readNote('reason', reason, LONGEST_REASON) };
      return climbTo(getTarget(incident, ladder, to), ladder, matter, this.#routing, why);
    });
  }
}
