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
export class Relocation extends Rounds {
  readonly #db: Kysely<Database>;
  readonly #clock: Clock;

  constructor(db: Kysely<Database>, clock: Clock, log: RoundsLog) {
    super('Telling areas of moved incidents', log);
    this.#db = db;
    this.#clock = clock;
  }

  protected override async round(): Promise<number> {
    return (await this.runOnce()) === BATCH ? 0 : EVERY_MS;
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
