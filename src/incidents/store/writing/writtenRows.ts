import { randomUUID } from 'node:crypto';
import type { IncidentChange, NewEvent } from '../../course/change.ts';
import type { IncidentState, PartyState, PushState } from '../../course/state.ts';
import { noticesText } from '../shellRow.ts';
import { courseOf, taskRow } from '../taskRow.ts';

/** Events as they go into the trail. */
interface Entry extends NewEvent {
  readonly id: string;
  readonly version: number;
  readonly gridIds: readonly string[];
}

/** Rows by their tables. */
type Rows = Readonly<Record<string, readonly object[]>>;

/** A change as the function `write_incident` of the database takes it. */
export interface WrittenRows {
  readonly events: readonly object[];
  readonly added: Rows;
  readonly changed: Rows;
}

/** Who does it, and when. */
interface Hand {
  readonly by: string;
  readonly at: Date;
}

/** Rows of what a change comes to; `after`: the incident with it. Parties hold from the version of its first event on. */
export function writtenRows(
  before: IncidentState,
  change: IncidentChange,
  after: IncidentState,
  { by, at }: Hand,
): WrittenRows {
  const version = before.version + 1;
  const owners = after.parties.filter(({ reason }) => reason === 'OWNER').map(({ gridId }) => gridId);
  const parties = partyRows(before, change, version);
  const tasks = sortedOut(before.tasks, change.tasks);
  const pushes = sortedOut(before.pushes, change.pushes);
  return {
    events: entriesOf(change.events, owners, version).map((entry) => eventRow(before.id, entry, by, at)),
    added: withoutEmpty({
      incident_party: parties.added,
      task: tasks.added.map((task) => taskRow(before.id, task)),
      mediation_attempt: attemptRows(before, change),
      incident_push: pushes.added.map((push) => pushRow(before.id, push)),
      incident_link: linkRows(before.id, change, by, at),
    }),
    changed: withoutEmpty({
      incident_party: parties.ended,
      task: tasks.changed.map((task) => ({ ...courseOf(task), id: task.id })),
      incident_push: pushes.changed.map((push) => ({ ...answerOf(push), id: push.id })),
      incident: change.shell ? [shellCourse(after)] : [],
    }),
  };
}

/** The next versions; `owners`: the grids of each that says no others. */
export function entriesOf(events: readonly NewEvent[], owners: readonly string[], first: number): Entry[] {
  return events.map((event, index) => ({
    ...{ ...event, gridIds: event.gridIds ?? owners },
    ...{ id: randomUUID(), version: first + index },
  }));
}

export function eventRow(incidentId: string, { gridIds, ...entry }: Entry, by: string, at: Date): object {
  return { ...entry, incident_id: incidentId, at, by, grid_ids: gridIds };
}

const sameParty = (a: PartyState, b: PartyState) => a.gridId === b.gridId && a.reason === b.reason;

export const onceEach = (parties: readonly PartyState[]) =>
  parties.filter((party, index) => parties.findIndex((each) => sameParty(each, party)) === index);

const withoutEmpty = (rows: Rows): Rows =>
  Object.fromEntries(Object.entries(rows).filter(([, list]) => list.length > 0));

function sortedOut<T extends { readonly id: string }>(known: readonly T[], given: readonly T[] = []) {
  const ids = new Set(known.map(({ id }) => id));
  return { added: given.filter(({ id }) => !ids.has(id)), changed: given.filter(({ id }) => ids.has(id)) };
}

/** Those that are there already stay as they are. */
function partyRows(before: IncidentState, { partiesAdded = [], partiesEnded = [] }: IncidentChange, version: number) {
  const row = ({ gridId, reason }: PartyState) => ({ incident_id: before.id, grid_id: gridId, reason });
  const staying = before.parties.filter((party) => !partiesEnded.some((ended) => sameParty(ended, party)));
  const added = onceEach(partiesAdded).filter((party) => !staying.some((known) => sameParty(known, party)));
  return {
    added: added.map((party) => ({
      ...{ ...row(party), layer_id: party.layerId, share: party.share, from_version: version },
    })),
    ended: partiesEnded.map((party) => ({ ...row(party), to_version: version })),
  };
}

function attemptRows(before: IncidentState, { attempts = [] }: IncidentChange): object[] {
  const added = attempts.filter((attempt) => !before.attempts.some(({ number }) => number === attempt.number));
  return added.map(({ taskId, mediatorId, ...attempt }) => {
    return { ...attempt, incident_id: before.id, task_id: taskId, mediator_id: mediatorId };
  });
}

const answerOf = (push: PushState) => ({
  acknowledged_at: push.acknowledgedAt,
  acknowledged_by: push.acknowledgedBy,
  answered_at: push.answeredAt,
  answered_by: push.answeredBy,
  answer: push.answer,
});

function pushRow(incidentId: string, push: PushState): object {
  const { id, fromLayer, fromGridId, toLayer, toGridId, message, sentAt, sentBy } = push;
  const way = { from_layer: fromLayer, from_grid_id: fromGridId, to_layer: toLayer, to_grid_id: toGridId };
  return { id, incident_id: incidentId, ...way, message, sent_at: sentAt, sent_by: sentBy, ...answerOf(push) };
}

function linkRows(incidentId: string, { links = [] }: IncidentChange, by: string, at: Date): object[] {
  return links
    .filter(({ kind }) => kind !== 'BRANCH')
    .map(({ otherId, kind }) => {
      return { incident_id: incidentId, other_id: otherId, kind, linked_at: at, linked_by: by };
    });
}

/** What may change of the incident itself. */
function shellCourse({
  id,
  severity,
  edition,
  ladder,
  rung,
  notices,
  status,
  outcome,
  result,
  ...rest
}: IncidentState) {
  const { ownedAt, closedAt, closedBy, closedTier } = rest;
  return {
    ...{ id, severity, edition, ladder, layer: rung?.layer ?? null, tier: rung?.tier ?? null },
    ...{ owned_at: ownedAt, notices: noticesText(notices), status, outcome, result },
    ...{ closed_at: closedAt, closed_by: closedBy, closed_tier: closedTier },
  };
}
