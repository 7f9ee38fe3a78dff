import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { sql } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import { inAreas, inEveryArea } from '../../src/db/areas.ts';
import { DomainError } from '../../src/errors.ts';
import { toLattice } from '../../src/geometry/lattice.ts';
import type { Moment } from '../../src/grids/moment.ts';
import { readHours } from '../../src/sites/hours/readHours.ts';
import { SiteLogRepository } from '../../src/sites/log/siteLog.repository.ts';
import type { PlacePostDraft } from '../../src/sites/site.type.ts';
import { SiteBook } from '../../src/sites/siteBook.ts';
import { day, NOW } from '../posts/postsFixture.ts';
import { makeSite, OPEN, openSitesWorld, type SitesWorld } from './sitesWorld.ts';

const SEED = 20240601;
const months = fc.integer({ min: 0, max: 24 }).map((month) => new Date(Date.UTC(2023, month, 1)));
const change = fc.record({
  kind: fc.constantFrom('body', 'rating', 'service', 'move', 'base', 'end'),
  site: fc.nat(2),
  pick: fc.nat(1),
  stars: fc.integer({ min: 1, max: 5 }),
  from: months,
});

let world: SitesWorld;
const sites = ['A', 'B', 'C'].map((name) => makeSite(name));
let post: PlacePostDraft;

beforeAll(async () => {
  world = await openSitesWorld();
  const [station] = world.bodies;
  const place = { kind: 'SITE', id: sites[0].id } as const;
  post = { id: randomUUID(), roleCode: 'officer', place, gridId: world.gridId('V1'), ...OPEN };
  await world.publish(async (trx, edition) => {
    await world.sites.insertSites(trx, edition, sites);
    await world.sites.insertPlacePosts(trx, edition, [post]);
    const held = { id: randomUUID(), postId: post.id, holder: { bodyId: station.id }, rank: 'PRIMARY' as const };
    await world.posts.insertAppointments(trx, edition, [{ ...held, ...OPEN }]);
  });
  for (const one of fc.sample(change, { seed: SEED, numRuns: 60 })) await publishChange(one);
});

async function publishChange({
  kind,
  site,
  pick,
  stars,
  from,
}: typeof change extends fc.Arbitrary<infer T> ? T : never) {
  const siteId = sites[site].id;
  const dates = { validFrom: from, validTo: null };
  const { sites: writer, siteChanges } = world;
  try {
    await world.publish(async (trx, edition) => {
      if (kind === 'body')
        await writer.insertHoused(trx, edition, [{ siteId, bodyId: world.bodies[pick].id, ...dates }]);
      if (kind === 'end')
        await siteChanges.end(trx, edition, 'site_body', { site_id: siteId, body_id: world.bodies[pick].id }, from);
      if (kind === 'rating') {
        const known = world.book
          .ratingsOf(siteId, world.editions.latest)
          .some(({ validTo }) => validTo > from.getTime());
        if (known) await siteChanges.end(trx, edition, 'site_rating', { site_id: siteId, scheme: 'S' }, from);
        await writer.insertRatings(trx, edition, [{ siteId, scheme: 'S', stars, most: 5, ...dates }]);
      }
      if (kind === 'service') {
        const hours = readHours(pick ? '24/7' : 'Mo 08:00-09:00');
        await writer.insertServices(trx, edition, [{ siteId, code: 'id', name: `N${stars}`, hours, ...dates }]);
      }
      if (kind === 'move') {
        await siteChanges.end(trx, edition, 'site_version', { site_id: siteId }, from);
        const point = { lon: 105.2 + stars / 10_000, lat: 25.1 };
        await writer.insertSites(trx, edition, [{ ...sites[site], name: `Moved ${stars}`, point, ...dates }]);
      }
      if (kind === 'base')
        await writer.insertBases(trx, edition, [{ postId: post.id, appointmentId: null, siteId, ...dates }]);
    });
  } catch (error) {
    // What is there already, or has ended, is refused; the history goes on without it.
    if (!(error instanceof DomainError) || !['CONFLICT', 'NOT_FOUND'].includes(error.code)) throw error;
  }
}

/** What is said of a site, asked of the tables without any memory. */
async function askTables(siteId: string, { asOf, edition }: Moment): Promise<unknown> {
  const holds = (row: string) =>
    sql.raw(`${row}.edition_from <= ${edition} and coalesce(${row}.edition_to, 2147483647) > ${edition}
      and ${row}.valid @> to_timestamp(${asOf / 1000})`);
  const ofSite = sql`r.site_id = ${siteId}::uuid and ${holds('r')}`;
  const questions = {
    name: sql<{ v: unknown }>`select name || ST_X(point) as v from site_version r where ${ofSite}`,
    bodies: sql<{
      v: unknown;
    }>`select body_id::text as v from site_body r where ${ofSite} order by body_id::text collate "C"`,
    stars: sql<{ v: unknown }>`select stars as v from site_rating r where ${ofSite}`,
    service: sql<{ v: unknown }>`select name as v from site_service r where ${ofSite}`,
    base: sql<{ v: unknown }>`select r.site_id::text as v from post_base r join site_version s on s.site_id = r.site_id
      where r.post_id = ${post.id}::uuid and ${holds('r')} and ${holds('s')}`,
  };
  const found: Record<string, { v: unknown }[]> = {};
  await inEveryArea(world.db, async (trx) => {
    for (const [key, asked] of Object.entries(questions)) found[key] = (await asked.execute(trx)).rows;
  });
  return Object.fromEntries(Object.entries(found).map(([key, rows]) => [key, rows.map(({ v }) => v)]));
}

