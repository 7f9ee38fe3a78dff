import { DomainError } from '../../errors.ts';
import type { FeedFilter } from '../feedFilter.ts';
import type { FeedItem, FeedRanges, Listener } from '../feeds.ts';
import type { FeedRange } from './feedRange.ts';
import { readRange } from './feedRange.ts';

/** Read at once: what waits in memory while the client takes it. */
const PAGE = 200;

/** Ranges of a feed from one end to the other, for bulk loads. */
export class FeedExportService {
  readonly #feeds: FeedRanges;

  constructor(feeds: FeedRanges) {
    this.#feeds = feeds;
  }

  /**
   * Every event of the range that the listener may be told of, in order, at most up to the head as it is when the first
   * is asked for. The next page is read when all of one was taken. Throws as `Feeds.page` does, with each page, and
   * BAD_INPUT or CURSOR_EXPIRED for `until`.
   */
  async *items(filter: FeedFilter, range: FeedRange, listener: Listener): AsyncGenerator<FeedItem, void, void> {
    const { afterCursor, untilCursor, isInTime } = readRange(range);
    const end = await this.#endOf(filter, untilCursor);
    for (let after = afterCursor; ; ) {
      const { items, cursor, hasMore } = await this.#feeds.page(filter, after, PAGE, listener);
      for (const item of items) {
        if (item.event.position > end) return;
        if (isInTime(item.event)) yield item;
      }
      if (!hasMore) return;
      after = cursor;
    }
  }

  /** The last position of the range. */
  async #endOf(filter: FeedFilter, until: string | null): Promise<number> {
    try {
      return await this.#feeds.endOf(filter, until);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      throw new DomainError(error.code, error.message.replace(/^after/, 'until'), { ...error.details, field: 'until' });
    }
  }
}
