import { randomUUID } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import { inAreas } from '../../../src/db/areas.ts';
import { DomainError } from '../../../src/errors.ts';
import {
  AFTER_THE_END,
  hasEnded,
  type IncidentState,
  type TaskState,
  type TaskStatus,
} from '../../../src/incidents/course/state.ts';
import { seededRandom } from '../../geometry/jitteredPartition.ts';
import { asSuperuser } from '../../support/database.ts';
import { TASK_STEPS } from './courseLaws.ts';
import type { Mischief } from './storedHouse.ts';
import type { StoredWorld } from './storedWorld.ts';

interface Roll {
  readonly incident: IncidentState;
  readonly random: () => number;
}

/** What is never done through the course. Undefined where there is nothing to do it to. */
interface Wrong {
  readonly code: 'CONFLICT' | 'APPEND_ONLY' | 'DATABASE_FAILED';
  /** With the rights that the server puts down: else not even asked, for want of a right. */
  readonly asOwner?: boolean;
  readonly sql: (roll: Roll) => RawBuilder<unknown> | undefined;
}

const STATUSES = 'ISSUED ACKNOWLEDGED HANDLED VERIFIED CLOSED DECLINED WITHDRAWN'.split(' ') as TaskStatus[];

function pick<T>({ random }: Roll, list: readonly T[]): T | undefined {
  return list[Math.floor(random() * list.length)];
}

/** With all that the new status needs, so that nothing but the way there is wrong. */
const taskTo = ({ id }: TaskState, status: TaskStatus) => sql`
  update task set status = ${status}, ended_reason = coalesce(ended_reason, 'x'),
    acknowledged_at = coalesce(acknowledged_at, now()), acknowledged_by = coalesce(acknowledged_by, 'x'),
    handled_at = coalesce(handled_at, now()), handled_by = coalesce(handled_by, 'x'), result = coalesce(result, 'DONE'),
    verified_at = coalesce(verified_at, now()), verified_by = coalesce(verified_by, 'y'),
    closed_at = coalesce(closed_at, now()), closed_by = coalesce(closed_by, 'x')
  where id = ${id}::uuid`;

function leap(roll: Roll) {
  const task = pick(roll, roll.incident.tasks);
  const to = task && STATUSES.filter((each) => each !== task.status && !TASK_STEPS.includes(`${task.status}>${each}`));
  return task && taskTo(task, pick(roll, to!)!);
}

const end = ({ id }: IncidentState, outcome: string) => sql`
  update incident set status = 'CLOSED', outcome = ${outcome}, result = 'x', closed_at = now(), closed_by = 'x'
  where id = ${id}::uuid`;

const waits = (task: TaskState) => !hasEnded(task) && !AFTER_THE_END.has(task.purpose);

const attempt = (roll: Roll, number: number, by: string, staffId: string | null) => {
  const task = pick(roll, roll.incident.tasks);
  return task && attemptAt(roll.incident, task, number, by, staffId);
};

const attemptAt = ({ id }: IncidentState, task: TaskState, number: number, by: string, staffId: string | null) => sql`
  insert into mediation_attempt (incident_id, number, at, task_id, by, mediator_id, result)
  values (${id}::uuid, ${number}, now(), ${task.id}::uuid, ${by}, ${staffId}::uuid, 'SETTLED')`;

/** Another task for the post of one that there is. */
const beginning = (roll: Roll, purpose: string, status: string) => {
  const like = pick(roll, roll.incident.tasks);
  return (
    like &&
    sql`insert into task (id, incident_id, purpose, cause, post_id, role, grid_id, layer, tier, status, issued_at, issued_by, ended_reason)
      values (${randomUUID()}::uuid, ${roll.incident.id}::uuid, ${purpose}, 'HAND', ${like.postId}, ${like.role},
        ${like.gridId}::uuid, ${like.layer}, ${like.tier}, ${status}, now(), 'x', 'x')`
  );
};

const event = ({ id }: IncidentState, version: number) => sql`
  insert into incident_event (id, incident_id, version, kind, act, at, by, grid_ids)
  values (${randomUUID()}::uuid, ${id}::uuid, ${version}, 'CHANGED', 'FORGED', now(), 'x', '{}')`;

const ofIncident = (statement: string) => (roll: Roll) => sql`${sql.raw(statement)} ${roll.incident.id}::uuid`;
const ofTask = (statement: string, isFit: (task: TaskState) => boolean) => (roll: Roll) => {
  const task = pick(roll, roll.incident.tasks.filter(isFit));
  return task && sql`${sql.raw(statement)} where id = ${task.id}::uuid`;
};
const next = ({ attempts }: IncidentState) => attempts.length + 1;
const always = () => true;

