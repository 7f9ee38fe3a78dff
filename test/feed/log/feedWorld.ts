import { randomUUID } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { inEveryArea } from '../../../src/db/areas.ts';
import type { OpenDatabase } from '../../../src/db/database.ts';
import type { Database } from '../../../src/db/tables.ts';
import { beginEdition, box, idOf, insertRawGrid, insertRawLayers, type Trx } from '../../proofs/rawRegistry.ts';
import { asSuperuser, emptyTables, openTestDatabase } from '../../support/database.ts';

export const [TOWN, OTHER_TOWN] = [idOf(1), idOf(2)];
export const [VILLAGE, NEXT_VILLAGE, FAR_VILLAGE] = [idOf(11), idOf(12), idOf(21)];
export const AT = new Date('2026-06-01T04:00:00Z');

/** Two towns of villages in an emptied registry, with an empty feed. */
export async function openFeedWorld(): Promise<OpenDatabase> {
  const database = await openTestDatabase();
  await emptyTables(database.db);
  await inEveryArea(database.db, async (trx) => {
    const edition = await beginEdition(trx);
    await insertRawLayers(trx, edition);
    await insertRawGrid(trx, edition, { id: TOWN, tier: 'town', boundary: box(0, 0, 20, 10) });
    await insertRawGrid(trx, edition, { id: OTHER_TOWN, tier: 'town', boundary: box(20, 0, 10) });
    const villages = [
      [VILLAGE, TOWN, 0],
      [NEXT_VILLAGE, TOWN, 10],
      [FAR_VILLAGE, OTHER_TOWN, 20],
    ] as const;
    for (const [id, parent, x] of villages)
      await insertRawGrid(trx, edition, { id, tier: 'village', parent, boundary: box(x, 0, 10) });
  });
  await emptyFeed(database.db);
  return database;
}

/** Forgets all incidents and the log, and what the editions told: faster than emptying all tables. */
export function emptyFeed(db: Kysely<Database>): Promise<void> {
  return asSuperuser(db, async (trx) => {
    await sql`set local session_replication_role = replica`.execute(trx);
    await sql`truncate feed_outbox, feed_event, feed_state, incident restart identity cascade`.execute(trx);
    await sql`insert into feed_state default values`.execute(trx);
  });
}

/** Files an incident in version 1, as whoever sees everything. Gives its id. */
export async function report(trx: Trx, owners: readonly string[], at = AT, id: string = randomUUID()): Promise<string> {
  await sql`insert into incident (id, category, occurred_at, reported_at, owned_at, edition, x, y, accuracy_metres, reported_by)
    select ${id}::uuid, 'noise', ${at}::timestamptz, ${at}::timestamptz, ${at}::timestamptz, max(number), 0, 0, 15, 'ann'
    from edition`.execute(trx);
  await own(trx, id, owners, 1);
  await tell(trx, { id, version: 1, kind: 'REPORTED', owners, at });
  return id;
}

export async function own(trx: Trx, id: string, owners: readonly string[], version: number): Promise<void> {
  await sql`insert into incident_party (incident_id, grid_id, reason, layer_id, from_version)
    select ${id}::uuid, g.id, 'OWNER', g.layer_id, ${version}::int from grid g where g.id = any (${owners}::uuid[])`.execute(
    trx,
  );
}

export interface Told {
  readonly id: string;
  readonly version: number;
  readonly kind: string;
  readonly owners?: readonly string[];
  readonly at?: Date;
}

/** Writes an event of an incident. Gives the event's id. */
export async function tell(trx: Trx, { id, version, kind, owners = [], at = AT }: Told): Promise<string> {
  const event = randomUUID();
  await sql`insert into incident_event (id, incident_id, version, kind, act, at, by, grid_ids)
    values (${event}::uuid, ${id}::uuid, ${version}::int, ${kind}, ${kind}, ${at}::timestamptz, 'ann', ${owners}::uuid[])`.execute(
    trx,
  );
  return event;
}

/** Locks an incident as the desk does, and writes its next event. */
export async function change(trx: Trx, id: string, at = AT): Promise<string> {
  const { rows } = await sql<{ version: number }>`
    select version from incident where id = ${id}::uuid for no key update`.execute(trx);
  return tell(trx, { id, version: rows[0].version + 1, kind: 'CHANGED', at });
}

export interface Logged {
  readonly position: number;
  readonly id: string;
  readonly kind: string;
  readonly subject: string;
  readonly version: number;
  readonly areas: readonly string[];
}

/** The whole log, in order. */
export function readLog(db: Kysely<Database>): Promise<Logged[]> {
  return inEveryArea(db, async (trx) => {
    const { rows } = await sql<Logged>`select position, event_id as id, kind, subject, version, area_ids as areas
      from feed_event order by position`.execute(trx);
    return rows;
  });
}

/** Calls a function of the database, as one statement by itself. */
export async function call<T>(db: Kysely<Database>, text: string): Promise<T> {
  const { rows } = await sql<{ result: T }>`select ${sql.raw(text)} as result`.execute(db);
  return rows[0].result;
}

/** Sequences all that waits. */
export async function sequenceAll(db: Kysely<Database>): Promise<void> {
  while ((await call<number>(db, 'sequence_feed(1000)')) > 0);
}
