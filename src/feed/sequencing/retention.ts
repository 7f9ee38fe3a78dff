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
export class Retention extends Rounds {
  readonly #db: Kysely<Database>;
  readonly #rule: RetentionRule;

  constructor(db: Kysely<Database>, rule: RetentionRule, log: RoundsLog) {
    super('Purging the feed', log);
    this.#db = db;
    this.#rule = rule;
  }

  protected override async round(): Promise<number> {
    return (await this.runOnce()) === SLICE ? 0 : HOUR_MS;
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
