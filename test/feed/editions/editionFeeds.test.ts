import type { Kysely } from 'kysely';
import { buildSchemaSync } from 'type-graphql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RequestContext } from '../../../src/access/requestContext.ts';
import type { Viewer } from '../../../src/access/viewer.ts';
import { feedsByMethod, NO_TOPICS } from '../../../src/api/feedsByMethod.ts';
import type { Database } from '../../../src/db/tables.ts';
import type { BoundaryEvent } from '../../../src/feed/editions/boundaryEvent.type.ts';
import { EditionFeedsResolver } from '../../../src/feed/editions/editionFeeds.resolver.ts';
import { EditionViews } from '../../../src/feed/editions/editionViews.ts';
import { GridAreas } from '../../../src/grids/areas.ts';
import { Atlas } from '../../../src/grids/atlas/atlas.ts';
import { TerritoryRepository } from '../../../src/grids/atlas/territory.repository.ts';
import { EditionService } from '../../../src/grids/edition.service.ts';
import { GridFinder } from '../../../src/grids/gridFinder.ts';
import { MomentReader } from '../../../src/grids/momentReader.ts';
import { DirectoryRepository } from '../../../src/posts/directory.repository.ts';
import { Directory } from '../../../src/posts/directory.ts';
import { type OpenDoors, openDoors } from '../../http/openDoors.ts';
import { appoint, makePerson, makePost } from '../../posts/postsFixture.ts';
import { openTestDatabase } from '../../support/database.ts';
import { editionBooks } from '../../support/editionBooks.ts';
import { LogOfTest } from '../reading/logOfTest.ts';
import { day, EditionsWorld } from './editionsWorld.ts';

const AHEAD = day('2027-01-01');

/** A server of its own beside the one that publishes: its memory is behind until it catches up. */
function serverOn(db: Kysely<Database>, log: LogOfTest, clock: () => Date) {
  const [atlas, directory] = [new Atlas(new TerritoryRepository(db)), new Directory(new DirectoryRepository(db))];
  const editions = new EditionService(db, clock, [atlas, directory], editionBooks(clock));
  const tree = new GridAreas(atlas, new GridFinder(atlas), new MomentReader(editions, clock));
  const views = new EditionViews({ editions, atlas, directory });
  return { editions, resolver: new EditionFeedsResolver(log.feeds, views, tree) };
}

let world: EditionsWorld;
let log: LogOfTest;
let server: ReturnType<typeof serverOn>;
let doors: OpenDoors | undefined;
beforeEach(async () => {
  world = await EditionsWorld.open();
  log = new LogOfTest(await openTestDatabase());
  server = serverOn(world.db, log, () => world.now);
  await server.editions.catchUp();
  await log.log.catchUp();
});
afterEach(async () => {
  await doors?.close();
  doors = undefined;
});

const viewer: Viewer = { kind: 'key', subject: 'key:x/y', grants: [{ role: 'integrator', areas: ['elsewhere'] }] };
const context = (by: Viewer = viewer): RequestContext => ({ viewer: by, requestId: 'test', log: { error: () => {} } });
const show = async () => {
  await log.sequence();
  await log.log.catchUp();
};
const kinds = (events: readonly { kind: string }[]) => events.map(({ kind }) => kind);

