import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Viewer } from '../../src/access/viewer.ts';
import { type Drawn, drawGrid, openPaper, placeAt, publishGrids, type Rectangle } from '../grids/squareGrids.ts';
import { appoint, makeBody, makePerson, makePost } from '../posts/postsFixture.ts';
import type { Api } from '../support/api.ts';
import { Figuring } from './figureWorld.ts';
import { insertMatters, insertVisits, type Matter } from './insertMatters.ts';

const NOW = new Date('2026-06-15T12:00:00+08:00');
const local = (text: string) => new Date(`${text}+08:00`);
const REDRAWN = local('2026-01-01T00:00:00');
const MARCH = 'from: "2026-03-01T00:00:00+08:00", to: "2026-04-01T00:00:00+08:00"';

let api: Api;
let world: Figuring;
let govId: number;
const ids: Record<string, string> = {};
const bodies = { station: makeBody('Station'), elsewhere: makeBody('Elsewhere station') };

const draw = (tier: string, code: string, on: Rectangle, parent?: string, more: Drawn = {}) => {
  const draft = drawGrid(`gov/${tier}`, code, on, more);
  ids[code] = draft.id;
  return { ...draft, parentId: parent ? ids[parent] : null };
};
const population = (value: number, date: string) => ({ measure: 'population', value, date, source: 'census' });

/** City C of 40 by 10; county K1 with villages V1, V2, V3 of which V2 gives V1 two columns in 2026, K2 undivided. */
beforeAll(async () => {
  api = await openPaper(
    [{ code: 'gov', kind: 'PARTITION', tiers: ['city', 'county', 'village'] }],
    ['local'],
    () => NOW,
  );
  const { editions, writers, atlas } = api.app;
  await publishGrids(api, [
    draw('city', 'C', [0, 0, 40, 10]),
    draw('county', 'K1', [0, 0, 30, 10], 'C'),
    draw('county', 'K2', [30, 0, 10, 10], 'C', { loads: [population(50_000, '2025-12-31')] }),
    draw('village', 'V1', [0, 0, 10, 10], 'K1', {
      loads: [population(100_000, '2024-12-31'), population(300_000, '2027-01-01')],
    }),
    draw('village', 'V2', [10, 0, 10, 10], 'K1', { loads: [population(199_999.5, '2025-12-31')] }),
    draw('village', 'V3', [20, 0, 10, 10], 'K1'),
  ]);
  await editions.publish('Redraw', async (trx, edition) => {
    const moved = (code: string, on: Rectangle) => ({
      ...{ gridId: ids[code], from: REDRAWN },
      set: { boundary: drawGrid('gov/village', code, on).boundary },
    });
    await writers.grids.reviseGrids(trx, edition, [moved('V1', [0, 0, 12, 10]), moved('V2', [12, 0, 8, 10])]);
  });
  govId = atlas.findLayer('gov')!.id;
  await staff();
  world = new Figuring(api.app, () => NOW);
});
afterAll(() => api.close());

async function staff() {
  const { editions, writers } = api.app;
  const people = [makePerson('One', { bodyId: bodies.station.id }), makePerson('Two')];
  const posts = ['V1', 'V2', 'K2'].map((code) => makePost('officer', ids[code]));
  await editions.publish('Staff', async (trx, edition) => {
    const tiers = [
      { layer: 'gov', tier: 'village', required: true },
      { layer: 'gov', tier: 'county', required: false },
    ];
    await writers.posts.insertRoles(trx, edition, [
      { code: 'officer', name: 'Officer', answersAs: 'officer', position: 1, categories: [], tiers },
    ]);
    await writers.posts.insertBodies(trx, edition, Object.values(bodies));
    await writers.posts.insertPeople(trx, edition, people);
    await writers.posts.insertPosts(trx, edition, posts);
    await writers.posts.insertAppointments(trx, edition, [
      appoint(posts[0], people[0]),
      appoint(posts[1], people[0]),
      appoint(posts[2], people[1]),
    ]);
  });
}

const matter = (code: string, column: number, reportedAt: string, more: Partial<Matter> = {}): Matter => ({
  ...{ reportedAt: local(reportedAt), at: [column, 5.5], owners: [{ gridId: ids[code], layerId: govId }] },
  ...more,
});
const many = (count: number, of: (i: number) => Matter) => Array.from({ length: count }, (_, i) => of(i));
const RATES = 'rates { kind percent numerator denominator value text }';
const rateOf = (answer: { rates: { kind: string }[] }, kind: string) => answer.rates.find((rate) => rate.kind === kind);
const inAreas = (...codes: string[]): Viewer => ({
  ...{ kind: 'person', subject: 'x', grants: [{ role: 'officer', areas: codes.map((code) => ids[code]) }] },
});

