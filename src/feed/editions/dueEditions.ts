import type { Kysely } from 'kysely';
import type { Clock } from '../../clock.ts';
import { runNamed } from '../../db/database.ts';
import type { Database } from '../../db/tables.ts';
import { Rounds, type RoundsLog } from '../sequencing/rounds.ts';

const EVERY_MS = 1000;

/**
 * Tells of planned editions on the days on which what they say begins or ends. Any number of servers may do this at the
 * same time: the database lets one at it.
 */
export class DueEditions {
  readonly #db: Kysely<Database>;
  readonly #clock: Clock;
  readonly #rounds: Rounds;

  constructor(db: Kysely<Database>, clock: Clock, log: RoundsLog) {
    this.#db = db;
    this.#clock = clock;
    const run = async () => ((await this.runOnce()) > 0 ? 0 : EVERY_MS);
    this.#rounds = new Rounds({ name: 'Telling of planned editions', run }, log);
  }

  /** Looks each second, until `close`. */
  start(): void {
    this.#rounds.start();
  }

  /** Resolves when nothing of it runs any more. What is due then is told later, under its own day. */
  close(): Promise<void> {
    return this.#rounds.close();
  }

  /** Tells what is due, at most fifty days of editions; gives how many, 0 too where another server is at it. */
  async runOnce(): Promise<number> {
    const [{ told }] = await runNamed<{ told: number }>(
      this.#db,
      'feed.due-editions',
      'select tell_due_editions($1::timestamptz) as told',
      [this.#clock()],
    );
    return told;
  }
}
