import { type Kysely, sql } from 'kysely';
import { inEveryArea } from '../../db/areas.ts';
import { runNamed } from '../../db/database.ts';
import type { Database } from '../../db/tables.ts';

/** How the log of events stands. */
export interface FeedStanding {
  readonly epoch: string;
  /** Of the newest event; 0 while there is none. */
  readonly lastPosition: number;
  /** Of the oldest event that is kept; null while none is. */
  readonly oldestPosition: number | null;
  readonly oldestAt: Date | null;
  /** Events that are committed and not sequenced yet, and when the oldest of them happened. */
  readonly waiting: number;
  readonly waitingSince: Date | null;
}

/** Looks after the log of events, for operators. */
export class FeedKeeper {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  read(): Promise<FeedStanding> {
    return inEveryArea(this.#db, async (trx) => {
      const { rows } = await sql<FeedStanding>`
        select s.epoch, s.last_position as "lastPosition", e.position as "oldestPosition", e.sequenced_at as "oldestAt",
          w.events as waiting, w.oldest_at as "waitingSince"
        from feed_state s cross join feed_waiting() w
        left join feed_event e on e.position = s.purged_through + 1`.execute(trx);
      return rows[0];
    });
  }

  /** Begins another epoch, by which all cursors that were given out are refused. Gives its id. */
  async renew(): Promise<string> {
    const [{ epoch }] = await runNamed<{ epoch: string }>(this.#db, 'feed.renew', 'select open_feed(true) as epoch');
    return epoch;
  }
}
