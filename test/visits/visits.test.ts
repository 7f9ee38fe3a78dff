import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Viewer } from '../../src/access/viewer.ts';
import { placeAt } from '../grids/squareGrids.ts';
import { type Asked, auditOf, DAY, HOUR, NOW, openVisitWorld, signedIn, VISIT, type VisitWorld } from './visitWorld.ts';

let world: VisitWorld;
let ann: Viewer;
let cap: Viewer;
let dispatcher: Viewer;
let head: Viewer;
let time = NOW.getTime() - 60 * DAY;

/** Moments far enough from each other that no visit is taken for a second one, unless a test says so. */
const nextDay = () => {
  time += DAY;
  return new Date(time);
};

beforeAll(async () => {
  world = await openVisitWorld();
  const { grids, people, practice } = world;
  practice.sections.set(grids.T1.id, {
    visits: [
      { code: 'school', name: 'Into schools', siteKinds: ['SCHOOL'], everyDays: 30 },
      { code: 'any', name: 'Anywhere', siteKinds: [], everyDays: null },
    ],
    contacts: [{ code: 'village', name: 'Into the village' }],
  });
  practice.sections.set(grids.T2.id, { visits: [{ code: 'temple', name: 'Temples', siteKinds: [], everyDays: null }] });
  ann = signedIn('ann', 'grid_worker', [grids.A.id], people.ann.id);
  cap = signedIn('cap', 'officer', [grids.T1.id], people.cap.id);
  dispatcher = signedIn('desk', 'dispatcher', [grids.T1.id]);
  head = signedIn('eve', 'officer', [grids.T1.id], people.eve.id);
});

async function record(viewer: Viewer, input: Record<string, unknown>): Promise<Asked> {
  const visitedAt = input.visitedAt ?? nextDay();
  world.clock.now = new Date(time + 2 * DAY);
  const whole = { kind: 'any', ...input, visitedAt };
  return world.ask(viewer, `mutation ($input: VisitInput!) { recordVisit(input: $input) { ${VISIT} } }`, {
    input: whole,
  });
}

async function recorded(viewer: Viewer, input: Record<string, unknown>) {
  const { data, message } = await record(viewer, input);
  expect(message).toBeUndefined();
  return data.recordVisit;
}

const review = (viewer: Viewer, id: string, accepted: boolean, reason?: string) =>
  world.ask(
    viewer,
    `mutation ($id: ID!, $accepted: Boolean!, $reason: String) { reviewVisit(id: $id, accepted: $accepted, reason: $reason) { ${VISIT} } }`,
    { id, accepted, reason },
  );

const mine = () => ({ postId: world.posts.workerA.id, siteId: world.places.schoolA.id });

