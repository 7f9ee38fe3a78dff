import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenDatabase, openDatabase } from '../../src/db/database.ts';
import { migrate } from '../../src/db/migrate.ts';
import { emptyTables, newDatabaseSettings, openTestDatabase } from '../support/database.ts';
import { rollOp, rollTwoSided, seededRoll } from './editsDice.ts';
import { drawGround, faultsByPostgis, faultsInMemory, HOT, lostUpdates, publishGround } from './editsGround.ts';
import { type EditsHouse, openEditsHouse, takeLockOut, unlocked } from './editsHouse.ts';
import { EDITORS, Edit, Ledger, OUTRUN } from './editsOffice.ts';

/** The embedded database has one connection: its editors stand in line. */
const hasConnections = process.env.DATABASE_URL !== undefined;
const EDITS = Number(process.env.EDITS ?? (hasConnections ? 60 : 12));
const RACES = Number(process.env.RACES ?? (hasConnections ? 20 : 4));
/** Edits without the lock, as many as with it unless told otherwise. */
const TWIN = Number(process.env.TWIN ?? EDITS);
const SEED = Number(process.env.SEED ?? 20260301);
const PROGRESS_MS = 30_000;

/** Sixteen editors at once, each on one edit after another, until so many were tried. */
async function editAll({ editing }: EditsHouse, ledger: Ledger, count: number): Promise<void> {
  let next = 0;
  let told = Date.now();
  await Promise.all(
    EDITORS.map(async (_, editor) => {
      const roll = seededRoll(SEED + 1000 * editor);
      while (next < count) {
        next++;
        const edit = new Edit(editing, ledger, editor);
        const { territory } = await edit.open();
        const isReady = await edit.prepare(rollOp(territory, roll));
        if (!(isReady && (await edit.publish()))) await edit.discard();
        if (Date.now() - told < PROGRESS_MS) continue;
        told = Date.now();
        console.log(`${next} of ${count} edits, ${ledger.published.length} published`);
      }
    }),
  );
}

/** Two editors draw the same border from both its sides and publish at the same moment. */
async function raceAll({ editing }: EditsHouse, ledger: Ledger, count: number): Promise<void> {
  const roll = seededRoll(SEED);
  let told = Date.now();
  for (let race = 0; race < count; race++) {
    const edits = [0, 1].map((side) => new Edit(editing, ledger, 2 * race + side));
    for (const edit of edits) await edit.open();
    const ops = rollTwoSided(edits[0].draft.territory, roll);
    const ready = await Promise.all(edits.map((edit, side) => edit.prepare(ops[side])));
    const done = await Promise.all(edits.map((edit, side) => ready[side] && edit.publish()));
    ledger.count(`${done.filter(Boolean).length} of two published`);
    await Promise.all(edits.map((edit, side) => done[side] || edit.discard()));
    if (Date.now() - told < PROGRESS_MS) continue;
    told = Date.now();
    console.log(`${race + 1} of ${count} races`);
  }
}

async function listFaults({ app }: EditsHouse, ledger: Ledger) {
  const { db } = app.database;
  return {
    byPostgis: await faultsByPostgis(db, HOT),
    inMemory: faultsInMemory(app, HOT, Date.now()),
    lost: await lostUpdates(db, ledger.published),
    unexpected: ledger.faults,
  };
}

const NO_FAULTS = {
  byPostgis: { overlaps: 0, areaOff: 0, holes: 0, childrenOutside: 0 },
  inMemory: ['town', 'village', 'field'].map((tier) => ({ tier, faults: 0, areaOff: 0 })),
  lost: [],
  unexpected: [],
};

async function openOwnDatabase(name: string): Promise<OpenDatabase> {
  const database = await openDatabase(await newDatabaseSettings(name));
  await database.asOwner((owner) => migrate(owner));
  return database;
}

describe('sixteen editors on hot neighbours', () => {
  const ledger = new Ledger();
  let house: EditsHouse;

  beforeAll(async () => {
    const database = await openTestDatabase();
    await emptyTables(database.db);
    house = await openEditsHouse(database);
    await publishGround(house.app, drawGround(HOT));
  });

  it(`leave no overlap, no gap and no lost update in ${EDITS} edits`, async () => {
    const started = Date.now();
    await editAll(house, ledger, EDITS);
    console.log(`${EDITS} edits in ${(Date.now() - started) / 1000} s:`, ledger.counts);
    expect(ledger.published.length).toBeGreaterThan(EDITS / 4);
    expect(ledger.counts[OUTRUN] ?? 0).toBeLessThanOrEqual(Math.ceil(EDITS / 1000));
    expect(await listFaults(house, ledger)).toEqual(NO_FAULTS);
  }, 36_000_000);

  it(`nor in ${RACES} races of two for one border, from both its sides`, async () => {
    const races = new Ledger();
    const started = Date.now();
    await raceAll(house, races, RACES);
    console.log(`${RACES} races in ${(Date.now() - started) / 1000} s:`, races.counts);
    expect(races.counts['0 of two published'] ?? 0).toBeLessThan(RACES / 2);
    expect(await listFaults(house, races)).toEqual(NO_FAULTS);
  }, 36_000_000);
});

describe.runIf(hasConnections)('with the lock and the check of the base taken out (needs PostgreSQL)', () => {
  let database: OpenDatabase;
  let house: EditsHouse;

  beforeAll(async () => {
    database = await openOwnDatabase('edits');
    house = await openEditsHouse(database, unlocked);
    await publishGround(house.app, drawGround(HOT));
    await takeLockOut(database);
  });
  afterAll(() => database.close());

  it('the same edits lose updates and break what was whole, so the races are real', async () => {
    const ledger = new Ledger();
    await editAll(house, ledger, TWIN);
    const { byPostgis, lost } = await listFaults(house, ledger);
    const found = lost.length + byPostgis.overlaps + byPostgis.holes + byPostgis.childrenOutside;
    // The laws of the database still stand in the way of what would be an overlap, a gap or a stray child.
    console.log(`Without the lock: ${found} faults, ${lost.length} of them lost updates`, ledger.counts, byPostgis);
    expect(found).toBeGreaterThan(0);
  }, 36_000_000);
});
