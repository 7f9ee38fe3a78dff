import { sql, type Transaction } from 'kysely';
import type { Database } from '../../db/tables.ts';
import type { AttemptState, LinkState, PartyState, PushState, TaskState } from '../course/state.ts';
import type { IncidentFile, IncidentParts } from '../incident.type.ts';
import { runPrepared } from './prepared.ts';
import { recordOf, SHELL_COLUMNS, type ShellRow } from './shellRow.ts';
import { TASK_COLUMNS } from './taskRow.ts';

type Of<T> = T & { readonly incidentId: string };
type Trx = Transaction<Database>;

/** Of table `incident_push u`. */
export const PUSH_COLUMNS = sql`u.id, u.from_layer as "fromLayer", u.from_grid_id as "fromGridId", u.to_layer as "toLayer",
  u.to_grid_id as "toGridId", u.message, u.sent_at as "sentAt", u.sent_by as "sentBy",
  u.acknowledged_at as "acknowledgedAt", u.acknowledged_by as "acknowledgedBy", u.answered_at as "answeredAt",
  u.answered_by as "answeredBy", u.answer`;

/** Of each kind one JSON array, in one statement: planned once, where five took longer to plan than to run. */
function partsOf(ids: readonly string[], showsAll = false) {
  // Of one the database keeps its plan; of a list it makes one anew each time, by how long that is.
  const these = ids.length === 1 ? sql`${ids[0]}::uuid` : sql`any (${ids}::uuid[])`;
  const parties = sql`select * from incident_party where incident_id = ${these} and to_version is null`;
  return sql`
  (select json_agg(r) from (
    select p.incident_id as "incidentId", p.grid_id as "gridId", p.reason, p.layer_id as "layerId", p.share::float8 as share
    from (${showsAll ? parties : sql`${parties} and reason <> 'OWNER' union all select * from incident_owners(${ids}::uuid[])`}
    ) p order by p.reason, p.share desc, p.layer_id, p.grid_id
  ) r) as parties,
  (select json_agg(r) from (
    select t.incident_id as "incidentId", ${TASK_COLUMNS} from task t where t.incident_id = ${these} order by t.position
  ) r) as tasks,
  (select json_agg(r) from (
    select incident_id as "incidentId", number, at, task_id as "taskId", by, mediator_id as "mediatorId", result, agreement,
      note
    from mediation_attempt where incident_id = ${these} order by number
  ) r) as attempts,
  (select json_agg(r) from (
    select u.incident_id as "incidentId", ${PUSH_COLUMNS} from incident_push u where u.incident_id = ${these}
    order by u.position
  ) r) as pushes,
  -- Links from both ends; where both linked one another, each as it said itself. Foreign ends are not told of.
  (select json_agg(r) from (
    select distinct on (l.incident_id, l.other_id) l.incident_id as "incidentId", l.other_id as "otherId", l.kind,
      o.status = 'OPEN' as open
    from (
      select incident_id, other_id, kind, 0 as turned from incident_link where incident_id = ${these}
      union all
      select other_id, incident_id, case kind when 'ROOT' then 'BRANCH' else kind end, 1 from incident_link
        where other_id = ${these}
    ) l join incident o on o.id = l.other_id
    order by l.incident_id, l.other_id, l.turned
  ) r) as links`;
}

/** As JSON tells them: of several incidents at once, instants as text; null for none. */
interface PartsRow {
  readonly parties: readonly Of<PartyState>[] | null;
  readonly tasks: readonly Of<TaskState>[] | null;
  readonly attempts: readonly Of<AttemptState>[] | null;
  readonly pushes: readonly Of<PushState>[] | null;
  readonly links: readonly Of<LinkState>[] | null;
}

/** What belongs to each of the incidents, as far as the transaction sees it; of whatever incident it sees all owners. */
export async function readParts(trx: Trx, ids: readonly string[]): Promise<ReadonlyMap<string, IncidentParts>> {
  const [row] = await runPrepared<PartsRow>(
    trx,
    ids.length === 1 ? 'incidents.parts_of_one' : 'incidents.parts',
    sql`select ${partsOf(ids)}`,
  );
  return sortParts(row, ids);
}

/** The incident with all that belongs to it, read at one instant. Only for whoever sees everything. */
export async function readFile(trx: Trx, id: string): Promise<IncidentFile | undefined> {
  const query = sql`select ${SHELL_COLUMNS}, ${partsOf([id], true)} from incident i where i.id = ${id}::uuid`;
  const [row] = await runPrepared<ShellRow & PartsRow>(trx, 'incidents.file', query);
  if (!row) return undefined;
  const { parties, tasks, attempts, pushes, links, ...shell } = row;
  return { ...recordOf(shell), ...sortParts({ parties, tasks, attempts, pushes, links }, [shell.id]).get(shell.id)! };
}

function sortParts(row: PartsRow, ids: readonly string[]): ReadonlyMap<string, IncidentParts> {
  const parties = groupOf(row.parties);
  const tasks = groupOf(
    row.tasks,
    'issuedAt',
    'dueAt',
    'startsAt',
    'acknowledgedAt',
    'arrivedAt',
    'handledAt',
    'verifiedAt',
    'closedAt',
    'overdueAt',
  );
  const attempts = groupOf(row.attempts, 'at');
  const pushes = groupOf(row.pushes, 'sentAt', 'acknowledgedAt', 'answeredAt');
  const links = groupOf(row.links);
  return new Map(
    ids.map((id) => [
      id,
      { parties: parties(id), tasks: tasks(id), attempts: attempts(id), pushes: pushes(id), links: links(id) },
    ]),
  );
}

/** `instants`: those that are text in JSON. */
function groupOf<T>(
  rows: readonly Of<T>[] | null,
  ...instants: readonly (keyof T & string)[]
): (id: string) => readonly T[] {
  const groups = new Map<string, T[]>();
  for (const { incidentId, ...row } of rows ?? []) {
    const group = groups.get(incidentId) ?? [];
    const dates = instants.map((name) => [name, dateOf((row as Readonly<Record<string, unknown>>)[name])]);
    group.push({ ...row, ...Object.fromEntries(dates) } as T);
    groups.set(incidentId, group);
  }
  return (id) => groups.get(id) ?? [];
}

const dateOf = (text: unknown) => (typeof text === 'string' ? new Date(text) : null);