/** By what is wrong with it. */
const WRONGS: Readonly<Record<string, Wrong>> = {
  'a task leaps': { code: 'CONFLICT', sql: leap },
  'a task is closed that nobody took': {
    code: 'CONFLICT',
    sql: (roll) => {
      const task = pick(
        roll,
        roll.incident.tasks.filter(({ status }) => status === 'ISSUED'),
      );
      return task && taskTo(task, 'CLOSED');
    },
  },
  'a task is verified by who handled it': {
    code: 'DATABASE_FAILED',
    sql: ofTask(
      `update task set status = 'VERIFIED', verified_at = now(), verified_by = handled_by`,
      ({ status }) => status === 'HANDLED',
    ),
  },
  'a task is handled without a result': {
    code: 'DATABASE_FAILED',
    sql: ofTask(
      `update task set status = 'HANDLED', handled_at = now(), handled_by = 'x'`,
      ({ status }) => status === 'ACKNOWLEDGED',
    ),
  },
  'a task ends without a reason': {
    code: 'DATABASE_FAILED',
    sql: ofTask(`update task set status = 'WITHDRAWN'`, ({ status }) => status === 'ISSUED'),
  },
  'a task is for something else': {
    ...{ code: 'APPEND_ONLY', asOwner: true },
    sql: ofTask(`update task set purpose = case purpose when 'NOTICE' then 'HANDLE' else 'NOTICE' end`, always),
  },
  'a task is for another role': { code: 'DATABASE_FAILED', sql: ofTask(`update task set role = 'x'`, always) },
  'a task is gone': { code: 'APPEND_ONLY', asOwner: true, sql: ofTask('delete from task', always) },
  'an incident ends while a task waits': {
    code: 'CONFLICT',
    sql: ({ incident }) =>
      incident.status === 'OPEN' && incident.tasks.some(waits) ? end(incident, 'HANDED_OVER') : undefined,
  },
  'an incident is settled and nothing was done': {
    code: 'CONFLICT',
    sql: ({ incident }) =>
      incident.status === 'OPEN' && !incident.tasks.some(({ status }) => status === 'CLOSED')
        ? end(incident, 'SETTLED')
        : undefined,
  },
  'an incident ends otherwise': {
    code: 'CONFLICT',
    sql: ({ incident }) =>
      incident.status === 'CLOSED'
        ? end(incident, incident.outcome === 'UNFOUNDED' ? 'DUPLICATE' : 'UNFOUNDED')
        : undefined,
  },
  'an incident is opened again': {
    code: 'CONFLICT',
    sql: ({ incident: { status, id } }) =>
      status === 'CLOSED'
        ? sql`update incident set status = 'OPEN', outcome = null, result = null, closed_at = null, closed_by = null
            where id = ${id}::uuid`
        : undefined,
  },
  'an incident ends without a result': {
    code: 'DATABASE_FAILED',
    sql: ({ incident: { status, id, tasks } }) =>
      status === 'OPEN' && !tasks.some(waits)
        ? sql`update incident set status = 'CLOSED', outcome = 'DUPLICATE' where id = ${id}::uuid`
        : undefined,
  },
  'an incident was found by another': {
    ...{ code: 'APPEND_ONLY', asOwner: true },
    sql: ofIncident(`update incident set reported_by = reported_by || 'x' where id = `),
  },
  'an incident goes back': {
    ...{ code: 'APPEND_ONLY', asOwner: true },
    sql: ofIncident('update incident set version = version - 1 where id = '),
  },
  'a version is taken without an event': {
    code: 'DATABASE_FAILED',
    sql: ofIncident('update incident set version = version + 1 where id = '),
  },
  'an incident is gone': {
    ...{ code: 'APPEND_ONLY', asOwner: true },
    sql: ofIncident('delete from incident where id = '),
  },
  'an attempt follows the one that settled': {
    code: 'CONFLICT',
    sql: (roll) =>
      roll.incident.attempts.at(-1)?.result === 'SETTLED' ? attempt(roll, next(roll.incident), 'x', null) : undefined,
  },
  'an attempt is left out': { code: 'CONFLICT', sql: (roll) => attempt(roll, next(roll.incident) + 1, 'x', null) },
  'an attempt is made twice': {
    code: 'CONFLICT',
    sql: (roll) =>
      roll.incident.attempts.length > 0 ? attempt(roll, roll.incident.attempts.length, 'x', null) : undefined,
  },
  'the finder mediates': {
    code: 'CONFLICT',
    sql: (roll) => {
      const { origin, reportedBy, finderId } = roll.incident;
      if (origin !== 'FOUND') return undefined;
      const isLogin = roll.random() < 0.5;
      return attempt(roll, next(roll.incident), isLogin ? reportedBy : 'x', isLogin ? null : finderId);
    },
  },
  'an attempt turns out otherwise': {
    ...{ code: 'APPEND_ONLY', asOwner: true },
    sql: ({ incident: { id, attempts } }) =>
      attempts.length > 0
        ? sql`update mediation_attempt set result = 'FAILED', agreement = null where incident_id = ${id}::uuid`
        : undefined,
  },
  'an event is left out': { code: 'CONFLICT', sql: ({ incident }) => event(incident, incident.version + 2) },
  'an event takes the place of another': { code: 'CONFLICT', sql: ({ incident }) => event(incident, incident.version) },
  'an event is told otherwise': {
    ...{ code: 'APPEND_ONLY', asOwner: true },
    sql: ofIncident(`update incident_event set act = 'FORGED' where incident_id = `),
  },
  'an ended task says otherwise': {
    code: 'CONFLICT',
    sql: ofTask(`update task set answer = 'forged', verified_by = 'forger'`, hasEnded),
  },
  'a task begins at its end': {
    code: 'CONFLICT',
    sql: (roll) => beginning(roll, 'FOLLOW_UP', 'WITHDRAWN'),
  },
  'something is to be handled after the end': {
    code: 'CONFLICT',
    sql: (roll) => (roll.incident.status === 'CLOSED' ? beginning(roll, 'HANDLE', 'ISSUED') : undefined),
  },
  'what was closed is on another tier': {
    code: 'CONFLICT',
    sql: ({ incident: { id, status } }) =>
      status === 'CLOSED'
        ? sql`update incident set tier = 'elsewhere', owned_at = now() where id = ${id}::uuid`
        : undefined,
  },
  'an attempt at what is no mediation': {
    code: 'CONFLICT',
    sql: ({ incident }) => {
      const task = incident.tasks.find(({ purpose }) => purpose !== 'MEDIATE');
      return task && attemptAt(incident, task, next(incident), 'somebody', null);
    },
  },
  'an event is gone': {
    ...{ code: 'APPEND_ONLY', asOwner: true },
    sql: ofIncident('delete from incident_event where incident_id = '),
  },
  'the server deletes an event': {
    code: 'DATABASE_FAILED',
    sql: ofIncident('delete from incident_event where incident_id = '),
  },
  'a party was never there': {
    code: 'DATABASE_FAILED',
    sql: ofIncident('update incident_party set to_version = from_version where incident_id = '),
  },
  'a party is gone': {
    ...{ code: 'APPEND_ONLY', asOwner: true },
    sql: ofIncident('delete from incident_party where incident_id = '),
  },
  'an incident hangs together with itself': {
    code: 'DATABASE_FAILED',
    sql: ({ incident: { id } }) => sql`insert into incident_link (incident_id, other_id, kind, linked_at, linked_by)
      values (${id}::uuid, ${id}::uuid, 'ROOT', now(), 'x')`,
  },
  'a link says otherwise': {
    ...{ code: 'APPEND_ONLY', asOwner: true },
    sql: ({ incident: { id, links } }) =>
      links.some(({ kind }) => kind !== 'BRANCH')
        ? sql`update incident_link set kind = 'ROOT' where incident_id = ${id}::uuid`
        : undefined,
  },
};

