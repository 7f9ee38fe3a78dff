/** What an event is about. KEY is for servers only: at that place in the log a key was revoked. */
export type Topic = 'INCIDENT' | 'BOUNDARY' | 'OWNERSHIP' | 'KEY';

/** One event of the log, the same for all its readers. */
export interface FeedEvent {
  /** 1, 2, 3 … without a hole, in the order in which changes were committed. */
  readonly position: number;
  /** Unique: readers tell by it that they have the event already. */
  readonly id: string;
  readonly topic: Topic;
  readonly kind: string;
  /** The id of the incident or key, or the number of the edition. */
  readonly subject: string;
  /** Of an incident 1, 2, 3 … without a hole; of anything else 0. */
  readonly version: number;
  readonly category: string | null;
  readonly at: Date;
  /** Every grid that is told: those that it is about and all above them on its day. */
  readonly areaIds: readonly string[];
  /** JSON. As text, because most events are passed on by few and most readers need none of it. */
  readonly payload: string;
  /** What `onceFor` keeps. */
  made?: Map<unknown, unknown>;
}

/**
 * What is made of an event once for all its readers, kept with it and gone with it; `key` tells what it is. (Weak maps by
 * event did the same, and were the largest part of what the server did at 1,000 events a second.)
 */
export function onceFor<T>(event: FeedEvent, key: unknown, make: () => T): T {
  event.made ??= new Map();
  const known = event.made.get(key) as T | undefined;
  if (known !== undefined) return known;
  const made = make();
  event.made.set(key, made);
  return made;
}

/** The kind of an event as integrators name it, such as `incident.reported`; keys and webhooks may be for some only. */
export function typeOf({ topic, kind }: Pick<FeedEvent, 'topic' | 'kind'>): string {
  return `${topic}.${kind}`.toLowerCase();
}

/** Whether somebody who is sent some types only is sent this one; `incident` stands for all types of incidents. */
export function isOfTypes(event: Pick<FeedEvent, 'topic' | 'kind'>, types: ReadonlySet<string> | undefined): boolean {
  return types === undefined || types.has(typeOf(event)) || types.has(event.topic.toLowerCase());
}
