import { randomUUID } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Areas } from '../../src/access/viewer.ts';
import { inAreas } from '../../src/db/areas.ts';
import { inTransaction } from '../../src/db/pgErrors.ts';
import { toLattice } from '../../src/geometry/lattice.ts';
import type { VisitDraft } from '../../src/visits/visit.type.ts';
import { placeAt } from '../grids/squareGrids.ts';
import type { Trx } from '../proofs/rawRegistry.ts';
import { HOUR, NOW, openVisitWorld, type VisitWorld } from './visitWorld.ts';

let world: VisitWorld;
/** Visits and activities by where they are. */
const visits: Record<string, string> = {};
const activities: Record<string, string> = {};

const grid = (code: string) => world.grids[code as 'A'].id;

function draft(codes: readonly string[], more: Partial<VisitDraft> = {}): VisitDraft {
  const { lon, lat } = placeAt(1, 1);
  return {
    ...{ id: randomUUID(), kind: 'any', contactKind: null, postId: randomUUID(), role: 'worker', staffId: null },
    ...{
      postGridId: grid(codes[0]),
      gridId: grid(codes[0]),
      gridIds: codes.map(grid),
      siteId: null,
      premisesId: null,
      addressId: null,
    },
    ...{ x: toLattice(lon), y: toLattice(lat), visitedAt: new Date(NOW.getTime() - HOUR), recordedAt: NOW },
    ...{ recordedBy: 'ann', recorderId: null, note: null },
    ...more,
  };
}

const insertActivity = (id: string, codes: readonly string[]) => sql`
  insert into activity (id, class, title, grid_ids, from_at, recorded_at, recorded_by)
  values (${id}::uuid, 'fair', 'A fair', ${codes.map(grid)}::uuid[], ${NOW.toISOString()}::timestamptz,
    ${NOW.toISOString()}::timestamptz, 'ann')`;

const as = <T>(areas: Areas, work: (trx: Trx) => Promise<T>) => inAreas(world.db, areas, NOW, work);
const run = (areas: Areas, statement: RawBuilder<unknown>) => as(areas, (trx) => statement.execute(trx));

beforeAll(async () => {
  world = await openVisitWorld();
  for (const codes of [
    ['A', 'P1'],
    ['B', 'P2'],
    ['C', 'P2'],
  ]) {
    const one = draft(codes);
    visits[codes[0]] = one.id;
    await as('everywhere', (trx) => world.repository.insert(trx, one, null));
  }
  for (const codes of [['A'], ['A', 'C']]) {
    activities[codes.join('')] = randomUUID();
    await run('everywhere', insertActivity(activities[codes.join('')], codes));
  }
});

async function seen(trx: Trx): Promise<string[]> {
  const found = await sql<{ id: string }>`select id from visit union all select id from activity`.execute(trx);
  const ids = new Set(found.rows.map(({ id }) => id));
  return Object.entries({ ...visits, ...activities }).flatMap(([name, id]) => (ids.has(id) ? [name] : []));
}

describe('row security of visits and activities', () => {
  it('shows each area its own in whichever layer, and nothing without areas', async () => {
    const expected: [string[], string[]][] = [
      [['A'], ['A', 'AC']],
      [['T1'], ['A', 'B', 'AC']],
      [['P2'], ['B', 'C']],
      [['T2'], ['C', 'AC']],
      [['D'], []],
    ];
    for (const [areas, names] of expected) {
      expect([...new Set(await as(areas.map(grid), seen))].sort()).toEqual([...names].sort());
    }
    expect(await as([], seen)).toEqual([]);
    expect(await inTransaction(world.db, seen)).toEqual([]);
  });

  it('a twin without it is found out by the same areas', async () => {
    const undo = new Error('undo');
    const leak = inTransaction(world.db, async (trx) => {
      await sql`set local role none`.execute(trx);
      await sql`create policy visit_open on visit using (true)`.execute(trx);
      await sql`set local role wangge_server`.execute(trx);
      expect(await seen(trx)).not.toEqual([]);
      throw undo;
    });
    await expect(leak).rejects.toBe(undo);
  });

  it('takes no visit outside the area, and no activity unless all of its grids are inside', async () => {
    const insert = (codes: string[]) => as([grid('T1')], (trx) => world.repository.insert(trx, draft(codes), null));
    await expect(insert(['C', 'P2'])).rejects.toThrow(/row-level security|refused/);
    await expect(run([grid('T1')], insertActivity(randomUUID(), ['A', 'C']))).rejects.toThrow(/row-level|refused/);
    const end = sql`update activity set ended_at = ${NOW.toISOString()}::timestamptz, ended_by = 'x'
      where id = ${activities.AC}::uuid`;
    expect(Number((await run([grid('T1')], end)).numAffectedRows)).toBe(0);
    const judge = sql`update visit set state = 'ACCEPTED', reviewed_at = now(), reviewed_by = 'x'
      where id = ${visits.C}::uuid`;
    expect(Number((await run([grid('T1')], judge)).numAffectedRows)).toBe(0);
  });
});

