import type { FeedItem, FeedReader } from './feeds.ts';

/** The events of a reader as a subscription gives them: each shown when it is asked for. */
export class Followed<T> implements AsyncIterableIterator<T> {
  readonly #reader: FeedReader;
  readonly #show: (item: FeedItem) => T | Promise<T>;

  constructor(reader: FeedReader, show: (item: FeedItem) => T | Promise<T>) {
    this.#reader = reader;
    this.#show = show;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  ready(): Promise<void> | undefined {
    return this.#reader.ready();
  }

  async next(): Promise<IteratorResult<T, undefined>> {
    const { done, value } = await this.#reader.next();
    return done ? { done: true, value: undefined } : { done: false, value: await this.#show(value) };
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    await this.#reader.return?.();
    return { done: true, value: undefined };
  }

  /** A cursor behind everything that was given, while the reader waits for more; undefined while it does not. */
  heartbeat(): string | undefined {
    return this.#reader.heartbeat();
  }
}
