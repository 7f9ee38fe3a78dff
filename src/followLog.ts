const POLL_MS = 1000;

/** Tells that the log cannot be read, once, and once more when it can be again. */
export interface FollowLog {
  warn(details: object, message: string): void;
  info(message: string): void;
}

/** What is kept in memory of a log in the database. */
export interface Followed {
  /** Reads what is new. */
  catchUp(): Promise<void>;
}

/**
 * Shows what other processes write to a log: looks each second, and at once on a hint. While the database is away what was
 * read last stays in service.
 */
export class LogFollower {
  readonly #followed: Followed;
  /** Its name in messages. */
  readonly #what: string;
  readonly #log: FollowLog;
  #followedAt = new Date();
  #failing = false;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #again = false;

  constructor(followed: Followed, what: string, log: FollowLog) {
    this.#followed = followed;
    this.#what = what;
    this.#log = log;
  }

  /** When the log was last read without error. */
  get followedAt(): Date {
    return this.#followedAt;
  }

  start(): void {
    this.#timer = setInterval(() => this.look(), POLL_MS);
  }

  /** Looks at the log now; where that is going on, once more behind it, because it may have read already. */
  look(): void {
    this.#again = this.#looking !== undefined;
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
      if (this.#again && this.#timer) this.look();
    });
  }

  /** Resolves when nothing of it runs any more. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#looking;
  }

  async #look(): Promise<void> {
    try {
      await this.#followed.catchUp();
      this.#followedAt = new Date();
      if (this.#failing) this.#log.info(`${this.#what} can be read again`);
      this.#failing = false;
    } catch (error) {
      if (!this.#failing)
        this.#log.warn({ err: error }, `${this.#what} cannot be read; what was read last stays in service`);
      this.#failing = true;
    }
  }
}
