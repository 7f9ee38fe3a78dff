import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { GridDraft } from '../../../src/grids/territory.type.ts';
import type { Routed, RoutedMatter } from '../../../src/incidents/routing/route.type.ts';
import type { Router } from '../../../src/incidents/routing/router.ts';
import type { Directory } from '../../../src/posts/directory.ts';
import type { GridPost } from '../../../src/posts/gridPost.ts';
import type { AppointmentDraft, PostDraft } from '../../../src/posts/post.type.ts';
import type { HandlerPractice, Practice } from '../../../src/practice/practice.type.ts';
import { drawGrid } from '../../grids/squareGrids.ts';
import { drawRole } from '../../ownership/staffedPaper.ts';
import { appoint, makeBody, makePerson, makePost } from '../../posts/postsFixture.ts';
import { emptyTables, openTestDatabase } from '../../support/database.ts';
import { codesOf, ladder, type Registry, RoutingWorld, route, wordsOf } from './routingWorld.ts';
import { competentHolders, type Question, seatsOn, slowRouting } from './slowRouting.ts';

/** Cities side by side in one registry, each with so many questions. ROUTING_CITIES=600 is the big run. */
const CITIES = Number(process.env.ROUTING_CITIES ?? 40);
const QUESTIONS = 15;
const SEED = 20261122;

const TIERS = ['gov/district', 'gov/town', 'gov/village', 'police/station', 'police/beat'];
const roles = [
  drawRole('officer', 1, ['gov/village!', 'gov/town', 'police/beat!']),
  drawRole('team', 2, ['gov/village', 'gov/town!', 'gov/district']),
  drawRole('bouyei', 3, ['gov/village', 'gov/town', 'police/station']),
  drawRole('squad', 4, TIERS, { categories: ['fire', 'flood'] }),
  drawRole('clerk', 5, TIERS),
];
const bodies = [
  makeBody('General team', { kind: 'TEAM', languages: ['zh'] }),
  makeBody('Bouyei team', { kind: 'TEAM', languages: ['zh', 'pcc'] }),
  makeBody('Fire squad', { kind: 'SQUAD', categories: ['fire'] }),
  makeBody('Office', { kind: 'DEPARTMENT', categories: ['flood', 'noise'], languages: ['pcc'] }),
];
const people = [
  makePerson('Fin', { bodyId: bodies[1].id }),
  makePerson('Gao', { bodyId: bodies[0].id }),
  makePerson('Lee', { languages: ['pcc'] }),
];
const holders = [...bodies, ...people];

const RANKS: AppointmentDraft['rank'][] = ['PRIMARY', 'DEPUTY', 'REINFORCEMENT', 'SUPPORT'];
const anyHolders = fc.uniqueArray(fc.record({ holder: fc.nat(holders.length - 1), rank: fc.constantFrom(...RANKS) }), {
  maxLength: 3,
  selector: ({ holder }) => holder,
});
/** For each of six grids and each role: no post, or a post with its holders. */
const anyCity = fc.array(
  fc.array(fc.option(anyHolders, { nil: null, freq: 4 }), { minLength: roles.length, maxLength: roles.length }),
  { minLength: 7, maxLength: 7 },
);
const anyHandler: fc.Arbitrary<HandlerPractice> = fc
  .record({
    purpose: fc.constantFrom<HandlerPractice['purpose']>('HANDLE', 'MEDIATE', 'MEDIATE', 'MEDIATE', 'JOINT'),
    where: fc.option(fc.constantFrom(...TIERS), { nil: null, freq: 2 }),
    role: fc.option(fc.constantFrom(...roles.map(({ code }) => code), 'unknown'), { nil: null, freq: 2 }),
    bodyKind: fc.option(fc.constantFrom('TEAM', 'SQUAD', 'DEPARTMENT'), { nil: null, freq: 2 }),
    hours: fc.option(fc.nat(99), { nil: null }),
  })
  .map(({ where, ...rest }) => {
    const [layer, tier] = where?.split('/') ?? [null, null];
    return { ...rest, layer, tier };
  });
const anyQuestion = fc.record({
  handlers: fc.array(anyHandler, { minLength: 1, maxLength: 4 }),
  rung: fc.constantFrom(...TIERS),
  ladderTiers: fc.constantFrom(null, ['village', 'town', 'district'], ['village', 'district']),
  category: fc.constantFrom('fire', 'flood', 'noise'),
  language: fc.constantFrom(null, 'pcc'),
  finder: fc.constantFrom(null, ...people),
  /** Which of village one, village two, the street without a town, and the beat hold the place. */
  places: fc.subarray([0, 1, 2, 3], { minLength: 1 }),
});

interface City {
  readonly grids: readonly GridDraft[];
  readonly chains: readonly (readonly GridDraft[])[];
  readonly posts: readonly PostDraft[];
  readonly appointments: readonly AppointmentDraft[];
}

