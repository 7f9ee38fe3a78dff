import { sql, type Transaction } from 'kysely';
import type { Database } from '../../db/tables.ts';
import type { IncidentChange, NewEvent, ShellChange } from '../course/change.ts';
import type { IncidentState, PartyState, PushState } from '../course/state.ts';
import { json, noticesText } from './shellRow.ts';
import { courseOf, taskRow } from './taskRow.ts';

type Trx = Transaction<Database>;

/** Events as they go into the trail. */
export interface Entry extends NewEvent {
  readonly id: string;
  readonly version: number;
  readonly gridIds: readonly string[];
}

/** Throws CONFLICT where a version is taken already. */
export async function insertEvents(trx: Trx, incidentId: string, entries: readonly Entry[], by: string, at: Date) {
  if (entries.length === 0) return;
  const rows = entries.map(({ id, version, kind, act, gridIds, details }) => {
    const fields = { id, incident_id: incidentId, version, kind, act, at, by };
    return { ...fields, grid_ids: [...gridIds], details: json(details) };
  });
  await trx.insertInto('incident_event').values(rows).execute();
}

const sameParty = (a: PartyState, b: PartyState) => a.gridId === b.gridId && a.reason === b.reason;

/** Both from the version on. Those that are there already stay as they are. */
export async function writeParties(
  trx: Trx,
  before: IncidentState,
  { partiesAdded = [], partiesEnded = [] }: IncidentChange,
  version: number,
): Promise<void> {
  for (const { gridId, reason } of partiesEnded) {
    await sql`update incident_party set to_version = ${version} where incident_id = ${before.id}::uuid
      and grid_id = ${gridId}::uuid and reason = ${reason} and to_version is null`.execute(trx);
  }
  const staying = before.parties.filter((party) => !partiesEnded.some((ended) => sameParty(ended, party)));
  const added = partiesAdded.filter((party) => !staying.some((known) => sameParty(known, party)));
  await insertParties(trx, before.id, added, version);
}

export async function insertParties(trx: Trx, incidentId: string, parties: readonly PartyState[], version: number) {
  const once = parties.filter((party, index) => parties.findIndex((each) => sameParty(each, party)) === index);
  if (once.length === 0) return;
  const rows = once.map(({ gridId, reason, layerId, share }) => {
    const fields = { incident_id: incidentId, grid_id: gridId, reason, layer_id: layerId, share };
    return { ...fields, from_version: version };
  });
  await trx.insertInto('incident_party').values(rows).execute();
}

export async function writeTasks(trx: Trx, before: IncidentState, { tasks = [] }: IncidentChange): Promise<void> {
  const known = new Set(before.tasks.map(({ id }) => id));
  const added = tasks.filter(({ id }) => !known.has(id)).map((task) => taskRow(before.id, task));
  if (added.length > 0) await trx.insertInto('task').values(added).execute();
  for (const task of tasks.filter(({ id }) => known.has(id))) {
    await trx.updateTable('task').set(courseOf(task)).where('id', '=', task.id).execute();
  }
}

export async function writeAttempts(trx: Trx, before: IncidentState, { attempts = [] }: IncidentChange): Promise<void> {
  for (const { taskId, mediatorId, ...attempt } of attempts.slice().sort((a, b) => a.number - b.number)) {
    if (before.attempts.some(({ number }) => number === attempt.number)) continue;
    const row = { ...attempt, incident_id: before.id, task_id: taskId, mediator_id: mediatorId };
    await trx.insertInto('mediation_attempt').values(row).execute();
  }
}

const answerOf = (push: PushState) => ({
  acknowledged_at: push.acknowledgedAt,
  acknowledged_by: push.acknowledgedBy,
  answered_at: push.answeredAt,
  answered_by: push.answeredBy,
  answer: push.answer,
});

export async function writePushes(trx: Trx, before: IncidentState, { pushes = [] }: IncidentChange): Promise<void> {
  for (const push of pushes) {
    if (before.pushes.some(({ id }) => id === push.id)) {
      await trx.updateTable('incident_push').set(answerOf(push)).where('id', '=', push.id).execute();
      continue;
    }
    const { id, fromLayer, fromGridId, toLayer, toGridId, message, sentAt, sentBy } = push;
    const way = { from_layer: fromLayer, from_grid_id: fromGridId, to_layer: toLayer, to_grid_id: toGridId };
    const sent = { message, sent_at: sentAt, sent_by: sentBy };
    const row = { id, incident_id: before.id, ...way, ...sent, ...answerOf(push) };
    await trx.insertInto('incident_push').values(row).execute();
  }
}

export async function writeLinks(trx: Trx, before: IncidentState, change: IncidentChange, by: string, at: Date) {
  for (const { otherId, kind } of change.links ?? []) {
    if (kind === 'BRANCH') continue;
    const row = { incident_id: before.id, other_id: otherId, kind, linked_at: at, linked_by: by };
    await trx
      .insertInto('incident_link')
      .values(row)
      .onConflict((taken) => taken.doNothing())
      .execute();
  }
}

const COLUMNS: Readonly<Record<Exclude<keyof ShellChange, 'rung' | 'notices'>, string>> = {
  ...{ severity: 'severity', ownedAt: 'owned_at', edition: 'edition', ladder: 'ladder', status: 'status' },
  ...{ outcome: 'outcome', result: 'result', closedAt: 'closed_at', closedBy: 'closed_by', closedTier: 'closed_tier' },
};

export async function writeShell(trx: Trx, id: string, { rung, notices, ...shell }: ShellChange): Promise<void> {
  const plain = Object.entries(shell).map(([name, value]) => [COLUMNS[name as keyof typeof COLUMNS], value]);
  const set = {
    ...Object.fromEntries(plain),
    ...(rung !== undefined && { layer: rung?.layer ?? null, tier: rung?.tier ?? null }),
    ...(notices !== undefined && { notices: json(noticesText(notices)) }),
  };
  if (Object.keys(set).length > 0) await trx.updateTable('incident').set(set).where('id', '=', id).execute();
}
