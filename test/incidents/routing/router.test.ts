import { beforeAll, describe, expect, it } from 'vitest';
import type { AppointmentDraft, BodyDraft, PersonDraft, PostDraft } from '../../../src/posts/post.type.ts';
import { drawGrid } from '../../grids/squareGrids.ts';
import { drawRole } from '../../ownership/staffedPaper.ts';
import { appoint, makeBody, makePerson, makePost } from '../../posts/postsFixture.ts';
import { emptyTables, openTestDatabase } from '../../support/database.ts';
import { codesOf, handler, ladder, NOW, RoutingWorld, route, wordsOf } from './routingWorld.ts';

const HOUR = 3_600_000;
const inHours = (hours: number) => new Date(NOW.getTime() + hours * HOUR);
const PUBLISHED = { timeout: 240_000 };

const D = drawGrid('gov/district', 'D', [0, 0, 6, 2]);
const T = drawGrid('gov/town', 'T', [0, 0, 4, 2], { parent: D });
const [V1, V2, V3] = [0, 1, 2].map((i) => drawGrid('gov/village', `V${i + 1}`, [i, 0, 1, 2], { parent: T }));
/** A street of the district that belongs to no town. */
const S = drawGrid('gov/village', 'S', [5, 0, 1, 2], { parent: D });
const P = drawGrid('police/station', 'P', [0, 0, 6, 2]);
const B = drawGrid('police/beat', 'B', [0, 0, 3, 2], { parent: P });

const zhTeam = makeBody('General team', { kind: 'TEAM', languages: ['zh'] });
const pccTeam = makeBody('Bouyei team', { kind: 'TEAM', languages: ['zh', 'pcc'] });
const townTeam = makeBody('Town team', { kind: 'TEAM', languages: ['zh'] });
const schools = makeBody('School office', { kind: 'DEPARTMENT' });
const unitA = makeBody('Case unit', { kind: 'UNIT' });
const unitB = makeBody('Community unit', { kind: 'UNIT' });
const [fireSquad, floodSquad, crowdSquad] = ['fire', 'flood', 'crowd'].map((category) =>
  makeBody(`Squad for ${category}`, { kind: 'SQUAD', categories: [category] }),
);
const bodies = [zhTeam, pccTeam, townTeam, schools, unitA, unitB, fireSquad, floodSquad, crowdSquad];
const finder = makePerson('Fin', { bodyId: pccTeam.id });
const ann = makePerson('Ann');
const lee = makePerson('Lee', { languages: ['pcc'] });
const women = makePerson('Women', { bodyId: zhTeam.id });

const roles = [
  drawRole('officer', 1, ['gov/village', 'police/beat!', 'gov/town']),
  drawRole('mediators', 2, ['gov/village', 'gov/town', 'gov/district']),
  drawRole('bouyei', 3, ['gov/village']),
  drawRole('women', 4, ['gov/village']),
  drawRole('school', 5, ['gov/district']),
  drawRole('caseUnit', 6, ['police/station']),
  drawRole('communityUnit', 7, ['police/station']),
  drawRole('fireSquad', 8, ['gov/town'], { categories: ['fire'] }),
  drawRole('floodSquad', 9, ['gov/town'], { categories: ['flood'] }),
  drawRole('crowdSquad', 10, ['gov/town']),
  drawRole('head', 11, ['gov/town!', 'gov/district!']),
];

let world: RoutingWorld;

function staff(): { people: PersonDraft[]; posts: PostDraft[]; appointments: AppointmentDraft[] } {
  const posts: PostDraft[] = [];
  const appointments: AppointmentDraft[] = [];
  const fill = (role: string, { id }: typeof V1, ...holders: (PersonDraft | BodyDraft)[]) => {
    const post = makePost(role, id);
    posts.push(post);
    appointments.push(...holders.map((holder) => appoint(post, holder)));
  };
  fill('officer', V1, ann);
  fill('mediators', V1, zhTeam);
  fill('bouyei', V1, pccTeam);
  fill('women', V1, women);
  fill('officer', V2);
  fill('mediators', V2, finder);
  fill('officer', V3, lee);
  // The general team only backs up whoever the village will have.
  const backedUp = makePost('mediators', V3.id);
  posts.push(backedUp);
  appointments.push(appoint(backedUp, zhTeam, { rank: 'SUPPORT' }));
  fill('bouyei', V3, pccTeam);
  fill('mediators', T, townTeam);
  fill('fireSquad', T, fireSquad);
  fill('floodSquad', T, floodSquad);
  fill('crowdSquad', T, crowdSquad);
  fill('school', D, schools);
  fill('caseUnit', P, unitA);
  fill('communityUnit', P, unitB);
  return { people: [finder, ann, lee, women], posts, appointments };
}

