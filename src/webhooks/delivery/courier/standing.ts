import { areasOf, type Viewer } from '../../../access/viewer.ts';
import { type FeedEvent, isOfTypes } from '../../../feed/feedEvent.ts';
import { type FeedFilter, matches } from '../../../feed/feedFilter.ts';
import { isIntegratorAction } from '../../../keys/clientScope.ts';
import type { EndpointRecord } from '../../endpoint.type.ts';
import type { SealedSecret } from '../sending/secretSeal.ts';

/** An endpoint and all that decides whether it may be sent something, as it stands in the database. */
export interface Standing {
  readonly endpoint: EndpointRecord;
  readonly client: {
    readonly areas: 'everywhere' | readonly string[];
    readonly actions: readonly string[];
    /** Empty is all. */
    readonly eventTypes: readonly string[];
    /** When the last of its keys that are not revoked ends; null: all are. */
    readonly liveUntil: Date | null;
  };
  /** Those that have not ended. */
  readonly secrets: readonly SealedSecret[];
}

type Topic = FeedFilter['topic'];
/** What an event of the log and one that was parked have in common. */
type Told = Pick<FeedEvent, 'kind' | 'areaIds'>;

export function filterOf({ endpoint: { topic, gridId, categories } }: Standing): FeedFilter {
  return { topic, within: gridId, categories };
}

/** Whether both ask for the same events. */
export function isSameFilter(a: Standing, b: Standing): boolean {
  const textOf = (standing: Standing) => JSON.stringify([filterOf(standing), standing.endpoint.eventTypes]);
  return textOf(a) === textOf(b);
}

/** The roots of what the client may follow; empty: nothing, as where it has no live key. */
function rootsOf({ client }: Standing, topic: Topic, now: Date): 'everywhere' | readonly string[] {
  if (client.liveUntil === null || client.liveUntil <= now) return [];
  const actions = new Set(client.actions.filter(isIntegratorAction));
  const viewer: Viewer = {
    kind: 'key',
    subject: 'webhook',
    grants: [{ role: 'integrator', areas: client.areas }],
    actions,
  };
  return areasOf(viewer, topic === 'INCIDENT' ? 'incidents.read' : 'editions.follow');
}

/** Whether the client may be sent anything at all. */
export function mayReceive(standing: Standing, now: Date): boolean {
  return rootsOf(standing, standing.endpoint.topic, now).length > 0;
}

/** Whether the client may be told of it, and the endpoint is for its kind. */
export function mayBeTold(standing: Standing, told: Told, now: Date): boolean {
  const { endpoint, client } = standing;
  const roots = rootsOf(standing, endpoint.topic, now);
  if (roots !== 'everywhere' && !roots.some((root) => told.areaIds.includes(root))) return false;
  const event = { topic: endpoint.topic, kind: told.kind };
  return [endpoint.eventTypes, client.eventTypes].every(
    (types) => types.length === 0 || isOfTypes(event, new Set(types)),
  );
}

export function isForIt(standing: Standing, event: FeedEvent, now: Date): boolean {
  return matches(filterOf(standing), event) && mayBeTold(standing, event, now);
}
