import type { Timing } from './timing.ts';

/**
 * What was written to a connection and has not left it. Where the oldest of it stays too long, the reader is cut: it is
 * gone, or so slow that it would never catch up, and holds what others need.
 */
export class Unsent {
  readonly #timing: Timing;
  readonly #cut: () => void;
  /** When each piece must have left; connections send in order, so the first is the oldest. */
  readonly #deadlines: number[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** `cut` is called once, unless the connection is closed before. */
  constructor(timing: Timing, cut: () => void) {
    this.#timing = timing;
    this.#cut = cut;
  }

  /** Something was written, behind which so many bytes wait now, itself included. */
  add(bytes: number): void {
    const { stallMs, leastBytesASecond } = this.#timing;
    const allowance = stallMs + (bytes / leastBytesASecond) * 1000;
    this.#deadlines.push(performance.now() + allowance);
    this.#timer ??= setTimeout(() => this.#look(), stallMs).unref();
  }

  /** The oldest has left. */
  left(): void {
    this.#deadlines.shift();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#deadlines.length = 0;
  }

  #look(): void {
    this.#timer = undefined;
    const [oldest] = this.#deadlines;
    if (oldest === undefined) return;
    const rest = oldest - performance.now();
    if (rest <= 0) this.#cut();
    else this.#timer = setTimeout(() => this.#look(), Math.ceil(rest)).unref();
  }
}
