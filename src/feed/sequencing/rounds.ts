/** Told when work begins to fail, once, and once more when it succeeds again. */
export interface RoundsLog {
  warn(details: object, message: string): void;
  info(message: string): void;
}

const [SHORTEST_RETRY_MS, LONGEST_RETRY_MS] = [50, 1000];

/** Work that is done again and again, until `close`. A round that fails is done again, within a second. */
export abstract class Rounds {
  readonly #name: string;
  readonly #log: RoundsLog;
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #isClosed = false;

  /** `name`: what it is, as the subject of a sentence. */
  constructor(name: string, log: RoundsLog) {
    this.#name = name;
    this.#log = log;
  }

  /** One round. Gives the milliseconds until the next one. */
  protected abstract round(): Promise<number>;

  start(): void | Promise<void> {
    this.#after(0);
  }

  /** Resolves when nothing of it runs any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  #after(milliseconds: number): void {
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => {
      this.#running = this.#run();
    }, milliseconds);
    this.#timer.unref();
  }

  async #run(): Promise<void> {
    try {
      const wait = await this.round();
      if (this.#failures > 0) this.#log.info(`${this.#name} works again`);
      this.#failures = 0;
      this.#after(wait);
    } catch (error) {
      if (this.#failures === 0) this.#log.warn({ err: error }, `${this.#name} fails, and is tried again`);
      this.#after(Math.min(SHORTEST_RETRY_MS * 2 ** this.#failures, LONGEST_RETRY_MS));
      this.#failures += 1;
    }
  }
}