describe('3.7 recording a visit', () => {
  it('tells which post went where, as of that day, and is not reviewed yet', async () => {
    const note = 'looked  at the fire doors';
    const visit = await recorded(ann, { ...mine(), kind: 'school', contactKind: 'village', note });
    expect(visit).toMatchObject({
      ...{ kind: 'school', contactKind: 'village', role: 'worker', visitor: { name: 'Ann' }, grid: { code: 'A' } },
      place: { siteId: world.places.schoolA.id, addressId: null, name: 'School A', kind: 'SCHOOL', at: placeAt(5, 5) },
      ...{ note: 'looked at the fire doors', flags: [], state: 'UNREVIEWED', recordedBy: 'ann', reviewedAt: null },
    });
  });

  it('takes premises, an address or a point for the place', async () => {
    const { inn, address } = world.places;
    const post = { postId: world.posts.workerA.id };
    expect((await recorded(ann, { ...post, siteId: inn.id })).place).toMatchObject({ siteId: inn.id, name: 'Inn' });
    const there = (await recorded(ann, { ...post, addressId: address.id })).place;
    expect(there).toMatchObject({ siteId: null, addressId: address.id, at: placeAt(3, 3) });
    const at = { ...placeAt(7, 7), datum: 'WGS84' };
    expect((await recorded(ann, { ...post, at })).place).toMatchObject({ siteId: null, at: placeAt(7, 7) });
  });

  it('of a town post belongs to the village where it was', async () => {
    const visit = await recorded(cap, { postId: world.posts.officer1.id, siteId: world.places.schoolB.id });
    expect(visit.grid).toEqual({ code: 'B' });
  });

  it.each<[string, string, () => object]>([
    ['outside the grid of the post', 'input.at', () => ({ siteId: world.places.schoolB.id })],
    ['on the other side of a shared border', 'input.at', () => ({ siteId: null, at: placeAt(10, 5) })],
    ['in the future', 'input.visitedAt', () => ({ visitedAt: new Date(time + 100 * DAY) })],
    ['of a kind that the place does not know', 'input.kind', () => ({ kind: 'temple' })],
    ['in a way that the place does not know', 'input.contactKind', () => ({ contactKind: 'drone' })],
    ['at two places', 'input.at', () => ({ at: placeAt(5, 5) })],
    ['at no place', 'input.at', () => ({ siteId: null })],
    ['with a phone number in the note', 'input.note', () => ({ note: '找张三 13800138000' })],
    ['with a long note', 'input.note', () => ({ note: 'x'.repeat(501) })],
    ['under a short key', 'input.clientKey', () => ({ clientKey: 'short' })],
    ['before the post was held', 'input.visitedAt', () => ({ visitedAt: new Date('2019-12-31T00:00:00Z') })],
  ])('is refused: %s', async (_title, field, wrong) => {
    const { code, message } = await record(ann, { ...mine(), ...wrong() });
    expect([code, message]).toEqual(['BAD_INPUT', expect.stringMatching(new RegExp(`^${field}: `))]);
  });

  it('takes the border for the grid that owns it, as every lookup does', async () => {
    expect((await record(ann, { postId: world.posts.workerA.id, at: placeAt(0, 5) })).code).toBeUndefined();
  });

  it('flags what is recorded more than 72 hours later, and no earlier', async () => {
    const visitedAt = nextDay();
    const flagsAfter = async (hours: number, siteId: string) => {
      world.clock.now = new Date(visitedAt.getTime() + hours * HOUR + (hours === 72 ? 0 : 1));
      const input = { kind: 'any', visitedAt, postId: world.posts.workerA.id, siteId };
      const mutation = 'mutation ($input: VisitInput!) { recordVisit(input: $input) { flags } }';
      return (await world.ask(ann, mutation, { input })).data.recordVisit.flags;
    };
    expect(await flagsAfter(72, world.places.schoolA.id)).toEqual([]);
    expect(await flagsAfter(72.001, world.places.farmA.id)).toEqual(['STALE']);
    time += 4 * DAY;
  });

  it('flags the same place, kind and post within 12 hours, and nothing else', async () => {
    const first = nextDay();
    const again = (hours: number, more: object = {}) =>
      recorded(ann, { ...mine(), visitedAt: new Date(first.getTime() + hours * HOUR), ...more });
    expect((await again(0)).flags).toEqual([]);
    expect((await again(11.9)).flags).toEqual(['TWICE']);
    expect((await again(1, { kind: 'school' })).flags).toEqual([]);
    expect((await again(1, { siteId: world.places.farmA.id })).flags).toEqual([]);
    expect((await again(23.9)).flags).toEqual([]);
    // The place of the school without its name is still the same place.
    expect((await again(-5, { siteId: null, at: placeAt(5, 5) })).flags).toEqual(['TWICE']);
    const { data } = await record(cap, { ...mine(), postId: world.posts.officer1.id, visitedAt: first });
    expect(data.recordVisit.flags).toEqual([]);
    time += 3 * DAY;
  });

  it('under one key is one visit, and another visit under it is refused', async () => {
    const input = { ...mine(), visitedAt: nextDay(), clientKey: 'my own key 1' };
    const [first, second] = [await recorded(ann, input), await recorded(ann, { ...input, note: null })];
    expect(second).toEqual(first);
    expect((await record(ann, { ...input, note: 'other' })).code).toBe('CONFLICT');
    expect((await recorded(cap, { ...input, postId: world.posts.officer1.id })).id).not.toBe(first.id);
    time += DAY;
  });

  it('at the same instant twice is flagged once, whoever comes first', async () => {
    const input = { ...mine(), visitedAt: nextDay() };
    const both = await Promise.all([recorded(ann, input), recorded(ann, input)]);
    expect(both.map(({ flags }) => flags).sort()).toEqual([[], ['TWICE']]);
  });
});

