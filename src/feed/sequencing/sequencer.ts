import type { Kysely } from 'kysely';
import { type OpenDatabase, runNamed } from '../../db/database.ts';
import type { Database } from '../../db/tables.ts';
import { Rounds, type RoundsLog } from './rounds.ts';

const BATCH = 1000;
/** The embedded engine has one connection, which requests need too. */
const POLL_MS = { postgres: 20, embedded: 50 } as const satisfies Record<OpenDatabase['engine'], number>;
/** Given instead of a number where another sequencer is at it. */
const TAKEN = -1;

/**
 * Moves events from the outbox to the log, where each takes its place in the order of commits. Any number of servers may do
 * this at the same time: the database lets one at it, for one statement each time, so that none is left waiting for a
 * server that was stopped.
 */
export class Sequencer extends Rounds {
  readonly #db: Kysely<Database>;
  readonly #pollMs: number;
  #isOpen = false;
  #sequenced = 0;

  constructor({ db, engine }: Pick<OpenDatabase, 'db' | 'engine'>, log: RoundsLog) {
    super('Sequencing the feed', log);
    this.#db = db;
    this.#pollMs = POLL_MS[engine];
  }

  /** How many events it has moved. */
  get sequenced(): number {
    return this.#sequenced;
  }

  /** Sequences until `close`. In a database that was restored into another cluster it begins a new epoch first. */
  override async start(): Promise<void> {
    // Where the database is away, the rounds say so and try again.
    await this.#open().catch(() => undefined);
    super.start();
  }

  /** Moves at most 1,000 events; gives how many, 0 too where another sequencer is at it. */
  async runOnce(): Promise<number> {
    const [{ moved }] = await runNamed<{ moved: number }>(
      this.#db,
      'feed.sequence',
      'select sequence_feed($1::int) as moved',
      [BATCH],
    );
    if (moved === TAKEN) return 0;
    this.#sequenced += moved;
    return moved;
  }

  protected override async round(): Promise<number> {
    if (!this.#isOpen) await this.#open();
    return (await this.runOnce()) === BATCH ? 0 : this.#pollMs;
  }

  async #open(): Promise<void> {
    await runNamed(this.#db, 'feed.open', 'select open_feed(false)');
    this.#isOpen = true;
  }
}
