import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RequestContext } from '../../src/access/requestContext.ts';
import { RIGHTS, ROLES, type Role } from '../../src/access/rights.ts';
import type { Feeds } from '../../src/feed/feeds.ts';
import type { IncidentFeedResolver } from '../../src/incidents/feed/incidentFeed.resolver.ts';
import { type Code, FeedWorld, take } from '../incidents/feed/feedWorld.ts';
import { asked } from '../incidents/reporting/matterWorld.ts';
import { asSuperuser } from '../support/database.ts';

const VIEWERS = Number(process.env.FEED_VIEWERS ?? 60);
const EVENTS = Number(process.env.FEED_VIEWER_EVENTS ?? 60);
const CODES: readonly Code[] = ['T', 'A', 'B', 'S', 'North', 'South', 'R'];

let world: FeedWorld;
beforeAll(async () => {
  world = await FeedWorld.open();
  await world.report(2, 7);
  await world.show();
  await happenAnywhere();
});
afterAll(() => world?.matters.api.close());

/**
 * Events of an incident that any grids were told: as the tree was on other days, when what is one's own today may have
 * been another's.
 */
async function happenAnywhere(): Promise<void> {
  const { seed } = fc.readConfigureGlobal();
  const told = fc.sample(fc.subarray([...CODES]), { numRuns: EVENTS, seed });
  await asSuperuser(world.matters.db, async (trx) => {
    for (const codes of told) {
      const areas = codes.map((code) => world.id(code));
      await sql`insert into feed_outbox (event_id, topic, kind, subject, version, category, at, area_ids, payload)
        select gen_random_uuid(), topic, kind, subject, version, category, at, ${areas}::uuid[], payload
        from feed_event where topic = 'INCIDENT' order by position limit 1`.execute(trx);
    }
  });
  await world.show();
}

interface Question {
  readonly grants: readonly { readonly role: Role; readonly codes: readonly Code[] | 'everywhere' }[];
  readonly within: Code;
  readonly pageSize: number;
}

const areas = fc.oneof(
  { weight: 8, arbitrary: fc.subarray([...CODES], { maxLength: 3 }) },
  { weight: 1, arbitrary: fc.constant('everywhere' as const) },
);
const questions: fc.Arbitrary<Question> = fc.record({
  grants: fc.array(fc.record({ role: fc.constantFrom(...ROLES), codes: areas }), { minLength: 1, maxLength: 3 }),
  within: fc.constantFrom(...CODES),
  pageSize: fc.integer({ min: 1, max: 20 }),
});

const idsOf = (codes: Question['grants'][number]['codes']) =>
  codes === 'everywhere' ? codes : codes.map((code) => world.id(code));

/** What is to be told, by the log and the tree in the database alone; or with what the question is refused. */
async function oracle({ grants, within }: Question): Promise<string[] | string> {
  const good = grants.filter(({ role, codes }) => RIGHTS['incidents.read'][role] !== undefined && codes.length > 0);
  if (good.length === 0) return 'FORBIDDEN';
  const all = good.some(({ codes }) => codes === 'everywhere');
  const roots = all ? [] : good.flatMap(({ codes }) => idsOf(codes));
  const rows = await asSuperuser(world.matters.db, async (trx) => {
    const { rows: above } = await sql<{ id: string }>`
      with recursive above as (
        select ${world.id(within)}::uuid as id
        union select v.parent_id from grid_version v join above a on v.grid_id = a.id
          where v.edition_to is null and v.parent_id is not null
      )
      select id from above where ${all}::boolean or id = any (${roots}::uuid[])`.execute(trx);
    if (above.length === 0) return undefined;
    const { rows: told } = await sql<{ id: string }>`
      select event_id as id from feed_event
      where topic = 'INCIDENT' and ${world.id(within)}::uuid = any (area_ids)
        and (${all}::boolean or area_ids && ${roots}::uuid[])
      order by position`.execute(trx);
    return told;
  });
  return rows?.map(({ id }) => id) ?? 'NOT_FOUND';
}

/** What somebody is told page by page, and then again by the feed from the same place on; or the code of the refusal. */
async function told(
  resolver: IncidentFeedResolver,
  { grants, within, pageSize }: Question,
): Promise<string[] | string> {
  const by = asked({
    kind: 'person',
    subject: 'somebody',
    grants: grants.map(({ role, codes }) => ({ role, areas: idsOf(codes) })),
  });
  try {
    const id = world.id(within);
    const begin = (await resolver.incidentEvents(id, null, 0, null, by)).cursor;
    const paged = await pagesOf(resolver, { id, pageSize, by });
    const feed = await resolver.incidentFeed(id, begin, null, by);
    const fed = (await take(feed, paged.length)).map((event) => event.id);
    await feed.return();
    expect(fed).toEqual(paged);
    return paged;
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === undefined) throw error;
    return code;
  }
}

async function pagesOf(
  resolver: IncidentFeedResolver,
  { id, pageSize, by }: { readonly id: string; readonly pageSize: number; readonly by: RequestContext },
): Promise<string[]> {
  const ids: string[] = [];
  for (let after: string | null = null; ; ) {
    const page = await resolver.incidentEvents(id, after, pageSize, null, by);
    ids.push(...page.events.map((event) => event.id));
    if (!page.hasMore) return ids;
    after = page.cursor;
  }
}

/** Looks at the area that is asked for, and forgets whose areas the viewer's are. */
function forgetful(feeds: Feeds): Feeds {
  return {
    open: (filter, after, { by }) => feeds.open(filter, after, { by, sees: () => true }),
    page: (filter, after, first, { by }) => feeds.page(filter, after, first, { by, sees: () => true }),
  };
}

describe('what somebody is told of incidents', () => {
  it('is what was told to the area asked for and to one of his or her own, whatever the roles and areas', async () => {
    const seen = { events: 0, NOT_FOUND: 0, FORBIDDEN: 0 };
    const same = fc.asyncProperty(questions, async (question) => {
      const [got, expected] = [await told(world.resolver, question), await oracle(question)];
      expect(got).toEqual(expected);
      if (typeof got === 'string') seen[got as 'NOT_FOUND'] += 1;
      else seen.events += got.length;
    });
    await fc.assert(same, { numRuns: VIEWERS });
    if (process.env.FEED_VIEWERS) console.log({ VIEWERS, EVENTS, ...seen });
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0);
  });

  it('is found wrong where the areas of the viewer are forgotten', async () => {
    const resolver = world.resolverOf(forgetful(world.log.feeds));
    const same = fc.asyncProperty(questions, async (question) => {
      expect(await told(resolver, question)).toEqual(await oracle(question));
    });
    expect((await fc.check(same, { numRuns: VIEWERS, endOnFailure: true })).failed).toBe(true);
  });
});
