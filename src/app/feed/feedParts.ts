import type { Logger } from 'pino';
import type { AreaTree } from '../../access/areaTree.ts';
import type { Clock } from '../../clock.ts';
import type { Config } from '../../config.ts';
import type { OpenDatabase } from '../../db/database.ts';
import { DueEditions } from '../../feed/editions/dueEditions.ts';
import { FeedExportService } from '../../feed/export/feedExport.service.ts';
import { FeedLogRepository } from '../../feed/feedLog.repository.ts';
import { FeedsService } from '../../feed/feeds.service.ts';
import { FeedLog } from '../../feed/reading/feedLog.ts';
import { FeedKeeper } from '../../feed/sequencing/feedKeeper.service.ts';
import { Relocation } from '../../feed/sequencing/relocation.ts';
import { Retention } from '../../feed/sequencing/retention.ts';
import { Sequencer } from '../../feed/sequencing/sequencer.ts';
import { IncidentExport } from '../../incidents/feed/incidentExport.ts';

/** What the feed needs besides its database. */
export interface FeedNeeds {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Logger;
  readonly tree: AreaTree;
}

/** The log of events: written by one sequencer, read by area. */
export type FeedParts = ReturnType<typeof buildFeed>;

export function buildFeed(database: OpenDatabase, { config, clock, log, tree }: FeedNeeds) {
  const { db } = database;
  const memory = new FeedLog(new FeedLogRepository(db));
  const feeds = new FeedsService(memory);
  const sequencer = new Sequencer(database, log);
  const relocation = new Relocation(db, clock, log);
  const retention = new Retention(db, { retentionDays: config.feedRetentionDays, clock }, log);
  return {
    memory,
    feeds,
    sequencer,
    relocation,
    keeper: new FeedKeeper(db),
    incidentExport: new IncidentExport(new FeedExportService(feeds), tree),
    /** From `follow` to `close`. */
    running: [sequencer, relocation, retention, new DueEditions(db, clock, log)],
  };
}
