import { DomainError } from '../../errors.ts';

/** Counts what each caller holds open, up to a limit. */
export class Seats {
  readonly #taken = new Map<string, number>();
  readonly #limit: number;
  readonly #what: string;

  constructor(limit: number, what: string) {
    this.#limit = limit;
    this.#what = what;
  }

  /** How many are taken, by all callers. */
  get taken(): number {
    let sum = 0;
    for (const count of this.#taken.values()) sum += count;
    return sum;
  }

  /** Takes one; throws RATE_LIMITED where the caller holds the limit already. Call what it returns once, to give it back. */
  take(caller: string): () => void {
    const taken = this.#taken.get(caller) ?? 0;
    if (taken >= this.#limit) {
      const message = `More than ${this.#limit} ${this.#what} at a time; close one, or carry several operations over one socket.`;
      throw new DomainError('RATE_LIMITED', message, { retryAfterSeconds: 1, limit: this.#limit });
    }
    this.#taken.set(caller, taken + 1);
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      const left = (this.#taken.get(caller) ?? 1) - 1;
      if (left > 0) this.#taken.set(caller, left);
      else this.#taken.delete(caller);
    };
  }
}