describe('boundaryFeed and boundaryEvents', () => {
  it('give the grids of the area with what the edition says of them, to a server that has not read it yet', async () => {
    const feed = await server.resolver.boundaryFeed('D1', null, context());
    const edition = await world.revise('D1b', { parentId: world.id('D2'), name: 'Moved' }, AHEAD);
    expect(server.editions.latest).toBe(edition - 1);
    await show();
    const { value } = await feed.next();
    expect(value).toMatchObject({
      kind: 'PLANNED',
      edition: { number: edition, effectiveAt: AHEAD },
      gridCount: 1,
      hasMore: false,
    });
    expect(value).toMatchObject({
      at: world.now,
      effectiveAt: AHEAD,
      id: expect.any(String),
      cursor: expect.any(String),
    });
    const [grid, ...others] = (value as BoundaryEvent).grids;
    expect([grid.name, grid.parent?.id, grid.validFrom, others]).toEqual(['Moved', world.id('D2'), AHEAD, []]);
    await world.until(AHEAD);
    await show();
    expect((await feed.next()).value).toMatchObject({ kind: 'EFFECTIVE', at: AHEAD, grids: [{ name: 'Moved' }] });
    await feed.return();
    const missed = await server.resolver.boundaryEvents('D1', value!.cursor, 50, context());
    expect([kinds(missed.events), missed.hasMore]).toEqual([['EFFECTIVE'], false]);
    const first = await server.resolver.boundaryEvents('D2', null, 2, context());
    expect([kinds(first.events), first.hasMore]).toEqual([['PUBLISHED', 'PLANNED'], true]);
    const rest = await server.resolver.boundaryEvents('D2', first.cursor, 2, context());
    expect([kinds(rest.events), rest.hasMore]).toEqual([['EFFECTIVE'], false]);
    expect((await server.resolver.boundaryEvents('D1a1', null, 50, context())).events).toHaveLength(1);
  });

  it('show a grid that ends as it last was, and of a very large edition those of the area', async () => {
    await world.publish((trx, ed) => world.grids.retireGrids(trx, ed, [world.id('D2b1')], world.now));
    const many = Array.from({ length: 1100 }, (_, i) => ({
      ...world.grid(`D2a${i + 3}`),
      tier: 'village',
      parentId: world.id('D2a'),
    }));
    const mine = { ...world.grid('D1b9'), name: 'Mine' };
    await world.publish((trx, ed) => world.grids.insertGrids(trx, ed, [...many, mine]));
    await show();
    const [, ended, large] = (await server.resolver.boundaryEvents('D2', null, 50, context())).events;
    expect(ended.grids.map(({ name, validTo }) => [name, validTo])).toEqual([['D2b1', world.now]]);
    expect([large.grids.length, large.gridCount, large.hasMore]).toEqual([200, 1101, true]);
    const [, small] = (await server.resolver.boundaryEvents('D1', null, 50, context())).events;
    expect([small.grids.map(({ name }) => name), small.gridCount, small.hasMore]).toEqual([['Mine'], 1101, false]);
  });

  it('are for all who signed in, by the types of their key; no longer when the right is gone; and of known grids', async () => {
    await world.revise('D1a1', { name: 'Other' });
    await show();
    const seenBy = async (by: Viewer) =>
      (await server.resolver.boundaryEvents('D1', null, 50, context(by))).events.length;
    expect(await seenBy(viewer)).toBe(2);
    expect(await seenBy({ ...viewer, eventTypes: new Set(['incident.reported']) })).toBe(0);
    expect(await seenBy({ ...viewer, eventTypes: new Set(['boundary.published']) })).toBe(2);
    await expect(seenBy({ ...viewer, actions: new Set() })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    for (const ask of [
      () => server.resolver.boundaryFeed('NOWHERE', null, context()),
      () => server.resolver.ownershipEvents('NOWHERE', null, 1, context()),
    ])
      await expect((async () => ask())()).rejects.toMatchObject({ code: 'NOT_FOUND', details: { field: 'within' } });
    const { cursor } = await server.resolver.boundaryEvents('D1', null, 50, context());
    const other = server.resolver.ownershipEvents('D1', cursor, 1, context());
    await expect(other).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });
});

describe('ownershipFeed and ownershipEvents', () => {
  it('give the posts of the area as they will be, vacant once they have ended', async () => {
    const feed = await server.resolver.ownershipFeed('D1', null, context());
    const [post, other] = [makePost('officer', world.id('D1a1')), makePost('officer', world.id('D2a1'))];
    const [ann, bo] = [makePerson('Ann'), makePerson('Bo')];
    const term = { validFrom: AHEAD, validTo: day('2027-07-01') };
    await world.publish(async (trx, ed) => {
      await world.posts.insertPosts(trx, ed, [{ ...post, validTo: term.validTo }, other]);
      await world.posts.insertPeople(trx, ed, [ann, bo]);
      await world.posts.insertAppointments(trx, ed, [appoint(post, ann, term), appoint(other, bo)]);
    }, AHEAD);
    await show();
    const { value: planned } = await feed.next();
    expect(planned).toMatchObject({
      kind: 'PLANNED',
      postCount: 2,
      gridCount: 2,
      hasMore: false,
      grids: [{ id: world.id('D1a1') }],
    });
    expect(planned!.posts).toMatchObject([
      { id: post.id, role: { code: 'officer' }, vacant: false, grid: { id: world.id('D1a1') } },
    ]);
    await world.until(day('2028-01-01'));
    await show();
    const [begins, ends] = [(await feed.next()).value!, (await feed.next()).value!];
    expect([kinds([begins, ends]), begins.posts[0].vacant, ends.posts[0].vacant]).toEqual([
      ['EFFECTIVE', 'EFFECTIVE'],
      false,
      true,
    ]);
    expect(feed.heartbeat()).toBeUndefined();
    const waiting = feed.next();
    await new Promise(setImmediate);
    expect(feed.heartbeat()).toEqual(expect.any(String));
    await feed.return();
    expect((await waiting).done).toBe(true);
  });
});

describe('the doors', () => {
  it('carry both feeds and both queries', async () => {
    const schema = buildSchemaSync({
      resolvers: [EditionFeedsResolver],
      container: { get: () => server.resolver },
      pubSub: NO_TOPICS,
      validate: false,
    });
    feedsByMethod(schema);
    doors = await openDoors({}, { schema });
    const fields =
      'id cursor kind at effectiveAt gridCount hasMore edition { number title } grids { id name parent { id } }';
    const client = doors.socketClient({ authorization: 'Bearer good' });
    const post = makePost('worker', world.id('D1a1'));
    const { cursor } = await server.resolver.boundaryEvents('D1', null, 50, context());
    const { cursor: staffed } = await server.resolver.ownershipEvents('D1', null, 50, context());
    await world.revise('D1a1', { name: 'Shown' });
    await world.publish((trx, ed) => world.posts.insertPosts(trx, ed, [post]));
    await show();
    for (const [field, after, more, expected] of [
      ['boundaryFeed', cursor, '', { grids: [{ name: 'Shown' }] }],
      [
        'ownershipFeed',
        staffed,
        'postCount posts { id vacant role { code } }',
        { posts: [{ id: post.id, vacant: true }] },
      ],
    ] as const) {
      const query = `subscription ($after: String) { ${field}(within: "D1", after: $after) { ${fields} ${more} } }`;
      for await (const { data, errors } of client.iterate({ query, variables: { after } })) {
        expect(errors).toBeUndefined();
        expect(data).toMatchObject({ [field]: { kind: 'PUBLISHED', ...expected } });
        break;
      }
      expect((await doors.socket({ query })).errors?.[0].extensions.code).toBe('UNAUTHENTICATED');
    }
    await client.dispose();
  });
});
