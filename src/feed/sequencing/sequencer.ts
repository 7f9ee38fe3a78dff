import type { Kysely } from 'kysely';
import { type OpenDatabase, runNamed } from '../../db/database.ts';
import type { Database } from '../../db/tables.ts';
import { Rounds, type RoundsLog } from './rounds.ts';

const BATCH = 1000;
/** The embedded engine has one connection, which requests need too, and is this process: resting, it takes 4 % of a core. */
const POLL_MS = { postgres: { busy: 20, resting: 20 }, embedded: { busy: 50, resting: 250 } } as const;
/** Rounds in which nothing was moved, after which it rests. */
const RESTS_AFTER = 100;
/** Given instead of a number where another sequencer is at it. */
const TAKEN = -1;

/**
 * Moves events from the outbox to the log, where each takes its place in the order of commits. Any number of servers may do
 * this at the same time: the database lets one at it, for one statement each time, so that none is left waiting for a
 * server that was stopped.
 */
export class Sequencer extends Rounds {
  readonly #db: Kysely<Database>;
  readonly #pollMs: { readonly busy: number; readonly resting: number };
  #idleRounds = 0;
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
    const moved = await this.runOnce();
    this.#idleRounds = moved > 0 ? 0 : this.#idleRounds + 1;
    if (moved === BATCH) return 0;
    return this.#idleRounds > RESTS_AFTER ? this.#pollMs.resting : this.#pollMs.busy;
  }

  async #open(): Promise<void> {
    await runNamed(this.#db, 'feed.open', 'select open_feed(false)');
    this.#isOpen = true;
  }
}
