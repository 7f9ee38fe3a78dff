import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import type { OpenDatabase } from '../../../src/db/database.ts';
import { FeedExportService } from '../../../src/feed/export/feedExport.service.ts';
import type { FeedRange } from '../../../src/feed/export/feedRange.ts';
import type { FeedRanges, Listener } from '../../../src/feed/feeds.ts';
import { emptyTables, openTestDatabase } from '../../support/database.ts';
import { idsOf, LogOfTest, listener } from '../reading/logOfTest.ts';

let database: OpenDatabase;
let log: LogOfTest;
beforeEach(async () => {
  database = await openTestDatabase();
  await emptyTables(database.db);
  log = new LogOfTest(database);
});

const within = randomUUID();
const filter = { topic: 'INCIDENT', within, categories: null } as const;

function exportOf(feeds: FeedRanges = log.feeds): FeedExportService {
  return new FeedExportService(feeds);
}

async function all(range: FeedRange = {}, who: Listener = listener()) {
  const items = [];
  for await (const item of exportOf().items(filter, range, who)) items.push(item);
  return items;
}

const many = (count: number) => Array.from({ length: count }, () => ({ areaIds: [within] }));

describe('a range of a feed', () => {
  it('is whole over several pages, and pages are asked for when those before were taken', async () => {
    const ids = await log.happen(...many(450));
    expect(idsOf(await all())).toEqual(ids);
    let pages = 0;
    const counted = exportOf({
      endOf: (...asked) => log.feeds.endOf(...asked),
      page(...asked) {
        pages += 1;
        return log.feeds.page(...asked);
      },
    }).items(filter, {}, listener());
    for (let taken = 1; taken <= 450; taken++) {
      await counted.next();
      expect(pages).toBe(Math.ceil(taken / 200));
    }
    expect((await counted.next()).done).toBe(true);
    expect(pages).toBe(3);
  });

  it('is judged page by page: it ends with the error where a key was revoked', async () => {
    const id = randomUUID();
    const before = await log.happen(...many(3));
    await log.happen({ areaIds: [], topic: 'KEY', subject: id }, ...many(2));
    const viewer = { kind: 'key', subject: `key:${randomUUID()}/${id}`, grants: [] } as const;
    await expect(
      all(
        {},
        listener(() => true, viewer),
      ),
    ).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(
      idsOf(
        await all(
          {},
          listener((event) => event.id !== before[1]),
        ),
      ),
    ).not.toContain(before[1]);
  });

  it('is refused where an end is not in the log any more', async () => {
    const ids = await log.happen(...many(5));
    const items = await all();
    await sql`select purge_feed(now() + interval '1 hour', 3)`.execute(database.db);
    for (const cursor of [items[0].cursor, items[1].cursor]) {
      await expect(all({ after: cursor })).rejects.toMatchObject({
        code: 'CURSOR_EXPIRED',
        details: { field: 'after' },
      });
      await expect(all({ until: cursor })).rejects.toMatchObject({
        code: 'CURSOR_EXPIRED',
        details: { field: 'until' },
      });
    }
    // Nothing is missing behind the last that was purged.
    expect(idsOf(await all({ after: items[2].cursor }))).toEqual(ids.slice(3));
    expect(idsOf(await all())).toEqual(ids.slice(3));
    await sql`select open_feed(true)`.execute(database.db);
    await expect(all({ until: items[4].cursor })).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' });
  });
});
