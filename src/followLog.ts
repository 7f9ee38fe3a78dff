import type { EditionService } from './grids/edition.service.ts';

const POLL_MS = 1000;

/** Tells that the log cannot be read, once, and once more when it can be again. */
export interface FollowLog {
  warn(details: object, message: string): void;
  info(message: string): void;
}

/**
 * Shows the editions that other processes publish: looks at the log each second, and at once on a hint. While the
 * database is away the last whole edition stays in service.
 */
export class LogFollower {
  readonly #editions: EditionService;
  readonly #log: FollowLog;
  #followedAt = new Date();
  #failing = false;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;

  constructor(editions: EditionService, log: FollowLog) {
    this.#editions = editions;
    this.#log = log;
  }

  /** When the log was last read without error. */
  get followedAt(): Date {
    return this.#followedAt;
  }

  start(): void {
    this.#timer = setInterval(() => this.look(), POLL_MS);
  }

  /** Looks at the log now, unless that is going on. */
  look(): void {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
  }

  /** Resolves when nothing of it runs any more. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }

  async #look(): Promise<void> {
    try {
      await this.#editions.catchUp();
      this.#followedAt = new Date();
      if (this.#failing) this.#log.info('The log of editions can be read again');
      this.#failing = false;
    } catch (error) {
      if (!this.#failing)
        this.#log.warn({ err: error }, 'The log of editions cannot be read; the last edition stays in service');
      this.#failing = true;
    }
  }
}
