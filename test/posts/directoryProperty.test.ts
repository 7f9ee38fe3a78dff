import fc from 'fast-check';
import { sql } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import { inEveryArea } from '../../src/db/areas.ts';
import { DomainError } from '../../src/errors.ts';
import type { Moment } from '../../src/grids/moment.ts';
import { Person } from '../../src/posts/api/staff.type.ts';
import { DirectoryRepository } from '../../src/posts/directory.repository.ts';
import { Directory } from '../../src/posts/directory.ts';
import type { AppointmentDraft, AppointmentRank } from '../../src/posts/post.type.ts';
import { emptyTables, openTestDatabase } from '../support/database.ts';
import { appoint, day, makeBody, makePerson, makePost, PostsWorld } from './postsFixture.ts';

const SEED = 20240601;
const CODES = ['V1', 'V2', 'V3'];
const RANKS: AppointmentRank[] = ['PRIMARY', 'DEPUTY', 'REINFORCEMENT', 'SUPPORT'];
// Few dates, so that boundaries are often met exactly.
const months = fc.integer({ min: 0, max: 24 }).map((month) => new Date(Date.UTC(2023, month, 1)));

const change = fc.record({
  kind: fc.constantFrom('appoint' as const, 'appoint' as const, 'end' as const, 'body' as const, 'person' as const),
  post: fc.nat(5),
  holder: fc.nat(7),
  rank: fc.constantFrom(...RANKS),
  from: months,
  length: fc.option(fc.integer({ min: 1, max: 12 }), { nil: null }),
  pick: fc.nat(1000),
});
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

let world: PostsWorld;

const bodies = ['Hall', 'Station'].map((name) => makeBody(name, { validFrom: day('2023-03-01') }));
const people = ['An', 'Bo', 'Bo', 'Ce', 'Du', 'Ei'].map((name, index) =>
  makePerson(name, { bodyId: bodies[index % 2].id, validTo: index === 4 ? day('2024-03-01') : null }),
);
const made: AppointmentDraft[] = [];

beforeAll(async () => {
  const { db } = await openTestDatabase();
  await emptyTables(db);
  world = await PostsWorld.make(db);
  const posts = CODES.flatMap((code) => ['officer', 'worker'].map((role) => makePost(role, world.gridId(code))));
  const first = people.map((person, index) => appoint(posts[index % 6], person, { validTo: day('2023-02-01') }));
  await world.staff({ bodies, people, posts, appointments: first });
  for (const one of fc.sample(change, { seed: SEED, numRuns: 40 })) await publishChange(one, posts);
});

async function publishChange(one: Change, posts: ReturnType<typeof makePost>[]): Promise<void> {
  const holder = [...people, ...bodies][one.holder];
  const { from, length } = one;
  const validTo = length === null ? null : new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + length, 1));
  const draft = appoint(posts[one.post], holder, { rank: one.rank, validFrom: one.from, validTo });
  const ended = made[one.pick % Math.max(1, made.length)];
  try {
    await world.publish(async (trx, edition) => {
      if (one.kind === 'appoint') await world.posts.insertAppointments(trx, edition, [draft]);
      if (one.kind === 'end' && ended) await world.posts.endAppointments(trx, edition, [ended.id], one.from);
      const set = { name: `Name ${one.pick}` };
      const id = bodies[one.pick % 2].id;
      if (one.kind === 'body') await world.posts.reviseBodies(trx, edition, [{ id, from: one.from, set }]);
      const moved = { id: people[one.holder % 6].id, from: one.from, set: { bodyId: one.pick % 3 ? id : null } };
      if (one.kind === 'person') await world.posts.revisePeople(trx, edition, [moved]);
    });
    if (one.kind === 'appoint') made.push(draft);
  } catch (error) {
    // Ending what has ended before is refused; the history goes on without it.
    if (!(error instanceof DomainError) || error.code !== 'NOT_FOUND') throw error;
  }
}

