import { sql } from 'kysely';
import type { OpenDatabase } from '../../src/db/database.ts';
import {
  beginEdition,
  box,
  idOf,
  insertRawGrid,
  insertRawLayers,
  insertRawVersion,
  type Trx,
} from '../proofs/rawRegistry.ts';

/** From here on the third village of the first town belongs to the second. */
const MOVED_AT = new Date('2026-05-01T00:00:00Z');
export const BEFORE = new Date(MOVED_AT.getTime() - 1);
export const AFTER = MOVED_AT;

const TOWNS = 3;
const VILLAGES = 3;
const FIELDS = 3;

const townId = (town: number) => idOf(1_000 + town);
const villageId = (town: number, village: number) => idOf(2_000 + town * 10 + village);
const fieldId = (town: number, village: number, field: number) => idOf(3_000 + town * 100 + village * 10 + field);

export const FIRST_TOWN = townId(0);
export const SECOND_TOWN = townId(1);
export const MOVED = villageId(0, 2);
const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);

interface TreeGrid {
  readonly id: string;
  readonly tier: string;
  readonly parent: string | null;
  readonly boundary: string;
}

/** Towns in a row, each of three villages in a row, each of three fields, one on the other. */
const GRIDS: readonly TreeGrid[] = numbers(TOWNS).flatMap((t) => [
  { id: townId(t), tier: 'town', parent: null, boundary: box(t * 30, 0, 30, 30) },
  ...numbers(VILLAGES).flatMap((v) => [
    { id: villageId(t, v), tier: 'village', parent: townId(t), boundary: box(t * 30 + v * 10, 0, 10, 30) },
    ...numbers(FIELDS).map((f) => ({
      id: fieldId(t, v, f),
      tier: 'field',
      parent: villageId(t, v),
      boundary: box(t * 30 + v * 10, f * 10, 10, 10),
    })),
  ]),
]);

export const ALL_GRIDS: readonly string[] = GRIDS.map(({ id }) => id);

/** Post n sits in grid n; person n has it, and every third person the next post as well. */
const postId = (n: number) => idOf(5_000 + n);
const personId = (n: number) => idOf(6_000 + n);
const postsOf = (n: number) => (n % 3 === 0 ? [n, (n + 1) % GRIDS.length] : [n]);

/** Ids seen in each table with staff, in order. */
export interface Seen {
  readonly post: readonly string[];
  readonly post_version: readonly string[];
  readonly appointment: readonly string[];
  readonly person: readonly string[];
  readonly person_version: readonly string[];
}

/** What someone with these areas must see, worked out from the tree by walking down from its roots. */
export function expectedSeen(areas: readonly string[], now: Date, published = true): Seen {
  const parentOf = ({ id, parent }: TreeGrid) => (published && now >= MOVED_AT && id === MOVED ? SECOND_TOWN : parent);
  const inside = new Set(areas);
  // GRIDS holds every parent before its children, but for the one that moved up the list.
  for (let size = -1; size !== inside.size; ) {
    size = inside.size;
    for (const grid of GRIDS) if (inside.has(parentOf(grid) ?? '')) inside.add(grid.id);
  }
  const posts = numbers(GRIDS.length).filter((n) => inside.has(GRIDS[n].id));
  const held = numbers(GRIDS.length).flatMap((n) => postsOf(n).map((post) => ({ person: personId(n), post })));
  const visible = held.filter(({ post }) => posts.includes(post));
  const post = posts.map(postId).sort();
  const person = [...new Set(visible.map((each) => each.person))].sort();
  const appointment = visible.map((each) => `${each.person} ${postId(each.post)}`).sort();
  return { post, post_version: post, appointment, person, person_version: person };
}

/** What a transaction sees. */
export async function readSeen(trx: Trx): Promise<Seen> {
  const read = async (source: string) => {
    const { rows } = await sql<{ id: string }>`select ${sql.raw(source)} order by 1`.execute(trx);
    return rows.map(({ id }) => id);
  };
  return {
    post: await read('id::text as id from post'),
    post_version: await read('post_id::text as id from post_version'),
    appointment: await read(`person_id || ' ' || post_id as id from appointment`),
    person: await read('id::text as id from person'),
    person_version: await read('person_id::text as id from person_version'),
  };
}

const SINCE = sql`tstzrange('2020-01-01Z', null)`;

/** Edition 1 over an emptied registry: the tree with its staff. */
export async function publishTree({ db }: OpenDatabase): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const edition = await beginEdition(trx);
    await insertRawLayers(trx, edition);
    for (const grid of GRIDS) await insertRawGrid(trx, edition, grid);
    await sql`insert into role (code, name, position, edition_from) values ('head', 'Head', 1, ${edition})`.execute(
      trx,
    );
    for (const [n, grid] of GRIDS.entries()) {
      await sql`insert into post (id, role_id, grid_id, edition_from)
        select ${postId(n)}::uuid, id, ${grid.id}::uuid, ${edition}::int from role`.execute(trx);
      await sql`insert into post_version (post_id, valid, edition_from)
        values (${postId(n)}::uuid, ${SINCE}, ${edition}::int)`.execute(trx);
      await sql`insert into person (id, edition_from) values (${personId(n)}::uuid, ${edition}::int)`.execute(trx);
      await sql`insert into person_version (person_id, name, valid, edition_from)
        values (${personId(n)}::uuid, 'Person', ${SINCE}, ${edition}::int)`.execute(trx);
    }
    for (const n of numbers(GRIDS.length)) {
      for (const post of postsOf(n)) await appointRaw(trx, edition, { post: postId(post), person: personId(n) });
    }
  });
}

export async function appointRaw(trx: Trx, edition: number, { post, person }: { post: string; person: string }) {
  await sql`insert into appointment (appointment_id, post_id, person_id, rank, valid, edition_from)
    values (gen_random_uuid(), ${post}::uuid, ${person}::uuid, 'SUPPORT', ${SINCE}, ${edition}::int)`.execute(trx);
}

/** Edition 2: the third village of the first town goes to the second town, with its ground. */
export async function publishMove({ db }: OpenDatabase): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const edition = await beginEdition(trx);
    const moved = MOVED_AT.toISOString();
    const after: readonly (readonly [TreeGrid, string | null, string])[] = [
      [GRIDS.find(({ id }) => id === FIRST_TOWN)!, null, box(0, 0, 20, 30)],
      [GRIDS.find(({ id }) => id === SECOND_TOWN)!, null, box(20, 0, 40, 30)],
      [GRIDS.find(({ id }) => id === MOVED)!, SECOND_TOWN, box(20, 0, 10, 30)],
    ];
    for (const [{ id, parent, boundary }, newParent, newBoundary] of after) {
      await sql`update grid_version set edition_to = ${edition}::int where grid_id = ${id}::uuid`.execute(trx);
      await insertRawVersion(trx, edition, { id, parent, boundary, to: moved });
      await insertRawVersion(trx, edition, { id, parent: newParent, boundary: newBoundary, from: moved });
    }
  });
}
