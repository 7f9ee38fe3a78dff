import { type Kysely, sql } from 'kysely';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { inEveryArea } from '../../../src/db/areas.ts';
import type { OpenDatabase } from '../../../src/db/database.ts';
import type { Database } from '../../../src/db/tables.ts';
import { FeedKeeper } from '../../../src/feed/sequencing/feedKeeper.service.ts';
import { Retention } from '../../../src/feed/sequencing/retention.ts';
import type { RoundsLog } from '../../../src/feed/sequencing/rounds.ts';
import { Sequencer } from '../../../src/feed/sequencing/sequencer.ts';
import { asSuperuser } from '../../support/database.ts';
import { AT, change, emptyFeed, openFeedWorld, readLog, report, VILLAGE } from '../log/feedWorld.ts';

const DAY_MS = 86_400_000;
let database: OpenDatabase;
let db: Kysely<Database>;
const newLog = () => ({ warn: vi.fn<RoundsLog['warn']>(), info: vi.fn<RoundsLog['info']>() });
let log = newLog();
beforeAll(async () => {
  database = await openFeedWorld();
  db = database.db;
});
beforeEach(async () => {
  await emptyFeed(db);
  log = newLog();
});
const started: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of started.splice(0)) await each.close();
});

function sequencer(): Sequencer {
  const made = new Sequencer(database, log);
  started.push(made);
  return made;
}

const file = () => inEveryArea(db, (trx) => report(trx, [VILLAGE]));
const positions = async () => (await readLog(db)).map(({ position }) => position);

describe('a sequencer', () => {
  it('moves what is committed without being asked, until it is closed', async () => {
    const own = sequencer();
    await own.start();
    const id = await file();
    await vi.waitFor(async () => expect(await positions()).toEqual([1]), 5000);
    await own.close();
    expect(own.sequenced).toBe(1);
    await inEveryArea(db, (trx) => change(trx, id));
    expect(await own.runOnce()).toBe(1);
  });

  it('takes 1,000 at once, and says how many it took', async () => {
    await asSuperuser(db, (trx) =>
      sql`insert into feed_outbox (event_id, topic, kind, subject, version, at, area_ids, payload)
        select gen_random_uuid(), 'INCIDENT', 'CHANGED', n::text, 1, now(), '{}', '{}' from generate_series(1, 1001) n`.execute(
        trx,
      ),
    );
    const own = sequencer();
    expect([await own.runOnce(), await own.runOnce(), await own.runOnce()]).toEqual([1000, 1, 0]);
  });

  it('begins a new epoch when another cluster wrote the log', async () => {
    const keeper = new FeedKeeper(db);
    await sequencer().start();
    const { epoch } = await keeper.read();
    await asSuperuser(db, (trx) => sql`update feed_state set cluster = '1'`.execute(trx));
    await sequencer().start();
    expect((await keeper.read()).epoch).not.toBe(epoch);
  });

  it('goes on when the database is back, and says once that it was away and once that it is back', async () => {
    const rename = (from: string, to: string) =>
      asSuperuser(db, (trx) => sql`alter table ${sql.table(from)} rename to ${sql.table(to)}`.execute(trx));
    await file();
    await rename('feed_outbox', 'feed_hidden');
    try {
      await sequencer().start();
      await vi.waitFor(() => expect(log.warn).toHaveBeenCalled(), 5000);
    } finally {
      await rename('feed_hidden', 'feed_outbox');
    }
    await vi.waitFor(() => expect(log.info).toHaveBeenCalled(), 5000);
    expect(await positions()).toEqual([1]);
    expect([log.warn, log.info].map(({ mock }) => mock.calls.length)).toEqual([1, 1]);
  });

  it('needs nobody to close it twice, nor to start it', async () => {
    const own = sequencer();
    await own.close();
    await own.start();
    await own.close();
    expect(log.warn).not.toHaveBeenCalled();
  });
});

describe('retention', () => {
  it('deletes events that are older than so many days, and none that is younger', async () => {
    const id = await file();
    for (let n = 0; n < 3; n += 1) await inEveryArea(db, (trx) => change(trx, id));
    await sequencer().runOnce();
    await asSuperuser(db, async (trx) => {
      await sql`set local session_replication_role = replica`.execute(trx);
      await sql`update feed_event set sequenced_at = ${AT}::timestamptz + position * interval '1 day'`.execute(trx);
    });
    const on = (days: number) =>
      new Retention(db, { retentionDays: 30, clock: () => new Date(AT.getTime() + days * DAY_MS) }, log).runOnce();
    expect([await on(31), await positions()]).toEqual([0, [1, 2, 3, 4]]);
    expect([await on(32.5), await positions()]).toEqual([2, [3, 4]]);
    expect([await on(400), await positions()]).toEqual([1, [4]]);
  });

  it('purges by itself when it is started', async () => {
    const id = await file();
    await inEveryArea(db, (trx) => change(trx, id));
    await sequencer().runOnce();
    const far = new Retention(db, { retentionDays: 1, clock: () => new Date('2100-01-01Z') }, log);
    started.push(far);
    far.start();
    await vi.waitFor(async () => expect(await positions()).toEqual([2]), 5000);
  });
});

describe('how the log stands', () => {
  it('is its head, its oldest event, what waits, and its epoch', async () => {
    const keeper = new FeedKeeper(db);
    const empty = { lastPosition: 0, oldestPosition: null, oldestAt: null, waiting: 0, waitingSince: null };
    const before = await keeper.read();
    expect(before).toMatchObject(empty);
    const id = await file();
    expect(await keeper.read()).toMatchObject({ ...empty, waiting: 1, waitingSince: AT });
    await sequencer().runOnce();
    await inEveryArea(db, (trx) => change(trx, id));
    const { epoch, oldestAt, ...rest } = await keeper.read();
    expect(rest).toEqual({ lastPosition: 1, oldestPosition: 1, waiting: 1, waitingSince: AT });
    expect([epoch, oldestAt]).toEqual([before.epoch, expect.any(Date)]);
  });

  it('has another epoch when that is asked for', async () => {
    const keeper = new FeedKeeper(db);
    const { epoch } = await keeper.read();
    const renewed = await keeper.renew();
    expect([renewed === epoch, (await keeper.read()).epoch]).toEqual([false, renewed]);
  });
});
