import { instantOf } from '../../clock.ts';
import { DomainError } from '../../errors.ts';
import type { FeedEvent } from '../feedEvent.ts';

/** Which part of a feed is exported, each end a cursor of the same filter or an instant of RFC 3339 with its offset. */
export interface FeedRange {
  /** Behind this cursor, or from this instant on; null: from the oldest event that is kept. */
  readonly after?: string | null;
  /** Up to this cursor and the event it came with, or before this instant; null: to the head. */
  readonly until?: string | null;
}

/** The range as it is read: of instants the time of the event counts, whenever it was numbered. */
export interface ReadRange {
  readonly afterCursor: string | null;
  readonly untilCursor: string | null;
  isInTime(event: Pick<FeedEvent, 'at'>): boolean;
}

/** Throws BAD_INPUT for what looks like an instant and is none, and for a range that ends before it begins. */
export function readRange({ after, until }: FeedRange): ReadRange {
  const from = instantIn('after', after);
  const to = instantIn('until', until);
  if (from && to && from > to) {
    throw new DomainError('BAD_INPUT', 'until: lies before `after`; give a later instant.', { field: 'until' });
  }
  return {
    afterCursor: from ? null : after || null,
    untilCursor: to ? null : until || null,
    isInTime: ({ at }) => (!from || at >= from) && (!to || at < to),
  };
}

/** Undefined for nothing and for a cursor, in which there is no colon. */
function instantIn(field: string, text: string | null | undefined): Date | undefined {
  if (!text?.includes(':')) return undefined;
  const instant = instantOf(text, 'UTC');
  if (instant) return instant;
  const message = `${field}: give a cursor of this feed, or an instant such as 2026-06-01T08:00:00+08:00.`;
  throw new DomainError('BAD_INPUT', message, { field });
}
