import { type Kysely, sql } from 'kysely';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inEveryArea } from '../../../src/db/areas.ts';
import { inTransaction } from '../../../src/db/pgErrors.ts';
import type { Database } from '../../../src/db/tables.ts';
import { Relocation } from '../../../src/feed/sequencing/relocation.ts';
import { beginEdition, box, insertRawVersion, type Trx } from '../../proofs/rawRegistry.ts';
import { asSuperuser } from '../../support/database.ts';
import {
  AT,
  call,
  change,
  emptyFeed,
  FAR_VILLAGE,
  NEXT_VILLAGE,
  OTHER_TOWN,
  openFeedWorld,
  readLog,
  report,
  sequenceAll,
  TOWN,
  VILLAGE,
} from '../log/feedWorld.ts';

const LATER = new Date('2026-07-01T00:00:00Z');
let db: Kysely<Database>;
let now: Date;
let relocation: Relocation;
beforeAll(async () => {
  ({ db } = await openFeedWorld());
});
beforeEach(async () => {
  await emptyFeed(db);
  // The tree as the first edition left it.
  await asSuperuser(db, async (trx) => {
    await sql`set local session_replication_role = replica`.execute(trx);
    await sql`delete from grid_version where edition_from > 1`.execute(trx);
    await sql`update grid_version set edition_to = null`.execute(trx);
  });
  now = AT;
  relocation = new Relocation(db, () => now, { warn: () => {}, info: () => {} });
});

/** The village next to the other town goes to it, with its ground, from an instant on. Gives the edition. */
async function publishMove(trx: Trx, from: Date): Promise<number> {
  const edition = await beginEdition(trx);
  const [at, x] = [from.toISOString(), 10];
  const after = [
    [TOWN, null, box(0, 0, 20, 10), null, box(0, 0, 10)],
    [OTHER_TOWN, null, box(20, 0, 10), null, box(10, 0, 20, 10)],
    [NEXT_VILLAGE, TOWN, box(x, 0, 10), OTHER_TOWN, box(x, 0, 10)],
  ] as const;
  for (const [id, parent, boundary, newParent, newBoundary] of after) {
    await sql`update grid_version set edition_to = ${edition}::int where grid_id = ${id}::uuid`.execute(trx);
    await insertRawVersion(trx, edition, { id, parent, boundary, to: at });
    await insertRawVersion(trx, edition, { id, parent: newParent, boundary: newBoundary, from: at });
  }
  return edition;
}

const file = (owners: readonly string[]) => inEveryArea(db, (trx) => report(trx, owners));
const move = (from: Date) => inEveryArea(db, (trx) => publishMove(trx, from));

async function toldOf(id: string) {
  await sequenceAll(db);
  const told = (await readLog(db)).filter(({ subject }) => subject === id);
  return told.map(({ kind, version, areas }) => [version, kind, areas]);
}

describe('an incident whose grid gets another parent', () => {
  const events = [
    [1, 'REPORTED', [TOWN, NEXT_VILLAGE]],
    [2, 'LEFT', [TOWN]],
    [3, 'ENTERED', [OTHER_TOWN]],
  ];

  it('is told to those who lose it and to those who gain it, and then to whoever has it', async () => {
    const id = await file([NEXT_VILLAGE]);
    const edition = await move(AT);
    expect(await relocation.runOnce()).toBe(1);
    expect(await toldOf(id)).toEqual(events);
    await inEveryArea(db, (trx) => change(trx, id));
    expect((await toldOf(id)).at(-1)).toEqual([4, 'CHANGED', [OTHER_TOWN, NEXT_VILLAGE]]);
    const { rows } = await inEveryArea(db, (trx) =>
      sql`select act, by, grid_ids, details from incident_event where incident_id = ${id}::uuid and version in (2, 3)
        order by version`.execute(trx),
    );
    const own = { by: 'system:feed', grid_ids: [NEXT_VILLAGE], details: { edition } };
    expect(rows).toEqual([
      { act: 'TREE_LEFT', ...own },
      { act: 'TREE_ENTERED', ...own },
    ]);
  });

  it('is told on the day on which a planned version begins, and not before', async () => {
    const id = await file([NEXT_VILLAGE]);
    await move(LATER);
    now = new Date(LATER.getTime() - 1);
    await relocation.runOnce();
    expect(await toldOf(id)).toHaveLength(1);
    now = LATER;
    await relocation.runOnce();
    expect(await toldOf(id)).toEqual(events);
  });

  it('keeps its owners', async () => {
    const id = await file([NEXT_VILLAGE]);
    const owners = () =>
      inEveryArea(db, (trx) => sql`select * from incident_party where incident_id = ${id}::uuid`.execute(trx));
    const before = await owners();
    await move(AT);
    await relocation.runOnce();
    expect(await owners()).toEqual(before);
  });

  it('is told once, and not again by a server whose clock is behind', async () => {
    const id = await file([NEXT_VILLAGE]);
    await move(LATER);
    now = LATER;
    expect([await relocation.runOnce(), await relocation.runOnce()]).toEqual([1, 0]);
    now = AT;
    expect(await relocation.runOnce()).toBe(0);
    expect(await toldOf(id)).toEqual(events);
  });
});