describe('shares with their definitions', () => {
  beforeAll(async () => {
    const march = '2026-03-10T10:00:00';
    await insertMatters(api.app, [
      ...many(961, () => matter('V1', 1.5, march, { category: 'drill', origin: 'FOUND' })),
      ...many(39, () => matter('V2', 15.5, march, { category: 'drill' })),
      ...many(1870, (i) =>
        matter('V3', 25.5, march, { category: 'mediated', closedAt: i < 1777 ? local('2026-03-20T10:00:00') : null }),
      ),
      ...many(46, (i) =>
        matter('K2', 35.5, march, { category: 'room', closedAt: i < 45 ? local('2026-03-31T23:59:59.999') : null }),
      ),
    ]);
  });
  const figures = async (category: string, more = '') =>
    (
      await world.ask(`{ figures(within: "C", ${MARCH}, categories: ["${category}"]${more}) {
      ${RATES} total { reported found settled closed open } frame { text edition treeOf } rows { grid { code } counts { reported } ${RATES} } } }`)
    ).figures;

  it('0.12 961 of 1,000 found before they became cases prints 96.1 %', async () => {
    const rate = rateOf(await figures('drill'), 'FOUND_FIRST');
    expect(rate).toMatchObject({ percent: '96.1 %', numerator: 961, denominator: 1000, value: 0.961 });
    expect((rate as unknown as { text: string }).text).toBe(
      'Found before they became cases: 961 of 1,000, 96.1 %. Of 1,000 matters that came in the period: matters that staff found before anybody reported them, 961. Grid C (C); from 2026-03-01 00:00:00 up to 2026-04-01 00:00:00 Asia/Shanghai; by owner, in the tree of 2026-03-31 23:59:59, edition 4; only drill.',
    );
  });

  it('1.10 1,777 of 1,870 prints 95.0 %, and 3.16 45 of 46 prints 97.8 %', async () => {
    expect(rateOf(await figures('mediated'), 'SETTLED')).toMatchObject({ percent: '95.0 %', numerator: 1777 });
    expect(rateOf(await figures('room'), 'SETTLED')).toMatchObject({ percent: '97.8 %', denominator: 46 });
    expect(rateOf(await figures('room', ', decimals: 3'), 'SETTLED')).toMatchObject({ percent: '97.826 %' });
  });

  it('3.1 sums of counties, towns and grids are those of their parents, and shares are closed of found', async () => {
    const city = await figures('mediated', ', by: "county"');
    expect(
      city.rows.map((row: { grid: { code: string } | null; counts: { reported: number } }) => [
        row.grid?.code,
        row.counts.reported,
      ]),
    ).toEqual([
      ['K1', 1870],
      ['K2', 0],
      [undefined, 0],
    ]);
    const villages = await figures('room', ', by: "village"');
    const none = villages.rows.at(-1);
    expect([none.grid, none.counts.reported, villages.total.reported]).toEqual([null, 46, 46]);
    expect(rateOf(await figures('drill'), 'CLOSED_OF_FOUND')).toMatchObject({ percent: '0.0 %', denominator: 961 });
  });

  it('nothing of nothing has no value', async () => {
    const rate = rateOf(await figures('unheard_of'), 'SETTLED');
    expect(rate).toMatchObject({ percent: null, value: null, numerator: 0, denominator: 0 });
    expect((rate as unknown as { text: string }).text).toContain('Settled: no value, for there are none.');
  });

  it('2.18 villages without a matter are of the villages that existed that day', async () => {
    const answer = await figures('drill', ', by: "village"');
    expect(rateOf(answer, 'ZERO_CASE')).toMatchObject({ percent: '33.33 %', numerator: 1, denominator: 3 });
    const early = 'from: "2019-01-01T00:00:00Z", to: "2019-02-01T00:00:00Z"';
    const { errors } = await world.askRaw(`{ figures(within: "C", ${early}, by: "village") { total { reported } } }`);
    expect(errors?.[0].message).toMatch(/^within: C is not there/);
  });
});

