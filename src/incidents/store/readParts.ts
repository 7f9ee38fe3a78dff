import { sql, type Transaction } from 'kysely';
import type { Database } from '../../db/tables.ts';
import type { AttemptState, LinkState, PartyState, PushState, TaskState } from '../course/state.ts';
import type { IncidentParts } from '../incident.type.ts';
import { TASK_COLUMNS } from './taskRow.ts';

type Of<T> = T & { readonly incidentId: string };
type Trx = Transaction<Database>;

/** Of table `incident_push u`. */
export const PUSH_COLUMNS = sql`u.id, u.from_layer as "fromLayer", u.from_grid_id as "fromGridId", u.to_layer as "toLayer",
  u.to_grid_id as "toGridId", u.message, u.sent_at as "sentAt", u.sent_by as "sentBy",
  u.acknowledged_at as "acknowledgedAt", u.acknowledged_by as "acknowledgedBy", u.answered_at as "answeredAt",
  u.answered_by as "answeredBy", u.answer`;

async function readParties(trx: Trx, ids: readonly string[]) {
  const { rows } = await sql<Of<PartyState>>`
    select incident_id as "incidentId", grid_id as "gridId", reason, layer_id as "layerId", share::float8 as share
    from incident_party where incident_id = any (${ids}::uuid[]) and to_version is null
    order by reason, share desc, layer_id, grid_id`.execute(trx);
  return rows;
}

async function readTasks(trx: Trx, ids: readonly string[]) {
  const { rows } = await sql<Of<TaskState>>`
    select t.incident_id as "incidentId", ${TASK_COLUMNS} from task t
    where t.incident_id = any (${ids}::uuid[]) order by t.position`.execute(trx);
  return rows;
}

async function readAttempts(trx: Trx, ids: readonly string[]) {
  const { rows } = await sql<Of<AttemptState>>`
    select incident_id as "incidentId", number, at, task_id as "taskId", by, mediator_id as "mediatorId", result,
      agreement, note
    from mediation_attempt where incident_id = any (${ids}::uuid[]) order by number`.execute(trx);
  return rows;
}

async function readPushes(trx: Trx, ids: readonly string[]) {
  const { rows } = await sql<Of<PushState>>`
    select u.incident_id as "incidentId", ${PUSH_COLUMNS} from incident_push u
    where u.incident_id = any (${ids}::uuid[]) order by u.position`.execute(trx);
  return rows;
}

/** Links from both ends; where both linked one another, each as it said itself. Foreign ends are not told of. */
async function readLinks(trx: Trx, ids: readonly string[]) {
  const { rows } = await sql<Of<LinkState>>`
    select distinct on (l.incident_id, l.other_id) l.incident_id as "incidentId", l.other_id as "otherId", l.kind,
      o.status = 'OPEN' as open
    from (
      select incident_id, other_id, kind, 0 as turned from incident_link where incident_id = any (${ids}::uuid[])
      union all
      select other_id, incident_id, case kind when 'ROOT' then 'BRANCH' else kind end, 1 from incident_link
        where other_id = any (${ids}::uuid[])
    ) l join incident o on o.id = l.other_id
    order by l.incident_id, l.other_id, l.turned`.execute(trx);
  return rows;
}

/** What belongs to each of the incidents, as far as the transaction sees it. */
export async function readParts(trx: Trx, ids: readonly string[]): Promise<ReadonlyMap<string, IncidentParts>> {
  const parties = groupOf(await readParties(trx, ids));
  const tasks = groupOf(await readTasks(trx, ids));
  const attempts = groupOf(await readAttempts(trx, ids));
  const pushes = groupOf(await readPushes(trx, ids));
  const links = groupOf(await readLinks(trx, ids));
  return new Map(
    ids.map((id) => [
      id,
      { parties: parties(id), tasks: tasks(id), attempts: attempts(id), pushes: pushes(id), links: links(id) },
    ]),
  );
}

function groupOf<T>(rows: readonly Of<T>[]): (id: string) => readonly T[] {
  const groups = new Map<string, T[]>();
  for (const { incidentId, ...row } of rows) {
    const group = groups.get(incidentId) ?? [];
    group.push(row as T);
    groups.set(incidentId, group);
  }
  return (id) => groups.get(id) ?? [];
}
