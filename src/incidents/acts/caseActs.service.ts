import { randomUUID } from 'node:crypto';
import type { AreaTree } from '../../access/areaTree.ts';
import type { RequestContext } from '../../access/requestContext.ts';
import { readNote } from '../../api/input/note.ts';
import { DomainError } from '../../errors.ts';
import type { Atlas } from '../../grids/atlas/atlas.ts';
import type { MomentReader } from '../../grids/momentReader.ts';
import type { PracticeReader } from '../../practice/practice.type.ts';
import type { Command } from '../course/command.ts';
import type { IncidentState, PartyState } from '../course/state.ts';
import type { IncidentDesk } from '../desk/incidentDesk.ts';
import type { IncidentFile } from '../incident.type.ts';
import { wordsOf } from './taskActs.service.ts';

const LONGEST = 500;

/** From the bodies of one layer to those of another, by the codes of the layers. */
export interface PushWish {
  readonly from: string;
  readonly to: string;
  readonly message?: string | null;
}

export interface CaseSources {
  readonly atlas: Pick<Atlas, 'findLayer'>;
  readonly practice: PracticeReader;
  readonly moments: Pick<MomentReader, 'read'>;
  readonly tree: AreaTree;
}

/** Acts on an incident as a whole that its state alone decides on. Throws as `TaskActs` does. */
export class CaseActs {
  readonly #desk: IncidentDesk;
  readonly #sources: CaseSources;

  constructor(desk: IncidentDesk, sources: CaseSources) {
    this.#desk = desk;
    this.#sources = sources;
  }

  /** To another grade of the scheme that holds where it is owned. */
  grade(by: RequestContext, id: string, severity: string, reason?: string | null): Promise<IncidentFile> {
    return this.#direct(by, 'gradeIncident', id, (incident) => {
      this.#assertGrade(incident, severity);
      return { do: 'GRADE', severity, reason: readNote('reason', reason, LONGEST) };
    });
  }

  push(by: RequestContext, id: string, { from, to, message }: PushWish): Promise<IncidentFile> {
    return this.#direct(by, 'pushIncident', id, (incident) => {
      const source = this.#ownerIn(incident, 'from', from);
      const target = this.#ownerIn(incident, 'to', to);
      if (from === to) {
        const words = 'to: an incident is pushed to another layer; name one of those in `owners`.';
        throw new DomainError('BAD_INPUT', words, { field: 'to' });
      }
      return {
        ...{ do: 'PUSH', id: randomUUID(), fromLayer: from, fromGridId: source.gridId },
        ...{ toLayer: to, toGridId: target.gridId, toLayerId: target.layerId },
        message: readNote('message', message, LONGEST),
      };
    });
  }

  acknowledgePush(by: RequestContext, id: string, pushId: string): Promise<IncidentFile> {
    return this.#answer(by, 'acknowledgePush', id, () => ({ do: 'ACKNOWLEDGE_PUSH', pushId }));
  }

  answerPush(by: RequestContext, id: string, pushId: string, answer: string): Promise<IncidentFile> {
    return this.#answer(by, 'answerPush', id, () => ({
      do: 'ANSWER_PUSH',
      pushId,
      answer: wordsOf('answer', answer),
    }));
  }

  /** ROOT: the incident came out of the other one. Both must be there for whoever links them. */
  async link(by: RequestContext, id: string, otherId: string, kind: 'ROOT' | 'RELATED'): Promise<IncidentFile> {
    const other = await this.#desk.find(by, otherId);
    if (!other) {
      const message = 'otherId: there is no incident of this id; `incidents` lists those that you may see.';
      throw new DomainError('NOT_FOUND', message, { field: 'otherId' });
    }
    return this.#direct(by, 'linkIncidents', id, () => {
      return { do: 'LINK', otherId: other.id, kind, otherOpen: other.status === 'OPEN' };
    });
  }

  #direct(by: RequestContext, name: string, id: string, choose: (incident: IncidentState) => Command) {
    const deed = { field: `Mutation.${name}`, right: 'incidents.direct', id } as const;
    return this.#desk.act(by, deed, choose);
  }

  #answer(by: RequestContext, name: string, id: string, choose: () => Command) {
    return this.#desk.act(by, { field: `Mutation.${name}`, right: 'incidents.handle', id }, choose);
  }

  #ownerIn(incident: IncidentState, field: string, layer: string): PartyState {
    const id = this.#sources.atlas.findLayer(layer)?.id;
    const owner = incident.parties.find((party) => party.reason === 'OWNER' && party.layerId === id);
    if (owner) return owner;
    const message = `${field}: no grid of the layer ${layer} owns this incident; \`owners\` lists those that do.`;
    throw new DomainError('BAD_INPUT', message, { field });
  }

  #assertGrade({ parties }: IncidentState, severity: string): void {
    const { practice, moments, tree } = this.#sources;
    const owners = parties.filter(({ reason }) => reason === 'OWNER');
    const chains = owners.flatMap(({ gridId }) => tree.chainOf(gridId));
    const { severities } = practice.practiceAt(chains, moments.read());
    if (severities.length === 0 || severities.some(({ code }) => code === severity)) return;
    const message = `severity: the scheme here has ${severities.map(({ code }) => code).join(', ')}, not ${severity}.`;
    throw new DomainError('BAD_INPUT', message, { field: 'severity' });
  }
}