beforeAll(async () => {
  const { db } = await openTestDatabase();
  await emptyTables(db);
  world = await RoutingWorld.make(db, { grids: [D, T, V1, V2, V3, S, P, B], roles, bodies, ...staff() });
}, PUBLISHED.timeout);

const threeTiers = ladder('mediation', ['village', 'town', 'district']);
const mediators = ['gov/village', 'gov/town', 'gov/district'].map((where) => route(where, 'MEDIATE mediators'));

describe('where a matter begins', () => {
  it('is the lowest rung of the ladder that has a grid, with the handlers of its route', () => {
    const router = world.router({ ladders: [threeTiers], routes: mediators });
    const started = router.start(world.matter([V1]));
    expect(started).toMatchObject({ ladder: { code: 'mediation' }, rung: { layer: 'gov', tier: 'village' } });
    expect(world.say(started)).toEqual(['MEDIATE mediators of Grid V1']);
    expect(started.tasks[0]).toMatchObject({
      cause: 'ROUTE',
      layer: 'gov',
      tier: 'village',
      dueAt: null,
      startsAt: null,
    });
    expect(started.notices).toEqual([]);
  });

  it('tells the tiers of the ladder that have no grid there', () => {
    const router = world.router({ ladders: [threeTiers], routes: mediators });
    const started = router.start(world.matter([S]));
    expect(codesOf(started)).toEqual(['MISSING_TIER', 'NOT_CONFIGURED']);
    expect(wordsOf(started)).toContain('ladder mediation goes over gov/town');
    // The village has no mediators: told, and nobody else is guessed.
    expect(started).toMatchObject({ rung: { tier: 'village' }, tasks: [] });
    const rungs = router.rungsOf(world.matter([S]))!;
    expect(rungs.missing).toEqual([{ layer: 'gov', tier: 'town' }]);
    expect(rungs.rungs.map(({ tier }) => tier)).toEqual(['village', 'town', 'district']);
  });

  it('leaves out a rung without a route for the category, and says so', () => {
    const router = world.router({
      ladders: [threeTiers],
      routes: [route('gov/village: theft', 'HANDLE officer'), mediators[1]],
    });
    const started = router.start(world.matter([V1]));
    expect(started.rung).toEqual({ layer: 'gov', tier: 'town' });
    expect(world.say(started)).toEqual(['MEDIATE mediators of Grid T']);
    expect(codesOf(started)).toEqual(['NOT_CONFIGURED']);
    expect(wordsOf(started)).toContain('gov/village');
  });

  it('takes the ladder and the route that name the category before those that serve the rest', () => {
    const router = world.router({
      ladders: [threeTiers, ladder('short', ['town'], { categories: ['noise'] })],
      routes: [...mediators, route('gov/town: noise, smoke', 'HANDLE head')],
    });
    expect(world.say(router.start(world.matter([V1], { category: 'noise' })))).toEqual(['HANDLE head of Grid T']);
    expect(router.start(world.matter([V1], { category: 'other' }))).toMatchObject({ ladder: { code: 'mediation' } });
  });

  it('without a ladder is the smallest grid with a route, which cannot climb', () => {
    const router = world.router({
      routes: [route('gov/town', 'HANDLE head'), route('gov/district: dispute', 'HANDLE head')],
    });
    const started = router.start(world.matter([V1, B]));
    expect(started).toMatchObject({ ladder: null, rung: { layer: 'gov', tier: 'town' } });
    expect(world.say(started)).toEqual(['HANDLE head of Grid T']);
    expect(codesOf(started)).toEqual(['NOT_CONFIGURED', 'VACANT']);
    expect(router.rungsOf(world.matter([V1]))).toBeUndefined();
    // Of two layers the one that names the category.
    const named = world.router({
      routes: [route('gov/town', 'HANDLE head'), route('police/beat: theft', 'HANDLE officer')],
    });
    expect(named.start(world.matter([V1, B], { category: 'theft' })).rung).toEqual({ layer: 'police', tier: 'beat' });
  });

  it('without any route is nowhere: not configured, no task, and no error', () => {
    for (const sections of [
      {},
      { ladders: [threeTiers] },
      { ladders: [threeTiers], routes: [route('police/beat: theft', 'HANDLE officer')] },
    ]) {
      const started = world.router(sections).start(world.matter([V1]));
      expect(started).toMatchObject({ rung: null, tasks: [] });
      expect(codesOf(started)).toContain('NOT_CONFIGURED');
    }
    expect(world.router({}).start(world.matter([]))).toMatchObject({ ladder: null, rung: null, tasks: [] });
  });

  it('says that a category is unknown, and still sends it where everything else goes', () => {
    const categories = [{ code: 'noise', name: 'Noise', field: null }];
    const router = world.router({ categories, ladders: [threeTiers], routes: mediators });
    const started = router.start(world.matter([V1]));
    expect(wordsOf(started)).toContain('category: the practice here does not know dispute');
    expect(world.say(started)).toEqual(['MEDIATE mediators of Grid V1']);
    expect(router.start(world.matter([V1], { category: 'noise' })).notices).toEqual([]);
  });
});

