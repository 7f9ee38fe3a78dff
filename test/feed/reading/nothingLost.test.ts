import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { OpenDatabase } from '../../../src/db/database.ts';
import type { FeedFilter } from '../../../src/feed/feedFilter.ts';
import { FeedLogRepository, type Span } from '../../../src/feed/feedLog.repository.ts';
import type { FeedReader } from '../../../src/feed/feeds.ts';
import { emptyTables, openTestDatabase } from '../../support/database.ts';
import { area, LogOfTest, listener } from './logOfTest.ts';

const RUNS = Number(process.env.FEED_RUNS ?? 15);
const AREAS = 5;

let database: OpenDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await emptyTables(database.db);
});

const whose = fc.uniqueArray(fc.nat(AREAS - 1), { minLength: 1, maxLength: 3 });
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('TELL' as const), told: fc.array(whose, { maxLength: 12 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('SHOW' as const) }) },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('TAKE' as const), reader: fc.nat(AREAS - 1), count: fc.nat(8) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('COME_AGAIN' as const), reader: fc.nat(AREAS - 1) }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** One who follows an area, loses the connection now and then, and comes again behind the last cursor. */
class Follower {
  readonly got: string[] = [];
  reader: FeedReader;
  cursor: string | null = null;
  #pending: ReturnType<FeedReader['next']> | undefined;

  constructor(reader: FeedReader) {
    this.reader = reader;
  }

  /** As many as there are, and at most so many. */
  async take(count: number): Promise<void> {
    for (let taken = 0; taken < count; taken++) {
      this.#pending ??= this.reader.next();
      const result = await Promise.race([this.#pending, this.#isQuiet()]);
      if (!result) {
        // What a quiet area has for a cursor is as good as one of an event.
        this.cursor = this.reader.heartbeat() ?? this.cursor;
        return;
      }
      this.#pending = undefined;
      if (result.value) this.got.push(result.value.event.id);
      this.cursor = result.value?.cursor ?? this.cursor;
    }
  }

  async comeAgain(reader: FeedReader): Promise<void> {
    // An event that was on its way is lost with the connection.
    this.#pending?.catch(() => {});
    this.#pending = undefined;
    await this.reader.return?.();
    this.reader = reader;
  }

  /** Resolves to nothing when it waits at the head: then it has a heartbeat. */
  async #isQuiet(): Promise<undefined> {
    while (this.reader.heartbeat() === undefined) await new Promise(setImmediate);
    return undefined;
  }
}

type Make = (database: OpenDatabase) => LogOfTest;

/** What each follower got, and what its area was told since it began. */
async function follow(make: Make, steps: readonly Step[]) {
  const log = make(database);
  const areas = Array.from({ length: AREAS }, area);
  const filters = areas.map((within): FeedFilter => ({ topic: 'INCIDENT', within, categories: null }));
  const open = (index: number, after: string | null) => log.feeds.open(filters[index], after, listener());
  const followers: Follower[] = [];
  for (const index of areas.keys()) followers.push(new Follower(await open(index, null)));
  // A cursor to begin with: whoever is cut off before the first event comes again behind it.
  for (const follower of followers) await follower.take(1);
  const told: string[][] = areas.map(() => []);
  for (const each of steps) {
    if (each.do === 'TELL') {
      const ids = await log.tell(...each.told.map((indexes) => ({ areaIds: indexes.map((index) => areas[index]) })));
      for (const [index, id] of ids.entries()) for (const at of each.told[index]) told[at].push(id);
      await log.sequence();
    } else if (each.do === 'SHOW') await log.log.catchUp();
    else if (each.do === 'TAKE') await followers[each.reader].take(each.count);
    else {
      const follower = followers[each.reader];
      await follower.comeAgain(await open(each.reader, follower.cursor));
    }
  }
  await log.log.catchUp();
  for (const follower of followers) await follower.take(1000);
  for (const { reader } of followers) await reader.return?.();
  return { got: followers.map(({ got }) => got), told };
}

const holds = (make: Make) =>
  fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
    const { got, told } = await follow(make, steps);
    expect(got).toEqual(told);
  });

describe('followers of areas who are cut off at any moment', () => {
  it('get every event once and in order, out of memory and out of the database', async () => {
    await fc.assert(
      holds((each) => new LogOfTest(each, 8)),
      { numRuns: RUNS },
    );
  });

  it('are found out where one event behind a cursor is left out', async () => {
    class Careless extends FeedLogRepository {
      override listMatching(filter: FeedFilter, { after, upTo }: Span, most: number) {
        return super.listMatching(filter, { after: after + 1, upTo }, most);
      }
    }
    const twin: Make = (each) => new LogOfTest(each, 4, new Careless(each.db));
    await expect(fc.assert(holds(twin), { numRuns: 100, endOnFailure: true })).rejects.toThrow();
  });

  it('are found out where what came while one was away is forgotten', async () => {
    const twin: Make = (each) => {
      const log = new LogOfTest(each, 8);
      const open = log.feeds.open.bind(log.feeds);
      log.feeds.open = (filter, _after, who) => open(filter, null, who);
      return log;
    };
    await expect(fc.assert(holds(twin), { numRuns: 100, endOnFailure: true })).rejects.toThrow();
  });
});
