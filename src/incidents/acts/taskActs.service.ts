import type { AreaTree } from '../../access/areaTree.ts';
import type { RequestContext } from '../../access/requestContext.ts';
import { readNote } from '../../api/input/note.ts';
import { DomainError } from '../../errors.ts';
import type { Command } from '../course/command.ts';
import type { IncidentDesk } from '../desk/incidentDesk.ts';
import type { IncidentFile } from '../incident.type.ts';

const LONGEST = 500;
const HANDLE = 'incidents.handle';
const DIRECT = 'incidents.direct';

/** What came of a task. */
export interface Handling {
  readonly result: 'DONE' | 'FAILED';
  readonly answer: string;
}

/** One attempt at mediation. */
export interface Attempt {
  readonly result: 'FAILED' | 'SETTLED';
  readonly agreement?: string | null;
  readonly note?: string | null;
}

/**
 * The steps of a task, from taking note of it to closing it. Those who hold its post take it as far as handled; another
 * one, who directs, verifies and closes it. Throws NOT_FOUND, FORBIDDEN, CONFLICT out of order, BAD_INPUT for texts.
 */
export class TaskActs {
  readonly #desk: Pick<IncidentDesk, 'actOnTask'>;
  readonly #tree: AreaTree;

  constructor(desk: Pick<IncidentDesk, 'actOnTask'>, tree: AreaTree) {
    this.#desk = desk;
    this.#tree = tree;
  }

  acknowledge(by: RequestContext, taskId: string): Promise<IncidentFile> {
    return this.#handle(by, 'acknowledgeTask', taskId, () => ({ do: 'ACKNOWLEDGE', taskId }));
  }

  /** `at`: when somebody of the post was there; now, if it is not said. */
  arrive(by: RequestContext, taskId: string, at?: Date | null): Promise<IncidentFile> {
    return this.#handle(by, 'arriveAtTask', taskId, (now) => ({ do: 'ARRIVE', taskId, at: at ?? now }));
  }

  handle(by: RequestContext, taskId: string, { result, answer }: Handling): Promise<IncidentFile> {
    return this.#handle(by, 'handleTask', taskId, () => {
      return { do: 'HANDLE', taskId, result, answer: wordsOf('answer', answer) };
    });
  }

  /** "Not ours": with a reason, and the grid whose it is where that is known. */
  decline(by: RequestContext, taskId: string, reason: string, belongsTo?: string | null): Promise<IncidentFile> {
    return this.#handle(by, 'declineTask', taskId, () => {
      return { do: 'DECLINE', taskId, reason: wordsOf('reason', reason), belongsTo: this.#gridOf(belongsTo) };
    });
  }

  attempt(by: RequestContext, taskId: string, { result, agreement, note }: Attempt): Promise<IncidentFile> {
    return this.#handle(by, 'recordAttempt', taskId, () => ({
      do: 'ATTEMPT',
      taskId,
      result,
      agreement: readNote('agreement', agreement, 100),
      note: readNote('note', note, LONGEST),
    }));
  }

  /** Seen by somebody else that it is so; if not, it goes back with a reason. */
  verify(by: RequestContext, taskId: string, accepted: boolean, reason?: string | null): Promise<IncidentFile> {
    return this.#direct(by, 'verifyTask', taskId, () => {
      return { do: 'VERIFY', taskId, accepted, reason: readNote('reason', reason, LONGEST) };
    });
  }

  close(by: RequestContext, taskId: string): Promise<IncidentFile> {
    return this.#direct(by, 'closeTask', taskId, () => ({ do: 'CLOSE_TASK', taskId }));
  }

  withdraw(by: RequestContext, taskId: string, reason: string): Promise<IncidentFile> {
    return this.#direct(by, 'withdrawTask', taskId, () => {
      return { do: 'WITHDRAW', taskId, reason: wordsOf('reason', reason) };
    });
  }

  #handle(by: RequestContext, name: string, id: string, command: (at: Date) => Command): Promise<IncidentFile> {
    const deed = { field: `Mutation.${name}`, right: HANDLE, id } as const;
    return this.#desk.actOnTask(by, deed, (_incident, _task, _actor, at) => command(at));
  }

  #direct(by: RequestContext, name: string, id: string, command: () => Command): Promise<IncidentFile> {
    return this.#desk.actOnTask(by, { field: `Mutation.${name}`, right: DIRECT, id }, () => command());
  }

  #gridOf(idOrCode: string | null | undefined): string | null {
    if (idOrCode == null) return null;
    const id = this.#tree.findGridId(idOrCode);
    if (id !== undefined) return id;
    const message = 'belongsTo: there is no grid of this id or code now; leave it out, or look in `grids`.';
    throw new DomainError('NOT_FOUND', message, { field: 'belongsTo' });
  }
}

/** A text that must be there. */
export function wordsOf(field: string, text: string, longest = LONGEST): string {
  const words = readNote(field, text, longest);
  if (words === null) throw new DomainError('BAD_INPUT', `${field}: say it in words.`, { field });
  return words;
}