describe('the post that a handler means', () => {
  const to = (handlers: readonly string[], grids: Parameters<RoutingWorld['matter']>[0], more = {}) => {
    const read = handlers.map((each) => handler(each));
    return world.router({}).handlers(world.matter(grids, more), read, { layer: 'gov', tier: 'village' }, 'HAND');
  };

  it('is of those of a kind the one that speaks the language; where nobody does it is the general one, and told', () => {
    expect(world.say(to(['MEDIATE [TEAM]'], [V1], { language: 'pcc' }))).toEqual(['MEDIATE bouyei of Grid V1']);
    expect(world.say(to(['MEDIATE [TEAM]'], [V1]))).toEqual(['MEDIATE mediators of Grid V1']);
    const foreign = to(['MEDIATE [TEAM]'], [V1], { language: 'ii' });
    expect(world.say(foreign)).toEqual(['MEDIATE mediators of Grid V1']);
    expect(codesOf(foreign)).toEqual(['LANGUAGE_NOT_SERVED']);
  });

  it('is a squad that answers for the category, of three of the same kind', () => {
    for (const category of ['fire', 'flood', 'crowd']) {
      const squads = to(['HANDLE [SQUAD] @gov/town'], [V1], { category });
      expect(world.say(squads)).toEqual([`HANDLE ${category}Squad of Grid T`]);
    }
    const none = to(['HANDLE [SQUAD] @gov/town'], [V1], { category: 'noise' });
    expect(none.tasks).toEqual([]);
    expect(wordsOf(none)).toMatch(/SQUAD on gov\/town for the category noise: Grid T has no post/);
    expect(to(['HANDLE fireSquad @gov/town'], [V1], { category: 'flood' }).tasks).toEqual([]);
  });

  it('is a department of one tier and an officer of another layer at once', () => {
    const both = to(['HANDLE [DEPARTMENT] @gov/district', 'HANDLE officer @police/beat'], [V1, B], {
      category: 'noise',
    });
    expect(world.say(both)).toEqual(['HANDLE school of Grid D', 'HANDLE officer of Grid B']);
    expect(codesOf(both)).toEqual(['VACANT']);
    expect(both.tasks[1].postId).toBe(`vacant~${B.id}~officer`);
  });

  it('is each of two units of one station', () => {
    const units = to(['HANDLE caseUnit[UNIT] @police/station', 'JOINT communityUnit @police/station'], [V1, B]);
    expect(world.say(units)).toEqual(['HANDLE caseUnit of Grid P', 'JOINT communityUnit of Grid P']);
    expect(units.notices).toEqual([]);
    expect(to(['HANDLE caseUnit[SQUAD] @police/station'], [V1, B]).tasks).toEqual([]);
  });

  it('stays the same when somebody joins in', () => {
    const alone = to(['HANDLE officer'], [V1]);
    const joined = to(['HANDLE officer', 'JOINT women'], [V1]);
    expect({ ...joined.tasks[0], id: '' }).toEqual({ ...alone.tasks[0], id: '' });
    expect(world.say(joined)).toEqual(['HANDLE officer of Grid V1', 'JOINT women of Grid V1']);
  });

  it('is on three tiers at once, and a tier without a grid is told', () => {
    const three = ['HANDLE officer', 'JOINT mediators @gov/town', 'SUPERVISE school @gov/district'];
    expect(world.say(to(three, [V1]))).toHaveLength(3);
    const two = to(three, [S]);
    expect(world.say(two)).toEqual(['SUPERVISE school of Grid D']);
    expect(codesOf(two)).toEqual(['NOT_CONFIGURED', 'MISSING_TIER']);
    expect(wordsOf(two)).toContain('no grid of gov/town holds the place, so role mediators there is not told');
  });

  it('is one on each grid of an area, once for each purpose, and parts without the tier are told', () => {
    const area = to(['HANDLE officer', 'HANDLE officer', 'ATTEND officer', 'JOINT mediators @gov/town'], [V1, V3, T]);
    expect(world.say(area)).toEqual([
      'HANDLE officer of Grid V1',
      'HANDLE officer of Grid V3',
      'ATTEND officer of Grid V1',
      'ATTEND officer of Grid V3',
      'JOINT mediators of Grid T',
    ]);
    expect(wordsOf(area)).toBe('rung: no grid of gov/village holds the part of the place in Grid T.');
  });

  it('is one that somebody holds before one that is only backed up', () => {
    expect(world.say(to(['MEDIATE [TEAM]'], [V3]))).toEqual(['MEDIATE bouyei of Grid V3']);
    expect(world.say(to(['MEDIATE mediators[TEAM]'], [V3]))).toEqual(['MEDIATE mediators of Grid V3']);
    // Whoever backs up is not counted among those who speak a language.
    expect(codesOf(to(['MEDIATE mediators'], [V3], { language: 'zh' }))).toEqual(['LANGUAGE_NOT_SERVED']);
  });

  it('waits where the post is vacant', () => {
    const vacant = to(['HANDLE officer'], [V2]);
    expect(world.say(vacant)).toEqual(['HANDLE officer of Grid V2']);
    expect(codesOf(vacant)).toEqual(['VACANT']);
  });

  it('is nobody where a handler says neither who nor where', () => {
    const nobody = { ...handler('HANDLE officer'), role: null };
    expect(
      codesOf(world.router({}).handlers(world.matter([V1]), [nobody], { layer: 'gov', tier: 'village' }, 'HAND')),
    ).toEqual(['NOT_CONFIGURED']);
    const nowhere = world.router({}).handlers(world.matter([V1]), [handler('HANDLE officer')], null, 'WARNING');
    expect(nowhere).toMatchObject({ tasks: [], notices: [{ code: 'NOT_CONFIGURED' }] });
  });
});

