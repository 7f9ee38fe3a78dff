import type { IncidentChange, NewEvent } from '../change.ts';
import { isLate } from '../overview.ts';
import {
  hasEnded,
  type IncidentNotice,
  type IncidentState,
  issuedTask,
  type NewTask,
  type PartyState,
  type TaskState,
} from '../state.ts';
import { withNotices } from './shellRules.ts';
import { type CourseGround, getTask, NOTHING, refusal, type Step, taskEvent, tasksEvents } from './step.ts';

const MOST = 50;

function taskParty({ gridId, layer }: NewTask, { layerIds }: CourseGround): PartyState {
  const layerId = layerIds.get(layer);
  if (layerId === undefined) throw refusal('NOT_FOUND', 'tasks', `there is no layer ${layer}; name one that there is.`);
  return { gridId, reason: 'TASK', layerId, share: 1 };
}

/** What it comes to that tasks are issued: nothing at all for none. */
export interface Issued {
  readonly events: readonly NewEvent[];
  readonly tasks: readonly TaskState[];
  readonly partiesAdded: readonly PartyState[];
}

/** `parties` are those that are there already. Throws CONFLICT for an id that is taken. */
export function issued(
  { incident, actor, at, ground }: Omit<Step<'ISSUE'>, 'command'>,
  tasks: readonly NewTask[],
  parties: readonly PartyState[] = incident.parties,
): Issued {
  const taken = new Set(incident.tasks.map(({ id }) => id));
  for (const { id } of tasks) {
    if (taken.has(id))
      throw refusal('CONFLICT', 'tasks', 'a task of this id was issued already; make another id.', { id });
    taken.add(id);
  }
  const known = new Set(parties.filter(({ reason }) => reason === 'TASK').map(({ gridId }) => gridId));
  const added = new Map(tasks.filter(({ gridId }) => !known.has(gridId)).map((task) => [task.gridId, task]));
  return {
    events: tasksEvents('ASSIGNED', 'TASKS_ISSUED', tasks, {}),
    tasks: tasks.map((task) => issuedTask(task, actor.subject, at)),
    partiesAdded: [...added.values()].map((task) => taskParty(task, ground)),
  };
}

/** A post is a role in a grid. A supervisor is told of each late task. */
const errand = ({ purpose, role, gridId, aboutId }: NewTask) =>
  [purpose, role, gridId, purpose === 'SUPERVISE' ? aboutId : null].join('|');

export function issue(step: Step<'ISSUE'>): IncidentChange {
  const { tasks } = step.command;
  if (tasks.length === 0) throw refusal('BAD_INPUT', 'tasks', 'name whom it is for.');
  if (tasks.length > MOST) throw refusal('BAD_INPUT', 'tasks', `at most ${MOST} at once; issue the others after them.`);
  const open = new Set(step.incident.tasks.filter((task) => !hasEnded(task)).map(errand));
  for (const task of tasks) {
    const { purpose, role, gridId } = task;
    if (open.has(errand(task)))
      throw refusal('CONFLICT', 'tasks', `${role} has an open task for ${purpose} already; one is enough.`, {
        purpose,
        role,
        gridId,
      });
    open.add(errand(task));
  }
  return issued(step, tasks);
}

/** The part of the shell that tells what is not configured; none where there is nothing to tell. */
function noticed({ notices }: IncidentState, more: readonly IncidentNotice[] = []): Pick<IncidentChange, 'shell'> {
  return more.length === 0 ? {} : { shell: { notices: withNotices(notices, more) } };
}

/** Told once: whoever looks for late tasks may find one that somebody else has told of. */
export function overdue(step: Step<'OVERDUE'>): IncidentChange {
  const { incident, command, at } = step;
  const task = getTask(incident, command.taskId);
  if (task.overdueAt) return NOTHING;
  if (!isLate(task, at)) throw refusal('CONFLICT', 'taskId', 'the task is not late; nothing is to be told.');
  const { layer, tier, dueAt } = task;
  const told = issued(step, command.tasks);
  return {
    events: [taskEvent('TASK_OVERDUE', task, { layer, tier, dueAt: dueAt?.toISOString() }), ...told.events],
    tasks: [{ ...task, overdueAt: at }, ...told.tasks],
    partiesAdded: told.partiesAdded,
    ...noticed(incident, command.notices),
  };
}
