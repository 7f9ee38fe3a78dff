import type { EditionRecord } from '../edition.service.ts';

/** A place in the log that moves on when it is asked to. */
export class EditionFeed implements AsyncIterableIterator<EditionRecord> {
  readonly #editions: readonly EditionRecord[];
  readonly #waiting: Set<() => void>;
  readonly #mine = new Set<() => void>();
  #seen: number;
  #ended = false;

  constructor(editions: readonly EditionRecord[], waiting: Set<() => void>, after: number) {
    this.#editions = editions;
    this.#waiting = waiting;
    this.#seen = after;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<EditionRecord, undefined>> {
    while (!this.#ended && this.#seen >= this.#editions.length) await this.#woken();
    if (this.#ended) return { done: true, value: undefined };
    const value = this.#editions[this.#seen];
    this.#seen += 1;
    return { done: false, value };
  }

  /** Ends the feed, and whoever waits for its next edition. */
  async return(): Promise<IteratorResult<EditionRecord, undefined>> {
    this.#ended = true;
    for (const wake of this.#mine) wake();
    return { done: true, value: undefined };
  }

  #woken(): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#waiting.delete(wake);
        this.#mine.delete(wake);
        resolve();
      };
      this.#waiting.add(wake);
      this.#mine.add(wake);
    });
  }
}
