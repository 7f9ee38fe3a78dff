import { setTimeout as delay } from 'node:timers/promises';
import { execute, parse } from 'graphql';
import { type Kysely, sql } from 'kysely';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PUBLIC } from '../../../src/access/viewer.ts';
import { type App, buildApp } from '../../../src/app.ts';
import { openDatabase } from '../../../src/db/database.ts';
import { buildServer } from '../../../src/http/server.ts';
import type { Answer } from '../../support/api.ts';
import { openTestDatabase } from '../../support/database.ts';
import { testConfig } from '../../support/testConfig.ts';
import { day, NOW, StaffingWorld } from './staffingWorld.ts';

/** The issue asks for 10,000 while 1,000 lookups a second run: STAFF_UPDATES=10000 STAFF_LOOKUPS=1000. */
const UPDATES = Number(process.env.STAFF_UPDATES ?? 120);
const LOOKUPS_A_SECOND = Number(process.env.STAFF_LOOKUPS ?? 200);
const PAIRS = 50;
const TICK_MS = 20;
/** Lookups that wait at once; more would only queue in this process, and the rate that was reached is printed. */
const MOST_WAITING = 200;
const LATE = day('2100-01-01').toISOString();

let world: StaffingWorld;
let admin: Record<string, string>;
/** Each person is on one of two posts, and every act moves one to the other. */
const pairs: { posts: [string, string]; grids: [string, string]; appointment: string; on: 0 | 1 }[] = [];

beforeAll(async () => {
  world = await StaffingWorld.open(2 * PAIRS);
  admin = await world.as('admin', 'D1');
  for (let i = 0; i < PAIRS; i += 1) {
    const grids: [string, string] = [`X${2 * i}`, `X${2 * i + 1}`];
    const other = await world.do(admin, 'makePost', { role: 'officer', grid: grids[1], from: day('2021-01-01') });
    const input = { roleCode: 'officer', gridId: grids[0], person: { name: `Person ${i}` }, from: day('2021-01-01') };
    const done = await world.do(admin, 'appoint', { input });
    pairs.push({ posts: [done.post.id, other.post.id], grids, appointment: done.appointmentId, on: 0 });
  }
});
afterAll(() => world.api.close());

/** Another server process' worth of house on the same database, following the log; only PostgreSQL serves two. */
async function openSecond(): Promise<App | undefined> {
  const first = await openTestDatabase();
  if (first.engine !== 'postgres') return undefined;
  const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(first.db as Kysely<never>);
  const url = new URL(process.env.DATABASE_URL!);
  url.pathname = `/${rows[0].name}`;
  const settings = { ...testConfig(), databaseUrl: url.href };
  const app = await buildApp(await openDatabase(settings), testConfig(), { clock: () => NOW });
  await app.follow();
  return app;
}

const QUERY = `query ($a: ID!, $b: ID!, $at: DateTime) {
  a: grid(id: $a, asOf: $at) { holdings(role: "officer") { holder { ... on Person { name } } } }
  b: grid(id: $b, asOf: $at) { holdings(role: "officer") { holder { ... on Person { name } } } } }`;
const DOCUMENT = parse(QUERY);
/** One lookup in so many goes through the HTTP door; the others go to the schema, so that two cores bear the rate. */
const BY_HTTP = 10;

/** Asks a house as clients do. */
async function askerOf(app: App) {
  const server = await buildServer({
    schema: app.schema,
    log: pino({ level: 'silent' }),
    settings: app.config,
    authenticate: app.authenticate,
    status: () => ({ ready: true, edition: app.editions.latest, followedAt: null, firstQuery: () => undefined }),
  });
  const contextValue = { viewer: PUBLIC, requestId: 'lookup', log: { error: () => {} } };
  let asked = 0;
  return {
    close: () => server.close(),
    /** Who is on the first and on the second of two posts: a name or null for each. */
    async holders([a, b]: readonly string[], byHttp = asked % BY_HTTP === 0): Promise<(string | null)[]> {
      asked += 1;
      const variables = { a: world.id(a), b: world.id(b), at: LATE };
      const { data, errors } = byHttp
        ? (await server.inject({ method: 'POST', url: '/graphql', payload: { query: QUERY, variables } })).json()
        : await execute({ schema: app.schema, document: DOCUMENT, variableValues: variables, contextValue });
      if (errors) throw new Error(JSON.stringify(errors));
      const found = data as Answer;
      return [...found.a.holdings, ...found.b.holdings].map(({ holder }: Answer) => holder?.name ?? null);
    },
  };
}

