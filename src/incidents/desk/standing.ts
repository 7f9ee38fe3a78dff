import type { Action } from '../../access/rights.ts';
import type { ActDetails } from '../../audit/act.ts';
import { DomainError } from '../../errors.ts';
import type { Command } from '../course/command.ts';
import type { IncidentState, PushState, TaskState } from '../course/state.ts';
import type { SeenParty } from '../incident.repository.ts';
import type { Standing } from './hands.ts';

/** The same words for what does not exist and for what is another's. */
export function notSeen(field: 'id' | 'taskId'): DomainError {
  const [kind, list] = field === 'id' ? ['incident', 'incidents'] : ['task', 'tasks'];
  const message = `${field}: there is no ${kind} of this id; \`${list}\` lists those that you may see.`;
  return new DomainError('NOT_FOUND', message, { field });
}

/** Throws FORBIDDEN for somebody in whose hands the task is not. */
export function assertInHand(standing: Standing | undefined, { role, layer, tier }: TaskState): void {
  if (standing) return;
  const message = `taskId: this task is for the holder of the post ${role} at ${tier} of ${layer}. Let the holder do it, or the desk of the area on behalf.`;
  throw new DomainError('FORBIDDEN', message, { field: 'taskId' });
}

function pushOf(command: Command, { pushes }: IncidentState): PushState | undefined {
  if (command.do !== 'ACKNOWLEDGE_PUSH' && command.do !== 'ANSWER_PUSH') return undefined;
  return pushes.find(({ id }) => id === command.pushId);
}

/**
 * Throws FORBIDDEN where somebody directs an incident whose owners lie outside the area, or answers a push that went to
 * others. `seen`: the grids by which the area shows it.
 */
export function assertOwned(
  right: Action,
  command: Command,
  incident: IncidentState,
  seen: readonly SeenParty[],
): void {
  const push = pushOf(command, incident);
  if (push) {
    if (seen.some(({ gridId }) => gridId === push.toGridId)) return;
    const message = 'pushId: this was pushed to others, and they answer it. `pushes` lists those that wait for you.';
    throw new DomainError('FORBIDDEN', message, { field: 'pushId', right });
  }
  if (right !== 'incidents.direct') return;
  if (seen.some(({ reason }) => reason === 'OWNER')) return;
  const message =
    'id: this incident is owned outside your area, where you have a task or were told of it. Ask its owner to direct it.';
  throw new DomainError('FORBIDDEN', message, { field: 'id', right });
}

/** What the audit keeps of an act: what was done and to which task, never words. */
export function detailsOf(field: string, command: Command, { version }: IncidentState): ActDetails {
  const task: ActDetails = 'taskId' in command ? { task: command.taskId } : {};
  const result: ActDetails = 'result' in command && command.do !== 'CLOSE' ? { result: command.result } : {};
  const outcome: ActDetails = 'outcome' in command ? { outcome: command.outcome } : {};
  return { field, do: command.do, version, ...task, ...result, ...outcome };
}
