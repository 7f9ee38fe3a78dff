import type { IncidentChange } from '../change.ts';
import type { CourseActor } from '../command.ts';
import type { IncidentState, TaskState, TaskStatus } from '../state.ts';
import { getTask, NOTHING, neededText, refusal, type Step, taskEvent } from './step.ts';

/** What is to be done next, as the way out of a refusal. */
const NEXT: Record<TaskStatus, string> = {
  ISSUED: 'it is to be acknowledged first',
  ACKNOWLEDGED: 'it is to be handled first',
  HANDLED: 'it is to be verified next',
  VERIFIED: 'it is to be closed next',
  CLOSED: 'nothing more is to be done',
  DECLINED: 'issue another to whoever it belongs to',
  WITHDRAWN: 'issue another if it is needed still',
};

function assertStatus(task: TaskState, ...allowed: readonly TaskStatus[]): void {
  if (allowed.includes(task.status)) return;
  throw refusal('CONFLICT', 'taskId', `the task is ${task.status}; ${NEXT[task.status]}.`, { status: task.status });
}

function acknowledged(task: TaskState, { actor, at }: { actor: CourseActor; at: Date }): TaskState {
  if (task.startsAt && at < task.startsAt) {
    const startsAt = task.startsAt.toISOString();
    throw refusal('CONFLICT', 'taskId', `it is nobody's turn before ${startsAt}; come back then.`, { startsAt });
  }
  return { ...task, status: 'ACKNOWLEDGED', acknowledgedAt: at, acknowledgedBy: actor.subject };
}

export function acknowledge(step: Step<'ACKNOWLEDGE'>): IncidentChange {
  const task = getTask(step.incident, step.command.taskId);
  if (task.status === 'ACKNOWLEDGED') {
    if (task.acknowledgedBy === step.actor.subject) return NOTHING;
    throw refusal('CONFLICT', 'taskId', 'somebody else acknowledged it already; go on with it without.');
  }
  assertStatus(task, 'ISSUED');
  return { events: [taskEvent('TASK_ACKNOWLEDGED', task)], tasks: [acknowledged(task, step)] };
}

/** Whoever is at the place has taken the task on. */
export function arrive(step: Step<'ARRIVE'>): IncidentChange {
  const { incident, command, at } = step;
  const task = getTask(incident, command.taskId);
  assertStatus(task, 'ISSUED', 'ACKNOWLEDGED');
  if (task.arrivedAt?.getTime() === command.at.getTime()) return NOTHING;
  if (task.arrivedAt) throw refusal('CONFLICT', 'taskId', `arrived at ${task.arrivedAt.toISOString()} already.`);
  if (command.at > at) throw refusal('BAD_INPUT', 'at', 'lies in the future; say it when you are there.');
  if (command.at < incident.occurredAt)
    throw refusal('BAD_INPUT', 'at', 'nobody arrives before it occurred; give the right time.');
  const isNew = task.status === 'ISSUED';
  const taken = isNew ? acknowledged(task, step) : task;
  const arrived = taskEvent('TASK_ARRIVED', task, { arrivedAt: command.at.toISOString() });
  return {
    events: isNew ? [taskEvent('TASK_ACKNOWLEDGED', task), arrived] : [arrived],
    tasks: [{ ...taken, arrivedAt: command.at }],
  };
}

/** Throws FORBIDDEN: those who find do not mediate. */
export function assertNotFinder(incident: IncidentState, actor: CourseActor): void {
  const isFinder = actor.staffId !== null && actor.staffId === incident.finderId;
  if (isFinder || (incident.origin === 'FOUND' && actor.subject === incident.reportedBy))
    throw refusal('FORBIDDEN', 'taskId', 'whoever found a matter never mediates it; another mediator does.');
}

/** The task as it is once it is handled. */
export function handledTask(
  task: TaskState,
  { actor, at }: { actor: CourseActor; at: Date },
  result: 'DONE' | 'FAILED',
  answer: string | null,
): TaskState {
  const { subject, staffId, bodyId } = actor;
  const by = { handledAt: at, handledBy: subject, handlerId: staffId, handlerBodyId: bodyId };
  return { ...task, status: 'HANDLED', ...by, result, answer };
}

