import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Viewer } from '../../../src/access/viewer.ts';
import type { OpenDatabase } from '../../../src/db/database.ts';
import type { FeedFilter } from '../../../src/feed/feedFilter.ts';
import { asSuperuser, emptyTables, openTestDatabase } from '../../support/database.ts';
import { area, idsOf, LogOfTest, listener, take } from './logOfTest.ts';

let database: OpenDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await emptyTables(database.db);
});

const of = (within: string, categories: readonly string[] | null = null): FeedFilter => ({
  topic: 'INCIDENT',
  within,
  categories,
});

describe('a reader of a feed', () => {
  it('is given what happens in its area from now on, and nothing of others', async () => {
    const log = new LogOfTest(database);
    const [here, there] = [area(), area()];
    await log.happen({ areaIds: [here] });
    const reader = await log.feeds.open(of(here), null, listener());
    const [first, , third] = await log.happen({ areaIds: [there, here] }, { areaIds: [there] }, { areaIds: [here] });
    expect(idsOf(await take(reader, 2))).toEqual([first, third]);
  });

  it('goes on behind its cursor, though it was away while the process began again', async () => {
    const [here, there] = [area(), area()];
    const before = new LogOfTest(database);
    const reader = await before.feeds.open(of(here), null, listener());
    await before.happen({ areaIds: [here] }, { areaIds: [here] });
    const [{ cursor }] = await take(reader, 1);
    const after = new LogOfTest(database);
    const missed = await after.tell({ areaIds: [here] }, { areaIds: [there] }, { areaIds: [here] });
    await after.sequence();
    const again = await after.feeds.open(of(here), cursor, listener());
    expect(idsOf(await take(again, 3)).slice(1)).toEqual([missed[0], missed[2]]);
  });

  it('is given only the categories that it asks for, of one topic', async () => {
    const log = new LogOfTest(database);
    const here = area();
    const reader = await log.feeds.open(of(here, ['fire', 'noise']), null, listener());
    const [fire, , , noise] = await log.happen(
      { areaIds: [here], category: 'fire' },
      { areaIds: [here], category: 'theft' },
      { areaIds: [here], topic: 'BOUNDARY', category: 'fire' },
      { areaIds: [here], category: 'noise' },
    );
    expect(idsOf(await take(reader, 2))).toEqual([fire, noise]);
  });

  it('that is slow loses nothing, and only few events wait for it in memory', async () => {
    const log = new LogOfTest(database);
    const here = area();
    const reader = await log.feeds.open(of(here), null, listener());
    const first = reader.next();
    const told: string[] = [];
    for (let round = 0; round < 6; round++)
      told.push(...(await log.happen(...Array.from({ length: 100 }, () => ({ areaIds: [here] })))));
    const { value } = await first;
    expect(log.log.readers).toBe(0);
    expect([value?.event.id, ...idsOf(await take(reader, 599))]).toEqual(told);
  });

  it('has a heartbeat behind everything that it was given, while it waits, and none before', async () => {
    const log = new LogOfTest(database);
    const [here, there] = [area(), area()];
    const reader = await log.feeds.open(of(here), null, listener());
    expect(reader.heartbeat()).toBeUndefined();
    const first = reader.next();
    await log.happen({ areaIds: [here] });
    await first;
    await log.happen({ areaIds: [there] });
    expect(reader.heartbeat()).toBeUndefined();
    const second = reader.next();
    // Nothing is waited for but the turn in which it joins those at the head.
    await new Promise(setImmediate);
    const cursor = reader.heartbeat();
    const [next] = await log.happen({ areaIds: [here] });
    expect((await second).value?.event.id).toBe(next);
    const again = await log.feeds.open(of(here), cursor, listener());
    expect(idsOf(await take(again, 1))).toEqual([next]);
  });

  it('ends when it is told to, also while it waits', async () => {
    const log = new LogOfTest(database);
    const reader = await log.feeds.open(of(area()), null, listener());
    const waiting = reader.next();
    await new Promise(setImmediate);
    expect(log.log.readers).toBe(1);
    await reader.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(log.log.readers).toBe(0);
  });

  it('is told nothing that was committed after its key was revoked', async () => {
    const log = new LogOfTest(database);
    const [here, key] = [area(), 'a1b2c3d4e5f6a7b8c9d0'];
    const viewer: Viewer = { kind: 'key', subject: `key:${randomUUID()}/${key}`, grants: [] };
    const reader = await log.feeds.open(
      of(here),
      null,
      listener(() => true, viewer),
    );
    const [before] = await log.happen(
      { areaIds: [here] },
      { areaIds: [], topic: 'KEY', subject: 'ffffffffffffffffffff' },
      { areaIds: [], topic: 'KEY', subject: key },
      { areaIds: [here] },
    );
    expect(idsOf(await take(reader, 1))).toEqual([before]);
    await expect(reader.next()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(await reader.next()).toEqual({ done: true, value: undefined });
  });

  it('is asked anew for each event whether it may see it, and ends where it may not follow any more', async () => {
    const log = new LogOfTest(database);
    const here = area();
    let allowed = true;
    const sees = ({ category }: { category: string | null }) => {
      if (!allowed) throw new Error('no more');
      return category !== 'secret';
    };
    const reader = await log.feeds.open(of(here), null, listener(sees));
    const [, open] = await log.happen({ areaIds: [here], category: 'secret' }, { areaIds: [here], category: 'open' });
    expect(idsOf(await take(reader, 1))).toEqual([open]);
    allowed = false;
    await log.happen({ areaIds: [here] });
    await expect(reader.next()).rejects.toThrow('no more');
  });
});

describe('a cursor', () => {
  const superuser = (statement: ReturnType<typeof sql>) =>
    asSuperuser(database.db, async (trx) => {
      await sql`set local session_replication_role = replica`.execute(trx);
      await statement.execute(trx);
    });

  const cursorOf = async (log: LogOfTest, within: string) => {
    const reader = await log.feeds.open(of(within), null, listener());
    await log.happen({ areaIds: [within] });
    const [{ cursor }] = await take(reader, 1);
    await reader.return?.();
    return cursor;
  };

  it('of another area or other categories is refused, and one that was changed', async () => {
    const log = new LogOfTest(database);
    const here = area();
    const cursor = await cursorOf(log, here);
    const open = (filter: FeedFilter, text: string) => log.feeds.open(filter, text, listener());
    const refused = { code: 'BAD_INPUT', details: { field: 'after' } };
    await expect(open(of(area()), cursor)).rejects.toMatchObject(refused);
    await expect(open(of(here, ['fire']), cursor)).rejects.toMatchObject(refused);
    await expect(open({ ...of(here), topic: 'BOUNDARY' }, cursor)).rejects.toMatchObject(refused);
    const bytes = Buffer.from(cursor, 'base64url');
    for (const index of bytes.keys()) {
      const forged = Buffer.from(bytes);
      forged[index] ^= 1;
      await expect(open(of(here), forged.toString('base64url'))).rejects.toMatchObject(refused);
    }
    for (const text of ['', 'x', `${cursor}A`, cursor.slice(1), `${cursor}=`])
      await expect(open(of(here), text)).rejects.toMatchObject(refused);
    await expect(open(of(here), cursor)).resolves.toBeDefined();
  });

  it('is refused when the events behind it were purged, and good to the last that was kept', async () => {
    const log = new LogOfTest(database);
    const here = area();
    const old = await cursorOf(log, here);
    const edge = await cursorOf(log, here);
    const kept = await log.happen({ areaIds: [here] });
    await superuser(
      sql`update feed_event set sequenced_at = '2000-01-01' where position < (select last_position from feed_state)`,
    );
    await sql`select purge_feed('2001-01-01', 100000)`.execute(database.db);
    const fresh = new LogOfTest(database);
    for (const process of [log, fresh]) {
      await expect(process.feeds.open(of(here), old, listener())).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' });
      const reader = await process.feeds.open(of(here), edge, listener());
      expect(idsOf(await take(reader, 1))).toEqual(kept);
    }
  });

  it('is refused after a restore: in another epoch, beyond the head, and where another event stands', async () => {
    const log = new LogOfTest(database);
    const here = area();
    const cursor = await cursorOf(log, here);
    const reader = await log.feeds.open(of(here), cursor, listener());
    const waiting = reader.next();
    waiting.catch(() => {});
    // As a copy of the database from before the last event would have it.
    await superuser(sql`delete from feed_event where position = (select last_position from feed_state)`);
    await superuser(sql`update feed_state set last_position = last_position - 1`);
    await log.log.catchUp();
    await expect(waiting).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' });
    const expired = { code: 'CURSOR_EXPIRED', details: { field: 'after' } };
    await expect(log.feeds.open(of(here), cursor, listener())).rejects.toMatchObject(expired);
    await log.happen({ areaIds: [here] });
    for (const process of [log, new LogOfTest(database)])
      await expect(process.feeds.open(of(here), cursor, listener())).rejects.toMatchObject(expired);
    const other = await cursorOf(log, here);
    await sql`select open_feed(true)`.execute(database.db);
    for (const process of [log, new LogOfTest(database)])
      await expect(process.feeds.open(of(here), other, listener())).rejects.toMatchObject(expired);
  });
});
