import { type Kysely, sql } from 'kysely';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inEveryArea } from '../../../src/db/areas.ts';
import type { Database } from '../../../src/db/tables.ts';
import { asSuperuser } from '../../support/database.ts';
import {
  call,
  change,
  emptyFeed,
  FAR_VILLAGE,
  NEXT_VILLAGE,
  OTHER_TOWN,
  openFeedWorld,
  own,
  readLog,
  report,
  sequenceAll,
  TOWN,
  tell,
  VILLAGE,
} from './feedWorld.ts';
import { faultOf, type Written } from './order.ts';

const WRITES = Number(process.env.FEED_WRITES ?? 30);
const WRITERS = 5;
const INCIDENTS = 4;

let db: Kysely<Database>;
beforeAll(async () => {
  ({ db } = await openFeedWorld());
});
beforeEach(() => emptyFeed(db));

const file = (owners: readonly string[], id?: string) => inEveryArea(db, (trx) => report(trx, owners, undefined, id));
const undo = new Error('undo');

/** Writers change incidents, and roll some back, while sequencers are at it. What is wrong with the log then? */
async function raceOf(sequencers: number): Promise<string | undefined> {
  const written: Written[] = [];
  let ticks = 0;
  const write = async (roll: boolean, work: Parameters<typeof inEveryArea<string>>[1]) => {
    const begun = ++ticks;
    const done = inEveryArea(db, async (trx) => {
      const event = await work(trx);
      if (roll) throw undo;
      return event;
    });
    const event = await done.catch((error) => (error === undo ? undefined : Promise.reject(error)));
    if (event) written.push({ event, begun, acknowledged: ++ticks });
  };
  const ids: string[] = [];
  for (let n = 0; n < INCIDENTS; n += 1) {
    const id = crypto.randomUUID();
    ids.push(id);
    await write(false, async (trx) => {
      await report(trx, [VILLAGE], undefined, id);
      const { rows } = await sql<{ id: string }>`select id from incident_event where incident_id = ${id}::uuid`.execute(
        trx,
      );
      return rows[0].id;
    });
  }
  let writing = WRITERS;
  const writer = async (own: number) => {
    for (let n = 0; n < WRITES; n += 1)
      await write((n * 7 + own) % 5 === 0, (trx) => change(trx, ids[(n * 3 + own) % INCIDENTS]));
    writing -= 1;
  };
  const sequencer = async () => {
    for (let idle = 0; idle < 2; idle = writing > 0 ? 0 : idle + 1)
      while ((await call<number>(db, 'sequence_feed(3)')) !== 0);
  };
  const work = [
    ...Array.from({ length: WRITERS }, (_, n) => writer(n)),
    ...Array.from({ length: sequencers }, sequencer),
  ];
  const fault = (await Promise.allSettled(work)).find((each) => each.status === 'rejected');
  return fault ? String(fault.reason) : faultOf(await readLog(db), written);
}

