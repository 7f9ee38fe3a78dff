import type { ExecutionResult } from 'graphql';
import type { DomainError } from '../../errors.ts';
import { domainErrorIn } from '../refusal.ts';

/**
 * What the resolver of a subscription gives. Items may hold a `cursor`, behind which a reader resumes; the stream itself
 * may tell one while it waits.
 */
export interface Source extends AsyncIterator<unknown> {
  /** What to wait for before `next` has something to give; undefined when it need not wait. */
  ready?(): Promise<void> | undefined;
  heartbeat?(): string | undefined;
}

/** How an operation makes results of the items of its source, and of what the source throws. */
export interface Showing {
  show(item: unknown): ExecutionResult | Promise<ExecutionResult>;
  failed(error: unknown): ExecutionResult;
}

const DONE = { done: true, value: undefined } as const;

/**
 * The events of one running subscription, made one at a time when they are asked for. Whoever asks for the next has
 * passed on the one before: so a heartbeat never overtakes an event. A source that throws ends with one result that says why.
 */
export class FeedEvents implements AsyncIterableIterator<ExecutionResult> {
  readonly #source: Source;
  readonly #showing: Showing;
  #given: { data?: ExecutionResult['data']; errors?: ExecutionResult['errors'] } | undefined;
  #waiting = false;
  #ended = false;
  #closed = false;
  #cursor: string | undefined;
  #told: string | undefined;
  #failure: DomainError | undefined;

  constructor(source: AsyncIterable<unknown>, showing: Showing) {
    this.#source = source[Symbol.asyncIterator]();
    this.#showing = showing;
  }

  /** Of the event given last, whatever of it was selected; undefined where its source knows none. */
  get cursor(): string | undefined {
    return this.#cursor;
  }

  /** Why the source ended the feed by itself. */
  get failure(): DomainError | undefined {
    return this.#failure;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** What was given before is emptied then: pass it on before asking for the next. */
  async next(): Promise<IteratorResult<ExecutionResult, undefined>> {
    if (this.#ended) return DONE;
    this.#letGo();
    try {
      this.#waiting = true;
      for (let ready = this.#source.ready?.(); ready; ready = this.#source.ready?.()) await ready;
    } catch (error) {
      return this.#fail(error);
    }
    // A function that stood still keeps what it awaited last as well, so another one takes the event.
    return this.#take();
  }

  async #take(): Promise<IteratorResult<ExecutionResult, undefined>> {
    try {
      const item = await this.#source.next();
      this.#waiting = false;
      if (item.done || this.#ended) return this.#end();
      const { data, errors } = await this.#showing.show(item.value);
      this.#cursor = cursorOf(item.value);
      this.#given = errors ? { data, errors } : { data };
      return { done: false, value: this.#given };
    } catch (error) {
      return this.#fail(error);
    }
  }

  /** Ends the feed and closes its source; never throws. */
  async return(): Promise<IteratorResult<ExecutionResult, undefined>> {
    this.#end();
    if (this.#closed) return DONE;
    this.#closed = true;
    try {
      await this.#source.return?.();
    } catch (error) {
      // Nobody is left who could be told; the log is.
      this.#showing.failed(error);
    }
    return DONE;
  }

  /** A cursor behind all that was passed on; undefined while something is on its way. */
  heartbeat(): string | undefined {
    return this.#waiting ? this.#source.heartbeat?.() : undefined;
  }

  /** The heartbeat, where it says more than the event given last and the one told before. It counts as told. */
  movedOn(): string | undefined {
    const cursor = this.heartbeat();
    if (cursor === undefined || cursor === this.#told || cursor === this.#cursor) return undefined;
    this.#told = cursor;
    return cursor;
  }

  /**
   * A promise that waited long is old to the collector of garbage, and keeps what it resolved with until the next great
   * collection, though nobody has it any more: of thousands of readers that is most of what it has to collect.
   */
  #letGo(): void {
    if (!this.#given) return;
    this.#given.data = undefined;
    this.#given.errors = undefined;
    this.#given = undefined;
  }

  #end(): typeof DONE {
    this.#ended = true;
    this.#waiting = false;
    return DONE;
  }

  #fail(error: unknown): IteratorResult<ExecutionResult, undefined> {
    if (this.#ended) return DONE;
    this.#failure = domainErrorIn(error);
    void this.return();
    return { done: false, value: this.#showing.failed(error) };
  }
}

function cursorOf(item: unknown): string | undefined {
  const { cursor } = Object(item) as { cursor?: unknown };
  return typeof cursor === 'string' ? cursor : undefined;
}
