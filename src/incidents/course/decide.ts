import type { IncidentChange } from './change.ts';
import type { Command, CommandName, CourseActor } from './command.ts';
import { close } from './rules/endRules.ts';
import { issue, overdue } from './rules/issueRules.ts';
import { climb } from './rules/ladderRules.ts';
import { attempt } from './rules/mediationRules.ts';
import { move } from './rules/moveRules.ts';
import { acknowledgePush, answerPush, grade, link, push } from './rules/shellRules.ts';
import { type CourseGround, getTask, refusal, type Step } from './rules/step.ts';
import { acknowledge, arrive, closeTask, decline, handle, verify, withdraw } from './rules/taskRules.ts';
import { AFTER_THE_END, type IncidentState, type TaskState } from './state.ts';

type Rule<Name extends CommandName> = (step: Step<Name>) => IncidentChange;

const RULES: { readonly [Name in CommandName]: Rule<Name> } = {
  ACKNOWLEDGE: acknowledge,
  ARRIVE: arrive,
  HANDLE: handle,
  VERIFY: verify,
  CLOSE_TASK: closeTask,
  DECLINE: decline,
  WITHDRAW: withdraw,
  ISSUE: issue,
  OVERDUE: overdue,
  CLIMB: climb,
  ATTEMPT: attempt,
  GRADE: grade,
  MOVE: move,
  PUSH: push,
  ACKNOWLEDGE_PUSH: acknowledgePush,
  ANSWER_PUSH: answerPush,
  LINK: link,
  CLOSE: close,
};

/** What goes on after the end: answers that are owed, what hangs together, and looking again. */
const ALWAYS: ReadonlySet<CommandName> = new Set<CommandName>(['ACKNOWLEDGE_PUSH', 'ANSWER_PUSH', 'LINK']);
const OF_A_TASK: ReadonlySet<CommandName> = new Set<CommandName>([
  'ACKNOWLEDGE',
  'ARRIVE',
  'HANDLE',
  'VERIFY',
  'CLOSE_TASK',
  'DECLINE',
  'WITHDRAW',
  'OVERDUE',
]);

/** Looking again outlasts the incident, and so does watching that somebody looks again. What watches was issued later. */
function outlasts(tasks: readonly TaskState[], taskId: string): boolean {
  const index = tasks.findIndex(({ id }) => id === taskId);
  if (index < 0) return false;
  const { purpose, aboutId } = tasks[index];
  if (purpose !== 'SUPERVISE' || aboutId === null) return AFTER_THE_END.has(purpose);
  return outlasts(tasks.slice(0, index), aboutId);
}

function assertGoesOn(incident: IncidentState, command: Command): void {
  if (incident.status === 'OPEN' || ALWAYS.has(command.do)) return;
  if ('taskId' in command && OF_A_TASK.has(command.do)) {
    if (outlasts(incident.tasks, getTask(incident, command.taskId).id)) return;
  }
  // A follow-up that was declined or withdrawn is issued to somebody else, so that nothing is forgotten.
  if (command.do === 'ISSUE' && command.tasks.every(({ purpose }) => AFTER_THE_END.has(purpose))) return;
  throw refusal(
    'CONFLICT',
    'id',
    'this incident is closed, and only FOLLOW_UP and RECHECK go on; report a new one and link it.',
  );
}

/**
 * What a command comes to. Pure: the same incident, command, actor and instant give the same change. A change without
 * events changes nothing: the same was done before.
 *
 * Throws CONFLICT for what the state of the incident does not allow, FORBIDDEN for whom it does not (who handled a task
 * never verifies it, who found a matter never mediates it), BAD_INPUT for a missing or wrong value, NOT_FOUND for a task,
 * push or layer that there is not.
 */
export function decide(
  incident: IncidentState,
  command: Command,
  actor: CourseActor,
  at: Date,
  ground: CourseGround,
): IncidentChange {
  assertGoesOn(incident, command);
  const rule = RULES[command.do] as Rule<CommandName>;
  return rule({ incident, command, actor, at, ground });
}
