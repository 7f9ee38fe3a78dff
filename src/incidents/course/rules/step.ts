import { DomainError } from '../../../errors.ts';
import type { NewEvent } from '../change.ts';
import type { Command, CommandName, CourseActor } from '../command.ts';
import type { IncidentState, TaskState } from '../state.ts';

/** What `decide` has to know besides the incident. */
export interface CourseGround {
  /** Layers by their codes: a grid that gets a task is a party, and a party tells its layer. */
  readonly layerIds: ReadonlyMap<string, number>;
}

/** One command on its way through its rule. */
export interface Step<Name extends CommandName> {
  readonly incident: IncidentState;
  readonly command: Extract<Command, { readonly do: Name }>;
  readonly actor: CourseActor;
  readonly at: Date;
  readonly ground: CourseGround;
}

/** Nothing changes: the same was done before. */
export const NOTHING = { events: [] } as const;

type RefusalCode = 'CONFLICT' | 'FORBIDDEN' | 'BAD_INPUT' | 'NOT_FOUND';

/** `words` say what is wrong and the way out. */
export function refusal(code: RefusalCode, field: string, words: string, details: Record<string, unknown> = {}) {
  return new DomainError(code, `${field}: ${words}`, { field, ...details });
}

const lengthOf = (text: string) => [...text].length;

/** Throws BAD_INPUT where the text is missing or too long. */
export function neededText(field: string, text: string | null, missing: string, longest = 500): string {
  if (text === null || text.trim() === '') throw refusal('BAD_INPUT', field, missing);
  if (lengthOf(text) > longest) throw refusal('BAD_INPUT', field, `at most ${longest} characters; shorten it.`);
  return text;
}

/** Null where it was left out. Throws BAD_INPUT where it is empty or too long. */
export function optionalText(field: string, text: string | null, longest = 500): string | null {
  return text === null ? null : neededText(field, text, 'is empty; leave it out or say something.', longest);
}

/** The column for an end holds 500 characters, and the cause goes before the reason. */
export const endedBecause = (cause: string, reason: string) => [...`${cause}: ${reason}`].slice(0, 500).join('');

/** Throws NOT_FOUND. */
export function getTask(incident: IncidentState, taskId: string): TaskState {
  const task = incident.tasks.find(({ id }) => id === taskId);
  if (task) return task;
  throw refusal('NOT_FOUND', 'taskId', 'the incident has no task of this id; its `tasks` lists them.');
}

/** Of one task, with whom it is for. */
export function taskEvent(act: string, task: TaskState, details: Record<string, unknown> = {}): NewEvent {
  const { id, purpose, role, gridId } = task;
  return { kind: 'CHANGED', act, details: { task: id, purpose, role, gridId, ...details } };
}

/** An event holds 8,000 characters, so that many tasks are told in several. */
const TASKS_OF_AN_EVENT = 100;

/** Of several tasks alike; no event for none. */
export function tasksEvents(
  kind: NewEvent['kind'],
  act: string,
  tasks: readonly { readonly id: string }[],
  details: Record<string, unknown>,
  gridIds?: readonly string[],
): NewEvent[] {
  const ids = tasks.map(({ id }) => id);
  const count = Math.ceil(ids.length / TASKS_OF_AN_EVENT);
  return Array.from({ length: count }, (_, i) => ({
    kind,
    act,
    details: { ...details, tasks: ids.slice(i * TASKS_OF_AN_EVENT, (i + 1) * TASKS_OF_AN_EVENT) },
    ...(gridIds && { gridIds }),
  }));
}
