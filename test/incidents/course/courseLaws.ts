import { AFTER_THE_END, hasEnded, type IncidentState, type TaskState } from '../../../src/incidents/course/state.ts';

const ORDER = 'ISSUED ACKNOWLEDGED HANDLED VERIFIED CLOSED'.split(' ');

/** As `keep_task` of the database allows. */
export const TASK_STEPS = [
  'ISSUED>ACKNOWLEDGED ISSUED>DECLINED ISSUED>WITHDRAWN ACKNOWLEDGED>HANDLED ACKNOWLEDGED>DECLINED',
  'ACKNOWLEDGED>WITHDRAWN HANDLED>VERIFIED HANDLED>ACKNOWLEDGED HANDLED>WITHDRAWN VERIFIED>CLOSED',
]
  .join(' ')
  .split(' ');

function stepFaults(before: TaskState, after: TaskState): string[] {
  const step = `${before.status}>${after.status}`;
  const asIssued = ({ id, purpose, cause, postId, role, gridId, issuedAt, issuedBy, dueAt, startsAt }: TaskState) =>
    [
      id,
      purpose,
      cause,
      postId,
      role,
      gridId,
      issuedAt.getTime(),
      issuedBy,
      dueAt?.getTime(),
      startsAt?.getTime(),
    ].join();
  return [
    before.status !== after.status && !TASK_STEPS.includes(step) ? `task ${after.id} went ${step}` : '',
    asIssued(before) !== asIssued(after) ? `task ${after.id} is not what was issued` : '',
  ].filter((fault) => fault !== '');
}

function taskFaults(task: TaskState): string[] {
  const { id, status, verifiedBy, handledBy, handledAt, closedBy, result, endedReason } = task;
  const reached = ORDER.indexOf(status);
  return [
    reached >= 2 && (!handledBy || !handledAt || !result) ? `task ${id} is ${status}, and nobody handled it` : '',
    reached >= 3 && (!verifiedBy || verifiedBy === handledBy)
      ? `task ${id} is ${status}, and nobody else verified it`
      : '',
    reached >= 4 && !closedBy ? `task ${id} is closed by nobody` : '',
    reached < 0 && !endedReason ? `task ${id} is ${status} without a reason` : '',
    reached === 1 && handledBy ? `task ${id} went back, and is handled still` : '',
  ].filter((fault) => fault !== '');
}

function endFaults(before: IncidentState, after: IncidentState): string[] {
  if (after.status === 'OPEN') return [];
  const { outcome, result, closedBy, tasks } = after;
  const faults = outcome && result && closedBy ? [] : ['closed without outcome, result or closer'];
  if (before.status === 'CLOSED') return before.outcome === outcome ? faults : [...faults, 'closed again'];
  const waiting = tasks.filter((task) => !hasEnded(task) && !AFTER_THE_END.has(task.purpose));
  const isDone = tasks.some(({ status }) => status === 'CLOSED');
  return [
    ...faults,
    ...waiting.map(({ id }) => `closed while task ${id} waits`),
    ...(outcome === 'SETTLED' && !isDone ? ['settled with nothing done'] : []),
  ];
}

/** What no incident ever is, whatever was done to it. Looks at the incident alone, not at what was asked. */
export function brokenLaws(before: IncidentState, after: IncidentState): string[] {
  const { attempts, finderId, parties, tasks, origin, reportedBy } = after;
  const kept = new Set(tasks.map(({ id }) => id));
  const isFinder = (by: string, id: string | null) =>
    (id !== null && id === finderId) || (origin === 'FOUND' && by === reportedBy);
  const known = new Map(before.tasks.map((task) => [task.id, task]));
  const faults = [
    ...tasks.flatMap((task) => (known.has(task.id) ? stepFaults(known.get(task.id)!, task) : [])),
    ...before.tasks.filter(({ id }) => !kept.has(id)).map(({ id }) => `task ${id} is lost`),
    ...tasks.flatMap(taskFaults),
    ...attempts.filter(({ number }, i) => number !== i + 1).map(({ number }) => `attempt ${number} is out of order`),
    ...attempts
      .slice(0, -1)
      .filter(({ result }) => result === 'SETTLED')
      .map(() => 'an attempt follows the one that settled'),
    ...attempts.filter(({ by, mediatorId }) => isFinder(by, mediatorId)).map(() => 'the finder mediated'),
    ...(parties.some(({ reason }) => reason === 'OWNER') ? [] : ['nobody owns it']),
    ...endFaults(before, after),
  ];
  const tasked = new Set(parties.filter(({ reason }) => reason === 'TASK').map(({ gridId }) => gridId));
  const unseen = tasks.filter((task) => !hasEnded(task) && !tasked.has(task.gridId));
  return [...faults, ...unseen.map(({ id }) => `the grid of task ${id} is no party`)];
}