describe('sequence_feed', () => {
  it('numbers what was committed 1, 2, 3 …, and takes no more than it is asked for', async () => {
    const ids = [await file([VILLAGE]), await file([FAR_VILLAGE]), await file([VILLAGE])];
    expect([
      await call(db, 'sequence_feed(2)'),
      await call(db, 'sequence_feed(2)'),
      await call(db, 'sequence_feed(2)'),
    ]).toEqual([2, 1, 0]);
    const log = await readLog(db);
    expect(log.map(({ position, subject }) => [position, subject])).toEqual(ids.map((id, n) => [n + 1, id]));
    const { rows } = await sql<{ last_position: number }>`select last_position from feed_state`.execute(db);
    expect(rows[0].last_position).toBe(3);
  });

  it('never shows what was rolled back, and leaves no hole where it would have been', async () => {
    const id = await file([VILLAGE]);
    const tried = inEveryArea(db, async (trx) => {
      await change(trx, id);
      throw undo;
    });
    await expect(tried).rejects.toBe(undo);
    await inEveryArea(db, (trx) => change(trx, id));
    await sequenceAll(db);
    expect((await readLog(db)).map(({ position, version }) => [position, version])).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });

  it('tells the owners and all above them; LEFT those of before, ENTERED those of then', async () => {
    await inEveryArea(db, async (trx) => {
      const id = await report(trx, [VILLAGE]);
      await sql`update incident_party set to_version = 2 where incident_id = ${id}::uuid`.execute(trx);
      await own(trx, id, [FAR_VILLAGE], 2);
      await tell(trx, { id, version: 2, kind: 'LEFT', owners: [VILLAGE] });
      await tell(trx, { id, version: 3, kind: 'ENTERED', owners: [FAR_VILLAGE] });
      await tell(trx, { id, version: 4, kind: 'CHANGED', owners: [FAR_VILLAGE] });
    });
    await sequenceAll(db);
    const [before, then] = [
      [TOWN, VILLAGE],
      [OTHER_TOWN, FAR_VILLAGE],
    ];
    expect((await readLog(db)).map(({ kind, areas }) => [kind, areas])).toEqual([
      ['REPORTED', before],
      ['LEFT', before],
      ['ENTERED', then],
      ['CHANGED', then],
    ]);
  });

  it('is refused but at READ COMMITTED', async () => {
    const tried = db
      .transaction()
      .setIsolationLevel('repeatable read')
      .execute((trx) => sql`select sequence_feed(10)`.execute(trx));
    await expect(tried).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('keeps the order of commits, of acknowledgements and of each incident, with many writers and three sequencers', async () => {
    expect(await raceOf(3)).toBeUndefined();
  });
});

describe.runIf(process.env.DATABASE_URL)('on a server', () => {
  it('a long open transaction holds nobody else up, and comes behind whoever was faster', async () => {
    const [slow, fast] = [await file([VILLAGE]), await file([NEXT_VILLAGE])];
    await inEveryArea(db, async (trx) => {
      await change(trx, slow);
      await inEveryArea(db, (other) => change(other, fast));
      await sequenceAll(db);
      expect((await readLog(db)).map(({ subject }) => subject)).toEqual([slow, fast, fast]);
    });
    await sequenceAll(db);
    expect((await readLog(db)).map(({ subject, position }) => [subject, position]).at(-1)).toEqual([slow, 4]);
  });

  it('a second sequencer is told that another is at it, and neither waits nor takes anything', async () => {
    await file([VILLAGE]);
    await db.transaction().execute(async (trx) => {
      expect(await call(trx, 'sequence_feed(10)')).toBe(1);
      await inEveryArea(db, (other) => report(other, [VILLAGE]));
      expect(await call(db, 'sequence_feed(10)')).toBe(-1);
    });
    expect(await call(db, 'sequence_feed(10)')).toBe(1);
  });

  it('asking an idle feed writes nothing', async () => {
    const written = async () => {
      const { rows } = await sql<{
        lsn: string;
      }>`select (s.xmin::text || s.xmax::text) as lsn from feed_state s`.execute(db);
      return rows[0].lsn;
    };
    const before = await written();
    expect(await call(db, 'sequence_feed(10)')).toBe(0);
    expect(await written()).toBe(before);
  });

  it('a twin without the lock takes a place twice', async () => {
    await asSuperuser(db, async (trx) => {
      const { rows } = await sql<{ text: string }>`select pg_get_functiondef('sequence_feed'::regproc) as text`.execute(
        trx,
      );
      const twin = rows[0].text
        .replace('public.sequence_feed', 'public.sequence_twin')
        .replace(`not pg_try_advisory_xact_lock(hashtext('wangge.feed'))`, 'false')
        .replace('from public.feed_state s for update', 'from public.feed_state s');
      expect(twin).not.toMatch(/_lock|for update/);
      await sql.raw(twin).execute(trx);
    });
    const waits = async () => (await sql`select from pg_locks where not granted`.execute(db)).rows.length > 0;
    try {
      await file([VILLAGE]);
      let second: Promise<number> | undefined;
      await db.transaction().execute(async (trx) => {
        await call(trx, 'sequence_twin(10)');
        await file([VILLAGE]);
        second = call<number>(db, 'sequence_twin(10)');
        second.catch(() => {});
        while (!(await waits()));
      });
      await expect(second).rejects.toMatchObject({ details: { constraint: 'feed_event_pkey' } });
    } finally {
      await asSuperuser(db, (trx) => sql`drop function sequence_twin(integer)`.execute(trx));
    }
  });
});