describe('whoever found it', () => {
  const found = (grid: typeof V1, more = {}) => world.matter([grid], { finderId: finder.id, ...more });

  it('never mediates: the mediators of the next rung do, and it is told', () => {
    const router = world.router({ ladders: [threeTiers], routes: mediators });
    const started = router.start(found(V2));
    expect(started.rung?.tier).toBe('village');
    expect(world.say(started)).toEqual(['MEDIATE mediators of Grid T']);
    expect(codesOf(started)).toEqual(['FINDER_EXCLUDED', 'FINDER_EXCLUDED']);
    // A rung that the ladder leaves out is none.
    const steep = world.router({ ladders: [ladder('steep', ['village', 'district'])], routes: mediators });
    expect(steep.start(found(V2))).toMatchObject({
      tasks: [],
      notices: [{ code: 'FINDER_EXCLUDED' }, { code: 'NOT_CONFIGURED' }],
    });
  });

  it('may do everything else', () => {
    const router = world.router({ routes: [route('gov/village', 'HANDLE mediators')] });
    expect(world.say(router.start(found(V2)))).toEqual(['HANDLE mediators of Grid V2']);
  });

  it('has a team that may mediate, after those that are not his or hers, unless it alone speaks the language', () => {
    const own = world.router({ routes: [route('gov/village', 'MEDIATE bouyei')] });
    expect(world.say(own.start(found(V1)))).toEqual(['MEDIATE bouyei of Grid V1']);
    const any = world.router({ routes: [route('gov/village', 'MEDIATE [TEAM]')] });
    expect(world.say(any.start(found(V1)))).toEqual(['MEDIATE mediators of Grid V1']);
    expect(world.say(any.start(found(V1, { language: 'pcc' })))).toEqual(['MEDIATE bouyei of Grid V1']);
    // Found by a member of the general team, which comes first otherwise.
    expect(world.say(any.start(world.matter([V1], { finderId: women.id })))).toEqual(['MEDIATE bouyei of Grid V1']);
  });
});