describe('boundaries of two days', () => {
  beforeAll(() =>
    insertMatters(api.app, [
      ...many(3, () => matter('V2', 11.5, '2025-06-01T10:00:00', { category: 'border' })),
      matter('V1', 5.5, '2025-06-01T10:00:00', { category: 'border' }),
      matter('V1', 5.5, '2026-05-01T10:00:00', { category: 'border', closedAt: local('2026-05-02T10:00:00') }),
      matter('V2', 15.5, '2026-05-01T10:00:00', { category: 'border' }),
      matter('V1', 9, '2025-07-01T10:00:00', {
        ...{ category: 'ridge', area: square(7.5, 13.5) },
        owners: [
          { gridId: ids.V1, layerId: govId, share: 0.41 },
          { gridId: ids.V2, layerId: govId, share: 0.59 },
        ],
      }),
    ]),
  );
  const square = (west: number, east: number) => {
    const [a, b] = [placeAt(west, 2), placeAt(east, 4)];
    const ring = [
      [a.lon, a.lat],
      [b.lon, a.lat],
      [b.lon, b.lat],
      [a.lon, b.lat],
      [a.lon, a.lat],
    ];
    return { type: 'Polygon', coordinates: [ring] };
  };
  const YEAR = 'from: "2025-01-01T00:00:00+08:00", to: "2026-01-01T00:00:00+08:00"';
  const reported = (answer: { rows: { grid: { code: string } | null; counts: { reported: number } }[] }) =>
    answer.rows.map(({ grid, counts }) => [grid?.code, counts.reported]);
  const both = (category: string, first: string, second: string, more = '') =>
    world.ask(`{ compareFigures(within: "K1", by: "village", categories: ["${category}"], first: {${first}}, second: {${second}}${more}) {
      first { frame { text campaign { code } } rows { grid { code } counts { reported } } } second { frame { text } rows { grid { code } counts { reported } } }
      counts { measure first second change } rates { kind first { text } change } } }`);

  it('0.16 and 4.12 give two labelled results for the same events, and the change from year to year', async () => {
    const { compareFigures: asked } = await both(
      'border',
      `${YEAR}, boundaryDate: "2025-06-01T00:00:00+08:00"`,
      `${YEAR}, boundaryDate: "2026-02-01T00:00:00+08:00"`,
    );
    expect(reported(asked.first)).toEqual([
      ['V1', 1],
      ['V2', 3],
      ['V3', 0],
      [undefined, 0],
    ]);
    expect(reported(asked.second)).toEqual([
      ['V1', 4],
      ['V2', 0],
      ['V3', 0],
      [undefined, 0],
    ]);
    expect(asked.first.frame.text).toContain('on the boundaries of 2025-06-01 00:00:00, edition 4');
    expect(asked.second.frame.text).toContain('on the boundaries of 2026-02-01 00:00:00, edition 4');
    const day = 'boundaryDate: "2026-02-01T00:00:00+08:00"';
    world.practice = {
      ...world.practice,
      campaigns: [
        { code: 'quiet', name: 'Quiet year', from: REDRAWN, to: local('2027-01-01T00:00:00'), categories: [] },
      ],
    };
    const { compareFigures: years } = await both(
      'border',
      `campaign: "quiet", ${YEAR}, ${day}`,
      `campaign: "quiet", ${day}`,
    );
    expect(years.first.frame.text).toMatch(/^Quiet year \(2026-01-01 00:00:00 to 2027-01-01 00:00:00\); Grid K1/);
    expect(years.counts).toContainEqual({ measure: 'reported', first: 4, second: 2, change: '-50.0 %' });
    const settled = years.rates.find(({ kind }: { kind: string }) => kind === 'SETTLED');
    expect(settled.change).toBe('+50.0 points');
    expect(years.counts).toContainEqual({ measure: 'settled', first: 0, second: 1, change: null });
  });

  it('count what is an area once, in the grid with its largest part on that day', async () => {
    const { compareFigures: asked } = await both('ridge', YEAR, `${YEAR}, boundaryDate: "2026-02-01T00:00:00+08:00"`);
    expect(reported(asked.first)).toEqual([
      ['V1', 0],
      ['V2', 1],
      ['V3', 0],
      [undefined, 0],
    ]);
    expect(reported(asked.second)).toEqual([
      ['V1', 1],
      ['V2', 0],
      ['V3', 0],
      [undefined, 0],
    ]);
  });

  it('are the same for whoever may read them, except what others own on that ground', async () => {
    const ask = (more: string, viewer?: Viewer) =>
      world.ask(
        `{ figures(within: "V1", ${YEAR}, categories: ["border", "ridge"]${more}) { total { reported } frame { partial } } }`,
        viewer,
      );
    expect((await ask('')).figures).toEqual({ total: { reported: 1 }, frame: { partial: false } });
    // V1 owns a part of the ridge and sees it; it counts in V2, for everybody.
    expect((await ask('', inAreas('V1'))).figures).toEqual((await ask('')).figures);
    const today = ', boundaryDate: "2026-02-01T00:00:00+08:00"';
    expect((await ask(today)).figures).toEqual({ total: { reported: 5 }, frame: { partial: false } });
    expect((await ask(today, inAreas('V1'))).figures).toEqual({ total: { reported: 2 }, frame: { partial: true } });
  });
});

