import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { inAreas } from '../../src/db/areas.ts';
import { toLattice } from '../../src/geometry/lattice.ts';
import type { VisitState } from '../../src/visits/visit.type.ts';
import type { Asked, VisitWorld } from './visitWorld.ts';
import { DAY, NOW, openVisitWorld, signedIn } from './visitWorld.ts';

let world: VisitWorld;

const KINDS = ['school', 'farm', 'inn', ...Array.from({ length: 8 }, (_, i) => `kind_${i + 4}`)];
const SITE_KINDS: Record<string, string[]> = { school: ['SCHOOL'], farm: ['FARM', 'SCHOOL'], inn: ['INN'] };
const EVERY: Record<string, number | null> = { school: 30, farm: null, inn: 7 };

beforeAll(async () => {
  world = await openVisitWorld();
  const visits = KINDS.map((code) => ({
    ...{ code, name: `Into ${code}`, siteKinds: SITE_KINDS[code] ?? [], everyDays: EVERY[code] ?? null },
  }));
  world.practice.sections.set(world.grids.T1.id, { visits });
  const temples = { code: 'school', name: 'Schools', siteKinds: ['SCHOOL'], everyDays: 1 };
  world.practice.sections.set(world.grids.T2.id, { visits: [temples] });
});

interface Made {
  readonly place: 'schoolA' | 'schoolB' | 'schoolC' | 'farmA' | 'inn';
  readonly kind: string;
  readonly daysAgo: number;
  readonly state: VisitState;
}

const GRID = { schoolA: 'A', schoolB: 'B', schoolC: 'C', farmA: 'A', inn: 'A' } as const;
const made = fc.record({
  place: fc.constantFrom(...(Object.keys(GRID) as Made['place'][])),
  kind: fc.constantFrom('school', 'farm', 'inn'),
  daysAgo: fc.integer({ min: 0, max: 40 }),
  state: fc.constantFrom<VisitState>('UNREVIEWED', 'ACCEPTED', 'REFUSED'),
});

/** Records a visit as the service would, and reviews it. */
async function write({ place, kind, daysAgo, state }: Made): Promise<void> {
  const { places, repository, db } = world;
  const { id, point } = places[place];
  const gridId = world.grids[GRID[place]].id;
  const visitedAt = new Date(NOW.getTime() - daysAgo * DAY);
  const named = { siteId: place === 'inn' ? null : id, premisesId: place === 'inn' ? id : null, addressId: null };
  const draft = {
    ...{ id: randomUUID(), kind, contactKind: null, postId: randomUUID(), role: 'worker', staffId: null, note: null },
    ...{ postGridId: gridId, gridId, gridIds: [gridId], ...named, x: toLattice(point.lon), y: toLattice(point.lat) },
    ...{ visitedAt, recordedAt: visitedAt, recordedBy: 'ann', recorderId: null },
  };
  await inAreas(db, 'everywhere', NOW, async (trx) => {
    await repository.insert(trx, draft, null);
    if (state === 'UNREVIEWED') return;
    const review = { reviewedAt: NOW, reviewedBy: 'cap', reviewerId: null, reviewReason: 'seen' };
    await repository.review(trx, draft.id, { state, ...review });
  });
}

/** What is not visited, asked of every visit one by one. The twin counts what nobody has judged. */
function slowly(all: readonly Made[], asOfDaysAgo: number, counts: (state: VisitState) => boolean): string[] {
  const sorts = { schoolA: 'SCHOOL', schoolB: 'SCHOOL', farmA: 'FARM', inn: 'INN' } as const;
  const missing: string[] = [];
  for (const [place, sort] of Object.entries(sorts)) {
    for (const kind of ['school', 'farm', 'inn']) {
      if (!SITE_KINDS[kind].includes(sort)) continue;
      const every = EVERY[kind] ?? Infinity;
      const inTime = all.some(
        (visit) =>
          visit.place === place &&
          visit.kind === kind &&
          counts(visit.state) &&
          visit.daysAgo >= asOfDaysAgo &&
          visit.daysAgo - asOfDaysAgo <= every,
      );
      if (!inTime) missing.push(`${place} ${kind}`);
    }
  }
  return missing.sort();
}

const truly = (state: VisitState) => state === 'ACCEPTED';
const broken = (state: VisitState) => state !== 'REFUSED';
const officer = () => signedIn('cap', 'officer', [world.grids.T1.id]);

