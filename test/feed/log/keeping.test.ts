import { type Kysely, sql } from 'kysely';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inAreas, inEveryArea } from '../../../src/db/areas.ts';
import { inTransaction } from '../../../src/db/pgErrors.ts';
import type { Database } from '../../../src/db/tables.ts';
import { asSuperuser } from '../../support/database.ts';
import {
  AT,
  call,
  change,
  emptyFeed,
  FAR_VILLAGE,
  OTHER_TOWN,
  openFeedWorld,
  readLog,
  report,
  sequenceAll,
  TOWN,
  VILLAGE,
} from './feedWorld.ts';

let db: Kysely<Database>;
beforeAll(async () => {
  ({ db } = await openFeedWorld());
});

interface State {
  readonly epoch: string;
  readonly last: number;
  readonly purged: number;
}

async function readState(): Promise<State> {
  const { rows } = await sql<State>`
    select epoch, last_position as last, purged_through as purged from feed_state`.execute(db);
  return rows[0];
}

/** An incident and its changes, sequenced: so many events. */
async function log(events: number): Promise<string> {
  const id = await inEveryArea(db, (trx) => report(trx, [VILLAGE]));
  for (let n = 1; n < events; n += 1) await inEveryArea(db, (trx) => change(trx, id));
  await sequenceAll(db);
  return id;
}

const asOwner = (...statements: string[]) =>
  asSuperuser(db, async (trx) => {
    await sql`set local session_replication_role = replica`.execute(trx);
    for (const statement of statements) await sql.raw(statement).execute(trx);
  });

describe('purge_feed', () => {
  beforeEach(() => emptyFeed(db));
  const positions = async () => (await readLog(db)).map(({ position }) => position);

  it('deletes what is older, slice by slice, and says how far it went; nothing that is younger', async () => {
    await log(6);
    await asOwner(`update feed_event set sequenced_at = '2026-01-01Z' where position <= 4`);
    expect(await call(db, `purge_feed('2026-02-01Z', 3)`)).toBe(3);
    expect([await positions(), await readState()]).toMatchObject([[4, 5, 6], { last: 6, purged: 3 }]);
    expect(await call(db, `purge_feed('2026-02-01Z', 3)`)).toBe(1);
    expect(await call(db, `purge_feed('2026-02-01Z', 3)`)).toBe(0);
    expect([await positions(), await readState()]).toMatchObject([[5, 6], { last: 6, purged: 4 }]);
  });

  it('always leaves the newest, however old, and positions go on behind it', async () => {
    const id = await log(3);
    expect(await call(db, `purge_feed('infinity', 100)`)).toBe(2);
    expect(await call(db, `purge_feed('infinity', 100)`)).toBe(0);
    expect([await positions(), await readState()]).toMatchObject([[3], { last: 3, purged: 2 }]);
    await inEveryArea(db, (trx) => change(trx, id));
    await sequenceAll(db);
    expect(await positions()).toEqual([3, 4]);
  });

  it('stops at the first that is to be kept, so that no hole is left where a clock went back', async () => {
    await log(4);
    await asOwner(`update feed_event set sequenced_at = '2026-01-01Z' where position in (1, 3)`);
    expect(await call(db, `purge_feed('2026-02-01Z', 100)`)).toBe(1);
    expect(await positions()).toEqual([2, 3, 4]);
  });

  it('leaves what the transaction sees as it was', async () => {
    await log(2);
    await inAreas(db, [OTHER_TOWN], AT, async (trx) => {
      await sql`select purge_feed('infinity', 1)`.execute(trx);
      const { rows } = await sql`select current_setting('wangge.areas') as areas`.execute(trx);
      expect(rows).toEqual([{ areas: OTHER_TOWN }]);
    });
  });
});