function drawCity(
  filled: readonly (readonly (readonly { holder: number; rank: AppointmentDraft['rank'] }[] | null)[])[],
  n: number,
): City {
  const [x, y] = [4 * (n % 20), 2 * Math.floor(n / 20)];
  const d = drawGrid('gov/district', `D${n}`, [x, y, 3, 1]);
  const t = drawGrid('gov/town', `T${n}`, [x, y, 2, 1], { parent: d });
  const [v, w] = [0, 1].map((i) => drawGrid('gov/village', `V${i}-${n}`, [x + i, y, 1, 1], { parent: t }));
  const street = drawGrid('gov/village', `S${n}`, [x + 2, y, 1, 1], { parent: d });
  const station = drawGrid('police/station', `P${n}`, [x, y, 3, 1]);
  const beat = drawGrid('police/beat', `B${n}`, [x, y, 3, 1], { parent: station });
  const grids = [d, t, v, w, street, station, beat];
  const posts: PostDraft[] = [];
  const appointments: AppointmentDraft[] = [];
  grids.forEach((grid, g) => {
    roles.forEach((role, r) => {
      const held = filled[g][r];
      if (!held || !role.tiers.some(({ layer, tier }) => layer === grid.layer && tier === grid.tier)) return;
      const post = makePost(role.code, grid.id);
      posts.push(post);
      appointments.push(...held.map(({ holder, rank }) => appoint(post, holders[holder], { rank })));
    });
  });
  return {
    grids,
    posts,
    appointments,
    chains: [
      [v, t, d],
      [w, t, d],
      [street, d],
      [beat, station],
    ],
  };
}

const cities = fc.sample(anyCity, { seed: SEED, numRuns: CITIES }).map(drawCity);
const asked = fc.sample(anyQuestion, { seed: SEED, numRuns: CITIES * QUESTIONS });
const questions = asked.map(({ places, finder, rung, ...rest }, index): Question & { readonly said: Registry } => {
  const city = cities[index % CITIES];
  const [layer, tier] = rung.split('/');
  const said = { ...city, roles, bodies, people };
  return {
    ...rest,
    said,
    finderId: finder?.id ?? null,
    rung: { layer, tier },
    chains: places.map((i) => city.chains[i]),
  };
});

/** Nobody is known to the registry who holds nothing. */
const hall = drawGrid('gov/district', 'Hall', [200, 200, 1, 1]);
const desk = makePost('clerk', hall.id);
const everything: Registry = {
  ...{ roles, bodies, people },
  grids: [hall, ...cities.flatMap(({ grids }) => grids)],
  posts: [desk, ...cities.flatMap(({ posts }) => posts)],
  appointments: [...people.map((each) => appoint(desk, each)), ...cities.flatMap(({ appointments }) => appointments)],
};

let world: RoutingWorld;
/** The same registry, written from the last row to the first. */
let backwards: RoutingWorld;

beforeAll(async () => {
  const { db } = await openTestDatabase();
  await emptyTables(db);
  world = await RoutingWorld.make(db, everything);
  await emptyTables(db);
  const parentsFirst = [...everything.grids].sort((a, b) => Number(a.parentId !== null) - Number(b.parentId !== null));
  const turned = Object.entries(everything).map(([name, rows]) => [name, [...rows].reverse()]);
  backwards = await RoutingWorld.make(db, { ...Object.fromEntries(turned), grids: parentsFirst });
});

type Answering = (router: Router, matter: RoutedMatter, question: Question) => Routed;
const handlers: Answering = (router, matter, { handlers: all, rung }) => router.handlers(matter, all, rung, 'HAND');

const matterOf = (
  on: RoutingWorld,
  { chains, category, language, finderId }: Omit<Question, 'handlers' | 'rung' | 'ladderTiers'>,
) =>
  on.matter(
    chains.map(([smallest]) => smallest),
    { category, language, finderId },
  );

function answer(on: RoutingWorld, question: Question, by: Answering = handlers, directory?: Directory): Routed {
  const { ladderTiers } = question;
  const sections: Partial<Practice> = ladderTiers ? { ladders: [ladder('l', ladderTiers)] } : {};
  return by(on.router(sections, directory), matterOf(on, question), question);
}

/** What is wrong with an answer by what everybody may expect of it, judged by the drafts alone. */
function faultsOf(routed: Routed, { said, chains, category, finderId }: (typeof questions)[number]): string[] {
  const grids = new Map(chains.flat().map((grid) => [grid.id, grid]));
  return routed.tasks.flatMap(({ purpose, role, gridId, postId }) => {
    const grid = grids.get(gridId);
    const seat = grid && seatsOn(said, grid).find((each) => each.role.code === role);
    if (!seat) return [`${role} is no post on a grid of the chains`];
    const made = said.posts.find((post) => post.gridId === gridId && post.roleCode === role);
    const faults = postId === (made?.id ?? `vacant~${gridId}~${role}`) ? [] : [`${postId} is another post`];
    if (!competentHolders(seat, category)) faults.push(`${role} does not answer for ${category}`);
    const isFinders = finderId !== null && seat.holders.some(({ holder }) => holder.id === finderId);
    if (purpose === 'MEDIATE' && isFinders) faults.push('the finder mediates');
    return faults;
  });
}

