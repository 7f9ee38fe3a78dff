import { createHash } from 'node:crypto';
import type { FeedEvent, Topic } from './feedEvent.ts';

/** Which events of the one log a reader is given. */
export interface FeedFilter {
  readonly topic: Exclude<Topic, 'KEY'>;
  /** Id of a grid: what it and all below it are told. */
  readonly within: string;
  /** Categories of incidents; null: all. */
  readonly categories: readonly string[] | null;
  /** What `digestOf` keeps. */
  digest?: string;
}

export function matches({ topic, within, categories }: FeedFilter, event: FeedEvent): boolean {
  if (event.topic !== topic || !event.areaIds.includes(within)) return false;
  return categories === null || (event.category !== null && categories.includes(event.category));
}

/** Eight bytes in hexadecimal that tell filters apart, whatever the order of the categories. */
export function digestOf(filter: FeedFilter): string {
  filter.digest ??= createHash('sha256').update(keyOf(filter)).digest('hex').slice(0, 16);
  return filter.digest;
}

/** The same for filters that let the same through. */
export function keyOf({ topic, within, categories }: FeedFilter): string {
  const named = categories === null ? null : [...new Set(categories)].sort();
  return JSON.stringify([topic, within, named]);
}