const quantile = (sorted: readonly number[], q: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];

describe('acts on staff while others look up', () => {
  it(`${UPDATES} appointments beside ${LOOKUPS_A_SECOND} lookups a second: no answer mixes two states, and others see each within a second`, async () => {
    const second = await openSecond();
    const apps = second ? [world.api.app, second] : [world.api.app];
    const doors = await Promise.all(apps.map(askerOf));
    const publishedAt = new Map<number, number>();
    const lags: number[] = [];
    const first = world.api.app.editions.latest;
    await second?.editions.catchUp();
    const watching = second && watch(second, first, first + UPDATES, publishedAt, lags);

    let writing = true;
    let mixed = 0;
    const counts = { asked: 0, ms: [] as number[] };
    const looking = (async () => {
      const started = performance.now();
      const waiting = new Set<Promise<void>>();
      for (let tick = 0; writing; tick += 1) {
        for (let n = 0; n < (LOOKUPS_A_SECOND * TICK_MS) / 1000 && waiting.size < MOST_WAITING; n += 1) {
          const door = doors[counts.asked % doors.length];
          const pair = pairs[(counts.asked * 7) % PAIRS];
          counts.asked += 1;
          const askedAt = performance.now();
          const asked = door.holders(pair.grids).then((holders) => {
            counts.ms.push(performance.now() - askedAt);
            // Exactly one of the two is held, by the one person of the pair: anything else is half of a change.
            if (holders.filter((name) => name !== null).length !== 1) mixed += 1;
            waiting.delete(asked);
          });
          waiting.add(asked);
        }
        const wait = started + (tick + 1) * TICK_MS - performance.now();
        await delay(Math.max(0, wait));
      }
      await Promise.all(waiting);
      return performance.now() - started;
    })();

    const began = performance.now();
    for (let i = 0; i < UPDATES; i += 1) {
      const pair = pairs[i % PAIRS];
      const to = pair.on === 0 ? 1 : 0;
      const at = new Date(day('2022-01-01').getTime() + i * 60_000);
      const done = await world.do(admin, 'transferAppointment', { id: pair.appointment, to: pair.posts[to], at });
      publishedAt.set(done.edition, performance.now());
      Object.assign(pair, { on: to, appointment: done.appointmentId });
      // The writer's next request sees it.
      if (i % 10 === 0) {
        const holders = await doors[0].holders(pair.grids, true);
        expect(holders[to]).not.toBeNull();
      }
    }
    const took = performance.now() - began;
    writing = false;
    const lookedFor = await looking;
    await watching;
    await Promise.all(doors.map((door) => door.close()));
    await second?.close();

    lags.sort((a, b) => a - b);
    counts.ms.sort((a, b) => a - b);
    const said = (name: string, sorted: number[]) =>
      `${name} p50 ${quantile(sorted, 0.5)?.toFixed(1)} ms, p99 ${quantile(sorted, 0.99)?.toFixed(1)} ms, worst ${sorted.at(-1)?.toFixed(1)} ms`;
    console.info(
      `${UPDATES} appointments in ${(took / 1000).toFixed(1)} s; ${counts.asked} lookups, ${((counts.asked * 1000) / lookedFor).toFixed(0)} a second on ${apps.length} servers, ${said('lookup', counts.ms)}; ` +
        (second ? said('lag to the other server', lags) : 'one server only: the embedded database serves no second'),
    );
    expect(mixed).toBe(0);
    expect(counts.asked).toBeGreaterThan(10);
    expect(world.api.app.editions.latest).toBe(first + UPDATES);
    if (second) {
      expect(lags).toHaveLength(UPDATES);
      // The worst is printed: on a starved machine it says more of the machine than of the house.
      expect(quantile(lags, 0.5)).toBeLessThan(1000);
    }
  }, 540_000);
});

/** Notes for each edition how long after its publication the other house shows it. */
async function watch(app: App, after: number, upTo: number, publishedAt: Map<number, number>, lags: number[]) {
  for await (const { number } of app.editions.follow(after)) {
    const shownAt = performance.now();
    while (!publishedAt.has(number)) await delay(1);
    // Shown before the writer had the answer: no lag at all.
    lags.push(Math.max(0, shownAt - publishedAt.get(number)!));
    if (number >= upTo) return;
  }
}
