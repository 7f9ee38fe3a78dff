import type { IncidentChange, ShellChange } from '../change.ts';
import { isWaiting } from '../overview.ts';
import { AFTER_THE_END, hasEnded, type IncidentNotice, type IncidentState, type TaskState } from '../state.ts';
import { issued } from './issueRules.ts';
import { withNotices } from './shellRules.ts';
import { neededText, refusal, type Step, tasksEvents } from './step.ts';
import { closedTask } from './taskRules.ts';

/** Watching is over with what was watched. Tasks are in the order of issue, so that one is judged after what it watches. */
function idleSupervision(tasks: readonly TaskState[]): TaskState[] {
  const over = new Set<string>();
  return tasks.filter((task) => {
    const isIdle = task.purpose === 'SUPERVISE' && isWaiting(task) && task.aboutId !== null && over.has(task.aboutId);
    if (isIdle || hasEnded(task) || task.status === 'VERIFIED') over.add(task.id);
    return isIdle;
  });
}

const MOST_NAMED = 5;

/** Throws CONFLICT where somebody has still to act, or nothing was done. */
function assertSettled(tasks: readonly TaskState[], idle: readonly TaskState[]): void {
  const asked = tasks.filter(({ purpose }) => !AFTER_THE_END.has(purpose));
  const waiting = asked.filter((task) => !hasEnded(task) && task.status !== 'VERIFIED' && !idle.includes(task));
  if (waiting.length > 0) {
    const named = waiting.slice(0, MOST_NAMED).map(({ purpose, role, status }) => `${purpose} of ${role} (${status})`);
    const more = waiting.length > MOST_NAMED ? ` and ${waiting.length - MOST_NAMED} more` : '';
    const words = `not settled while tasks wait: ${named.join(', ')}${more}; have them verified, or withdraw them.`;
    throw refusal('CONFLICT', 'outcome', words, { waiting: waiting.slice(0, 50).map(({ id }) => id) });
  }
  const isDone = ({ status, result }: TaskState) => (status === 'VERIFIED' || status === 'CLOSED') && result === 'DONE';
  if (!asked.some(isDone)) {
    const words = 'not settled while no task was done and verified; choose another outcome, or have it handled.';
    throw refusal('CONFLICT', 'outcome', words, { waiting: [] });
  }
}

/** Closing goes on; whoever reads it is told. */
function openRelated({ links }: IncidentState): IncidentNotice[] {
  const count = links.filter(({ kind, open }) => open && kind !== 'ROOT').length;
  if (count === 0) return [];
  return [{ code: 'OPEN_RELATED', message: `links: related matters still open when this one was closed: ${count}.` }];
}

/** What is taken back by closing, with the reason told to whom it was asked. */
function takenBack({ incident, command }: Step<'CLOSE'>): TaskState[] {
  const idle = idleSupervision(incident.tasks);
  const isSettled = command.outcome === 'SETTLED';
  if (isSettled) assertSettled(incident.tasks, idle);
  const taken = isSettled ? idle : incident.tasks.filter((task) => !hasEnded(task) && task.status !== 'VERIFIED');
  const endedReason = isSettled ? 'the task that it watches has ended' : command.result;
  return taken.map((task) => ({ ...task, status: 'WITHDRAWN', endedReason }));
}

export function close(step: Step<'CLOSE'>): IncidentChange {
  const { incident, command, actor, at } = step;
  const { outcome, followUps } = command;
  const result = neededText('result', command.result, 'say what came of it.');
  if (followUps.some(({ purpose }) => !AFTER_THE_END.has(purpose)))
    throw refusal('BAD_INPUT', 'followUps', 'are for FOLLOW_UP or RECHECK; issue others before closing.');
  const withdrawn = takenBack(step);
  const verified = incident.tasks.filter(({ status }) => status === 'VERIFIED');
  const later = issued(step, followUps);
  const tier = incident.rung?.tier ?? null;
  const shell: ShellChange = {
    status: 'CLOSED',
    outcome,
    result,
    closedAt: at,
    closedBy: actor.subject,
    closedTier: tier,
    notices: withNotices(incident.notices, [...openRelated(incident), ...(command.notices ?? [])]),
  };
  return {
    events: [
      ...tasksEvents('CHANGED', 'TASKS_CLOSED', verified, {}),
      ...tasksEvents('CHANGED', 'TASKS_WITHDRAWN', withdrawn, { reason: withdrawn[0]?.endedReason }),
      ...later.events,
      { kind: 'CLOSED', act: 'CLOSED', details: { outcome, result, tier } },
    ],
    shell,
    tasks: [...verified.map((task) => closedTask(task, step)), ...withdrawn, ...later.tasks],
    partiesAdded: later.partiesAdded,
  };
}
