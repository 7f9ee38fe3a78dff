import { setImmediate } from 'node:timers/promises';
import type { FeedEvent } from '../feedEvent.ts';
import type { FeedFilter } from '../feedFilter.ts';
import type { FeedItem, FeedReader, Listener } from '../feeds.ts';
import type { HeadReader } from './tail.ts';

/** Most events that wait for a reader; one who takes longer reads them from the log. */
const MOST_WAITING = 128;

/** What a reader needs of the log and its memory. */
export interface LogSource {
  /** Behind a place: events of the filter and revoked keys, how far was looked, and whether that is the head. */
  read(filter: FeedFilter, after: number): Promise<LogPart> | LogPart;
  /** From now on told of what is new. Right behind a part that reached the head, before anything else runs. */
  join(reader: HeadReader): void;
  leave(reader: HeadReader): void;
  /** The newest position. */
  readonly head: number;
  /** A cursor behind the newest event. */
  headCursor(filter: FeedFilter): string;
  /** The item of an event, the same for all readers of equal filters. */
  itemOf(filter: FeedFilter, event: FeedEvent): FeedItem;
  /** Throws UNAUTHENTICATED where the event ends the listener's key. */
  assertNotRevoked(listener: Listener, event: FeedEvent): void;
}

/** Events behind a place. */
export interface LogPart {
  readonly events: readonly FeedEvent[];
  readonly through: number;
  readonly atHead: boolean;
}

/** Reads the log from a place on: first what is there, then what comes. */
export class LogReader implements FeedReader, HeadReader {
  readonly filter: FeedFilter;
  readonly #source: LogSource;
  readonly #listener: Listener;
  /** Everything up to here was given or is in `#waiting`. */
  #position: number;
  #waiting: FeedEvent[] = [];
  #atHead = false;
  #isBehind = false;
  #wake: (() => void) | undefined;
  #ended = false;
  #failure: Error | undefined;

  constructor(source: LogSource, filter: FeedFilter, after: number, listener: Listener) {
    this.#source = source;
    this.filter = filter;
    this.#position = after;
    this.#listener = listener;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<FeedItem, undefined>> {
    try {
      while (!this.#ended) {
        if (this.#failure) throw this.#failure;
        const event = this.#waiting.shift();
        if (event === undefined) await this.ready();
        else if (this.#isFor(event)) return { done: false, value: this.#source.itemOf(this.filter, event) };
      }
    } catch (error) {
      this.#end();
      throw error;
    }
    return { done: true, value: undefined };
  }

  ready(): Promise<void> | undefined {
    if (this.#ended || this.#failure || this.#waiting.length > 0) return undefined;
    return this.#atHead ? this.#woken() : this.#readOn();
  }

  async return(): Promise<IteratorResult<FeedItem, undefined>> {
    this.#end();
    return { done: true, value: undefined };
  }

  heartbeat(): string | undefined {
    if (!this.#atHead || !this.#wake || this.#waiting.length > 0) return undefined;
    return this.#source.headCursor(this.filter);
  }

  offer(event: FeedEvent): void {
    if (this.#waiting.length < MOST_WAITING) {
      this.#waiting.push(event);
    } else {
      // Too slow: what waits is let go, and read again from the log when it is asked for.
      this.#position = this.#waiting[0].position - 1;
      this.#waiting = [];
      this.#leaveHead();
    }
    this.#wake?.();
  }

  fail(error: Error): void {
    this.#failure = error;
    this.#wake?.();
  }

  #isFor(event: FeedEvent): boolean {
    if (event.topic !== 'KEY') return this.#listener.sees(event);
    this.#source.assertNotRevoked(this.#listener, event);
    return false;
  }

  async #readOn(): Promise<void> {
    // A part for each turn of the loop: who is far behind and takes all at once would keep the others waiting.
    if (this.#isBehind) await setImmediate();
    if (this.#ended) return;
    const part = await this.#source.read(this.filter, this.#position);
    if (this.#ended) return;
    this.#waiting.push(...part.events);
    this.#position = part.through;
    this.#isBehind = !part.atHead;
    // What came while the database answered is not in the part.
    if (!part.atHead || part.through !== this.#source.head) return;
    this.#atHead = true;
    this.#source.join(this);
  }

  #woken(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = undefined;
        resolve();
      };
    });
  }

  #leaveHead(): void {
    if (this.#atHead) this.#source.leave(this);
    this.#atHead = false;
  }

  #end(): void {
    this.#ended = true;
    this.#leaveHead();
    this.#waiting = [];
    this.#wake?.();
  }
}
