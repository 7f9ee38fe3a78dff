import { buildSchemaSync } from 'type-graphql';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { feedsByMethod, NO_TOPICS } from '../../src/api/feedsByMethod.ts';
import type { OpenDatabase } from '../../src/db/database.ts';
import { EditionResolver } from '../../src/grids/api/edition.resolver.ts';
import { LayerResolver } from '../../src/grids/api/layer.resolver.ts';
import { EditionService } from '../../src/grids/edition.service.ts';
import { type OpenDoors, openDoors } from '../http/openDoors.ts';
import { emptyTables, openTestDatabase } from '../support/database.ts';
import { editionBooks } from '../support/editionBooks.ts';

let database: OpenDatabase;
let editions: EditionService;
let doors: OpenDoors | undefined;
const clock = () => new Date('2026-06-01T00:00:00Z');

beforeAll(async () => {
  database = await openTestDatabase();
  await emptyTables(database.db);
  editions = new EditionService(database.db, clock, [], editionBooks(clock));
  for (let i = 1; i <= 5; i++) await publish(editions);
});
afterEach(async () => {
  await doors?.close();
  doors = undefined;
});

const publish = (service: EditionService) => service.publish(`Edition after ${service.latest}`, async () => {});

async function take(feed: AsyncIterableIterator<{ number: number }>, many: number): Promise<number[]> {
  const numbers: number[] = [];
  while (numbers.length < many) numbers.push((await feed.next()).value.number);
  await feed.return?.();
  return numbers;
}

describe('the feed of editions', () => {
  it('gives each edition once and in order from where it is asked to begin, whoever publishes when', async () => {
    const other = new EditionService(database.db, clock, [], editionBooks(clock));
    await other.catchUp();
    const begun = [0, 2, 5].map((after) => [after, take(editions.follow(after), 25 - after)] as const);
    const elsewhere = take(other.follow(1), 24);
    const publishing = (async () => {
      for (let i = 0; i < 10; i++) await Promise.all([publish(editions), publish(other)]);
      await Promise.all([editions.catchUp(), other.catchUp()]);
    })();
    for (const [after, numbers] of begun)
      expect(await numbers).toEqual(Array.from({ length: 25 - after }, (_, i) => after + 1 + i));
    expect(await elsewhere).toEqual(Array.from({ length: 24 }, (_, i) => i + 2));
    await publishing;
  });

  it('keeps nothing for a reader that does not read, and loses nothing either', async () => {
    const feed = editions.follow(editions.latest);
    const before = editions.latest;
    for (let i = 0; i < 4; i++) await publish(editions);
    expect(await take(feed, 4)).toEqual([1, 2, 3, 4].map((i) => before + i));
  });

  it('ends for who returns, also while it waits', async () => {
    const feed = editions.follow(editions.latest);
    const waiting = [feed.next(), feed.next()];
    await feed.return?.();
    expect(await Promise.all(waiting)).toEqual([
      { done: true, value: undefined },
      { done: true, value: undefined },
    ]);
    await publish(editions);
    expect(await feed.next()).toEqual({ done: true, value: undefined });
  });
});

describe('Subscription.editionFeed', () => {
  const AUTHORIZED = { authorization: 'Bearer good' };

  async function open(): Promise<OpenDoors> {
    const instances = new Map<unknown, unknown>([
      [EditionResolver, new EditionResolver(editions)],
      [LayerResolver, new LayerResolver({ layersAt: () => [] } as never, editions)],
    ]);
    const schema = buildSchemaSync({
      resolvers: [EditionResolver, LayerResolver],
      container: { get: (wanted) => instances.get(wanted) as never },
      pubSub: NO_TOPICS,
      validate: false,
    });
    feedsByMethod(schema);
    doors = await openDoors({}, { schema });
    return doors;
  }

  it('tells signed-in readers of both doors, from an edition on and of each to come', async () => {
    const { socketClient, streamClient } = await open();
    const { latest } = editions;
    const query = 'subscription ($after: Int) { editionFeed(after: $after) { number publishedAt title } }';
    for (const [after, first] of [
      [latest - 2, latest - 1],
      [undefined, latest + 1],
    ] as const) {
      for (const client of [socketClient(AUTHORIZED), streamClient(AUTHORIZED)]) {
        const feed = client.iterate<{ editionFeed: { number: number } }>({ query, variables: { after } });
        const numbers: number[] = [];
        const reading = (async () => {
          for await (const { data, errors } of feed as AsyncIterable<{
            data?: { editionFeed: { number: number } } | null;
            errors?: unknown;
          }>) {
            expect(errors).toBeUndefined();
            numbers.push(data!.editionFeed.number);
            if (numbers.length === 3) break;
          }
        })();
        const base = editions.latest;
        // Whoever begins with what is to come hears nothing until something comes.
        const ticking = setInterval(() => void publish(editions).catch(() => {}), 30);
        await reading;
        clearInterval(ticking);
        expect(numbers[0]).toBeGreaterThanOrEqual(after === undefined ? base + 1 : first);
        if (after !== undefined) expect(numbers[0]).toBe(first);
        expect(numbers).toEqual([numbers[0], numbers[0] + 1, numbers[0] + 2]);
        await client.dispose();
      }
    }
    await editions.catchUp();
  });

  it('is not for the public, and begins at no edition that is not there', async () => {
    const { socket, stream } = await open();
    const query = 'subscription ($after: Int) { editionFeed(after: $after) { number } }';
    expect((await socket({ query })).errors?.[0].extensions.code).toBe('UNAUTHENTICATED');
    for (const after of [-1, editions.latest + 1000, 2_000_000_000]) {
      const answers = [
        await socket({ query, variables: { after } }, AUTHORIZED),
        await stream({ query, variables: { after } }, AUTHORIZED),
      ];
      for (const { errors } of answers)
        expect(errors).toMatchObject([{ extensions: { code: 'BAD_INPUT', field: 'after' }, path: ['editionFeed'] }]);
    }
  });
});
