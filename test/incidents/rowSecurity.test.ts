import fc from 'fast-check';
import { sql } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import type { OpenDatabase } from '../../src/db/database.ts';
import { inTransaction } from '../../src/db/pgErrors.ts';
import type { Trx } from '../proofs/rawRegistry.ts';
import { emptyTables, openTestDatabase } from '../support/database.ts';
import { draw, drawGround, drawn, expectedSeen, looked, readSeen } from './store/partyWorld.ts';

const RUNS = Number(process.env.INCIDENT_WORLDS ?? 6);
const LOOKS = 12;

let database: OpenDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await emptyTables(database.db);
});

const undo = new Error('undo');

/** In a transaction that leaves nothing. */
async function trying(work: (trx: Trx) => Promise<void>): Promise<void> {
  const tried = inTransaction(database.db, async (trx) => {
    await work(trx);
    throw undo;
  });
  await expect(tried).rejects.toBe(undo);
}

/** The first look at a drawn world that shows something else than the reference says. */
async function findLeak(trx: Trx, worlds: number): Promise<object | undefined> {
  const edition = await drawGround(trx);
  for (const world of fc.sample(drawn, { numRuns: worlds, seed: 20261122 })) {
    await sql`savepoint world`.execute(trx);
    await draw(trx, edition, world);
    for (const look of fc.sample(looked, { numRuns: LOOKS, seed: 7 })) {
      const expected = expectedSeen(world, look);
      const seen = await readSeen(trx, look, Object.keys(expected));
      if (JSON.stringify(sorted(seen)) !== JSON.stringify(sorted(expected))) return { world, look, expected, seen };
    }
    await sql`rollback to savepoint world`.execute(trx);
    await sql`select set_config('wangge.areas', '*', true)`.execute(trx);
  }
  return undefined;
}

const sorted = (seen: object) => Object.entries(seen).toSorted(([a], [b]) => (a < b ? -1 : 1));

describe('row security of incidents', () => {
  it('shows to whoever looks what a plain walk over tree and lineage shows, in every table', async () => {
    await trying(async (trx) => expect(await findLeak(trx, RUNS)).toBeUndefined());
  });

  const open = (table: string) => `create policy twin on ${table} for select using (true)`;
  const TABLES = ['incident', 'incident_party', 'incident_event', 'incident_sealed', 'incident_request', 'task'];
  const others = ['mediation_attempt', 'incident_push', 'incident_link'];
  const areaGrids = (from: string, to: string) => async (trx: Trx) => {
    const { rows } = await sql<{ text: string }>`select pg_get_functiondef('area_grids'::regproc) as text`.execute(trx);
    expect(rows[0].text).toContain(from);
    await sql.raw(rows[0].text.replace(from, to)).execute(trx);
  };
  const run = (statement: string) => (trx: Trx) => sql.raw(statement).execute(trx);
  it.each<readonly [string, (trx: Trx) => Promise<unknown>]>([
    ...[...TABLES, ...others].map((table) => [`leaves ${table} open`, run(open(table))] as const),
    ['shows tasks to no area', run('alter policy task_in_areas on task using ((select sees_everything()))')],
    [
      'shows what was moved away',
      run(`alter policy incident_in_areas on incident using ((select sees_everything())
      or reported_by = current_setting('wangge.login', true) or exists (select from incident_party p where p.incident_id = id))`),
    ],
    [
      'forgets whoever reported it',
      run(`alter policy incident_in_areas on incident using ((select sees_everything())
      or exists (select from incident_party p where p.incident_id = id and p.to_version is null))`),
    ],
    ['forgets those that went on in others', areaGrids('select h.id from heir_of h', 'select b.id from below b')],
    ['takes what has not happened yet for lineage', areaGrids('and l.at <= instant', '')],
  ])('a twin that %s is found out', async (_, breakIt) => {
    await trying(async (trx) => {
      await sql`set local role none`.execute(trx);
      await breakIt(trx);
      await sql`set local role wangge_server`.execute(trx);
      expect(await findLeak(trx, 8)).toBeDefined();
    });
  });

  it('shows nothing for settings that are no ids and no instant, and raises nothing', async () => {
    await trying(async (trx) => {
      const edition = await drawGround(trx);
      const [world] = fc.sample(drawn, { numRuns: 1, seed: 3 });
      await draw(trx, edition, world);
      for (const [areas, now] of [
        ['nonsense', '1'],
        ['*,*', '1'],
        ['%', '1'],
        [`';--`, '1'],
        ['*', 'now'],
        ['', '1'],
      ]) {
        await sql`select set_config('wangge.areas', ${areas}::text, true), set_config('wangge.now', ${now}::text, true),
          set_config('wangge.login', '', true), set_config('wangge.unsealed', 'x', true)`.execute(trx);
        const { rows } = await sql<{ seen: boolean }>`select exists (select from incident) or exists (select from task)
          or exists (select from incident_party) or exists (select from incident_push) as seen`.execute(trx);
        expect([areas, rows[0].seen]).toEqual([areas, areas === '*']);
      }
    });
  });
});
