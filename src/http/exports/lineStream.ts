import type { ServerResponse } from 'node:http';
import { SlowResponse } from '../flow/slowResponse.ts';
import type { Timing } from '../flow/timing.ts';
import type { Refusal } from '../refusal.ts';

const HEADERS = {
  'content-type': 'application/x-ndjson; charset=utf-8',
  'cache-control': 'no-store',
  // Proxies that collect an answer before they pass it on would hold lines back.
  'x-accel-buffering': 'no',
};

type Refusing = (error: unknown) => Refusal;

/** One response as lines, written no faster than they are read. After the last one nothing is written. */
export class LineStream {
  readonly #response: SlowResponse;
  readonly #refusing: Refusing;
  #lines: AsyncIterator<string> | undefined;
  #ended = false;

  constructor(response: ServerResponse, timing: Timing, refusing: Refusing) {
    this.#refusing = refusing;
    response.writeHead(200, HEADERS);
    this.#response = new SlowResponse(response, timing);
    response.once('close', () => this.#end());
    if (this.#response.isClosed) this.#end();
  }

  /** Sends the first line and those behind it; resolves when the last has left or nobody reads any more. */
  async send(first: IteratorResult<string, unknown>, lines: AsyncIterator<string>): Promise<void> {
    this.#lines = lines;
    if (this.#ended) return this.#return();
    try {
      for (let line = first; !line.done && !this.#ended; line = await lines.next())
        if (!(await this.#response.write(`${line.value}\n`))) this.#end();
      if (this.#ended) return;
      this.#end();
      this.#response.end();
    } catch (error) {
      this.fail(error);
    }
  }

  /** Says in a last line why there are no more. */
  fail(error: unknown): void {
    if (this.#ended) return;
    const [first] = this.#refusing(error).errors;
    this.#end();
    this.#response.end(`${JSON.stringify({ error: first })}\n`);
  }

  #end(): void {
    this.#ended = true;
    void this.#return();
  }

  async #return(): Promise<void> {
    try {
      await this.#lines?.return?.();
    } catch (error) {
      // Nobody is left who could be told; this writes it to the log.
      this.#refusing(error);
    }
  }
}