/** What was tried, how often. */
export type MischiefTally = Map<string, number>;
export const MISCHIEF = Object.keys(WRONGS);

/** A random wrong step in plain SQL after `share` of the steps. Throws Error for one that is not refused, or otherwise. */
export function mischiefIn({ desk }: StoredWorld, share: number, tally: MischiefTally, seed: number): Mischief {
  const random = seededRandom(seed);
  return async (incident) => {
    if (random() >= share) return false;
    const roll = { incident, random };
    const [name, wrong] = pick(roll, Object.entries(WRONGS))!;
    const statement = wrong.sql(roll);
    if (!statement) return false;
    const told = await inTransactionAs(desk, wrong.asOwner === true, statement).then(
      () => 'done',
      (error) => (error instanceof DomainError ? error.code : String(error)),
    );
    if (told !== wrong.code) throw new Error(`${name}: ${told}, not ${wrong.code}`);
    tally.set(name, (tally.get(name) ?? 0) + 1);
    return true;
  };
}

function inTransactionAs({ db, now }: StoredWorld['desk'], asOwner: boolean, statement: RawBuilder<unknown>) {
  if (!asOwner) return inAreas(db, 'everywhere', now, (trx) => statement.execute(trx));
  return asSuperuser(db, (trx) => statement.execute(trx));
}