describe('days, weeks and months', () => {
  beforeAll(async () => {
    const [end, begin] = ['2026-04-08T23:59:59.999', '2026-04-09T00:00:00'];
    const task = { gridId: ids.V1, issuedAt: local(begin), dueAt: local('2026-04-10T12:00:00') };
    await insertMatters(api.app, [
      matter('V1', 1.5, end, { category: 'night', closedAt: local('2026-04-09T00:00:00'), tasks: [task] }),
      matter('V2', 15.5, begin, {
        category: 'night',
        tasks: [{ ...task, handledAt: local('2026-04-10T12:00:00') }],
        attempts: [local('2026-04-12T23:59:59'), local('2026-04-13T00:00:00')],
      }),
      matter('K2', 35.5, '2026-04-30T23:59:59', { category: 'night', tasks: [{ ...task, status: 'WITHDRAWN' }] }),
    ]);
    await insertVisits(api.app, [
      { at: [1.5, 1.5], gridId: ids.V1, visitedAt: local(end) },
      { at: [35.5, 1.5], gridId: ids.K2, visitedAt: local(begin) },
      { at: [35.5, 2.5], gridId: ids.K2, visitedAt: local(begin), accepted: false },
    ]);
  });
  const COUNTS = 'reported closed attempts tasksIssued tasksHandled tasksDue tasksInTime tasksLate visits';
  const digest = async (day: string, period = 'DAY') =>
    (
      await world.ask(`{ digest(within: "C", day: "${day}", period: ${period}, by: "village", categories: ["night"]) {
      frame { from to } openAtEnd total { ${COUNTS} } days { day counts { ${COUNTS} } } rows { grid { code } counts { ${COUNTS} } } } }`)
    ).digest;
  const plus = (parts: Record<string, number>[]) =>
    Object.fromEntries(Object.keys(parts[0]).map((key) => [key, parts.reduce((sum, part) => sum + part[key], 0)]));

  it('1.19 a digest is cut at midnight where the registry is: 23:59:59 and 00:00:00 differ', async () => {
    const [eve, day] = [await digest('2026-04-08'), await digest('2026-04-09')];
    expect(eve.frame).toMatchObject({ from: local('2026-04-08T00:00:00'), to: local('2026-04-09T00:00:00') });
    expect([eve.total.reported, eve.total.closed, eve.total.visits, eve.openAtEnd]).toEqual([1, 0, 1, 1]);
    expect([day.total.reported, day.total.closed, day.total.visits, day.openAtEnd]).toEqual([1, 1, 1, 1]);
    expect(
      day.rows.map((row: { grid: { code: string } | null; counts: { reported: number } }) => [
        row.grid?.code,
        row.counts.reported,
      ]),
    ).toEqual([
      ['V1', 0],
      ['V2', 1],
      ['V3', 0],
      [undefined, 0],
    ]);
    const due = (await digest('2026-04-10')).total;
    expect([due.tasksDue, due.tasksInTime, due.tasksLate]).toEqual([2, 1, 1]);
  });

  it('3.6 the sums of days are those of the week and of the month, and rows sum to the whole', async () => {
    for (const [period, length] of [
      ['WEEK', 7],
      ['MONTH', 30],
    ] as const) {
      const whole = await digest('2026-04-10', period);
      expect(whole.days).toHaveLength(length);
      expect(plus(whole.days.map(({ counts }: { counts: Record<string, number> }) => counts))).toEqual(whole.total);
      expect(plus(whole.rows.map(({ counts }: { counts: Record<string, number> }) => counts))).toEqual(whole.total);
    }
    const week = await digest('2026-04-10', 'WEEK');
    const days = [];
    for (const { day } of week.days) days.push((await digest(day)).total);
    expect(week.days[0].day).toBe('2026-04-06');
    expect(plus(days)).toEqual(week.total);
    expect(week.total).toMatchObject({ attempts: 1, reported: 2, visits: 2 });
  });
});

