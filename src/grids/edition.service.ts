import { type Kysely, sql, type Transaction } from 'kysely';
import type { Areas, Viewer } from '../access/viewer.ts';
import type { Act, Actor } from '../audit/act.ts';
import type { AuditLog } from '../audit/auditLog.ts';
import type { Clock } from '../clock.ts';
import { showAreas } from '../db/areas.ts';
import { inTransaction } from '../db/pgErrors.ts';
import type { Database } from '../db/tables.ts';
import { EditionFeed } from './log/editionFeed.ts';

/** One publication of the registry. */
export interface EditionRecord {
  readonly number: number;
  readonly publishedAt: Date;
  readonly effectiveAt: Date;
  readonly title: string;
}

/**
 * Something held in memory that follows the log of editions. `read` fetches what editions after `after` up to `upTo`
 * opened and closed, without showing it; the function it returns shows it, at once and without awaiting anything.
 */
export interface EditionReader {
  read(after: number, upTo: number): Promise<() => void>;
}

/** Where publications are written down, and who publishes where no one is named. */
export interface EditionBooks {
  readonly audit: Pick<AuditLog, 'record'>;
  readonly operator: Viewer;
}

/** `effectiveAt` is for the log; validity is on the rows. */
export interface Publication<T = unknown> {
  readonly effectiveAt?: Date;
  readonly by?: Actor;
  /** What row security shows to `write`; everything where it is left out. The laws are judged over everything anyhow. */
  readonly areas?: Areas;
  /** What was done, recorded beside the publication as done by the same actor. */
  readonly act?: (result: T) => Act;
}

/** A change being published: rows carry `edition` and are written through `trx`. */
export type WriteEdition<T> = (trx: Transaction<Database>, edition: number) => Promise<T>;

/**
 * Publishes editions and follows their log. All writers queue for one lock in the database, so editions are dense,
 * ordered and whole; this process shows an edition in all its readers in the same tick, so no answer mixes two.
 */
export class EditionService {
  readonly #db: Kysely<Database>;
  readonly #clock: Clock;
  readonly #readers: readonly EditionReader[];
  readonly #books: EditionBooks;
  #editions: EditionRecord[] = [];
  #catchingUp: Promise<void> = Promise.resolve();
  /** Feeds that wait for an edition that is not there yet. */
  readonly #waiting = new Set<() => void>();

  constructor(db: Kysely<Database>, clock: Clock, readers: readonly EditionReader[], books: EditionBooks) {
    this.#db = db;
    this.#clock = clock;
    this.#readers = readers;
    this.#books = books;
  }

  /** Every edition this process shows, oldest first. */
  get editions(): readonly EditionRecord[] {
    return this.#editions;
  }

  /** The newest edition this process shows; 0 before the first. */
  get latest(): number {
    return this.#editions.length;
  }

  /**
   * Runs `write` and publishes what it wrote as the next edition, whole or not at all, and shows it here before it
   * resolves. Throws the law that was broken, by its code.
   */
  async publish<T>(
    title: string,
    write: WriteEdition<T>,
    { effectiveAt, by, areas = 'everywhere', act }: Publication<T> = {},
  ): Promise<{ edition: number; result: T }> {
    const published = await inTransaction(this.#db, async (trx) => {
      const now = this.#clock();
      await showAreas(trx, areas, now);
      // The lock first: the number must be read after the previous publication has ended.
      await sql`select pg_advisory_xact_lock(hashtext('wangge.edition'))`.execute(trx);
      const last = await trx
        .selectFrom('edition')
        .select('number')
        .orderBy('number', 'desc')
        .limit(1)
        .executeTakeFirst();
      const edition = (last?.number ?? 0) + 1;
      const actor = by ?? { viewer: this.#books.operator };
      const row = { number: edition, published_at: now, effective_at: effectiveAt ?? now, title };
      await trx
        .insertInto('edition')
        .values({ ...row, published_by: actor.viewer.subject.slice(0, 300) })
        .execute();
      const result = await write(trx, edition);
      // Judged now rather than at the commit: a judgement may take minutes, and nobody else can record meanwhile.
      await sql`set constraints all immediate`.execute(trx);
      if (act) await this.#books.audit.record(trx, actor, act(result));
      await this.#books.audit.record(trx, actor, {
        action: 'editions.publish',
        object: { kind: 'edition', id: String(edition) },
        result: 'DONE',
        details: { title },
      });
      return { edition, result };
    });
    await this.catchUp();
    return published;
  }

  /**
   * The editions behind `after` as this process shows them, each once and in order; at the end it waits for the next.
   * Nothing is kept for a reader but its place in the log, and a reader that returns stops waiting at once.
   */
  follow(after: number): AsyncIterableIterator<EditionRecord> {
    return new EditionFeed(this.#editions, this.#waiting, after);
  }

  /** Shows every edition the log holds. Runs follow one another, so each call reads what was there when it was made. */
  catchUp(): Promise<void> {
    const run = this.#catchingUp.then(
      () => this.#readLog(),
      () => this.#readLog(),
    );
    this.#catchingUp = run;
    return run;
  }

  async #readLog(): Promise<void> {
    const after = this.latest;
    const rows = await this.#db
      .selectFrom('edition')
      .select(['number', 'published_at', 'effective_at', 'title'])
      .where('number', '>', after)
      .orderBy('number')
      .execute();
    const upTo = rows.at(-1)?.number;
    if (upTo === undefined) return;
    const shows: (() => void)[] = [];
    for (const reader of this.#readers) shows.push(await reader.read(after, upTo));
    for (const show of shows) show();
    for (const row of rows) {
      this.#editions.push({
        number: row.number,
        publishedAt: row.published_at,
        effectiveAt: row.effective_at,
        title: row.title,
      });
    }
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of waiting) wake();
  }
}
