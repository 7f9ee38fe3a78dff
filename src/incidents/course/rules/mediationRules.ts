import type { IncidentChange } from '../change.ts';
import { getTask, optionalText, refusal, type Step, taskEvent } from './step.ts';
import { assertNotFinder, handledTask } from './taskRules.ts';

/** Attempts follow one another until one settles the matter; that one is the handling of its task. */
export function attempt(step: Step<'ATTEMPT'>): IncidentChange {
  const { incident, command, actor, at } = step;
  const task = getTask(incident, command.taskId);
  if (task.purpose !== 'MEDIATE')
    throw refusal('CONFLICT', 'taskId', `the task is for ${task.purpose}; attempts belong to one for MEDIATE.`);
  assertNotFinder(incident, actor);
  if (task.status !== 'ACKNOWLEDGED')
    throw refusal('CONFLICT', 'taskId', `the task is ${task.status}; attempts are made while it is ACKNOWLEDGED.`);
  const last = incident.attempts.at(-1);
  if (last?.result === 'SETTLED')
    throw refusal('CONFLICT', 'taskId', `attempt ${last.number} settled the matter; none follows it.`);
  const agreement = optionalText('agreement', command.agreement, 100);
  const note = optionalText('note', command.note);
  const { result } = command;
  if (agreement !== null && result !== 'SETTLED')
    throw refusal('BAD_INPUT', 'agreement', 'only an attempt that settled the matter has one; leave it out.');
  const number = (last?.number ?? 0) + 1;
  const made = { number, at, taskId: task.id, by: actor.subject, mediatorId: actor.staffId, result, agreement, note };
  const details = { number, result, agreement, note, mediatorId: actor.staffId, handlerBodyId: actor.bodyId };
  return {
    events: [taskEvent('ATTEMPT', task, details)],
    attempts: [made],
    ...(result === 'SETTLED' && { tasks: [handledTask(task, step, 'DONE', note)] }),
  };
}
