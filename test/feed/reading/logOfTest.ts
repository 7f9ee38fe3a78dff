import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { PUBLIC, type Viewer } from '../../../src/access/viewer.ts';
import type { OpenDatabase } from '../../../src/db/database.ts';
import type { FeedEvent, Topic } from '../../../src/feed/feedEvent.ts';
import { FeedLogRepository } from '../../../src/feed/feedLog.repository.ts';
import { FeedsService } from '../../../src/feed/feeds.service.ts';
import type { FeedItem, FeedReader, Listener } from '../../../src/feed/feeds.ts';
import { FeedLog } from '../../../src/feed/reading/feedLog.ts';
import { asSuperuser } from '../../support/database.ts';

/** What a test writes to the outbox, as a trigger would. */
export interface Told {
  readonly areaIds: readonly string[];
  readonly topic?: Topic;
  readonly category?: string;
  readonly subject?: string;
}

/** A log in the database, a process that reads it, and somebody who is told everything. */
export class LogOfTest {
  readonly feeds: FeedsService;
  readonly log: FeedLog;
  readonly #database: OpenDatabase;

  /** `kept`: how many events the process keeps in memory. */
  constructor(database: OpenDatabase, kept?: number, repository = new FeedLogRepository(database.db)) {
    this.#database = database;
    this.log = new FeedLog(repository, kept);
    this.feeds = new FeedsService(this.log);
  }

  /** Writes to the outbox, and gives the ids of the events. */
  tell(...told: readonly Told[]): Promise<string[]> {
    const rows = told.map(({ areaIds, topic = 'INCIDENT', category = null, subject = randomUUID() }) => ({
      event_id: randomUUID(),
      topic,
      kind: topic === 'KEY' ? 'REVOKED' : 'CHANGED',
      subject,
      version: 1,
      category,
      at: new Date(0),
      area_ids: areaIds,
      payload: {},
    }));
    return asSuperuser(this.#database.db, async (trx) => {
      await sql`insert into feed_outbox (event_id, topic, kind, subject, version, category, at, area_ids, payload)
        select n.event_id, n.topic, n.kind, n.subject, n.version, n.category, n.at, n.area_ids, n.payload
        from jsonb_populate_recordset(null::feed_outbox, ${JSON.stringify(rows)}::text::jsonb) with ordinality n
        order by n.ordinality`.execute(trx);
      return rows.map((row) => row.event_id);
    });
  }

  /** Moves everything from the outbox to the log; the process is not told of it. */
  async sequence(): Promise<void> {
    const sequenced = sql<{ moved: number }>`select sequence_feed(1000) as moved`;
    while ((await sequenced.execute(this.#database.db)).rows[0].moved > 0);
  }

  /** Tells, numbers and shows. */
  async happen(...told: readonly Told[]): Promise<string[]> {
    const ids = await this.tell(...told);
    await this.sequence();
    await this.log.catchUp();
    return ids;
  }
}

/** Somebody who is told everything, unless it is said otherwise. */
export function listener(sees: (event: FeedEvent) => boolean = () => true, viewer: Viewer = PUBLIC): Listener {
  return { by: { viewer, requestId: 'test', log: { error: () => {} } }, sees };
}

/** The next so many events. */
export async function take(reader: FeedReader, count: number): Promise<FeedItem[]> {
  const items: FeedItem[] = [];
  while (items.length < count) {
    const { value } = await reader.next();
    if (!value) break;
    items.push(value);
  }
  return items;
}

export const idsOf = (items: readonly FeedItem[]) => items.map(({ event }) => event.id);

export const area = () => randomUUID();
