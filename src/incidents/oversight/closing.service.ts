import type { RequestContext } from '../../access/requestContext.ts';
import { readNote } from '../../api/input/note.ts';
import { DomainError } from '../../errors.ts';
import type { Outcome } from '../course/state.ts';
import type { IncidentDesk } from '../desk/incidentDesk.ts';
import type { IncidentFile } from '../incident.type.ts';
import type { Routed, Routing } from '../routing/route.type.ts';
import type { MatterReader } from './matterReader.ts';

const LONGEST_RESULT = 500;
const NOBODY: Routed = { tasks: [], notices: [] };

export interface ClosingRequest {
  readonly outcome: Outcome;
  /** What came of it, in words. */
  readonly result: string;
}

/** Closes incidents, and has somebody look again later where the local practice says so. */
export class ClosingService {
  readonly #desk: Pick<IncidentDesk, 'act'>;
  readonly #routing: Pick<Routing, 'followUps'>;
  readonly #matters: Pick<MatterReader, 'read'>;

  constructor(
    desk: Pick<IncidentDesk, 'act'>,
    routing: Pick<Routing, 'followUps'>,
    matters: Pick<MatterReader, 'read'>,
  ) {
    this.#desk = desk;
    this.#routing = routing;
    this.#matters = matters;
  }

  /** Throws NOT_FOUND, FORBIDDEN, BAD_INPUT for the text, CONFLICT while something waits. */
  async close(by: RequestContext, id: string, { outcome, result }: ClosingRequest): Promise<IncidentFile> {
    const deed = { field: 'Mutation.closeIncident', right: 'incidents.direct', id } as const;
    return this.#desk.act(by, deed, (incident, _actor, at) => {
      const text = readNote('result', result, LONGEST_RESULT);
      if (text === null) throw new DomainError('BAD_INPUT', 'result: say what came of it.', { field: 'result' });
      const { tasks, notices } = outcome === 'SETTLED' ? this.#followUps(incident, at) : NOBODY;
      return { do: 'CLOSE', outcome, result: text, followUps: tasks, notices };
    });
  }

  #followUps(incident: IncidentFile, at: Date): Routed {
    if (incident.rung === null) return NOBODY;
    return this.#routing.followUps(this.#matters.read(incident, at), incident.rung);
  }
}
