import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RequestContext } from '../../../src/access/requestContext.ts';
import { PUBLIC, type Viewer } from '../../../src/access/viewer.ts';
import type { IncidentEvent } from '../../../src/incidents/feed/incidentEvent.type.ts';
import { asSuperuser } from '../../support/database.ts';
import { asked, signedIn } from '../reporting/matterWorld.ts';
import { type Code, DISPATCHER, FeedWorld, type Following, take, told } from './feedWorld.ts';

let world: FeedWorld;
beforeAll(async () => {
  world = await FeedWorld.open();
});
afterAll(() => world?.matters.api.close());

/** What an area is told from now on, by the feed and by pages, while `work` is done. */
async function during(within: Code, work: () => Promise<unknown>, following: Following = {}): Promise<IncidentEvent[]> {
  const { cursor: after } = await pageOf(within, { ...following, first: 200 });
  await work();
  await world.show();
  const paged = await world.replay(within, { ...following, after });
  const feed = await world.follow(within, { ...following, after });
  const fed = await take(feed, paged.length);
  await feed.return();
  expect(fed.map(({ id, cursor }) => [id, cursor])).toEqual(paged.map(({ id, cursor }) => [id, cursor]));
  return fed;
}

/** The last page of an area. */
async function pageOf(
  within: Code,
  { after, categories, by = DISPATCHER, first = 50 }: Following & { first?: number },
) {
  let page = await world.resolver.incidentEvents(world.id(within), after, first, categories, by);
  while (page.hasMore) page = await world.resolver.incidentEvents(world.id(within), page.cursor, first, categories, by);
  return page;
}

const fault = async (asking: Promise<unknown>) => {
  const { code, details } = await asking.then(
    () => expect.fail('It should have been refused'),
    (error) => error,
  );
  return [code, details?.field];
};

describe('who is told of what', () => {
  it('an area is told of what it and its parts own, of its categories, and of nothing else', async () => {
    const ids: string[] = [];
    const work = async () => ids.push(await world.report(2, 7), await world.report(12, 7, 'noise'));
    const subjects = async (within: Code, categories?: string[]) =>
      (await during(within, work, { categories })).map(({ told: { record } }) => ids.indexOf(record.id) % 2);
    const each = async (within: Code, categories?: string[]) => {
      ids.length = 0;
      return [...new Set(await subjects(within, categories))];
    };
    expect(await each('A')).toEqual([0]);
    expect(await each('B')).toEqual([1]);
    expect(await each('T')).toEqual([0, 1]);
    expect(await each('North')).toEqual([0, 1]);
    expect(await each('South')).toEqual([]);
    expect(await each('T', ['noise', 'unheard of'])).toEqual([1]);
    expect(await each('A', ['noise'])).toEqual([]);
  });

  it('a move is LEFT for those of before, ENTERED for those of then, and both, in this order, for all above them', async () => {
    const id = await world.report(2, 7);
    await world.show();
    const moves = async (within: Code, to: Code) => {
      const events = await during(within, () => world.move(id, to));
      expect(events.every(({ told: { record } }) => record.id === id)).toBe(true);
      return events.map(({ kind }) => kind).filter((kind) => kind === 'LEFT' || kind === 'ENTERED');
    };
    expect(await moves('A', 'B')).toEqual(['LEFT']);
    expect(await moves('A', 'A')).toEqual(['ENTERED']);
    expect(await moves('T', 'B')).toEqual(['LEFT', 'ENTERED']);
    const whole = (await world.replay(world.id('T'))).filter(({ told: { record } }) => record.id === id);
    expect(whole.map(({ version }) => version)).toEqual(whole.map((_, i) => i + 1));
  });

  it('the incident of an event is as it then was, and one and the same for all readers of a filter', async () => {
    const events = await during('A', async () => {
      const id = await world.report(2, 7);
      await world.move(id, 'B');
    });
    expect(told(events)[0]).toBe('REPORTED 1');
    for (const {
      version,
      told: { record },
    } of events)
      expect(record.version).toBe(version);
    const [first] = events;
    expect(first.told).toMatchObject({ act: 'REPORTED', record: { category: 'dispute', status: 'OPEN' } });
    expect(first.told.record.reportedAt).toEqual(world.matters.clock.now);
    const { cursor: after } = first;
    const readers = [await world.follow('A', { after }), await world.follow(world.id('A'), { after })];
    const [one, two] = await Promise.all(readers.map((reader) => take(reader, 1)));
    expect(one[0]).toBe(two[0]);
  });

  it('a reader at the head is told as it happens, and its heartbeat moves on though nothing is for it', async () => {
    const feed = await world.follow('B');
    const next = feed.next();
    await world.report(2, 7);
    await world.show();
    const cursor = feed.heartbeat()!;
    expect(cursor).toEqual(expect.any(String));
    const id = await world.report(12, 7);
    await world.show();
    const { value } = await next;
    expect([value!.kind, value!.told.record.id]).toEqual(['REPORTED', id]);
    await feed.return();
    expect((await world.replay('B', { after: cursor }))[0].id).toBe(value!.id);
  });
});