function askBook(book: SiteBook, siteId: string, moment: Moment): unknown {
  const site = book.findSite(siteId, moment);
  const { asOf } = moment;
  const base = book.baseOf(post.id, null, moment);
  return {
    name: site ? [`${site.name}${site.point.lon}`] : [],
    bodies: book.housedIn(siteId, moment).sort(),
    stars: book
      .ratingsOf(siteId, moment.edition)
      .filter(({ validFrom, validTo }) => validFrom <= asOf && asOf < validTo)
      .map(({ value }) => value.stars),
    service: book.servicesOf(siteId, moment).map(({ name }) => name),
    base: base ? [base.id] : [],
  };
}

const question = fc.record({ site: fc.nat(2), asOf: months, edition: fc.nat(70), early: fc.boolean() });

async function disagreements(ask: (siteId: string, moment: Moment) => unknown, runs = 250): Promise<number> {
  let wrong = 0;
  for (const { site, asOf, edition, early } of fc.sample(question, { seed: SEED + 1, numRuns: runs })) {
    const moment = { asOf: asOf.getTime() - (early ? 1 : 0), edition: edition % (world.editions.latest + 1) };
    const told = JSON.stringify(ask(sites[site].id, moment));
    if (told !== JSON.stringify(await askTables(sites[site].id, moment))) wrong += 1;
  }
  return wrong;
}

describe('the book of sites against the tables, over a random history', () => {
  it('answers the same for random sites, instants and editions, as it followed and after a restart', async () => {
    expect(world.editions.latest).toBeGreaterThan(20);
    expect(await disagreements((id, moment) => askBook(world.book, id, moment))).toBe(0);
    const restarted = new SiteBook(new SiteLogRepository(world.db));
    (await restarted.read(0, world.editions.latest))();
    expect(await disagreements((id, moment) => askBook(restarted, id, moment))).toBe(0);
  });

  it('is seen to be wrong where it ignores the edition or the instant', async () => {
    const { latest } = world.editions;
    expect(
      await disagreements((id, { asOf }) => askBook(world.book, id, { asOf, edition: latest }), 120),
    ).toBeGreaterThan(5);
    expect(
      await disagreements((id, { edition }) => askBook(world.book, id, { asOf: NOW.getTime(), edition }), 120),
    ).toBeGreaterThan(5);
  });

  it('finds the same places at a point again, whatever was published since', async () => {
    const places = fc.sample(question, { seed: SEED + 2, numRuns: 200 }).map(({ site, asOf, edition }) => ({
      at: { x: toLattice(105.2 + site / 10_000), y: toLattice(25.1) },
      moment: { asOf: asOf.getTime(), edition: edition % (world.editions.latest + 1) },
    }));
    const ask = () =>
      JSON.stringify(places.map(({ at, moment }) => world.book.placesAt(at, moment).map(({ id, name }) => [id, name])));
    const before = ask();
    await world.publish((trx, edition) =>
      world.siteChanges.end(trx, edition, 'site_version', { site_id: sites[1].id }, day('2023-01-01')),
    );
    expect(ask()).toBe(before);
    const now = { asOf: NOW.getTime(), edition: world.editions.latest };
    expect(world.book.findSite(sites[1].id, now)).toBeUndefined();
  });
});

describe('posts on places', () => {
  it('are posts like any other: the directory has their holders, and a role holds one for each place', async () => {
    const moment = { asOf: NOW.getTime(), edition: world.editions.latest };
    const [held] = world.directory.postsOn(sites[0].id, moment);
    expect([held.role.code, held.holders[0].holder.name]).toEqual(['officer', 'Station']);
    expect(world.directory.postsOn(world.gridId('V1'), moment).map(({ post: { id } }) => id)).not.toContain(post.id);
    const again = world.publish((trx, edition) =>
      world.sites.insertPlacePosts(trx, edition, [{ ...post, id: randomUUID() }]),
    );
    await expect(again).rejects.toMatchObject({
      code: expect.stringMatching(/CONFLICT|DUPLICATE_CODE|DATABASE_FAILED/),
    });
    const unknown = world.publish((trx, edition) =>
      world.sites.insertPlacePosts(trx, edition, [{ ...post, id: randomUUID(), roleCode: 'nobody' }]),
    );
    await expect(unknown).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('are seen, with their bases, by the area of their grid only', async () => {
    const seen = (areas: readonly string[]) =>
      inAreas(world.db, areas, NOW, async (trx) => {
        const { rows } = await sql<{ posts: number; bases: number }>`select
          (select count(*)::int from post where id = ${post.id}::uuid) as posts,
          (select count(*)::int from post_base where post_id = ${post.id}::uuid) as bases`.execute(trx);
        return rows[0];
      });
    const whole = await inEveryArea(world.db, (trx) =>
      sql<{ n: number }>`select count(*)::int as n from post_base`.execute(trx),
    );
    expect(whole.rows[0].n).toBeGreaterThan(0);
    expect(await seen([world.gridId('V1')])).toEqual({ posts: 1, bases: whole.rows[0].n });
    expect(await seen([world.gridId('V2')])).toEqual({ posts: 0, bases: 0 });
    expect(await seen([])).toEqual({ posts: 0, bases: 0 });
  });
});
