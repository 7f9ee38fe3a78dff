import type { Office } from '../office.ts';
import type { Outcome } from '../outcome.ts';

/** What a courier has asked to be written and is not known to be written yet. */
export class Marks {
  readonly #ledger: Office['ledger'];
  #waiting: Promise<void>[] = [];
  #lost = false;
  #failure: unknown;

  constructor(ledger: Office['ledger']) {
    this.#ledger = ledger;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Whether the lease is another's, or it cannot be told: what happened since was not written. */
  get lost(): boolean {
    return this.#lost;
  }

  /** Asks for it to be written, behind what was asked for before. */
  add(outcome: Outcome): void {
    const written = this.#ledger.write(outcome).then(
      (held) => {
        this.#lost ||= !held;
      },
      (error: unknown) => {
        this.#lost = true;
        this.#failure ??= error;
      },
    );
    this.#waiting.push(written);
  }

  /** Resolves when all of it is written, or the lease is lost. Throws DomainError. */
  async settle(): Promise<void> {
    await Promise.all(this.#waiting);
    this.#waiting = [];
    if (this.#failure !== undefined) throw this.#failure;
  }
}