/** A mediation is done by its attempts; its task can be given up, or answered beside an attempt that settled the matter. */
export function handle(step: Step<'HANDLE'>): IncidentChange {
  const { incident, command, actor } = step;
  const task = getTask(incident, command.taskId);
  assertStatus(task, 'ACKNOWLEDGED');
  const answer = neededText('answer', command.answer, 'say what was done.');
  if (task.purpose === 'MEDIATE') {
    assertNotFinder(incident, actor);
    if (command.result === 'DONE' && incident.attempts.at(-1)?.result !== 'SETTLED')
      throw refusal('CONFLICT', 'taskId', 'a mediation is done by an attempt that settled it; record that.');
  }
  const { staffId, bodyId } = actor;
  const details = { result: command.result, answer, handlerId: staffId, handlerBodyId: bodyId };
  return {
    events: [taskEvent('TASK_HANDLED', task, details)],
    tasks: [handledTask(task, step, command.result, answer)],
  };
}

/** What was not accepted is kept in the trail alone. */
function returned(task: TaskState, reason: string): IncidentChange {
  const { result, answer, handledAt, handledBy, handlerId, handlerBodyId } = task;
  const kept = { result, answer, handledAt: handledAt?.toISOString() ?? null, handledBy, handlerId, handlerBodyId };
  const none = { handledAt: null, handledBy: null, handlerId: null, handlerBodyId: null, result: null, answer: null };
  return {
    events: [taskEvent('TASK_RETURNED', task, { reason, ...kept })],
    tasks: [{ ...task, status: 'ACKNOWLEDGED', ...none }],
  };
}

/** Whoever handled it is known by the login or as a member of staff who has several. */
export function verify({ incident, command, actor, at }: Step<'VERIFY'>): IncidentChange {
  const task = getTask(incident, command.taskId);
  assertStatus(task, 'HANDLED');
  if (actor.subject === task.handledBy || (actor.staffId !== null && actor.staffId === task.handlerId))
    throw refusal('FORBIDDEN', 'taskId', 'nobody verifies what they handled; somebody else does.');
  const { reason, accepted } = command;
  if (!accepted) return returned(task, neededText('reason', reason, 'say why it is not accepted.'));
  const details = reason === null ? {} : { reason: neededText('reason', reason, 'is empty; leave it out.') };
  return {
    events: [taskEvent('TASK_VERIFIED', task, { result: task.result, ...details })],
    tasks: [{ ...task, status: 'VERIFIED', verifiedAt: at, verifiedBy: actor.subject }],
  };
}

export function closedTask(task: TaskState, { actor, at }: { actor: CourseActor; at: Date }): TaskState {
  return { ...task, status: 'CLOSED', closedAt: at, closedBy: actor.subject };
}

export function closeTask(step: Step<'CLOSE_TASK'>): IncidentChange {
  const task = getTask(step.incident, step.command.taskId);
  assertStatus(task, 'VERIFIED');
  return { events: [taskEvent('TASK_CLOSED', task)], tasks: [closedTask(task, step)] };
}

/** "Not ours". */
export function decline({ incident, command }: Step<'DECLINE'>): IncidentChange {
  const task = getTask(incident, command.taskId);
  assertStatus(task, 'ISSUED', 'ACKNOWLEDGED');
  if (task.purpose === 'SUPERVISE')
    throw refusal('CONFLICT', 'taskId', 'a supervisor does not decline; handle it, and say what comes of it.');
  const reason = neededText('reason', command.reason, 'say why it is not yours.');
  const { belongsTo } = command;
  if (belongsTo === task.gridId)
    throw refusal('BAD_INPUT', 'belongsTo', 'is the grid that declines; name another or leave it out.');
  return {
    events: [taskEvent('TASK_DECLINED', task, { reason, belongsTo })],
    tasks: [{ ...task, status: 'DECLINED', endedReason: reason, belongsTo }],
  };
}

export function withdraw({ incident, command }: Step<'WITHDRAW'>): IncidentChange {
  const task = getTask(incident, command.taskId);
  assertStatus(task, 'ISSUED', 'ACKNOWLEDGED', 'HANDLED');
  const reason = neededText('reason', command.reason, 'say why it is withdrawn.');
  return {
    events: [taskEvent('TASK_WITHDRAWN', task, { reason, from: task.status })],
    tasks: [{ ...task, status: 'WITHDRAWN', endedReason: reason }],
  };
}
