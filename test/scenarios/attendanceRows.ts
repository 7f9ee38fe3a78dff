import type { GraphQLObjectType } from 'graphql';
import { expect, it } from 'vitest';
import type { GridPlan } from '../../seeds/plan.type.ts';
import type { Answer } from '../support/api.ts';
import { lookup, type Town } from './demoTown.ts';
import { ladderOf, openOffices, openVillage, routeOf, to } from './incidentOffices.ts';
import { act, asHolder, desk, director, INCIDENT, incidentNow, report, tasksOf } from './incidentWay.ts';

const RESPONSE = `${INCIDENT} response { responseClass minutes arrived late allInTime units { taskId role minutes late } }`;
const CREDIT = `query ($within: ID!, $categories: [String!]) { settledCredit(within: $within, categories: $categories,
  from: "2026-05-01T00:00:00+08:00", to: "2026-07-01T00:00:00+08:00") { settled
    tiers { tier { code } inNoGrid grids { grid { id } settled } } bodies { body { id } settled shared } } }`;
const MINUTE = 60_000;

/** Sets practice that holds since the beginning of 2024, for what is reported on an earlier day. */
const practised = async (town: Town, area: string, practice: object) =>
  act(town, 'setPractice', { area, practice, from: '2024-01-01T00:00:00+08:00' }, await director(town), 'edition');

