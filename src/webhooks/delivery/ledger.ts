import type { WebhookRepository } from '../webhook.repository.ts';
import type { Outcome } from './outcome.ts';

interface Waiting {
  outcome: Outcome;
  readonly told: { resolve(held: boolean): void; reject(error: unknown): void }[];
}

/** Both, one after the other. */
function join(first: Outcome, then: Outcome): Outcome {
  return {
    ...then,
    deliveredAt: then.deliveredAt ?? first.deliveredAt,
    stopped: then.stopped ?? first.stopped,
    attempts: [...first.attempts, ...then.attempts],
    parked: [...first.parked, ...then.parked],
  };
}

/** Writes what happened, of all endpoints together: while one batch is written the next gathers. */
export class DeliveryLedger {
  readonly #repository: Pick<WebhookRepository, 'write'>;
  readonly #server: string;
  #waiting = new Map<string, Waiting>();
  #writing = false;

  /** `server`: under whose lease. */
  constructor(repository: Pick<WebhookRepository, 'write'>, server: string) {
    this.#repository = repository;
    this.#server = server;
  }

  /** Resolves when it is written: false where the lease was lost, and with it what happened. Throws DomainError. */
  write(outcome: Outcome): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const waiting = this.#waiting.get(outcome.endpointId);
      if (waiting) {
        waiting.outcome = join(waiting.outcome, outcome);
        waiting.told.push({ resolve, reject });
      } else {
        this.#waiting.set(outcome.endpointId, { outcome, told: [{ resolve, reject }] });
      }
      if (!this.#writing) void this.#writeAll();
    });
  }

  async #writeAll(): Promise<void> {
    this.#writing = true;
    while (this.#waiting.size > 0) {
      const batch = [...this.#waiting.values()];
      this.#waiting = new Map();
      await this.#writeBatch(batch);
    }
    this.#writing = false;
  }

  async #writeBatch(batch: readonly Waiting[]): Promise<void> {
    try {
      const outcomes = batch.map(({ outcome }) => outcome);
      const held = new Set(await this.#repository.write(this.#server, outcomes));
      for (const { outcome, told } of batch) for (const each of told) each.resolve(held.has(outcome.endpointId));
    } catch (error) {
      for (const { told } of batch) for (const each of told) each.reject(error);
    }
  }
}
