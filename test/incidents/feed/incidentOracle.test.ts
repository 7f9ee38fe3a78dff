import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Feeds } from '../../../src/feed/feeds.ts';
import { LogOfTest } from '../../feed/reading/logOfTest.ts';
import { type Code, FeedWorld } from './feedWorld.ts';
import {
  CATEGORIES,
  Changes,
  END,
  endings,
  follow,
  heedless,
  offByOne,
  oracle,
  type Subscriber,
  subscribers,
} from './subscribers.ts';

const SUBSCRIBERS = Number(process.env.FEED_SUBSCRIBERS ?? 20);
const DISCONNECTS = Number(process.env.FEED_DISCONNECTS ?? 10);
const CHANGES = Number(process.env.FEED_CHANGES ?? 30);
const AREAS: readonly Code[] = ['T', 'A', 'B', 'S', 'North', 'South', 'R'];

let world: FeedWorld;
beforeAll(async () => {
  world = await FeedWorld.open();
});
afterAll(() => world?.matters.api.close());

/** What somebody does: reports somewhere, or moves an incident to the other village. */
const deeds = fc.record({
  column: fc.constantFrom(2, 12),
  row: fc.constantFrom(1, 4, 7),
  category: fc.constantFrom(...CATEGORIES),
  moves: fc.option(fc.nat(), { freq: 2 }),
  shown: fc.boolean(),
});
type Deed = typeof deeds extends fc.Arbitrary<infer T> ? T : never;

const { seed } = fc.readConfigureGlobal();
const draw = <T>(from: fc.Arbitrary<T>, numRuns: number): T[] => fc.sample(from, { numRuns, seed });

async function happen(world: FeedWorld, all: readonly Deed[], changes: Changes, servers: readonly LogOfTest[]) {
  const ids: string[] = [];
  const at = new Map<string, Code>();
  for (const { column, row, category, moves, shown } of all) {
    const moved = moves === null ? undefined : ids[moves % ids.length];
    if (moved === undefined) {
      const id = await world.report(column, row, category);
      ids.push(id);
      at.set(id, column === 2 ? 'A' : 'B');
    } else {
      const to = at.get(moved) === 'A' ? 'B' : 'A';
      await world.move(moved, to);
      at.set(moved, to);
    }
    if (!shown) continue;
    await world.log.sequence();
    await Promise.all(servers.map(({ log }) => log.catchUp()));
    changes.tick();
  }
  // The last of each area: of all but B and North the first, in the south of A; of those above both the second.
  const [first, second] = [await world.report(2, 1, END), await world.report(12, 7, END)];
  const isOf = (...codes: Code[]) => new Set(codes.map((code) => world.id(code)));
  endings.set(
    world,
    new Map([
      [first, isOf('A', 'South', 'R')],
      [second, isOf('B', 'North', 'T', 'S')],
    ]),
  );
  await world.log.sequence();
  await Promise.all(servers.map(({ log }) => log.catchUp()));
  changes.end();
}

/** Runs subscribers while things happen; those whose sequence is not that of the oracle, and how often all were cut off. */
async function faultsOf(wrap: (feeds: Feeds) => Feeds, count: number, deedCount = CHANGES) {
  const servers = [world.log, new LogOfTest(world.matters.api.app.database)];
  const resolvers = servers.map(({ feeds }) => world.resolverOf(wrap(feeds)));
  const all = draw(
    subscribers(
      AREAS.map((code) => world.id(code)),
      DISCONNECTS,
    ),
    count,
  );
  const changes = new Changes();
  const happening = happen(world, draw(deeds, deedCount), changes, servers);
  const received = await Promise.all([happening, ...all.map((one) => follow(world, resolvers, one, changes))]);
  const told = new Map<string, readonly string[]>();
  const keyOf = ({ within, categories }: Subscriber) => JSON.stringify([within, categories]);
  const faults: Subscriber[] = [];
  let [events, twice, disconnects] = [0, 0, 0];
  const ends = new Set([...endings.get(world)!.keys()]);
  const endIds = new Set((await world.replay(world.id('T'), { categories: [END] })).map(({ id }) => id));
  expect(ends.size).toBe(2);
  for (const [i, one] of all.entries()) {
    const got = received[i + 1]!;
    const expected = told.get(keyOf(one)) ?? (await oracle(world, one));
    told.set(keyOf(one), expected);
    const mine = got.ids.filter((id) => !endIds.has(id));
    if (JSON.stringify(mine) !== JSON.stringify(expected)) faults.push(one);
    events += mine.length;
    twice += got.twice;
    disconnects += got.disconnects;
  }
  return { faults, events, twice, disconnects };
}

describe('what a subscriber has in the end', () => {
  it(`is what the trails say its area was told, once and in order, though it was cut off ${DISCONNECTS} times`, async () => {
    const began = performance.now();
    const { faults, events, twice, disconnects } = await faultsOf((feeds) => feeds, SUBSCRIBERS);
    if (process.env.FEED_SUBSCRIBERS) {
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      console.log({ seed, SUBSCRIBERS, disconnects, events, twice, faults: faults.length, seconds });
    }
    expect(faults).toEqual([]);
    expect(disconnects).toBe(SUBSCRIBERS * DISCONNECTS);
    expect(twice).toBeGreaterThan(0);
  }, 540_000);

  it('is found wrong where a cursor is off by one, and where categories are not heeded', async () => {
    expect((await faultsOf(offByOne, 3, 15)).faults).not.toEqual([]);
    expect((await faultsOf(heedless, 3, 15)).faults).not.toEqual([]);
  });
});