/** Who was there, when, and who is credited with what came of it. */
export function attendanceRows(town: () => Town): void {
  const credit = async (within: string, categories: string[]) =>
    (await town().api.ask(CREDIT, { within, categories }, await director(town()))).settledCredit;
  /** By whoever holds the post, from the first step to handled; verified by somebody else. */
  const settleBy = async (task: Answer, role: 'officer' | 'grid_worker') => {
    const by = await asHolder(town(), task, role);
    await act(town(), 'acknowledgeTask', { id: task.id }, by);
    await act(town(), 'handleTask', { id: task.id, result: 'DONE', answer: '已化解' }, by);
    return act(town(), 'verifyTask', { id: task.id, accepted: true }, await director(town()));
  };
  const settle = async ({ id }: Answer) =>
    act(town(), 'closeIncident', { id, outcome: 'SETTLED', result: '已化解' }, await director(town()));
  /** Tells of an arrival so long after the report. */
  const arrive = async ({ id, reportedAt }: Answer, task: Answer, minutes: number) => {
    const at = new Date(Date.parse(reportedAt) + minutes * MINUTE);
    await act(town(), 'arriveAtTask', { id: task.id, at }, await desk(town()));
    return incidentNow(town(), id, undefined, RESPONSE);
  };

  it('2.12 the officer of the day must attend, and a month with 4 disputes is short by 1 of the 5 that are wanted', async () => {
    const { at, expect: facts } = town().highlight('relievedOfficer');
    const { village } = await openVillage(town(), 14, {});
    const attends = [to('ATTEND', { role: 'community_officer', layer: 'police', tier: 'beat' })];
    await practised(town(), village.id, {
      routes: [routeOf([], 'village', attends)],
      ladders: [ladderOf('attended', [], ['village'])],
    });
    const attended = async (day: string) =>
      town().on(day, async () => {
        const filed = await report(town(), { category: 'dispute', at });
        const [task] = tasksOf(filed, 'ATTEND');
        expect(task.post).toMatchObject({ role: { code: 'community_officer' }, grid: { id: facts.gridId } });
        const by = await asHolder(town(), task, 'officer');
        await act(town(), 'arriveAtTask', { id: task.id }, by);
        const done = await act(town(), 'handleTask', { id: task.id, result: 'DONE', answer: '到场参与调解' }, by);
        return tasksOf(done, 'ATTEND')[0];
      });
    const [early, late] = [await attended('2024-06-10'), await attended('2024-07-10')];
    const { before } = facts.facts!;
    expect([early.handler.id, early.arrivedAt, early.status]).toEqual([before, expect.any(String), 'HANDLED']);
    expect(late.handler.id).not.toBe(before);
    for (const day of ['2024-08-02', '2024-08-09', '2024-08-16', '2024-08-30']) await attended(day);
    const quotaOf = async (month: string) => {
      const query = `query ($within: ID!, $month: String!) { quotas(within: $within, month: $month) { over short
        rows { role { code } grid { id } purpose done wanted shortBy } } }`;
      const asked = { within: facts.gridId, month };
      const { quotas } = await town().api.ask(query, asked, await director(town()));
      return [quotas.over, quotas.short, quotas.rows];
    };
    const row = { role: { code: 'community_officer' }, grid: { id: facts.gridId }, purpose: 'ATTEND', wanted: 5 };
    expect(await quotaOf('2024-08')).toEqual([true, 1, [{ ...row, done: 4, shortBy: 1 }]]);
    await attended('2024-08-31');
    expect(await quotaOf('2024-08')).toEqual([true, 0, [{ ...row, done: 5, shortBy: 0 }]]);
    expect(await quotaOf('2024-09')).toEqual([true, 1, [{ ...row, done: 0, shortBy: 5 }]]);
  });

  it('2.13 credit that is shared is counted once on every level, never twice', async () => {
    const {
      village,
      town: upper,
      county,
      at,
    } = await openVillage(town(), 15, {
      routes: [
        routeOf([], 'village', [
          to('HANDLE', { role: 'village_officer' }),
          to('JOINT', { role: 'grid_worker', layer: 'governance', tier: 'grid' }),
        ]),
      ],
      ladders: [ladderOf('shared', [], ['village'])],
    });
    for (let i = 0; i < 2; i++) {
      const filed = await report(town(), { category: 'shared_credit', at });
      expect(filed.tasks).toHaveLength(2);
      await settleBy(tasksOf(filed, 'HANDLE')[0], 'officer');
      await settleBy(tasksOf(filed, 'JOINT')[0], 'grid_worker');
      await settle(filed);
    }
    for (const area of [village, upper, county]) {
      const { settled, tiers, bodies } = await credit(area.id, ['shared_credit']);
      expect([area.tier, settled]).toEqual([area.tier, 2]);
      expect(tiers.length).toBeGreaterThan(0);
      for (const { tier, inNoGrid, grids } of tiers) {
        const sum = grids.reduce((all: number, each: Answer) => all + each.settled, inNoGrid);
        expect([tier.code, sum]).toEqual([tier.code, 2]);
      }
      // Both units are credited with the same two, and it is told that they are shared.
      expect(bodies.map((each: Answer) => [each.settled, each.shared])).toEqual([
        [2, 2],
        [2, 2],
      ]);
    }
  });

  it('3.13 what an officer from elsewhere settles here counts for the place, and the home unit is shown', async () => {
    const { plan } = town();
    const handlers = [to('HANDLE', { role: 'village_officer' })];
    const practice = {
      routes: [routeOf([], 'village', handlers)],
      ladders: [ladderOf('helped', [], ['village'])],
    };
    const { village, town: upper, at } = await openVillage(town(), 20, practice);
    const home = plan.bodies.find(({ name }) => name === '淅河派出所社区警务队')!;
    const filed = await report(town(), { category: 'helped_out', at });
    const [task] = tasksOf(filed, 'HANDLE');
    const standing = task.holders[0].holder.id;
    const loan = { from: '2026-05-20T00:00:00+08:00', to: '2026-06-20T00:00:00+08:00' };
    const input = { postId: task.post.id, person: { name: '外来民警', bodyId: home.id }, ...loan };
    const lent = await act(
      town(),
      'reinforce',
      { input },
      await director(town()),
      'person { id } holding { homeUnit { id } }',
    );
    expect(lent.holding.homeUnit.id).toBe(home.id);
    const by = await town().api.asStaff(lent.person.id, 'officer', village.id);
    await act(town(), 'acknowledgeTask', { id: task.id }, by);
    const done = await act(town(), 'handleTask', { id: task.id, result: 'DONE', answer: '已化解' }, by);
    expect(done.tasks[0]).toMatchObject({
      handler: { id: lent.person.id },
      homeUnit: { id: home.id, name: home.name },
    });
    expect(done.tasks[0].holders.map(({ holder }: Answer) => holder.id)).toContain(standing);
    await act(town(), 'verifyTask', { id: task.id, accepted: true }, await director(town()));
    await settle(filed);
    const here = await credit(upper.id, ['helped_out']);
    const villages = here.tiers.find(({ tier }: Answer) => tier.code === 'village');
    expect([here.settled, villages.grids]).toEqual([1, [{ grid: { id: village.id }, settled: 1 }]]);
    expect(here.bodies).toEqual([{ body: { id: home.id }, settled: 1, shared: 0 }]);
    const there = plan.grids.find(({ codes }) => codes[0].code === '421303187')!;
    expect((await credit(there.id, ['helped_out'])).settled).toBe(0);
  });

  /** Five units of the patrol zone of a place, bound by a class of 4 minutes. */
  const openUnits = async () => {
    const { village, at } = await openVillage(town(), 21, {});
    const roles = [1, 2, 3, 4, 5].map((number) => `car_${number}`);
    const zone = (await lookup(town(), at)).layer('patrol').chain.find(({ tier }: Answer) => tier.code === 'zone');
    const grid = { id: zone.id, layer: 'patrol', tier: 'zone' } as GridPlan;
    await openOffices(
      town(),
      roles.map((role) => ({ role, grid, body: 'PATROL_CAR' })),
    );
    const cars = roles.map((role) => to('ATTEND', { role, layer: 'patrol', tier: 'zone' }));
    await practised(town(), village.id, {
      responses: [{ code: '4', minutes: 4, roles }],
      routes: [routeOf([], 'village', cars)],
      ladders: [ladderOf('cars', [], ['village'])],
    });
    return at;
  };

  it('4.3 whether all were there within 4 minutes is said of all 5 cars that were sent', async () => {
    const at = await openUnits();
    const call = () => town().on('2026-05-20', () => report(town(), { category: 'robbery', at, responseClass: '4' }));
    const filed = await call();
    const cars = tasksOf(filed, 'ATTEND');
    expect(cars.map(({ post }) => post.role.code)).toEqual(['car_1', 'car_2', 'car_3', 'car_4', 'car_5']);
    const on = await town().on('2026-05-20', () => incidentNow(town(), filed.id, undefined, RESPONSE));
    expect(on.response).toMatchObject({ minutes: 4, arrived: 0, late: 0, allInTime: null });
    const times = [1.5, 2, 3, 3.5];
    for (const [i, minutes] of times.entries()) await arrive(filed, cars[i], minutes);
    const four = await incidentNow(town(), filed.id, undefined, RESPONSE);
    expect(four.response).toMatchObject({ arrived: 4, late: 1, allInTime: false });
    const { response } = await arrive(filed, cars[4], 4);
    expect(response).toMatchObject({ arrived: 5, late: 0, allInTime: true });
    expect(response.units.map(({ minutes }: Answer) => minutes)).toEqual([...times, 4]);

    const other = await call();
    for (const [i, minutes] of [...times, 4.5].entries()) await arrive(other, tasksOf(other, 'ATTEND')[i], minutes);
    const slow = await incidentNow(town(), other.id, undefined, RESPONSE);
    expect(slow.response).toMatchObject({ arrived: 5, late: 1, allInTime: false });
    expect(slow.response.units.at(-1)).toMatchObject({ role: 'car_5', minutes: 4.5, late: true });
  });

  it('1.12 an arrival after 6 minutes against class 5 is late, and places where nobody answers in class 1 are listed', async () => {
    const [one, two] = [await openVillage(town(), 12, {}), await openVillage(town(), 13, {})];
    await openOffices(town(), [
      { role: 'street_post', grid: two.village, body: 'PATROL_POST' },
      { role: 'station_post', grid: one.village, body: 'PATROL_POST' },
    ]);
    const responses = [
      { code: '1', minutes: 1, roles: ['street_post'] },
      { code: '3', minutes: 3, roles: ['street_post'] },
      { code: '5', minutes: 5, roles: ['station_post'] },
    ];
    const routes = [routeOf([], 'village', [to('ATTEND', { role: 'station_post' })])];
    for (const { village } of [one, two]) {
      await practised(town(), village.id, { responses, routes, ladders: [ladderOf('fast', [], ['village'])] });
    }
    for (const [minutes, late] of [
      [6, true],
      [4.5, false],
    ] as const) {
      const filed = await town().on('2026-05-21', () =>
        report(town(), { category: 'robbery', at: one.at, responseClass: '5' }),
      );
      const { response } = await arrive(filed, filed.tasks[0], minutes);
      expect(response).toMatchObject({ responseClass: '5', minutes: 5, allInTime: !late });
      expect(response.units).toEqual([{ taskId: filed.tasks[0].id, role: 'station_post', minutes, late }]);
    }
    const gaps = async () => {
      const query = `query ($within: ID) { responseGaps(within: $within, responseClass: "1", layer: "governance", tier: "village",
        first: 200) { edges { node { configured minutes roles grid { id } } } } }`;
      const { responseGaps } = await town().api.ask(query, { within: one.town.id }, await director(town()));
      return new Map(responseGaps.edges.map(({ node: { grid, ...gap } }: Answer) => [grid.id, gap]));
    };
    const listed = await gaps();
    expect(listed.get(one.village.id)).toEqual({ configured: true, minutes: 1, roles: ['street_post'] });
    expect(listed.has(two.village.id)).toBe(false);
    await openOffices(town(), [{ role: 'street_post', grid: one.village, body: 'PATROL_POST' }]);
    expect((await gaps()).has(one.village.id)).toBe(false);
    // Whoever is where is never known: an arrival is what was told, a time and no place.
    const told = town().api.app.schema.getType('UnitArrival') as GraphQLObjectType;
    expect(Object.keys(told.getFields()).sort()).toEqual(['late', 'minutes', 'role', 'taskId']);
  });
}
