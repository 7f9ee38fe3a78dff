import { isObjectType } from 'graphql';
import { expect } from 'vitest';
import type { Role } from '../../src/access/rights.ts';
import type { Answer, Failure } from '../support/api.ts';
import type { Town } from './demoTown.ts';

export type Headers = Record<string, string>;

const POST = 'post { id vacant role { code } grid { id tier { code } } }';
const TASK = `id kind status cause batchId note dueAt startsAt overdueAt acknowledgedAt arrivedAt handledAt result answer
  endedReason belongsTo { id } ${POST} handler { id } homeUnit { id name } holders { holder { ... on Person { id } ... on Body { id } } }`;

/** What is asked of an incident after each act. */
export const INCIDENT = `id category status severity origin summary occurredAt reportedAt version ladder tier notices { code message }
  outcome result closedAt closedTier finder { id } ownedBy { share layer { code } grid { id code name tier { code } } }
  tasks { ${TASK} } attempts { number result agreement mediator { id } }
  pushes { id from { id } to { id } message acknowledgedAt answeredAt answer }
  related { kind open incident { id } } trail { version kind act by details }`;

/** A mutation with its arguments typed as the schema says, so that tests name them once. */
export function mutationText({ api }: Town, field: string, args: object, selection: string): string {
  const type = api.app.schema.getMutationType();
  if (!isObjectType(type)) throw new Error('There are no mutations');
  const known = type.getFields()[field].args;
  const given = Object.keys(args);
  const types = given.map((name) => `$${name}: ${known.find((arg) => arg.name === name)!.type}`);
  return `mutation (${types.join(', ')}) { ${field}(${given.map((name) => `${name}: $${name}`).join(', ')}) { ${selection} } }`;
}

/** Does something as somebody; what the incident is afterwards. */
export async function act(town: Town, field: string, args: object, by: Headers, selection = INCIDENT): Promise<Answer> {
  return (await town.api.ask(mutationText(town, field, args, selection), args, by))[field];
}

/** The refusal of what is not allowed. */
export async function refusal(
  town: Town,
  field: string,
  args: object,
  by: Headers,
): Promise<Failure['extensions'] & { message: string }> {
  const { errors } = await town.api.askRaw(mutationText(town, field, args, 'id'), args, by);
  expect(errors, `${field} should have been refused`).toHaveLength(1);
  return { ...errors![0].extensions, message: errors![0].message };
}

/** The desk of the whole city: it reports, and acts for posts. */
export const desk = ({ api }: Town): Promise<Headers> => api.as('dispatcher', '*');
/** Somebody else who directs: what the desk handled, he or she verifies. */
export const director = ({ api }: Town): Promise<Headers> => api.as('admin', '*');

/** Reports a matter at a place, by the desk unless somebody else does. */
export async function report(town: Town, input: object, by?: Headers): Promise<Answer> {
  return act(town, 'reportIncident', { input }, by ?? (await desk(town)));
}

/** What an incident is now. */
export async function incidentNow(town: Town, id: string, by?: Headers, selection = INCIDENT): Promise<Answer> {
  const query = `query ($id: ID!) { incident(id: $id) { ${selection} } }`;
  return (await town.api.ask(query, { id }, by ?? (await director(town)))).incident;
}

/** Signs in as whoever holds the post of a task now, with a role of the API on its grid. */
export async function asHolder({ api }: Town, task: Answer, role: Role): Promise<Headers> {
  const holder = task.holders[0]?.holder?.id;
  expect(holder, 'somebody holds the post of the task').toBeTruthy();
  return api.asStaff(holder, role, task.post.grid.id);
}

/** From issued to closed: the desk handles it on behalf, somebody else verifies and closes it. */
export async function finish(town: Town, task: Answer, answer = '已办结'): Promise<Answer> {
  const by = await desk(town);
  await act(town, 'acknowledgeTask', { id: task.id }, by);
  if (task.kind === 'MEDIATE') await act(town, 'recordAttempt', { taskId: task.id, result: 'SETTLED' }, by);
  else await act(town, 'handleTask', { id: task.id, result: 'DONE', answer }, by);
  const other = await director(town);
  await act(town, 'verifyTask', { id: task.id, accepted: true }, other);
  return act(town, 'closeTask', { id: task.id }, other);
}

/** Sets the local practice of an area; sections that are not named stay as they are. */
export async function setPractice(town: Town, area: string | null, practice: object): Promise<Answer> {
  return act(town, 'setPractice', { area, practice }, await director(town), 'edition');
}

/** The tasks of a kind. */
export const tasksOf = (incident: Answer, kind: string): Answer[] =>
  incident.tasks.filter((task: Answer) => task.kind === kind);

/** What the notices of an incident are about. */
export const told = (incident: Answer): string[] => incident.notices.map(({ code }: Answer) => code);