describe('looking for what the tree moved', () => {
  it('finds nothing to look at while no tree changed, whatever else is published', async () => {
    await file([VILLAGE]);
    await inEveryArea(db, (trx) => beginEdition(trx));
    now = LATER;
    expect(await relocation.runOnce()).toBe(0);
  });

  it('tells nobody of an incident elsewhere, and does not look at it again', async () => {
    const id = await file([FAR_VILLAGE]);
    await move(AT);
    expect([await relocation.runOnce(), await relocation.runOnce()]).toEqual([1, 0]);
    expect(await toldOf(id)).toHaveLength(1);
  });

  it('takes no more at once than it is asked to', async () => {
    for (let n = 0; n < 3; n += 1) await file([NEXT_VILLAGE]);
    await move(AT);
    const look = () => call<number>(db, `relocate_incidents('${AT.toISOString()}', 2)`);
    expect([await look(), await look(), await look()]).toEqual([2, 1, 0]);
  });

  it('leaves what its transaction sees as it was', async () => {
    await inTransaction(db, async (trx) => {
      await sql`select set_config('wangge.areas', ${TOWN}, true)`.execute(trx);
      await sql`select relocate_incidents(now(), 1)`.execute(trx);
      const { rows } = await sql`select current_setting('wangge.areas') as areas`.execute(trx);
      expect(rows).toEqual([{ areas: TOWN }]);
    });
  });
});

describe.runIf(process.env.DATABASE_URL)('beside others, on a server', () => {
  it('an incident that was reported while the tree changed is found when it is there', async () => {
    const id = await inEveryArea(db, async (trx) => {
      const reported = await report(trx, [NEXT_VILLAGE]);
      await move(AT);
      expect(await relocation.runOnce()).toBe(0);
      return reported;
    });
    expect(await relocation.runOnce()).toBe(1);
    expect((await toldOf(id)).map(([, kind]) => kind)).toEqual(['REPORTED', 'LEFT', 'ENTERED']);
  });

  it('one that somebody is changing is left alone until the next time', async () => {
    const [busy, free] = [await file([NEXT_VILLAGE]), await file([NEXT_VILLAGE])];
    await move(AT);
    await inEveryArea(db, async (trx) => {
      await change(trx, busy);
      expect(await relocation.runOnce()).toBe(1);
    });
    expect(await relocation.runOnce()).toBe(1);
    expect(await toldOf(free)).toHaveLength(3);
    expect((await toldOf(busy)).map(([, kind]) => kind)).toEqual(['REPORTED', 'CHANGED', 'LEFT', 'ENTERED']);
  });

  it('many at once, and writers beside them, tell each area once', async () => {
    const ids = await Promise.all(Array.from({ length: 12 }, () => file([NEXT_VILLAGE])));
    await move(AT);
    const look = () => sql`select relocate_incidents(${now}::timestamptz, 5)`.execute(db);
    const write = (id: string) => inEveryArea(db, (trx) => change(trx, id));
    await Promise.all([...ids.map(write), ...Array.from({ length: 9 }, look), ...ids.map(write)]);
    while ((await relocation.runOnce()) > 0);
    for (const id of ids) {
      const told = await toldOf(id);
      expect(told.map(([version]) => version)).toEqual([1, 2, 3, 4, 5]);
      const of = (kind: string) => told.flatMap(([, each, areas]) => (each === kind ? [areas] : []));
      expect([of('LEFT'), of('ENTERED')]).toEqual([[[TOWN]], [[OTHER_TOWN]]]);
    }
  });
});
