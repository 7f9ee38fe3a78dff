import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GridDraft } from '../../src/grids/territory.type.ts';
import type { AppointmentDraft, PostDraft } from '../../src/posts/post.type.ts';
import { day, drawGrid, openPaper, publishGrids, type Rectangle } from '../grids/squareGrids.ts';
import { appoint, makeBody, makePerson, makePost } from '../posts/postsFixture.ts';
import { type Api, NOW } from '../support/api.ts';
import { type Drawing, type Mistake, slowRule } from './slowRule.ts';
import { drawRole, publishStaff, whoAnswers } from './staffedPaper.ts';

const SEED = 20260602;
const WORLDS = 80;
const RANKS: AppointmentDraft['rank'][] = ['PRIMARY', 'DEPUTY', 'REINFORCEMENT', 'SUPPORT'];

const roles = [
  drawRole('officer', 1, ['tree/d!', 'tree/b', 'over/top', 'over/patrol'], { answersAs: 'officer' }),
  drawRole('worker', 2, ['tree/c', 'tree/d'], { answersAs: 'gridWorker', categories: ['fire'] }),
  drawRole('clerk', 2, ['tree/a', 'tree/b!', 'tree/c', 'tree/d', 'over/patrol!']),
  drawRole('team', 3, ['tree/a', 'over/top'], { answersAs: 'mediationTeam' }),
];
const bodies = [
  makeBody('Hall'),
  makeBody('Squad', { categories: ['fire'] }),
  makeBody('Gone', { validTo: day('2025-01-01') }),
  makeBody('Desk', { categories: ['theft', 'noise'] }),
];
const people = ['Ann', 'Bo', 'Ce'].map((name) => makePerson(name));
// Whoever has ended holds nothing, so only the living are appointed; managers may have ended.
const holders = [bodies[0], bodies[1], bodies[3], ...people];

/** One grid of a world: who manages it, and for each role no post (null) or a post with its holders. */
const node = fc.record({
  manager: fc.option(fc.nat(bodies.length - 1), { nil: null, freq: 2 }),
  posts: fc.array(
    fc.option(
      fc.uniqueArray(fc.record({ holder: fc.nat(holders.length - 1), rank: fc.constantFrom(...RANKS) }), {
        maxLength: 3,
        selector: ({ holder }) => holder,
      }),
      { nil: null, freq: 2 },
    ),
    { minLength: roles.length, maxLength: roles.length },
  ),
});
const world = fc.record({
  nodes: fc.array(node, { minLength: 7, maxLength: 7 }),
  depth: fc.integer({ min: 1, max: 4 }),
  overlays: fc.constantFrom<'none' | 'one' | 'forked'>('none', 'one', 'forked'),
});
type Plan = typeof world extends fc.Arbitrary<infer T> ? T : never;

/** World number `n` stands alone on its own square of the paper. */
function draw({ nodes, depth, overlays }: Plan, n: number): Drawing & { readonly grids: GridDraft[] } {
  const on: Rectangle = [2 * (n % 20), 2 * Math.floor(n / 20), 1, 1];
  const managed = (i: number) => ({ managerId: nodes[i].manager === null ? null : bodies[nodes[i].manager!].id });
  const tree: GridDraft[] = [];
  for (const [i, tier] of ['a', 'b', 'c', 'd'].slice(0, depth).entries()) {
    tree.unshift(drawGrid(`tree/${tier}`, `${tier}${n}`, on, { parent: tree[0], ...managed(i) }));
  }
  const top = drawGrid('over/top', `top${n}`, on, managed(4));
  const patrols = ['p', 'q'].map((name, i) =>
    drawGrid('over/patrol', `${name}${n}`, on, { parent: top, ...managed(5 + i) }),
  );
  const forks = { none: [], one: [[patrols[0], top]], forked: patrols.map((patrol) => [patrol, top]) }[overlays];
  const chains = [tree, ...forks];
  const grids = [...new Set(chains.flat())];
  const posts: PostDraft[] = [];
  const appointments: AppointmentDraft[] = [];
  grids.forEach((grid, g) => {
    roles.forEach((role, r) => {
      const held = nodes[g].posts[r];
      const isSeated = role.tiers.some(({ layer, tier }) => layer === grid.layer && tier === grid.tier);
      if (!held || !isSeated) return;
      const post = makePost(role.code, grid.id);
      posts.push(post);
      for (const { holder, rank } of held) appointments.push(appoint(post, holders[holder], { rank }));
    });
  });
  const known = new Map([...bodies, ...people].map((each) => [each.id, each]));
  return { chains, grids, roles, posts, appointments, holders: known };
}

let api: Api;
const drawings = fc.sample(world, { seed: SEED, numRuns: WORLDS }).map(draw);
const questions = drawings.flatMap((drawing, n) =>
  [undefined, 'fire', 'theft'].map((category) => ({ drawing, n, category })),
);
let answers: string[][];

beforeAll(async () => {
  api = await openPaper([
    { code: 'tree', kind: 'PARTITION', tiers: ['a', 'b', 'c', 'd'] },
    { code: 'over', kind: 'OVERLAY', tiers: ['top', 'patrol'] },
  ]);
  await publishStaff(api, { roles, bodies });
  await publishGrids(
    api,
    drawings.flatMap(({ grids }) => grids),
  );
  const posts = drawings.flatMap((drawing) => drawing.posts);
  const appointments = drawings.flatMap((drawing) => drawing.appointments);
  await publishStaff(api, { people, posts, appointments });
  answers = [];
  for (const { n, category } of questions) {
    const { holdings } = await whoAnswers(api, 2 * (n % 20) + 0.5, 2 * Math.floor(n / 20) + 0.5, { category });
    answers.push(holdings);
  }
});
afterAll(() => api?.close());

const expected = (mistake?: Mistake) =>
  questions.map(({ drawing, category }) => slowRule(drawing, NOW, category, mistake));

describe('who answers in random worlds', () => {
  it('is what the rule says, line by line', () => {
    expect(answers).toEqual(expected());
  });

  it('is tried with every reason and with vacancies, on overlapping trees too', () => {
    const all = answers.flat().join('\n');
    for (const part of ['DIRECT', 'INHERITED', 'FALLBACK', ': - PRIMARY', 'officer top', 'clerk q'])
      expect(all).toContain(part);
  });

  it.each<Mistake>(['farthest manager', 'ignores depth', 'no category of bodies', 'stands in beside a holder'])(
    'and a twin of the rule that makes the mistake "%s" is found out',
    (mistake) => {
      expect(answers).not.toEqual(expected(mistake));
    },
  );
});
