import type { IncidentChange, NewEvent } from '../change.ts';
import { isLate, isWaiting } from '../overview.ts';
import type { IncidentState, Purpose, Rung, TaskState } from '../state.ts';
import { issued } from './issueRules.ts';
import { withNotices } from './shellRules.ts';
import { optionalText, refusal, type Step, tasksEvents } from './step.ts';

/** What the rung above takes over from the one below. */
const TAKEN_OVER: ReadonlySet<Purpose> = new Set<Purpose>(['HANDLE', 'MEDIATE', 'ATTEND']);

const isOn = (place: Rung, rung: Rung) => place.layer === rung.layer && place.tier === rung.tier;
const nameOf = ({ layer, tier }: Rung) => `${layer}/${tier}`;
const codesOf = ({ layer, tier }: Rung): Rung => ({ layer, tier });

/** Those between the present rung and the one climbed to; of a present rung that the ladder does not have, all below. */
interface Way {
  readonly from: Rung | null;
  readonly isKnown: boolean;
  /** Without a grid at the place. */
  readonly passed: readonly Rung[];
  /** Left out by will. */
  readonly skipped: readonly Rung[];
}

function wayOf(incident: IncidentState, { to, rungs, missing }: Step<'CLIMB'>['command']): Way {
  const target = rungs.findIndex((rung) => isOn(rung, to));
  if (target < 0)
    throw refusal('BAD_INPUT', 'to', `the ladder has no rung ${nameOf(to)}; it has ${rungs.map(nameOf)}.`);
  const isMissing = (rung: Rung) => missing.some((each) => isOn(each, rung));
  if (isMissing(to))
    throw refusal('CONFLICT', 'to', `no grid of ${nameOf(to)} holds the place; climb to a rung that has one.`);
  const from = incident.rung;
  const present = from ? rungs.findIndex((rung) => isOn(rung, from)) : -1;
  if (target <= present)
    throw refusal('CONFLICT', 'to', `the matter has reached ${nameOf(rungs[present])} already; it goes up only.`);
  const between = rungs.slice(present + 1, target);
  return {
    from,
    isKnown: present >= 0,
    passed: between.filter(isMissing),
    skipped: present < 0 ? [] : between.filter((rung) => !isMissing(rung)),
  };
}

/**
 * Since when the matter is on its rung: its route or ladder issued tasks there as soon as it came. Where none is
 * configured, since ever.
 */
function reachedAt(tasks: readonly TaskState[]): number {
  const routed = tasks.filter(({ cause }) => cause === 'ROUTE' || cause === 'LADDER');
  return Math.max(0, ...routed.map(({ issuedAt }) => issuedAt.getTime()));
}

function hasFailed({ attempts }: IncidentState, here: readonly TaskState[]): boolean {
  const since = reachedAt(here);
  const isSince = (at: Date | null) => at !== null && at.getTime() >= since;
  const isFailed = ({ result, status, handledAt }: TaskState) =>
    result === 'FAILED' && status !== 'WITHDRAWN' && isSince(handledAt);
  const last = attempts.at(-1);
  if (last?.result === 'FAILED' && isSince(last.at) && here.some(({ id }) => id === last.taskId)) return true;
  return here.some(isFailed);
}

function assertCause({ incident, command, at }: Step<'CLIMB'>, way: Way, reason: string | null): void {
  const { cause } = command;
  if (reason === null && (cause === 'REASON' || way.skipped.length > 0 || !way.isKnown)) {
    const why = way.skipped.length > 0 ? `why ${way.skipped.map(nameOf)} is left out` : 'why it climbs';
    throw refusal('BAD_INPUT', 'reason', `say ${why}.`);
  }
  if (cause === 'REASON') return;
  const { from } = way;
  const here = from ? incident.tasks.filter((task) => isOn(task, from)) : [];
  if (cause === 'FAILED' ? !hasFailed(incident, here) : !here.some((task) => isLate(task, at))) {
    const lacking = cause === 'FAILED' ? 'nothing failed' : 'nothing is late';
    throw refusal('CONFLICT', 'cause', `${lacking} on the rung that the matter has reached; give a reason instead.`);
  }
}

/** What was handled or failed stays to be verified. */
function takenOver({ tasks }: IncidentState, from: Rung | null): TaskState[] {
  return tasks.filter((task) => from && isOn(task, from) && isWaiting(task) && TAKEN_OVER.has(task.purpose));
}

export function climb(step: Step<'CLIMB'>): IncidentChange {
  const { incident, command } = step;
  const reason = optionalText('reason', command.reason);
  const way = wayOf(incident, command);
  assertCause(step, way, reason);
  const to = codesOf(command.to);
  const endedReason = `climbed to ${nameOf(to)}`;
  const withdrawn = takenOver(incident, way.from);
  const missing = way.passed.map((rung) => ({
    code: 'MISSING_TIER',
    message: `rung: no grid of ${nameOf(rung)} holds the place; the climb to ${nameOf(to)} went past it.`,
  }));
  const [passed, skipped] = [way.passed.map(codesOf), way.skipped.map(codesOf)];
  const details = { from: incident.rung, to, cause: command.cause, reason, passed, skipped };
  const climbed: NewEvent = { kind: 'ESCALATED', act: 'CLIMBED', details };
  const above = issued(step, command.tasks);
  return {
    events: [
      ...tasksEvents('CHANGED', 'TASKS_WITHDRAWN', withdrawn, { reason: endedReason }),
      climbed,
      ...above.events,
    ],
    shell: { rung: to, notices: withNotices(incident.notices, [...missing, ...command.notices]) },
    tasks: [...withdrawn.map((task): TaskState => ({ ...task, status: 'WITHDRAWN', endedReason })), ...above.tasks],
    partiesAdded: above.partiesAdded,
  };
}