describe('who records a visit', () => {
  it('is whoever holds the post now, or a dispatcher of the area, who names who went', async () => {
    const { posts, people, grids } = world;
    expect((await record(cap, { ...mine() })).code).toBe('FORBIDDEN');
    expect((await record(signedIn('x', 'grid_worker', [grids.A.id]), mine())).code).toBe('FORBIDDEN');
    expect((await record(signedIn('x', 'admin', 'everywhere'), mine())).code).toBe('FORBIDDEN');
    expect((await record(ann, { ...mine(), visitorId: people.bea.id })).code).toBe('FORBIDDEN');
    expect((await record(dispatcher, { ...mine(), visitorId: people.bea.id })).code).toBe('BAD_INPUT');
    expect(await recorded(dispatcher, { ...mine(), visitorId: people.ann.id })).toMatchObject({
      visitor: { name: 'Ann' },
    });
    expect(await recorded(dispatcher, mine())).toMatchObject({ visitor: null, recordedBy: 'desk' });
    for (const nobody of [randomUUID(), 'E-1234']) {
      expect(await recorded({ ...dispatcher, staffId: nobody }, mine())).toMatchObject({ visitor: null });
    }
    const foreign = await record(dispatcher, { ...mine(), postId: posts.officer2.id });
    const unknown = await record(dispatcher, { ...mine(), postId: randomUUID() });
    expect(foreign).toEqual(unknown);
    expect(foreign.code).toBe('NOT_FOUND');
  });

  it('may belong to the body that holds the post, but not to a post taken over since', async () => {
    const { grids, people, posts, places } = world;
    const dan = signedIn('dan', 'officer', [grids.T2.id], people.dan.id);
    const input = { kind: 'temple', siteId: places.schoolC.id };
    expect(await recorded(dan, { ...input, postId: posts.officer2.id })).toMatchObject({ visitor: { name: 'Dan' } });
    world.clock.now = NOW;
    const late = { ...input, postId: posts.workerC.id, visitedAt: new Date('2026-05-30T23:00:00Z') };
    const mutation = 'mutation ($input: VisitInput!) { recordVisit(input: $input) { id } }';
    expect(await world.ask(dan, mutation, { input: late })).toMatchObject({ code: 'BAD_INPUT' });
    const since = { ...late, visitedAt: new Date('2026-05-31T00:00:00Z') };
    expect(await world.ask(dan, mutation, { input: since })).toMatchObject({ data: { recordVisit: {} } });
  });
});

describe('3.7 reviewing a visit', () => {
  it('is for somebody else: never who recorded it, never who went, once', async () => {
    const { id } = await recorded(dispatcher, { ...mine(), visitorId: world.people.ann.id });
    const annAsOfficer = signedIn('ann2', 'officer', [world.grids.T1.id], world.people.ann.id);
    expect((await review(annAsOfficer, id, true)).code).toBe('FORBIDDEN');
    expect((await review(dispatcher, id, true)).code).toBe('FORBIDDEN');
    expect((await review(ann, id, true)).code).toBe('FORBIDDEN');
    const { data } = await review(cap, id, true);
    expect(data.reviewVisit).toMatchObject({ id, state: 'ACCEPTED', reviewedBy: 'cap', reason: null });
    expect((await review(head, id, false, 'no')).code).toBe('CONFLICT');
  });

  it('is for nobody who may have gone, where it is not said who did', async () => {
    const { id } = await recorded(dispatcher, { postId: world.posts.officer1.id, siteId: world.places.schoolA.id });
    expect((await review(cap, id, true)).code).toBe('FORBIDDEN');
    expect((await review(head, id, true)).data.reviewVisit.state).toBe('ACCEPTED');
  });

  it('is for no officer whose login does not say who it is; a desk is known by its login', async () => {
    const { id } = await recorded(ann, mine());
    expect((await review(signedIn('ann-at-home', 'officer', [world.grids.T1.id]), id, true)).code).toBe('FORBIDDEN');
    const { data } = await review(signedIn('desk-2', 'dispatcher', [world.grids.T1.id]), id, true);
    expect(data.reviewVisit).toMatchObject({ state: 'ACCEPTED', reviewedBy: 'desk-2' });
  });

  it('needs a reason to refuse, and an area that holds the place in whichever layer', async () => {
    const { id } = await recorded(ann, mine());
    expect(await review(cap, id, false, ' ')).toMatchObject({ code: 'BAD_INPUT', message: /^reason: / });
    const abroad = signedIn('far', 'officer', [world.grids.T2.id, world.grids.P2.id]);
    expect((await review(abroad, id, true)).code).toBe('NOT_FOUND');
    expect((await review(abroad, randomUUID(), true)).message).toBe((await review(abroad, id, true)).message);
    const police = signedIn('beat', 'officer', [world.grids.P1.id], world.people.cap.id);
    const { data } = await review(police, id, false, '查无此事');
    expect(data.reviewVisit).toMatchObject({ state: 'REFUSED', reason: '查无此事' });
  });

  it('is recorded in the audit as recording is, refusals too, and names no note', async () => {
    const entries = await auditOf(world.db, 'visit');
    const kinds = new Set(entries.map(({ action, result }) => `${action} ${result}`));
    expect([...kinds].sort()).toEqual([
      'visits.record DONE',
      'visits.record REFUSED',
      'visits.review DONE',
      'visits.review REFUSED',
    ]);
    expect(JSON.stringify(entries)).not.toContain('fire doors');
  });
});

