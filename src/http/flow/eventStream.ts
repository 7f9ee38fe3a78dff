import type { ServerResponse } from 'node:http';
import type { ExecutionResult } from 'graphql';
import { print } from 'graphql-sse';
import type { FeedEvents } from '../execution/feedEvents.ts';
import { SlowResponse } from './slowResponse.ts';
import type { Timing } from './timing.ts';

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache',
  connection: 'keep-alive',
  // Proxies that collect an answer before they pass it on would hold events back.
  'x-accel-buffering': 'no',
};
/** What may stand in a line `id:`. */
const ID = /^[\x21-\x7e]+$/;

/** One response as a stream of events. After `complete` nothing is written. */
export class EventStream {
  readonly #response: SlowResponse;
  readonly #timers: readonly NodeJS.Timeout[];
  #events: FeedEvents | undefined;
  #completed = false;

  constructor(response: ServerResponse, timing: Timing) {
    response.writeHead(200, HEADERS);
    this.#response = new SlowResponse(response, timing);
    // Some browsers take the headers only with the first bytes.
    void this.#response.write(':\n\n');
    this.#timers = [
      setInterval(() => this.#response.isFree && this.#response.write(':\n\n'), timing.keepAliveMs),
      setInterval(() => this.#beat(), timing.heartbeatMs),
    ];
    response.once('close', () => this.#end());
    if (this.#response.isClosed) this.#end();
  }

  /** True when the result has left, false where it never will. With a cursor, a reader that comes again names it as Last-Event-ID. */
  async next(result: ExecutionResult, cursor?: string): Promise<boolean> {
    if (this.#completed) return false;
    return this.#response.write(`${idLine(cursor)}${print({ event: 'next', data: result as never })}`);
  }

  /** Takes an event only when the reader has taken those before. */
  async feed(events: FeedEvents): Promise<void> {
    if (this.#completed) return void events.return();
    this.#events = events;
    for await (const event of events) {
      if (!(await this.next(event, events.failure ? undefined : events.cursor))) break;
    }
  }

  complete(): void {
    if (this.#completed) return;
    this.#end();
    this.#response.end(print({ event: 'complete', data: null }));
  }

  /** A bare id: nothing happened up to there. */
  #beat(): void {
    if (this.#completed || !this.#response.isFree) return;
    const line = idLine(this.#events?.movedOn());
    if (line) void this.#response.write(`${line}\n`);
  }

  #end(): void {
    this.#completed = true;
    for (const timer of this.#timers) clearInterval(timer);
    void this.#events?.return();
  }
}

function idLine(cursor: string | undefined): string {
  return cursor !== undefined && ID.test(cursor) ? `id: ${cursor}\n` : '';
}