const faultsBy = (by?: Answering, directory?: Directory) =>
  questions.flatMap((question) => faultsOf(answer(world, question, by, directory), question));

describe('routing in random cities', () => {
  it('goes to posts on grids of the place that answer for the category, and never to the finder to mediate', () => {
    expect(faultsBy()).toEqual([]);
  });

  it('goes just where the rule says, written once more from the drafts', () => {
    for (const question of questions) {
      const said = world.say(answer(world, question)).map((line) => line.replace('of Grid', 'Grid'));
      expect(said).toEqual(slowRouting(question.said, question));
    }
  });

  it('has for each handler on each grid one task or a word why not', () => {
    const answers = questions.flatMap((question) =>
      question.handlers.flatMap((handler) =>
        question.chains.map((chain) => answer(world, { ...question, handlers: [handler], chains: [chain] })),
      ),
    );
    const excuses = (routed: Routed) =>
      codesOf(routed).filter((code) => code === 'NOT_CONFIGURED' || code === 'MISSING_TIER').length;
    for (const routed of answers) expect(routed.tasks.length + excuses(routed)).toBe(1);
    // Both, many times.
    expect(answers.filter(({ tasks }) => tasks.length === 1).length).toBeGreaterThan(CITIES);
    expect(answers.filter(({ tasks }) => tasks.length === 0).length).toBeGreaterThan(CITIES);
  });

  it('is the same for an area as for its parts, each post once for each purpose', () => {
    for (const question of questions) {
      const parts = question.handlers.flatMap((handler) =>
        question.chains.map((chain) => answer(world, { ...question, handlers: [handler], chains: [chain] })),
      );
      expect(world.say(answer(world, question))).toEqual([...new Set(parts.flatMap((part) => world.say(part)))]);
    }
  });

  it('is the same whatever order the registry was written in', () => {
    const plain = (routed: Routed) => ({ ...routed, tasks: routed.tasks.map((task) => ({ ...task, id: '' })) });
    for (const question of questions) {
      expect(plain(answer(backwards, question))).toEqual(plain(answer(world, question)));
    }
  });

  it('is tried with every notice', () => {
    const told = new Set(questions.flatMap((question) => codesOf(answer(world, question))));
    const all = ['FINDER_EXCLUDED', 'LANGUAGE_NOT_SERVED', 'MISSING_TIER', 'NOT_CONFIGURED', 'VACANT'];
    expect([...told].sort()).toEqual(all);
    expect(
      questions.filter((question) => wordsOf(answer(world, question)).includes('does it instead')).length,
    ).toBeGreaterThan(3);
  });

  it('starts on a rung that has a grid and a route, or says that none is configured', () => {
    let begun = 0;
    for (const { handlers: named, rung, ladderTiers, ...question } of questions) {
      const routes = [route(`${rung.layer}/${rung.tier}: fire`), route('gov/town')].map((each) => ({
        ...each,
        handlers: named,
      }));
      const ladders = ladderTiers ? [ladder('l', ladderTiers)] : [];
      const started = world.router({ routes, ladders }).start(matterOf(world, question));
      const served = question.chains.flat().filter(({ layer, tier }) => {
        const isNamed = question.category === 'fire' && layer === rung.layer && tier === rung.tier;
        return isNamed || (layer === 'gov' && tier === 'town');
      });
      const on = started.rung;
      if (on) expect(served.some(({ layer, tier }) => layer === on.layer && tier === on.tier)).toBe(true);
      else expect([served.length, started.tasks.length]).toEqual([0, 0]);
      if (started.tasks.length === 0)
        expect(codesOf(started).some((code) => code === 'NOT_CONFIGURED' || code === 'MISSING_TIER')).toBe(true);
      begun += on ? 1 : 0;
    }
    expect(begun).toBeGreaterThan(CITIES);
    expect(begun).toBeLessThan(questions.length);
  });
});

describe('a router that is wrong', () => {
  it('because it forgets who found it is found out', () => {
    const forgetful: Answering = (router, matter, question) =>
      handlers(router, { ...matter, finderId: null }, question);
    expect(new Set(faultsBy(forgetful))).toEqual(new Set(['the finder mediates']));
  });

  it('because it takes the first post whatever it answers for is found out', () => {
    const careless = (entry: GridPost): GridPost => {
      const anyMatter = <T extends object>(of: T): T => Object.assign(Object.create(of), { categories: [] });
      const everybody = entry.holders.map((each) => ({ ...each, holder: anyMatter(each.holder) }));
      return { ...entry, role: anyMatter(entry.role), holders: everybody };
    };
    const directory = Object.assign(Object.create(world.directory), {
      holdingsOnGrid: (...question: Parameters<Directory['holdingsOnGrid']>) =>
        world.directory.holdingsOnGrid(...question).map(careless),
      findPerson: (...question: Parameters<Directory['findPerson']>) => world.directory.findPerson(...question),
    });
    const faults = new Set(faultsBy(handlers, directory));
    expect(faults).toContain('squad does not answer for noise');
    expect([...faults].every((fault) => fault.includes('does not answer for'))).toBe(true);
  });
});