describe('lists of visits', () => {
  const list = async (viewer: Viewer, filter: object | null, page: object = {}) => {
    const query = `query ($filter: VisitFilterInput, $first: Int, $after: String) {
      visits(filter: $filter, first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor }
        edges { node { id kind contactKind state flags postId visitedAt grid { code } } } } }`;
    return world.ask(viewer, query, { filter, ...page });
  };
  // biome-ignore lint/suspicious/noExplicitAny: an answer has the form of its query.
  const nodes = (asked: Asked): any[] => asked.data.visits.edges.map(({ node }: { node: object }) => node);

  it('page through all of the area, losing and repeating none while new ones arrive', async () => {
    const all = nodes(await list(cap, null, { first: 200 }));
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const asked: Asked = await list(cap, null, { first: 20, after });
      seen.push(...nodes(asked).map(({ id }) => id));
      after = asked.data.visits.pageInfo.hasNextPage ? asked.data.visits.pageInfo.endCursor : null;
      if (seen.length === 20) await recorded(ann, mine());
    } while (after);
    expect(seen).toEqual(all.map(({ id }) => id));
  });

  it('narrow by every field, and the counts of states add up', async () => {
    const total = async (filter: object) => (await list(cap, filter)).data.visits.totalCount;
    const states = await Promise.all(['UNREVIEWED', 'ACCEPTED', 'REFUSED'].map((state) => total({ state })));
    expect(states.every((count) => count > 0)).toBe(true);
    expect(states.reduce((sum, count) => sum + count, 0)).toBe(await total({}));
    expect((await total({ flagged: true })) + (await total({ flagged: false }))).toBe(await total({}));
    for (const [filter, holds] of [
      [{ kind: 'school' }, (v: { kind: string }) => v.kind === 'school'],
      [{ contactKind: 'village' }, (v: { contactKind: string }) => v.contactKind === 'village'],
      [{ post: world.posts.officer1.id }, (v: { postId: string }) => v.postId === world.posts.officer1.id],
      [{ within: 'B' }, (v: { grid: { code: string } }) => v.grid.code === 'B'],
      [{ flagged: true }, (v: { flags: string[] }) => v.flags.length > 0],
      [
        { from: new Date(time - 9 * DAY), to: new Date(time - 2 * DAY) },
        (v: { visitedAt: Date }) => +v.visitedAt >= time - 9 * DAY && +v.visitedAt < time - 2 * DAY,
      ],
    ] as [object, (visit: unknown) => boolean][]) {
      const all = nodes(await list(cap, null, { first: 200 }));
      const found = nodes(await list(cap, filter, { first: 200 }));
      expect(found.map(({ id }) => id)).toEqual(all.filter(holds).map(({ id }) => id));
      expect(found.length).toBeGreaterThan(0);
    }
  });

  it('show each area its own, and answer of a foreign grid as of an unknown one', async () => {
    const far = signedIn('far', 'officer', [world.grids.T2.id]);
    expect(nodes(await list(far, null)).every(({ grid }) => grid.code === 'C')).toBe(true);
    expect((await list(far, { within: 'A' })).code).toBe('NOT_FOUND');
    expect(await list(far, { within: 'A' })).toEqual(await list(far, { within: 'nowhere' }));
    expect((await list({ ...far, kind: 'public', grants: [] }, null)).code).toBe('UNAUTHENTICATED');
    const [one] = nodes(await list(cap, null));
    const find = `query ($id: ID!) { visit(id: $id) { id } }`;
    expect((await world.ask(cap, find, { id: one.id })).data.visit).toEqual({ id: one.id });
    expect((await world.ask(far, find, { id: one.id })).data.visit).toBeNull();
  });
});