describe('the database itself', () => {
  const review = (set: RawBuilder<unknown>) => sql`update visit set ${set} where id = ${visits.A}::uuid`;
  const now = sql`now()`;

  it.each<[string, () => RawBuilder<unknown>]>([
    ['keeps what was recorded', () => review(sql`note = 'other'`)],
    ['keeps the grid', () => review(sql`grid_id = ${grid('B')}::uuid`)],
    ['keeps the flags', () => review(sql`flags = array['STALE']`)],
    [
      'keeps the recorder from reviewing',
      () => review(sql`state = 'ACCEPTED', reviewed_at = ${now}, reviewed_by = 'ann'`),
    ],
    [
      'takes no refusal without a reason',
      () => review(sql`state = 'REFUSED', reviewed_at = ${now}, reviewed_by = 'cap'`),
    ],
    ['takes no state without a reviewer', () => review(sql`state = 'ACCEPTED'`)],
    ['takes no reviewer without a state', () => review(sql`reviewed_at = ${now}, reviewed_by = 'cap'`)],
    ['deletes no visit', () => sql`delete from visit`],
    ['empties nothing', () => sql`truncate visit, activity`],
    ['deletes no activity', () => sql`delete from activity`],
    ['keeps what takes place', () => sql`update activity set title = 'other' where id = ${activities.A}::uuid`],
    ['keeps its dates', () => sql`update activity set to_at = now() where id = ${activities.A}::uuid`],
  ])('%s', async (_title, statement) => {
    await expect(run('everywhere', statement())).rejects.toThrow();
  });

  it('keeps the visitor from reviewing, by whichever login', async () => {
    const { ann } = world.people;
    const own = draft(['A'], { staffId: ann.id });
    await as('everywhere', (trx) => world.repository.insert(trx, own, null));
    const judge = (reviewerId: string) =>
      as('everywhere', (trx) =>
        world.repository.review(trx, own.id, {
          ...{ state: 'ACCEPTED', reviewedAt: NOW, reviewedBy: 'another', reviewerId, reviewReason: null },
        }),
      );
    await expect(judge(ann.id)).rejects.toThrow();
    await judge(world.people.cap.id);
    await expect(judge(world.people.eve.id)).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('takes no visit of tomorrow, none that is reviewed already, and judges flags whatever it is told', async () => {
    const insert = (one: VisitDraft) => as('everywhere', (trx) => world.repository.insert(trx, one, null));
    await expect(insert(draft(['A'], { visitedAt: new Date(NOW.getTime() + 1) }))).rejects.toThrow();
    const old = draft(['A'], { visitedAt: new Date(NOW.getTime() - 73 * HOUR) });
    await insert(old);
    expect((await as('everywhere', (trx) => world.repository.find(trx, old.id)))?.flags).toEqual(['STALE']);
  });

  it('has no column for anybody but staff, and none for a way between places', async () => {
    const { rows } = await run(
      'everywhere',
      sql<{ name: string }>`select column_name as name from information_schema.columns
        where table_name in ('visit', 'activity') and table_schema = 'public'`,
    );
    const names = (rows as { name: string }[]).map(({ name }) => name);
    expect(names.length).toBeGreaterThan(30);
    expect(names.filter((name) => /resident|person|party|phone|photo|track|speed|device/.test(name))).toEqual([]);
  });
});