describe('grades, credit, quotas and loads', () => {
  beforeAll(async () => {
    const [began, ended] = ['2026-05-03T10:00:00', local('2026-05-20T10:00:00')];
    const by = (bodyId: string, gridId: string) => ({ gridId, issuedAt: local(began), handledAt: ended, bodyId });
    const attended = (handledAt: Date) => ({
      gridId: ids.V1,
      purpose: 'ATTEND' as const,
      issuedAt: local(began),
      handledAt,
    });
    await insertMatters(api.app, [
      matter('V1', 1.5, began, { category: 'graded', severity: 'red' }),
      matter('V2', 15.5, began, { category: 'graded', severity: 'green' }),
      matter('K2', 35.5, began, { category: 'graded', severity: 'green' }),
      matter('K2', 35.5, began, { category: 'graded', severity: 'violet' }),
      matter('K2', 35.5, began, { category: 'graded' }),
      matter('K2', 35.5, began, { category: 'graded', severity: 'red', closedAt: ended }),
      matter('V1', 1.5, began, {
        ...{ category: 'credit', closedAt: ended },
        tasks: [by(bodies.station.id, ids.V1), by(bodies.station.id, ids.K1), by(bodies.elsewhere.id, ids.V1)],
      }),
      matter('K2', 35.5, began, { category: 'credit', closedAt: ended, tasks: [by(bodies.station.id, ids.K2)] }),
      matter('K2', 35.5, began, { category: 'credit', closedAt: ended, outcome: 'UNFOUNDED' }),
      ...[1, 2, 3, 4].map((i) =>
        matter('V1', 1.5, began, { category: 'quota', tasks: [attended(local(`2026-05-0${i + 3}T10:00:00`))] }),
      ),
      matter('V1', 1.5, began, { category: 'quota', tasks: [attended(local('2026-06-01T00:00:00'))] }),
      matter('V1', 1.5, began, { category: 'other', tasks: [attended(ended)] }),
    ]);
    world.practice = {
      ...world.practice,
      severities: [
        { code: 'red', name: '红' },
        { code: 'yellow', name: '黄' },
        { code: 'green', name: '绿' },
      ],
      quotas: [{ role: 'officer', purpose: 'ATTEND', categories: ['quota'], perMonth: 5 }],
    };
  });

  it('1.17 grades roll up, and every open matter is in one of them', async () => {
    const { severityFigures: asked } = await world.ask(
      '{ severityFigures(within: "C", by: "county", categories: ["graded"]) { open grades { code name count } rows { grid { code } grades { code count } } } }',
    );
    expect(asked.open).toBe(5);
    expect(asked.grades).toEqual([
      { code: 'red', name: '红', count: 1 },
      { code: 'yellow', name: '黄', count: 0 },
      { code: 'green', name: '绿', count: 2 },
      { code: 'violet', name: null, count: 1 },
      { code: null, name: null, count: 1 },
    ]);
    expect(
      asked.rows.map((row: { grid: unknown; grades: { count: number }[] }) => row.grades.map(({ count }) => count)),
    ).toEqual([
      [1, 0, 1, 0, 0],
      [0, 0, 1, 1, 1],
      [0, 0, 0, 0, 0],
    ]);
  });

  it('2.13 shared credit counts once at each tier, and 3.13 shows the home unit of who came from elsewhere', async () => {
    const { settledCredit: asked } = await world.ask(
      '{ settledCredit(within: "C", from: "2026-05-01T00:00:00+08:00", to: "2026-06-01T00:00:00+08:00", categories: ["credit"]) { settled tiers { tier { code } grids { grid { code } settled } inNoGrid } bodies { body { name } settled shared } } }',
    );
    expect(asked.settled).toBe(2);
    expect(asked.tiers).toEqual([
      {
        tier: { code: 'county' },
        grids: [
          { grid: { code: 'K1' }, settled: 1 },
          { grid: { code: 'K2' }, settled: 1 },
        ],
        inNoGrid: 0,
      },
      { tier: { code: 'village' }, grids: [{ grid: { code: 'V1' }, settled: 1 }], inNoGrid: 1 },
    ]);
    expect(asked.bodies).toEqual([
      { body: { name: 'Station' }, settled: 2, shared: 1 },
      { body: { name: 'Elsewhere station' }, settled: 1, shared: 1 },
    ]);
  });

  it('2.12 a month with four of five is short by one, by local midnight', async () => {
    const quotas = async (month: string) =>
      (
        await world.ask(
          `{ quotas(within: "K1", month: "${month}") { over short rows { grid { code } vacant done wanted shortBy } } }`,
        )
      ).quotas;
    const may = await quotas('2026-05');
    expect(may).toMatchObject({ over: true, short: 3 });
    expect(may.rows[0]).toEqual({ grid: { code: 'V1' }, vacant: false, done: 4, wanted: 5, shortBy: 1 });
    expect(may.rows[2]).toMatchObject({ grid: { code: 'V3' }, vacant: true, shortBy: 5 });
    expect(await quotas('2026-06')).toMatchObject({ over: false, rows: [{ done: 1 }, {}, {}] });
  });

  it('1.3 load for each post is from dated sums, with their dates, sources and what is missing', async () => {
    const LOAD = 'load oldest newest sources missing posts holders perPost perHolder text';
    const { loadPerPost: asked } = await world.ask(
      `{ loadPerPost(within: "C", by: "county", measure: "population", role: "officer") { total { ${LOAD} } rows { grid { code } ${LOAD} } } }`,
    );
    expect(asked.total).toEqual({
      ...{ load: 349_999.5, oldest: '2024-12-31', newest: '2025-12-31', sources: ['census'], missing: 1 },
      ...{ posts: 3, holders: 2, perPost: '116,666.5', perHolder: '174,999.8' },
      text: 'Grid C (C): population 349,999.5 (2024-12-31 to 2025-12-31; census), without 1 grids that have none, for 3 held posts of the role Officer, 116,666.5 each.',
    });
    expect(asked.rows[1]).toMatchObject({
      grid: { code: 'K2' },
      load: 50_000,
      posts: 1,
      perPost: '50,000.0',
      missing: 0,
    });
    expect(asked.rows[0]).toMatchObject({ posts: 2, holders: 1 });
  });
});