describe('what is refused', () => {
  it("an area that is unknown, of others or above one's own, in the same words", async () => {
    const by = signedIn('officer', [world.id('A')]);
    for (const within of [world.id('B'), world.id('T'), 'B', 'nowhere', randomUUID()]) {
      expect(await fault(world.follow(within, { by }))).toEqual(['NOT_FOUND', 'within']);
      expect(await fault(world.replay(within, { by }))).toEqual(['NOT_FOUND', 'within']);
    }
    expect(await fault(world.follow('A', { by: asked(PUBLIC) }))).toEqual([
      'UNAUTHENTICATED',
      'Subscription.incidentFeed',
    ]);
    expect(await fault(world.replay('A', { by: signedIn('gis_editor') }))).toEqual([
      'FORBIDDEN',
      'Query.incidentEvents',
    ]);
  });

  it('no categories, too many, empty ones, and pages of more than 200', async () => {
    const many = Array.from({ length: 51 }, (_, i) => `c${i}`);
    for (const categories of [[], many, [' '], ['x'.repeat(101)]])
      expect(await fault(world.follow('A', { categories }))).toEqual(['BAD_INPUT', 'categories']);
    for (const first of [-1, 201]) expect(await fault(pageOf('A', { first }))).toEqual(['BAD_INPUT', 'first']);
  });

  it('a cursor of another area or other categories, and one that was made up or touched', async () => {
    const { cursor } = await pageOf('A', {});
    expect(await world.replay('A', { after: cursor })).toEqual([]);
    for (const within of ['B', 'T'])
      expect(await fault(world.follow(within, { after: cursor }))).toEqual(['BAD_INPUT', 'after']);
    expect(await fault(world.follow('A', { after: cursor, categories: ['dispute'] }))).toEqual(['BAD_INPUT', 'after']);
    const touched = Buffer.from(cursor, 'base64url');
    touched[6] += 1;
    for (const after of ['', 'x', '17', cursor.slice(1), `${cursor}=`, touched.toString('base64url')]) {
      expect(await fault(world.follow('A', { after })), after).toEqual(['BAD_INPUT', 'after']);
      expect(await fault(world.replay('A', { after })), after).toEqual(['BAD_INPUT', 'after']);
    }
  });
});

