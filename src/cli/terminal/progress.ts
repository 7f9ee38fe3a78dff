import { type Bar, SingleBar } from 'cli-progress';

/** Called as a step goes on; `total` is 0 where it cannot be known. */
export type Progress = (step: string, done?: number, total?: number) => void;

const PATIENCE_MS = 1000;
const LINE_EVERY_MS = 5000;

/**
 * Shows how a long step goes on, on stderr, once a second has passed: a bar on a terminal, else a plain line for each
 * step and every five seconds. Work that ends sooner shows nothing.
 */
export class ProgressDisplay {
  readonly #stream: NodeJS.WriteStream;
  #bar: Bar | undefined;
  #shownStep = '';
  #shownAt = 0;
  #current: { step: string; done: number; total: number } | undefined;
  #patience: NodeJS.Timeout | undefined;
  #visible = false;

  constructor(stream: NodeJS.WriteStream = process.stderr) {
    this.#stream = stream;
  }

  readonly report: Progress = (step, done = 0, total = 0) => {
    this.#current = { step, done, total };
    if (this.#visible) this.#show();
    else this.#patience ??= setTimeout(() => this.#begin(), PATIENCE_MS).unref();
  };

  /** Clears the bar; what follows may be printed. A later report starts anew. */
  stop(): void {
    clearTimeout(this.#patience);
    this.#patience = undefined;
    this.#visible = false;
    this.#shownStep = '';
    this.#bar?.stop();
    this.#bar = undefined;
  }

  #begin(): void {
    this.#visible = true;
    this.#show();
  }

  #show(): void {
    if (!this.#current) return;
    if (this.#stream.isTTY) this.#showBar(this.#current);
    else this.#showLine(this.#current);
  }

  #showBar({ step, done, total }: { step: string; done: number; total: number }): void {
    if (step !== this.#shownStep) {
      this.#bar?.stop();
      const format = total > 0 ? '{bar} {percentage}% | {step} | {value}/{total} | {eta_formatted}' : '{step} …';
      this.#bar = new SingleBar({ format, stream: this.#stream, clearOnComplete: true, hideCursor: true, barsize: 24 });
      this.#bar.start(total, done, { step });
      this.#shownStep = step;
    }
    this.#bar?.setTotal(total);
    this.#bar?.update(done, { step });
  }

  #showLine({ step, done, total }: { step: string; done: number; total: number }): void {
    const now = performance.now();
    if (step === this.#shownStep && now - this.#shownAt < LINE_EVERY_MS) return;
    this.#shownStep = step;
    this.#shownAt = now;
    this.#stream.write(total > 0 ? `${step}: ${done} of ${total}\n` : `${step} …\n`);
  }
}