describe('open_feed', () => {
  beforeEach(() => emptyFeed(db));
  it('keeps the epoch of a new log and of each start in the same cluster', async () => {
    const { epoch } = await readState();
    expect([await call(db, 'open_feed(false)'), await call(db, 'open_feed(false)')]).toEqual([epoch, epoch]);
  });

  it('renews it, once, where another cluster wrote the log, and keeps its positions', async () => {
    await log(2);
    const epoch = await call(db, 'open_feed(false)');
    await asOwner(`update feed_state set cluster = '1'`);
    const renewed = await call(db, 'open_feed(false)');
    expect(renewed).not.toBe(epoch);
    expect(await call(db, 'open_feed(false)')).toBe(renewed);
    expect(await readState()).toMatchObject({ epoch: renewed, last: 2 });
  });

  it('renews it where it is asked to', async () => {
    const { epoch } = await readState();
    const renewed = await call(db, 'open_feed(true)');
    expect(renewed).not.toBe(epoch);
    expect(await call(db, 'open_feed(false)')).toBe(renewed);
  });
});

describe('the log', () => {
  beforeAll(async () => {
    await emptyFeed(db);
    await log(1);
  });
  const DENIED = { code: 'DATABASE_FAILED', details: { sqlState: '42501' } };

  it.each([
    'insert into feed_event (position, event_id, topic, kind, subject, version, at, area_ids, payload)' +
      ` values (9, gen_random_uuid(), 'INCIDENT', 'CHANGED', 'x', 0, now(), '{}', '{}')`,
    `update feed_event set payload = '{}'`,
    'delete from feed_event',
    'truncate feed_event',
    'select from feed_outbox',
    'delete from feed_outbox',
    'insert into feed_outbox (event_id, topic, kind, subject, version, at, area_ids, payload)' +
      ` values (gen_random_uuid(), 'INCIDENT', 'CHANGED', 'x', 0, now(), '{}', '{}')`,
    'update feed_state set last_position = 0',
    'update feed_state set purged_through = 9',
    'select areas_of(array[]::uuid[], now())',
  ])('the server may not %s', async (statement) => {
    await expect(inEveryArea(db, (trx) => sql.raw(statement).execute(trx))).rejects.toMatchObject(DENIED);
  });

  it.each([
    'delete from feed_event',
    `update feed_event set kind = 'LEFT'`,
    'truncate feed_event',
    'delete from feed_state',
  ])('not even its owner may %s', async (statement) => {
    await expect(asSuperuser(db, (trx) => sql.raw(statement).execute(trx))).rejects.toMatchObject({
      code: 'APPEND_ONLY',
    });
  });

  const seenBy = async (areas: string | null) =>
    inTransaction(db, async (trx) => {
      if (areas !== null) await sql`select set_config('wangge.areas', ${areas}::text, true)`.execute(trx);
      const { rows } = await sql<{ subject: string }>`select subject from feed_event order by position`.execute(trx);
      return rows.map(({ subject }) => subject);
    });

  it('shows a transaction the events of its areas and of what lies below them, and no others', async () => {
    await emptyFeed(db);
    const [near, far] = await inEveryArea(db, async (trx) => [
      await report(trx, [VILLAGE]),
      await report(trx, [FAR_VILLAGE]),
    ]);
    await sequenceAll(db);
    expect(await Promise.all([VILLAGE, TOWN, OTHER_TOWN, FAR_VILLAGE].map(seenBy))).toEqual([
      [near],
      [near],
      [far],
      [far],
    ]);
    expect(await seenBy(`${TOWN},${OTHER_TOWN}`)).toEqual([near, far]);
    expect(await seenBy('*')).toEqual([near, far]);
  });

  it.each([null, '', ',', 'nobody', `${TOWN},`, `${TOWN},x`, `{${TOWN}}`, `${TOWN}, ${TOWN}`, '**', "' or true --"])(
    'shows nothing, and fails in nothing, for the areas %j',
    async (areas) => {
      expect(await seenBy(areas)).toEqual([]);
    },
  );
});
