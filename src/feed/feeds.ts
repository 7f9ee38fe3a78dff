import type { RequestContext } from '../access/requestContext.ts';
import type { FeedEvent } from './feedEvent.ts';
import type { FeedFilter } from './feedFilter.ts';

/** An event as a reader gets it: resume with `after: cursor`. */
export interface FeedItem {
  readonly event: FeedEvent;
  readonly cursor: string;
}

/** Whose feed it is and what it shows. Asked anew for each event, because keys are revoked and rights are taken. */
export interface Listener {
  /** Its `viewer` is kept up to date by the doors while the connection is open. */
  readonly by: RequestContext;
  /** Whether this one may be told of the event; throws where it may not follow the feed any more. */
  sees(event: FeedEvent): boolean;
}

/** Events of a filter from a place on, for ever. A pull generator: what nobody asks for is not kept. */
export interface FeedReader extends AsyncIterableIterator<FeedItem> {
  /**
   * What to wait for before `next` has something to give, perhaps several times; undefined when it need not wait. Thousands
   * of readers wait for minutes: one plain promise each costs far less than a chain of functions that stand still.
   */
  ready(): Promise<void> | undefined;
  /**
   * A cursor behind everything that was given, while the reader waits for more: so that the cursor of a quiet area moves
   * on. Undefined while something given is still being passed on, or something waits to be given.
   */
  heartbeat(): string | undefined;
}

/** A part of a feed for those who poll. */
export interface FeedPage {
  readonly items: readonly FeedItem[];
  /** Go on behind this one; it moves on though there was nothing. */
  readonly cursor: string;
  /** Whether more is there already. */
  readonly hasMore: boolean;
}

/** The feeds: one log, read by area. */
export interface Feeds {
  /**
   * `after`: a cursor of the same filter; null for what happens from now on. Throws BAD_INPUT for one that is none,
   * CURSOR_EXPIRED for one whose place is not in the log any more: nothing is skipped in silence.
   */
  open(filter: FeedFilter, after: string | null | undefined, listener: Listener): Promise<FeedReader>;
  /** At most `first` events behind the cursor; null for the oldest that are kept. Throws as `open` does. */
  page(filter: FeedFilter, after: string | null | undefined, first: number, listener: Listener): Promise<FeedPage>;
}

/** Ranges of feeds, from one cursor to another. */
export interface FeedRanges extends Pick<Feeds, 'page'> {
  /** The last position of what ends with a cursor; null for the head as it is now. Throws as `open` does. */
  endOf(filter: FeedFilter, until: string | null): Promise<number>;
}
