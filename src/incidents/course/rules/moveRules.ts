import type { IncidentChange, NewEvent } from '../change.ts';
import type { IncidentState, PartyState, Purpose, TaskState } from '../state.ts';
import { issued } from './issueRules.ts';
import { withNotices } from './shellRules.ts';
import { endedBecause, neededText, refusal, type Step, tasksEvents } from './step.ts';

/** Those who watch over the matter, were told of it or look again keep what they were asked. */
const STAY: ReadonlySet<Purpose> = new Set<Purpose>(['SUPERVISE', 'NOTICE', 'FOLLOW_UP', 'RECHECK']);

/** What is verified is done, and stays done. */
const isGivenUp = ({ purpose, status }: TaskState) =>
  !STAY.has(purpose) && (status === 'ISSUED' || status === 'ACKNOWLEDGED' || status === 'HANDLED');

/** Shares are kept as single floats. */
const isSameShare = (a: number, b: number) => Math.abs(a - b) < 1e-6;

interface Handover {
  readonly before: readonly PartyState[];
  readonly added: readonly PartyState[];
  readonly ended: readonly PartyState[];
}

function handover(incident: IncidentState, { owners }: Step<'MOVE'>['command']): Handover {
  const before = incident.parties.filter(({ reason }) => reason === 'OWNER');
  const ids = new Set(owners.map(({ gridId }) => gridId));
  if (owners.length === 0 || ids.size < owners.length)
    throw refusal('BAD_INPUT', 'owners', 'name at least one, each once; a matter is never without.');
  if (ids.size === before.length && before.every(({ gridId }) => ids.has(gridId)))
    throw refusal('CONFLICT', 'owners', 'they own the matter already; name others.');
  const after = owners.map(({ gridId, layerId, share }): PartyState => ({ gridId, reason: 'OWNER', layerId, share }));
  const stays = (party: PartyState, parties: readonly PartyState[]) =>
    parties.some(({ gridId, share }) => gridId === party.gridId && isSameShare(share, party.share));
  return {
    before,
    added: after.filter((party) => !stays(party, before)),
    ended: before.filter((party) => !stays(party, after)),
  };
}

/** Grids whose tasks were all taken from them, or declined by them, have no more to do with the matter. */
function withoutTask(parties: readonly PartyState[], tasks: readonly TaskState[]): PartyState[] {
  const busy = new Set(
    tasks.filter(({ status }) => status !== 'WITHDRAWN' && status !== 'DECLINED').map((t) => t.gridId),
  );
  return parties.filter(({ reason, gridId }) => reason === 'TASK' && !busy.has(gridId));
}

export function move(step: Step<'MOVE'>): IncidentChange {
  const { incident, command } = step;
  const reason = neededText('reason', command.reason, 'say why it moves.');
  const { before, added, ended } = handover(incident, command);
  const endedReason = endedBecause('moved', reason);
  const withdrawn = incident.tasks
    .filter(isGivenUp)
    .map((task): TaskState => ({ ...task, status: 'WITHDRAWN', endedReason }));
  const there = new Map(withdrawn.map((task) => [task.id, task]));
  const going = withoutTask(
    incident.parties,
    incident.tasks.map((task) => there.get(task.id) ?? task),
  ).filter(({ gridId }) => !command.tasks.some((task) => task.gridId === gridId));
  const anew = issued(step, command.tasks);
  const { ownedAt, edition, ladder, rung } = command;
  const oldGrids = before.map(({ gridId }) => gridId);
  const left: NewEvent = { kind: 'LEFT', act: 'MOVED', details: { reason }, gridIds: oldGrids };
  const details = { reason, ownedAt: ownedAt.toISOString(), edition, ladder, rung };
  return {
    events: [
      ...tasksEvents('CHANGED', 'TASKS_WITHDRAWN', withdrawn, { reason: endedReason }, oldGrids),
      ...(before.length > 0 ? [left] : []),
      { kind: 'ENTERED', act: 'MOVED', details },
      ...anew.events,
    ],
    shell: { ownedAt, edition, ladder, rung, notices: withNotices(incident.notices, command.notices) },
    tasks: [...withdrawn, ...anew.tasks],
    partiesAdded: [...added, ...anew.partiesAdded],
    partiesEnded: [...ended, ...going],
  };
}