/** The same question, asked of the tables without any memory. */
async function askTables(code: string, { asOf, edition }: Moment): Promise<string[]> {
  const instant = new Date(asOf);
  const holds = (row: string) =>
    sql.raw(`${row}.edition_from <= m.edition and m.edition < coalesce(${row}.edition_to, 2147483647)
      and ${row}.valid @> m.instant`);
  const question = sql<{ said: string }>`
    with m as (select ${edition}::int as edition, ${instant}::timestamptz as instant),
    holder as (
      select a.post_id, a.rank, a.appointment_id, p.person_id as id, p.name, coalesce(b.name, '-') as home
      from m join appointment a on ${holds('a')} join person_version p on p.person_id = a.person_id and ${holds('p')}
      left join body_version b on b.body_id = p.body_id and ${holds('b')}
      union all
      select a.post_id, a.rank, a.appointment_id, b.body_id, b.name, ''
      from m join appointment a on ${holds('a')} join body_version b on b.body_id = a.body_id and ${holds('b')}
    )
    select concat_ws('/', r.code, h.rank, h.name, h.home, h.id::text) as said
    from m join post_version v on ${holds('v')} join post p on p.id = v.post_id join role r on r.id = p.role_id
    left join holder h on h.post_id = p.id
    where p.grid_id = ${world.gridId(code)}::uuid
    order by r.position, r.code collate "C", array_position(array['PRIMARY', 'DEPUTY', 'REINFORCEMENT', 'SUPPORT'], h.rank),
      h.name collate "C", h.id::text collate "C", h.appointment_id::text collate "C"`;
  const found = await inEveryArea(world.db, (trx) => question.execute(trx));
  return found.rows.map((row) => row.said);
}

function askDirectory(directory: Directory, code: string, moment: Moment): string[] {
  return directory.postsOn(world.gridId(code), moment).flatMap(({ role, holders }) => {
    if (holders.length === 0) return [role.code];
    return holders.map(({ holder, rank }) => {
      const home = holder instanceof Person ? (holder.body?.name ?? '-') : '';
      return [role.code, rank, holder.name, home, holder.id].join('/');
    });
  });
}

const question = fc.record({ code: fc.constantFrom(...CODES), asOf: months, edition: fc.nat(45), early: fc.boolean() });

function agrees(ask: (code: string, moment: Moment) => string[]) {
  return fc.asyncProperty(question, async ({ code, asOf, edition, early }) => {
    const moment = { asOf: asOf.getTime() - (early ? 1 : 0), edition: edition % (world.editions.latest + 1) };
    expect(ask(code, moment)).toEqual(await askTables(code, moment));
  });
}

const isCaught = async (ask: (code: string, moment: Moment) => string[]) =>
  (await fc.check(agrees(ask), { seed: SEED, numRuns: 300, endOnFailure: true })).failed;

describe('the Directory against the tables, over a random history', () => {
  it('has a history worth asking about', () => {
    expect(world.editions.latest).toBeGreaterThan(30);
  });

  it('answers the same for random places, instants and editions', async () => {
    await fc.assert(
      agrees((code, moment) => askDirectory(world.directory, code, moment)),
      { seed: SEED, numRuns: 400 },
    );
  });

  it('answers the same after a restart that reads the whole log at once', async () => {
    const restarted = new Directory(new DirectoryRepository(world.db));
    (await restarted.read(0, world.editions.latest))();
    await fc.assert(
      agrees((code, moment) => askDirectory(restarted, code, moment)),
      { seed: SEED + 1, numRuns: 200 },
    );
  });

  it('never changes before the instant it names as the next change, and tells no instant without need', () => {
    const random = fc.sample(question, { seed: SEED + 2, numRuns: 500 });
    let changed = 0;
    for (const { code, asOf, edition } of random) {
      const moment = { asOf: asOf.getTime(), edition: edition % (world.editions.latest + 1) };
      const now = askDirectory(world.directory, code, moment);
      const until = world.directory.nextChange([world.gridId(code)], moment);
      const end = Math.min(until, Date.UTC(2027, 0, 1));
      for (let month = moment.asOf; month < end; month += 86_400_000 * 7) {
        expect(askDirectory(world.directory, code, { ...moment, asOf: month })).toEqual(now);
      }
      expect(askDirectory(world.directory, code, { ...moment, asOf: end - 1 })).toEqual(now);
      if (until === end && askDirectory(world.directory, code, { ...moment, asOf: end }).join() !== now.join())
        changed += 1;
    }
    expect(changed).toBeGreaterThan(random.length / 4);
  });

  it('catches a twin that ignores editions', async () => {
    const { latest } = world.editions;
    const twin = (code: string, { asOf }: Moment) => askDirectory(world.directory, code, { asOf, edition: latest });
    expect(await isCaught(twin)).toBe(true);
  });

  it('catches a twin that keeps an answer for its edition without minding the instant', async () => {
    const kept = new Map<string, string[]>();
    const twin = (code: string, moment: Moment) => {
      const key = `${code}/${moment.edition}`;
      if (!kept.has(key)) kept.set(key, askDirectory(world.directory, code, moment));
      return kept.get(key)!;
    };
    expect(await isCaught(twin)).toBe(true);
  });
});