async function asked(asOf: Date, within?: string): Promise<string[]> {
  const query = `query ($asOf: DateTime, $within: ID) { unvisited(asOf: $asOf, within: $within, first: 200) {
    totalCount edges { node { siteId kind } } } }`;
  const { data, message } = await world.ask(officer(), query, { asOf, within });
  expect(message).toBeUndefined();
  const names = Object.fromEntries(Object.entries(world.places).map(([name, { id }]) => [id, name]));
  const found = data.unvisited.edges.map(({ node }: { node: { siteId: string; kind: string } }) => {
    return `${names[node.siteId]} ${node.kind}`;
  });
  expect(data.unvisited.totalCount).toBe(found.length);
  return found.sort();
}

describe('3.3 what must be visited and was not', () => {
  it('has eleven kinds, each with its places: visited and unvisited sum to what must be', async () => {
    const query = 'query ($within: ID) { visitKinds(within: $within) { code name must visited unvisited } }';
    const { data } = await world.ask(officer(), query, { within: 'T1' });
    expect(data.visitKinds).toHaveLength(11);
    expect(data.visitKinds.slice(0, 4)).toEqual([
      { code: 'school', name: 'Into school', must: 2, visited: 0, unvisited: 2 },
      { code: 'farm', name: 'Into farm', must: 3, visited: 0, unvisited: 3 },
      { code: 'inn', name: 'Into inn', must: 1, visited: 0, unvisited: 1 },
      { code: 'kind_4', name: 'Into kind_4', must: 0, visited: 0, unvisited: 0 },
    ]);
    const far = signedIn('far', 'officer', [world.grids.T2.id]);
    expect((await world.ask(far, query)).data.visitKinds).toEqual([
      { code: 'school', name: 'Schools', must: 1, visited: 0, unvisited: 1 },
    ]);
    expect((await world.ask(far, query, { within: 'T1' })).code).toBe('NOT_FOUND');
    const all = await world.ask(signedIn('all', 'auditor', 'everywhere'), query);
    expect(all.data.visitKinds[0]).toMatchObject({ code: 'school', must: 3 });
  });

  it('is what a slow search finds, whatever was visited when, and a twin that counts unreviewed visits is caught', async () => {
    const history: Made[] = [];
    let caught = 0;
    const runs = Number(process.env.UNVISITED_RUNS ?? 12);
    await fc.assert(
      fc.asyncProperty(fc.array(made, { minLength: 1, maxLength: 3 }), fc.nat(35), async (visits, daysAgo) => {
        for (const each of visits) {
          await write(each);
          history.push(each);
        }
        const found = await asked(new Date(NOW.getTime() - daysAgo * DAY));
        expect(found).toEqual(slowly(history, daysAgo, truly));
        if (found.join() !== slowly(history, daysAgo, broken).join()) caught += 1;
      }),
      // What was written stays, so a smaller example would not be the same one.
      { numRuns: runs, endOnFailure: true },
    );
    expect(caught).toBeGreaterThan(0);
  });

  it('is listed page by page, never visited ones first, by area and kind', async () => {
    const query = `query ($first: Int, $after: String, $kind: String) {
      unvisited(first: $first, after: $after, kind: $kind, asOf: "2027-06-01T00:00:00Z") {
        totalCount pageInfo { hasNextPage endCursor }
        edges { node { siteId name siteKind kind everyDays lastVisitedAt dueAt grid { code } } } } }`;
    const whole = (await world.ask(officer(), query, { first: 200 })).data.unvisited;
    const names: object[] = [];
    let after: string | null = null;
    do {
      const { data }: Asked = await world.ask(officer(), query, { first: 1, after });
      names.push(...data.unvisited.edges);
      after = data.unvisited.pageInfo.hasNextPage ? data.unvisited.pageInfo.endCursor : null;
    } while (after);
    expect(names).toEqual(whole.edges);
    const dates = whole.edges.map(({ node }: { node: { lastVisitedAt: Date | null } }) => Number(node.lastVisitedAt));
    expect(dates).toEqual([...dates].sort((a, b) => a - b));
    for (const { node } of whole.edges) {
      if (node.lastVisitedAt) expect(+node.dueAt).toBe(+node.lastVisitedAt + node.everyDays * DAY);
    }
    const schools = (await world.ask(officer(), query, { kind: 'school' })).data.unvisited;
    expect(schools.edges.every(({ node }: { node: { kind: string } }) => node.kind === 'school')).toBe(true);
    expect((await world.ask(officer(), query, { kind: 'temple' })).code).toBe('BAD_INPUT');
  });
});