describe('rights while a feed is open', () => {
  const key = (more: Partial<Viewer> = {}) => {
    const id = randomUUID();
    const grants = [{ role: 'integrator', areas: [world.id('A')] }] as const;
    return { id, by: asked({ kind: 'key', subject: `key:${randomUUID()}/${id}`, grants, ...more }) };
  };

  it('a key is told of its kinds of events only', async () => {
    const work = async () => world.move(await world.report(2, 7), 'B');
    const types = async (...eventTypes: string[]) => {
      const { by } = key({ eventTypes: new Set(eventTypes) });
      return (await during('A', work, { by })).map(({ kind }) => kind);
    };
    const all = await types('incident');
    expect(all).toEqual((await during('A', work)).map(({ kind }) => kind));
    expect(await types('incident.left', 'boundary')).toEqual(['LEFT']);
    expect(await types('ownership')).toEqual([]);
  });

  it('a revoked key is told of what was committed before, and of nothing after', async () => {
    const { id, by } = key();
    const feed = await world.follow('A', { by });
    const first = feed.next();
    const before = await world.report(2, 7);
    await world.log.tell({ areaIds: [], topic: 'KEY', subject: id });
    const after = await world.report(2, 7);
    await world.show();
    const { value } = await first;
    expect(value!.told.record.id).toBe(before);
    const rest: IncidentEvent[] = [];
    const reading = (async () => {
      for await (const event of feed) rest.push(event);
    })();
    expect(await fault(reading)).toEqual(['UNAUTHENTICATED', undefined]);
    expect(rest.map(({ told: { record } }) => record.id)).not.toContain(after);
    // Another key of the same area goes on.
    const others = await world.replay('A', { after: value!.cursor, by: key().by });
    expect(others.map(({ told: { record } }) => record.id)).toContain(after);
  });

  it('whose area or role is taken is told of nothing more, from the next event on', async () => {
    const areas: RequestContext & { viewer: Viewer } = signedIn('officer', [world.id('T')]);
    const feed = await world.follow('A', { by: areas });
    const ended = fault(feed.next());
    (areas as { viewer: Viewer }).viewer = { ...areas.viewer, grants: [{ role: 'officer', areas: [world.id('B')] }] };
    const id = await world.report(2, 7);
    await world.show();
    await world.report(12, 7);
    await world.move(id, 'B');
    await world.show();
    (areas as { viewer: Viewer }).viewer = { ...areas.viewer, grants: [{ role: 'gis_editor', areas: 'everywhere' }] };
    await world.report(2, 7);
    await world.show();
    expect(await ended).toEqual(['FORBIDDEN', 'Subscription.incidentFeed']);
  });
});

describe('when the log is not what it was', () => {
  const purge = (most: number) =>
    sql`select purge_feed(now() + interval '1 hour', ${most}::int)`.execute(world.matters.db);

  it('a cursor is good until what follows it is purged, and then refused, never skipped', async () => {
    const events = await world.replay('T');
    const { rows } = await sql<{ purged: number }>`select purged_through as purged from feed_state`.execute(
      world.matters.db,
    );
    const [first] = events;
    // To just behind the first: nothing is missing behind its cursor.
    const { rows: at } = await asSuperuser(world.matters.db, (trx) =>
      sql<{ position: number }>`select position from feed_event where event_id = ${first.id}::uuid`.execute(trx),
    );
    if (at[0].position > rows[0].purged) await purge(at[0].position - rows[0].purged);
    expect((await world.replay('T', { after: first.cursor })).map(({ id }) => id)).toEqual(
      events.slice(1).map(({ id }) => id),
    );
    await purge(1);
    expect(await fault(world.follow('T', { after: first.cursor }))).toEqual(['CURSOR_EXPIRED', 'after']);
    expect(await fault(world.replay('T', { after: first.cursor }))).toEqual(['CURSOR_EXPIRED', 'after']);
    // Without a cursor: from the oldest that is kept.
    expect((await world.replay('T')).at(-1)!.id).toBe(events.at(-1)!.id);
  });

  it('after a restore cursors of what was lost are refused, whether or not the epoch was renewed, and open feeds end', async () => {
    await world.report(2, 7);
    await world.show();
    const last = (await world.replay('T')).at(-1)!;
    const kept = (await world.replay('T')).at(-2)!;
    const feed = await world.follow('T');
    const ended = fault(feed.next());
    await asSuperuser(world.matters.db, async (trx) => {
      await sql`set local session_replication_role = replica`.execute(trx);
      await sql`delete from feed_event where position = (select last_position from feed_state)`.execute(trx);
      await sql`update feed_state set last_position = last_position - 1`.execute(trx);
    });
    await world.show();
    expect(await ended).toEqual(['CURSOR_EXPIRED', 'after']);
    expect(await fault(world.follow('T', { after: last.cursor }))).toEqual(['CURSOR_EXPIRED', 'after']);
    // Another event now stands where the lost one stood.
    await world.report(12, 2);
    await world.show();
    expect(await fault(world.follow('T', { after: last.cursor }))).toEqual(['CURSOR_EXPIRED', 'after']);
    expect((await world.replay('T', { after: kept.cursor })).length).toBeGreaterThan(0);
    await sql`select open_feed(true)`.execute(world.matters.db);
    expect(await fault(world.follow('T', { after: kept.cursor }))).toEqual(['CURSOR_EXPIRED', 'after']);
  });
});
