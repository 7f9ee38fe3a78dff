import { type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenDatabase, openDatabase } from '../../src/db/database.ts';
import { migrate } from '../../src/db/migrate.ts';
import type { Database } from '../../src/db/tables.ts';
import { DomainError } from '../../src/errors.ts';
import { newDatabaseSettings } from '../support/database.ts';
import { beginEdition, box, idOf, insertRawGrid, insertRawLayers, type Trx } from './rawRegistry.ts';

/** The embedded database has one connection: nobody to race against. */
const hasConnections = process.env.DATABASE_URL !== undefined;

/** What a writer does before it begins its edition. */
type Approach = (trx: Trx) => Promise<unknown>;
/** As EditionService does, so that both writers get a number and only the laws can refuse one. */
const queue: Approach = (trx) => sql`select pg_advisory_xact_lock(hashtext('wangge.edition'))`.execute(trx);
const rush: Approach = async () => {};

let next = 0;

/** A grid that overlaps the other one of its race. Gives the error code that refused it. */
async function draw(db: Kysely<Database>, approach: Approach, race: number, side: number): Promise<string | undefined> {
  try {
    await db
      .transaction()
      .setIsolationLevel('read committed')
      .execute(async (trx) => {
        await approach(trx);
        const edition = await beginEdition(trx);
        const boundary = box((race % 40) * 3 + side * 0.5, Math.floor(race / 40) * 3, 1);
        await insertRawGrid(trx, edition, { id: idOf(2 * race + side), tier: 'town', boundary });
      });
    return undefined;
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
}

/** Races of two writers on two connections. Gives how often each outcome came: the codes of the refused, in order. */
async function raceTimes(db: Kysely<Database>, times: number, approach: Approach): Promise<Record<string, number>> {
  const outcomes: Record<string, number> = {};
  for (let i = 0; i < times; i++) {
    const race = next++;
    const refused = await Promise.all([0, 1].map((side) => draw(db, approach, race, side)));
    const outcome = refused.filter(Boolean).sort().join('+') || 'both accepted';
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  }
  return outcomes;
}

async function countOverlaps(db: Kysely<Database>): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) as count from grid_version a
    join grid_version b on b.grid_id > a.grid_id and b.boundary && a.boundary
      and ST_Relate(a.boundary, b.boundary, 'T********')`.execute(db);
  return rows[0].count;
}

describe.runIf(hasConnections)(
  'two writers at once (needs PostgreSQL: the embedded database has one connection)',
  () => {
    let database: OpenDatabase;
    let db: Kysely<Database>;

    beforeAll(async () => {
      database = await openDatabase(await newDatabaseSettings('races'));
      ({ db } = database);
      await database.asOwner((owner) => migrate(owner));
      await db.transaction().execute(async (trx) => insertRawLayers(trx, await beginEdition(trx)));
    });
    afterAll(() => database.close());

    it('never leave an overlap in 200 races for one place: the second sees what the first wrote', async () => {
      expect(await raceTimes(db, 200, queue)).toEqual({ OVERLAP: 200 });
      expect(await countOverlaps(db)).toBe(0);
    });

    it('nor in 100 races in which nobody queues for a number: the trigger queues them', async () => {
      const outcomes = await raceTimes(db, 100, rush);
      expect(Object.keys(outcomes).every((outcome) => ['OVERLAP', 'CONFLICT'].includes(outcome))).toBe(true);
      expect(await countOverlaps(db)).toBe(0);
    });

    it('leave editions without a hole', async () => {
      const { rows } = await sql<{ last: number; count: number }>`
      select max(number) as last, count(*) as count from edition`.execute(db);
      expect(rows[0].last).toBe(rows[0].count);
    });

    it('leave overlaps once the lock is taken out, so the races are real', async () => {
      await database.asOwner(async (owner) => {
        await sql`create sequence unlocked`.execute(owner);
        await sql`grant all on sequence unlocked to wangge_server`.execute(owner);
        await sql`select setval('unlocked', (select max(number) from edition))`.execute(owner);
        await sql`create or replace function begin_edition() returns trigger language plpgsql as $$
      begin
        new.number := nextval('unlocked');
        new.transaction := pg_current_xact_id();
        return new;
      end $$`.execute(owner);
      });
      const outcomes = await raceTimes(db, 100, rush);
      const overlaps = await countOverlaps(db);
      console.log(`Races: 0 overlaps of 300; without the lock ${overlaps} of 100`);
      expect(overlaps).toBeGreaterThan(0);
      expect(outcomes['both accepted']).toBe(overlaps);
    });
  },
);
