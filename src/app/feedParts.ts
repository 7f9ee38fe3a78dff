import type { Kysely } from 'kysely';
import type { Database } from '../db/tables.ts';
import { FeedLogRepository } from '../feed/feedLog.repository.ts';
import { FeedsService } from '../feed/feeds.service.ts';
import { FeedLog } from '../feed/reading/feedLog.ts';

/** The log of events, and who reads it. */
export type FeedParts = ReturnType<typeof buildFeed>;

export function buildFeed(db: Kysely<Database>) {
  const repository = new FeedLogRepository(db);
  const log = new FeedLog(repository);
  return { repository, log, feeds: new FeedsService(log) };
}
