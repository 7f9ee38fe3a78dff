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
export class DueEditions extends Rounds {
  readonly #db: Kysely<Database>;
  readonly #clock: Clock;

  constructor(db: Kysely<Database>, clock: Clock, log: RoundsLog) {
    super('Telling of planned editions', log);
    this.#db = db;
    this.#clock = clock;
  }

  protected override async round(): Promise<number> {
    return (await this.runOnce()) > 0 ? 0 : EVERY_MS;
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
