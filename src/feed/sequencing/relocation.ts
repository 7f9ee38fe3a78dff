import type { Kysely } from 'kysely';
import type { Clock } from '../../clock.ts';
import { runNamed } from '../../db/database.ts';
import type { Database } from '../../db/tables.ts';
import { Rounds, type RoundsLog } from './rounds.ts';

// So many are locked at once, for some 50 ms, in which nobody else can change them.
const BATCH = 100;
const EVERY_MS = 2000;

/**
 * Tells areas LEFT and ENTERED when the tree moves open incidents from one to another: by an edition, or because the day of
 * a planned version has come. Any number of servers may do this at the same time.
 */
export class Relocation {
  readonly #db: Kysely<Database>;
  readonly #clock: Clock;
  readonly #rounds: Rounds;

  constructor(db: Kysely<Database>, clock: Clock, log: RoundsLog) {
    this.#db = db;
    this.#clock = clock;
    const run = async () => ((await this.runOnce()) === BATCH ? 0 : EVERY_MS);
    this.#rounds = new Rounds({ name: 'Telling areas of moved incidents', run }, log);
  }

  /** Looks every two seconds, until `close`. */
  start(): void {
    this.#rounds.start();
  }

  /** Resolves when nothing of it runs any more. */
  close(): Promise<void> {
    return this.#rounds.close();
  }

  /** Looks at no more than 100 incidents that the tree may have moved since they were looked at; gives how many. */
  async runOnce(): Promise<number> {
    const [{ looked }] = await runNamed<{ looked: number }>(
      this.#db,
      'feed.relocate',
      'select relocate_incidents($1::timestamptz, $2::int) as looked',
      [this.#clock(), BATCH],
    );
    return looked;
  }
}
