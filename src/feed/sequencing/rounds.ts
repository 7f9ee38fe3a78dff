/** Told when work begins to fail, once, and once more when it succeeds again. */
export interface RoundsLog {
  warn(details: object, message: string): void;
  info(message: string): void;
}

/** Work that is done again and again. */
export interface Round {
  /** What it is, as a subject: `The feed is …`. */
  readonly name: string;
  /** One round. Gives the milliseconds until the next one. */
  run(): Promise<number>;
}

const [SHORTEST_RETRY_MS, LONGEST_RETRY_MS] = [50, 1000];

/** Does a round after the other, until `close`. One that fails is done again, within a second. */
export class Rounds {
  readonly #round: Round;
  readonly #log: RoundsLog;
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(round: Round, log: RoundsLog) {
    this.#round = round;
    this.#log = log;
  }

  start(): void {
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
      const wait = await this.#round.run();
      if (this.#failures > 0) this.#log.info(`${this.#round.name} works again`);
      this.#failures = 0;
      this.#after(wait);
    } catch (error) {
      if (this.#failures === 0) this.#log.warn({ err: error }, `${this.#round.name} fails, and is tried again`);
      this.#after(Math.min(SHORTEST_RETRY_MS * 2 ** this.#failures, LONGEST_RETRY_MS));
      this.#failures += 1;
    }
  }
}
