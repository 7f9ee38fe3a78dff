import type { ServerResponse } from 'node:http';
import type { Timing } from './timing.ts';
import { Unsent } from './unsent.ts';

/** A response that is written piece by piece, no faster than it is read. A reader that does not read is cut off. */
export class SlowResponse {
  readonly #response: ServerResponse;
  readonly #unsent: Unsent;
  /** Those who wait until what they wrote has left. */
  readonly #waiting: ((left: boolean) => void)[] = [];
  #closed: boolean;

  constructor(response: ServerResponse, timing: Timing) {
    this.#response = response;
    // It may have gone while it was found out who asks.
    this.#closed = response.destroyed;
    const close = () => this.#close();
    this.#unsent = new Unsent(timing, () => {
      close();
      response.destroy();
    });
    response.once('close', close);
    response.on('error', close);
  }

  /** Whether everything has left. */
  get isFree(): boolean {
    return this.#waiting.length === 0;
  }

  /** Whether nobody is there any more. */
  get isClosed(): boolean {
    return this.#closed;
  }

  /** True when it has left; false where it never will, and nothing else either. */
  write(text: string): Promise<boolean> {
    if (this.#closed) return Promise.resolve(false);
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#response.write(text, (error) => (error ? this.#close() : this.#left()));
      this.#unsent.add(this.#response.writableLength);
    });
  }

  /** The last piece. A reader that does not take it is cut off as well. */
  end(text?: string): void {
    if (this.#closed) return;
    this.#response.end(text);
    this.#unsent.add(this.#response.writableLength);
  }

  #left(): void {
    this.#unsent.left();
    this.#waiting.shift()?.(true);
  }

  #close(): void {
    this.#closed = true;
    this.#unsent.close();
    for (const resolve of this.#waiting.splice(0)) resolve(false);
  }
}
