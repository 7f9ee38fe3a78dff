import { createHash } from 'node:crypto';
import type { FeedEvent, Topic } from './feedEvent.ts';

/** Which events of the one log a reader is given. */
export interface FeedFilter {
  readonly topic: Exclude<Topic, 'KEY'>;
  /** Id of a grid: what it and all below it are told. */
  readonly within: string;
  /** Categories of incidents; null: all. */
  readonly categories: readonly string[] | null;
}

export function matches({ topic, within, categories }: FeedFilter, event: FeedEvent): boolean {
  if (event.topic !== topic || !event.areaIds.includes(within)) return false;
  return categories === null || (event.category !== null && categories.includes(event.category));
}

const digests = new WeakMap<FeedFilter, Buffer>();

/** Eight bytes that tell filters apart, whatever the order of the categories. */
export function digestOf(filter: FeedFilter): Buffer {
  const known = digests.get(filter);
  if (known) return known;
  const { topic, within, categories } = filter;
  const named = categories === null ? null : [...new Set(categories)].sort();
  const digest = createHash('sha256')
    .update(JSON.stringify([topic, within, named]))
    .digest()
    .subarray(0, 8);
  digests.set(filter, digest);
  return digest;
}
