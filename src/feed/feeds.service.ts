import { LRUCache } from 'lru-cache';
import { cursorExpired, readCursor } from './cursor.ts';
import { type FeedFilter, keyOf } from './feedFilter.ts';
import type { FeedItem, FeedPage, FeedRanges, FeedReader, Feeds, Listener } from './feeds.ts';
import type { FeedLog } from './reading/feedLog.ts';
import { LogReader } from './reading/logReader.ts';

/** Feeds over the log of this process. */
export class FeedsService implements Feeds, FeedRanges {
  readonly #log: FeedLog;
  /** Readers of equal filters share one object, and with it what is made of each event. */
  readonly #filters = new LRUCache<string, FeedFilter>({ max: 50_000 });

  constructor(log: FeedLog) {
    this.#log = log;
  }

  async open(asked: FeedFilter, after: string | null | undefined, listener: Listener): Promise<FeedReader> {
    const filter = this.#shared(asked);
    return new LogReader(this.#log, filter, await this.#placeOf(filter, after), listener);
  }

  async page(
    asked: FeedFilter,
    after: string | null | undefined,
    first: number,
    listener: Listener,
  ): Promise<FeedPage> {
    const filter = this.#shared(asked);
    let place = after == null ? await this.#oldest() : await this.#placeOf(filter, after);
    const items: FeedItem[] = [];
    for (;;) {
      const { events, through } = await this.#log.read(filter, place);
      for (const event of events) {
        if (event.topic === 'KEY') this.#log.assertNotRevoked(listener, event);
        else if (listener.sees(event)) {
          // One more than asked for tells that more is there.
          if (items.length === first) return { items, cursor: await this.#behind(filter, items, place), hasMore: true };
          items.push(this.#log.itemOf(filter, event));
        }
        place = event.position;
      }
      place = through;
      if (through >= this.#log.head)
        return { items, cursor: await this.#log.findCursor(filter, place), hasMore: false };
    }
  }

  async endOf(filter: FeedFilter, until: string | null): Promise<number> {
    const { lastPosition, purgedThrough } = await this.#log.seal();
    if (until === null) return lastPosition;
    const end = await this.#placeOf(filter, until);
    // Nothing of what is kept lies before it.
    if (end > 0 && end === purgedThrough) throw cursorExpired('its time is over');
    return end;
  }

  #behind(filter: FeedFilter, items: readonly FeedItem[], place: number): string | Promise<string> {
    return items.at(-1)?.cursor ?? this.#log.findCursor(filter, place);
  }

  async #oldest(): Promise<number> {
    return (await this.#log.seal()).purgedThrough;
  }

  async #placeOf(filter: FeedFilter, after: string | null | undefined): Promise<number> {
    const seal = await this.#log.seal();
    if (after == null) return this.#log.head;
    const cursor = readCursor(seal, after, filter);
    await this.#log.assertPlace(cursor);
    return cursor.position;
  }

  #shared(filter: FeedFilter): FeedFilter {
    const key = keyOf(filter);
    const known = this.#filters.get(key);
    if (known) return known;
    this.#filters.set(key, filter);
    return filter;
  }
}
