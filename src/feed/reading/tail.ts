import type { FeedEvent } from '../feedEvent.ts';
import { type FeedFilter, matches } from '../feedFilter.ts';

/** For so many events, what was made of them for readers at the head is kept; who reads later makes it anew. */
const HOT = 256;

/** A reader at the head of the log, told of what is new. */
export interface HeadReader {
  readonly filter: FeedFilter;
  /** An event of its filter, or of a revoked key. Must not throw and must not wait. */
  offer(event: FeedEvent): void;
  /** The log is another one from here on: what the reader knows of it is worth nothing. */
  fail(error: Error): void;
}

/**
 * The newest events of the log, and who waits for more. An event is looked up by its areas, so it costs as much as there
 * are readers of it, however many others there are.
 */
export class FeedTail {
  readonly #kept: number;
  readonly #events: FeedEvent[] = [];
  readonly #readers = new Map<string, Set<HeadReader>>();
  #head: { readonly position: number; readonly mark: string };

  /**
   * `head`: the newest position that counts as known, with the id of its event; empty where there is none. `kept`: so many
   * events stay in memory, up to twice as many for a while; behind them a reader asks the database.
   */
  constructor(head: { readonly position: number; readonly mark: string }, kept: number) {
    this.#head = head;
    this.#kept = kept;
  }

  get head(): { readonly position: number; readonly mark: string } {
    return this.#head;
  }

  /** How many readers are at the head. */
  get readers(): number {
    let count = 0;
    for (const readers of this.#readers.values()) count += readers.size;
    return count;
  }

  /** Whether every event behind the position is in memory. */
  covers(position: number): boolean {
    return position >= this.#head.position - this.#events.length;
  }

  /** The id of the event at a position; undefined where it is not in memory. */
  findMark(position: number): string | undefined {
    if (position === this.#head.position) return this.#head.mark;
    return this.covers(position - 1) ? this.#events[this.#indexBehind(position - 1)]?.id : undefined;
  }

  /** Takes the next events of the log, in their order, and offers them. Throws where one is missing: it must be read again. */
  append(events: readonly FeedEvent[]): void {
    for (const event of events) {
      if (event.position !== this.#head.position + 1)
        throw new Error(`Event ${event.position} of the feed does not follow ${this.#head.position}.`);
      this.#events.push(event);
      this.#head = { position: event.position, mark: event.id };
      this.#offer(event);
      const cold = this.#events.at(-HOT);
      if (cold) cold.made = undefined;
    }
    // Not one by one, which would move the whole array each time.
    if (this.#events.length > this.#kept * 2) this.#events.splice(0, this.#events.length - this.#kept);
  }

  /** Forgets everything and ends its readers with the error: the log is another one from here on. */
  restart(head: { readonly position: number; readonly mark: string }, error: Error): void {
    this.#events.length = 0;
    this.#head = head;
    for (const readers of [...this.#readers.values()]) for (const reader of [...readers]) reader.fail(error);
  }

  /** Of the filter, and revoked keys: behind the position, at most so many. `through`: how far was looked. */
  listBehind(filter: FeedFilter, position: number, most: number): { events: FeedEvent[]; through: number } {
    const events: FeedEvent[] = [];
    for (let i = this.#indexBehind(position); i < this.#events.length; i++) {
      const event = this.#events[i];
      if (event.topic !== 'KEY' && !matches(filter, event)) continue;
      events.push(event);
      if (events.length === most) return { events, through: event.position };
    }
    return { events, through: this.#head.position };
  }

  join(reader: HeadReader): void {
    const { within } = reader.filter;
    const readers = this.#readers.get(within);
    if (readers) readers.add(reader);
    else this.#readers.set(within, new Set([reader]));
  }

  leave(reader: HeadReader): void {
    const readers = this.#readers.get(reader.filter.within);
    if (!readers?.delete(reader) || readers.size > 0) return;
    this.#readers.delete(reader.filter.within);
  }

  #offer(event: FeedEvent): void {
    if (event.topic === 'KEY') {
      for (const readers of this.#readers.values()) for (const reader of readers) reader.offer(event);
      return;
    }
    for (const area of event.areaIds)
      for (const reader of this.#readers.get(area) ?? []) if (matches(reader.filter, event)) reader.offer(event);
  }

  #indexBehind(position: number): number {
    return Math.max(0, position - (this.#head.position - this.#events.length));
  }
}
