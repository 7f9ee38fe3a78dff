import { type Kysely, type RawBuilder, sql } from 'kysely';
import { inEveryArea } from '../db/areas.ts';
import { runNamed } from '../db/database.ts';
import type { Database } from '../db/tables.ts';
import type { CursorSeal } from './cursor.ts';
import type { FeedEvent } from './feedEvent.ts';
import type { FeedFilter } from './feedFilter.ts';

/** How the log stands. */
export interface FeedState extends CursorSeal {
  readonly lastPosition: number;
  /** Everything up to here was purged. */
  readonly purgedThrough: number;
}

/** Behind `after`, up to and with `upTo`. */
export interface Span {
  readonly after: number;
  readonly upTo: number;
}

const COLUMNS: RawBuilder<unknown> = sql`position, event_id as id, topic, kind, subject, version, category, at,
  area_ids as "areaIds", payload::text as payload`;

/** The log of events in the database. Reads everything: whom an event is for is judged event by event. */
export class FeedLogRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async readState(): Promise<FeedState> {
    const [state] = await runNamed<FeedState>(
      this.#db,
      'feed.state',
      `select epoch, signing_key as "signingKey", last_position as "lastPosition", purged_through as "purgedThrough"
       from feed_state`,
    );
    return state;
  }

  /** In their order, and at most so many. */
  listBehind(after: number, most: number): Promise<FeedEvent[]> {
    return runNamed<FeedEvent>(this.#db, 'feed.behind', 'select * from read_feed($1::bigint, $2::int)', [after, most]);
  }

  /** Of a span those of a filter, and every revoked key; at most so many, in their order. */
  listMatching({ topic, within, categories }: FeedFilter, { after, upTo }: Span, most: number): Promise<FeedEvent[]> {
    const wanted = categories === null ? sql`true` : sql`category = any (${categories}::text[])`;
    return this.#list(
      sql`position > ${after}::bigint and position <= ${upTo}::bigint and (topic = 'KEY'
        or (topic = ${topic} and area_ids @> array[${within}::uuid] and ${wanted}))`,
      most,
    );
  }

  /** The id of the event at a position; undefined where there is none, or no longer. */
  async findMark(position: number): Promise<string | undefined> {
    const [event] = await this.#list(sql`position = ${position}::bigint`, 1);
    return event?.id;
  }

  #list(which: RawBuilder<unknown>, most: number): Promise<FeedEvent[]> {
    return inEveryArea(this.#db, async (trx) => {
      const { rows } = await sql<FeedEvent>`
        select ${COLUMNS} from feed_event where ${which} order by position limit ${most}::int`.execute(trx);
      return rows;
    });
  }
}