describe('when and to whom else', () => {
  const village = { layer: 'gov', tier: 'village' };
  const deadlines = [
    { tier: 'village', severity: null, hours: 72 },
    { tier: 'village', severity: 'red', hours: 2 },
    { tier: 'town', severity: null, hours: 240 },
  ];

  it('is due within the hours of the handler, else of the tier for the grade', () => {
    const routes = [
      route('gov/village', 'HANDLE officer', handler('JOINT women', 5)),
      route('gov/town', 'HANDLE head'),
    ];
    const router = world.router({ ladders: [ladder('timed', ['village', 'town'], { deadlines })], routes });
    const due = (severity: string | null) =>
      router.start(world.matter([V1], { severity })).tasks.map(({ dueAt }) => dueAt);
    expect(due('red')).toEqual([inHours(2), inHours(5)]);
    expect(due('blue')).toEqual([inHours(72), inHours(5)]);
    expect(due(null)).toEqual([inHours(72), inHours(5)]);
    const climbed = router.at(world.matter([V1], { severity: 'red' }), { layer: 'gov', tier: 'town' }, 'LADDER');
    expect(climbed.tasks).toMatchObject([{ cause: 'LADDER', dueAt: inHours(240) }]);
  });

  it('tells of a late task whoever leads on the next rung above, or the supervisor that the ladder names', () => {
    const above = world.router({ ladders: [{ ...threeTiers, deadlines }], routes: mediators });
    const told = above.supervisors(world.matter([V1], { language: 'ii' }), village, 'late');
    expect(world.say(told)).toEqual(['SUPERVISE mediators of Grid T']);
    expect(told).toMatchObject({ tasks: [{ cause: 'OVERDUE', aboutId: 'late', dueAt: inHours(240) }], notices: [] });
    const named = (text: string, rung = village) =>
      world
        .router({ ladders: [{ ...threeTiers, supervisor: handler(text) }] })
        .supervisors(world.matter([V1]), rung, 'late');
    expect(world.say(named('SUPERVISE head'))).toEqual(['SUPERVISE head of Grid T']);
    expect(world.say(named('SUPERVISE head @gov/district'))).toEqual(['SUPERVISE head of Grid D']);
    const top = { layer: 'gov', tier: 'district' };
    expect(named('SUPERVISE head', top)).toMatchObject({ tasks: [], notices: [{ code: 'NOT_CONFIGURED' }] });
    expect(world.say(named('SUPERVISE head @gov/district', top))).toEqual(['SUPERVISE head of Grid D']);
    expect(world.router({}).supervisors(world.matter([V1]), village, 'late')).toMatchObject({
      notices: [{ code: 'NOT_CONFIGURED' }],
    });
  });

  it('tells the rung above that one, and says so, where a rung has no route', () => {
    const router = world.router({
      ladders: [threeTiers],
      routes: [route('gov/district', 'ATTEND school', 'HANDLE head')],
    });
    const told = router.supervisors(world.matter([V1]), village, 'late');
    expect(world.say(told)).toEqual(['SUPERVISE head of Grid D']);
    expect(codesOf(told)).toEqual(['NOT_CONFIGURED', 'VACANT']);
  });

  it('asks for another look so many days later, of the post that handled it or of the one named', () => {
    const followed = ladder('followed', ['village', 'town'], { followUpDays: 14 });
    const routes = [route('gov/village', 'JOINT women', handler('MEDIATE mediators', 3)), mediators[1]];
    const router = world.router({ ladders: [followed], routes });
    const later = router.followUps(world.matter([V1]), village);
    expect(world.say(later)).toEqual(['FOLLOW_UP mediators of Grid V1']);
    expect(later.tasks).toMatchObject([{ cause: 'FOLLOW_UP', startsAt: inHours(14 * 24), dueAt: inHours(15 * 24) }]);
    // Found by a mediator of the village: those of the town mediated it, and they look again.
    const found = world.matter([V2], { finderId: finder.id });
    expect(world.say(router.followUps(found, village))).toEqual(['FOLLOW_UP mediators of Grid T']);
    const named = world.router({ ladders: [{ ...followed, followUp: handler('HANDLE officer', 48) }], routes });
    const officer = named.followUps(world.matter([V1]), village);
    expect(world.say(officer)).toEqual(['FOLLOW_UP officer of Grid V1']);
    expect(officer.tasks).toMatchObject([{ startsAt: inHours(14 * 24), dueAt: inHours(16 * 24) }]);
    const never = world.router({ ladders: [threeTiers], routes }).followUps(world.matter([V1]), village);
    expect(never).toEqual({ tasks: [], notices: [] });
  });
});