describe('who may not', () => {
  const ask = (within: string, viewer: Viewer, rest = `${MARCH}`) =>
    world.askRaw(`{ figures(within: "${within}", ${rest}) { total { reported } } }`, viewer);
  const codeOf = async (answer: ReturnType<typeof ask>) =>
    ((await answer).errors?.[0].originalError as { code?: string } | undefined)?.code;

  it('a foreign grid and an unknown one are the same, and the public signs in first', async () => {
    const foreign = await ask('K2', inAreas('K1'));
    const unknown = await ask('nowhere', inAreas('K1'));
    expect(foreign.errors![0].message.replaceAll('K2', '…')).toBe(
      unknown.errors![0].message.replaceAll('nowhere', '…'),
    );
    expect(await codeOf(ask(randomUUID(), inAreas('K1')))).toBe('NOT_FOUND');
    expect(
      await codeOf(ask('K1', { kind: 'public', subject: 'public', grants: [{ role: 'public', areas: 'everywhere' }] })),
    ).toBe('UNAUTHENTICATED');
    expect((await ask('V2', inAreas('K1'))).errors).toBeUndefined();
  });

  it('a period that ends before it begins, has no end, or a tier and campaign that are not there are refused', async () => {
    const all = inAreas('C');
    expect(await codeOf(ask('C', all, 'from: "2026-03-01T00:00:00Z", to: "2026-02-01T00:00:00Z"'))).toBe('BAD_INPUT');
    expect(await codeOf(ask('C', all, 'from: "2026-03-01T00:00:00Z"'))).toBe('BAD_INPUT');
    expect(await codeOf(ask('C', all, `${MARCH}, by: "city"`))).toBe('NOT_FOUND');
    expect(await codeOf(ask('C', all, `${MARCH}, campaign: "loud"`))).toBe('NOT_FOUND');
    expect(await codeOf(ask('C', all, `${MARCH}, decimals: 7`))).toBe('BAD_INPUT');
  });
});
