import type { Kysely } from 'kysely';
import type { Clock } from '../../clock.ts';
import { runNamed } from '../../db/database.ts';
import type { Database } from '../../db/tables.ts';
import { Rounds, type RoundsLog } from './rounds.ts';

const SLICE = 5000;
const [HOUR_MS, DAY_MS] = [3_600_000, 86_400_000];

/** For how long events are kept, and by whose clock. */
export interface RetentionRule {
  /** Whole days. */
  readonly retentionDays: number;
  readonly clock: Clock;
}

/** Deletes events that are older than the log keeps them; the newest one always stays. */
export class Retention {
  readonly #db: Kysely<Database>;
  readonly #rule: RetentionRule;
  readonly #rounds: Rounds;

  constructor(db: Kysely<Database>, rule: RetentionRule, log: RoundsLog) {
    this.#db = db;
    this.#rule = rule;
    const run = async () => ((await this.runOnce()) === SLICE ? 0 : HOUR_MS);
    this.#rounds = new Rounds({ name: 'Purging the feed', run }, log);
  }

  /** Purges now and each hour, until `close`. */
  start(): void {
    this.#rounds.start();
  }

  /** Resolves when nothing of it runs any more. */
  close(): Promise<void> {
    return this.#rounds.close();
  }

  /** Deletes no more than 5,000 events, the oldest; gives how many. The sequencer waits so long. */
  async runOnce(): Promise<number> {
    const before = new Date(this.#rule.clock().getTime() - this.#rule.retentionDays * DAY_MS);
    const [{ purged }] = await runNamed<{ purged: number }>(
      this.#db,
      'feed.purge',
      'select purge_feed($1::timestamptz, $2::int) as purged',
      [before, SLICE],
    );
    return purged;
  }
}
