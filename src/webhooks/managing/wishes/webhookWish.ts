import { type AreaTree, isWithin } from '../../../access/areaTree.ts';
import { DomainError } from '../../../errors.ts';
import type { FeedFilter } from '../../../feed/feedFilter.ts';
import type { WebhookClient } from '../webhookRecord.ts';

export type WebhookTopic = FeedFilter['topic'];

/** What is asked for a new webhook. */
export interface WebhookWish {
  readonly clientId: string;
  /** Id or code of a grid. */
  readonly within: string;
  readonly topic: WebhookTopic;
  readonly url: string;
  /** Empty: all of the topic that the client may have. */
  readonly eventTypes: readonly string[];
  readonly categories?: readonly string[] | null;
  readonly clientKey?: string | null;
}

/** By which right a client is sent the events of a topic. */
const RIGHT_FOR = {
  INCIDENT: 'incidents.read',
  BOUNDARY: 'editions.follow',
  OWNERSHIP: 'editions.follow',
} as const satisfies Record<WebhookTopic, string>;

const MOST = { types: 50, categories: 100, overlapHours: 168 } as const;
const USUAL_OVERLAP_HOURS = 24;
const CATEGORY = /^[a-z][a-z0-9_]{0,63}$/;

function badInput(field: string, words: string, details: Record<string, unknown> = {}): DomainError {
  return new DomainError('BAD_INPUT', `${field}: ${words}`, { field, ...details });
}

function assertList(field: string, list: readonly string[], most: number): void {
  if (list.length > most) throw badInput(field, `name at most ${most}, not ${list.length}.`);
  if (new Set(list).size < list.length) throw badInput(field, 'name each only once.');
}

/**
 * Kinds of events of the topic that the client may have, as asked. Throws BAD_INPUT for another kind, and where the client
 * may have nothing of the topic.
 */
export function readTypes(
  { topic, eventTypes }: Pick<WebhookWish, 'topic' | 'eventTypes'>,
  client: Pick<WebhookClient, 'eventTypes' | 'actions'>,
  known: readonly string[],
): readonly string[] {
  const field = 'input.eventTypes';
  if (!client.actions.includes(RIGHT_FOR[topic])) {
    const words = `this integrator has not the right ${RIGHT_FOR[topic]}, without which it is sent no event of ${topic}. Make an integrator with it.`;
    throw badInput('input.clientId', words, { right: RIGHT_FOR[topic] });
  }
  const whole = topic.toLowerCase();
  const may = (type: string) => client.eventTypes.length === 0 || client.eventTypes.includes(type);
  const all = [whole, ...known];
  const allowed = all.filter((type) => may(type) || may(whole));
  if (allowed.length === 0) {
    const words = `this integrator may have only ${client.eventTypes.join(', ')}, and nothing of ${topic}.`;
    throw badInput('input.topic', words, { eventTypes: client.eventTypes });
  }
  assertList(field, eventTypes, MOST.types);
  if (eventTypes.every((type) => allowed.includes(type))) return eventTypes;
  throw badInput(field, `this integrator may have only ${allowed.join(', ')} of ${topic}.`, { eventTypes: allowed });
}

/** Throws BAD_INPUT. */
export function readCategories({ topic, categories }: Pick<WebhookWish, 'topic' | 'categories'>): string[] | null {
  const field = 'input.categories';
  if (categories == null) return null;
  if (topic !== 'INCIDENT') throw badInput(field, `only incidents have categories; leave them out for ${topic}.`);
  if (categories.length === 0) throw badInput(field, 'name at least one, or leave them out for all.');
  assertList(field, categories, MOST.categories);
  if (categories.every((category) => CATEGORY.test(category))) return [...categories];
  throw badInput(field, 'a category is a code such as noise_neighbour; `categories` lists those of an area.');
}

/** The id of the grid. Throws NOT_FOUND for one outside the areas of the client exactly as for one that does not exist. */
export function readArea(within: string, client: Pick<WebhookClient, 'areas'>, tree: AreaTree): string {
  const id = tree.findGridId(within);
  if (id !== undefined && isWithin(tree, client.areas, id)) return id;
  const message = `input.within: there is no grid ${within.slice(0, 100)} within the areas of this integrator. Where several grids share a code, give the id.`;
  throw new DomainError('NOT_FOUND', message, { field: 'input.within' });
}

/** For how long the old secret signs beside the new one; 24 hours unless told. Throws BAD_INPUT. */
export function readOverlap(hours: number | null | undefined): number {
  const overlap = hours ?? USUAL_OVERLAP_HOURS;
  if (Number.isInteger(overlap) && overlap >= 0 && overlap <= MOST.overlapHours) return overlap;
  throw badInput('overlapHours', `the old secret signs for 0 to ${MOST.overlapHours} hours more, not ${overlap}.`);
}

/** Positions of what was parked, as `parkedEvents` gives them as ids; null: all. Throws BAD_INPUT. */
export function readParkedIds(ids: readonly string[] | null | undefined): number[] | null {
  if (ids == null) return null;
  assertList('parked', ids, 200);
  return ids.map((id) => {
    const position = /^[1-9]\d{0,15}$/.test(id) ? Number(id) : Number.NaN;
    if (Number.isSafeInteger(position)) return position;
    throw badInput('parked', 'pass ids as `webhookParkedEvents` gave them, or leave them out for all.');
  });
}
