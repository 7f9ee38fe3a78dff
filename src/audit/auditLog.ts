import type { Transaction } from 'kysely';
import type { Clock } from '../clock.ts';
import type { Database } from '../db/tables.ts';
import { type Act, type Actor, entryOf } from './act.ts';
import type { AuditRepository } from './audit.repository.ts';

/** Writes down who did what. */
export class AuditLog {
  readonly #repository: AuditRepository;
  readonly #clock: Clock;
  readonly #onRecorded: () => void;

  /** `onRecorded` is told of each entry before it is committed: HeadKeeper.touch. */
  constructor(repository: AuditRepository, clock: Clock, onRecorded: () => void = () => {}) {
    this.#repository = repository;
    this.#clock = clock;
    this.#onRecorded = onRecorded;
  }

  /**
   * Records an act in its own transaction: both are written, or neither. Call it as the last statement, after whatever
   * may be refused or may wait (`set constraints all immediate`): from here to the commit no one else can record.
   */
  async record(trx: Transaction<Database>, by: Actor, act: Act): Promise<void> {
    await this.#repository.insert(trx, entryOf(by, act, this.#clock()));
    this.#onRecorded();
  }
}
