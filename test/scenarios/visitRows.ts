import { randomUUID } from 'node:crypto';
import { isInputObjectType, isObjectType } from 'graphql';
import { expect, it } from 'vitest';
import type { Answer } from '../support/api.ts';
import { midnight, type Town } from './demoTown.ts';
import {
  askAs,
  asSeat,
  digestOf,
  MEASURES,
  review,
  seatOf,
  sumOf,
  type Village,
  villageIn,
  visit,
} from './fieldWay.ts';
import { act, desk, director, finish, refusal, report, setPractice } from './incidentWay.ts';

const ELEVEN = [
  ...['inn', 'police_room', 'self_service_room', 'patrol_station', 'joint_centre', 'school'],
  ...['hospital', 'market', 'factory', 'bank', 'temple'],
];

/** Visits to places, days and their digests, and activities on grids. */
export function visitRows(town: () => Town): void {
  const officerOf = ({ village }: Village) => asSeat(town(), village.id, 'village_officer', 'officer');
  const postOf = ({ village }: Village) => seatOf(town(), village.id, 'village_officer').postId;

  it('1.19 a day is reported by grid from midnight to midnight in Shanghai', async () => {
    const here = villageIn(town(), '城东新区', '姜家寨村');
    const found = { category: 'hazard', origin: 'FOUND', at: here.at };
    const made: Answer[] = [];
    for (const time of ['2026-06-10T23:59:59+08:00', '2026-06-11T00:00:00+08:00', '2026-06-11T23:59:59.999+08:00']) {
      made.push(await town().on(time, async () => report(town(), found, await officerOf(here))));
    }
    const owner = made[0].ownedBy.find(({ layer }: Answer) => layer.code === 'governance').grid.id;
    const grid = here.grids.find(({ id }) => id === owner || id === parentOf(town(), owner))!;
    const [eve, day, next] = await Promise.all(
      ['2026-06-10', '2026-06-11', '2026-06-12'].map((each) => digestOf(town(), here.village.id, each, { by: 'grid' })),
    );
    expect([eve, day, next].map(({ total }) => [total.reported, total.found])).toEqual([
      [1, 1],
      [2, 2],
      [0, 0],
    ]);
    expect(eve.days).toMatchObject([
      { day: '2026-06-10', from: '2026-06-09T16:00:00.000Z', to: '2026-06-10T16:00:00.000Z' },
    ]);
    for (const { rows, total } of [eve, day, next]) {
      expect(new Set(rows.map((row: Answer) => row.grid?.id ?? null)).size).toBe(rows.length);
      expect(rows.map((row: Answer) => row.grid?.id)).toEqual(expect.arrayContaining(here.grids.map(({ id }) => id)));
      const own = rows.find((row: Answer) => row.grid?.id === grid.id);
      expect(own.counts.found).toBe(total.found);
    }
  });

  it('3.3 eleven kinds of place must be visited, and those that were not are listed', async () => {
    const here = villageIn(town(), '栖凤街道', '廖家沟村');
    const places = await openPlaces(town(), here);
    const kinds = () => kindsIn(town(), here.village.id);
    const missing = (asOf?: string) => unvisitedIn(town(), here.village.id, asOf);
    expect((await kinds()).map(({ code }) => code)).toEqual(ELEVEN.map((kind) => `enter_${kind}`));
    for (const kind of await kinds()) expect(kind).toMatchObject({ must: 1, visited: 0, unvisited: 1 });
    const never = await missing();
    expect(never.map(({ siteKind, kind }) => [siteKind, kind]).sort()).toEqual(
      ELEVEN.map((kind) => [kind, `enter_${kind}`]).sort(),
    );
    for (const place of never) expect(place).toMatchObject({ lastVisitedAt: null, dueAt: null });

    const [officer, postId] = [await officerOf(here), postOf(here)];
    const visitedAt = '2026-06-01T09:00:00+08:00';
    for (const [i, siteKind] of ELEVEN.slice(0, 7).entries()) {
      const made = await visit(
        town(),
        { kind: `enter_${siteKind}`, postId, siteId: places.get(siteKind), visitedAt },
        officer,
      );
      expect(made).toMatchObject({ state: 'UNREVIEWED', flags: [], place: { kind: siteKind } });
      // The sixth is not looked at, the seventh is found to be untrue.
      if (i !== 5) await review(town(), made.id, i < 5);
    }
    expect((await missing()).map(({ siteKind }) => siteKind).sort()).toEqual(ELEVEN.slice(5).sort());
    expect((await kinds()).map(({ must, visited, unvisited }) => [must, visited, unvisited])).toEqual(
      ELEVEN.map((_, i) => (i < 5 ? [1, 1, 0] : [1, 0, 1])),
    );
    // A street station is due each week, the other four each month.
    const week = (await missing('2026-06-09T00:00:00+08:00')).filter(({ dueAt }) => dueAt !== null);
    expect(week).toMatchObject([
      {
        siteKind: 'patrol_station',
        everyDays: 7,
        siteId: places.get('patrol_station'),
        dueAt: '2026-06-08T01:00:00.000Z',
      },
    ]);
    expect(await missing('2026-07-02T00:00:00+08:00')).toHaveLength(11);
    const neighbour = villageIn(town(), '栖凤街道', '熊家沟村');
    expect(await unvisitedIn(town(), neighbour.village.id)).toEqual([]);
  });

  it('3.6 the digests of days sum to those of the week and the month, whatever is counted', async () => {
    const here = villageIn(town(), '城东新区', '黄家湾村');
    const postId = postOf(here);
    const nights = ['02T00:00:00', '07T23:59:59', '08T00:00:00', '14T12:00:00', '29T23:00:00', '30T23:59:59'];
    for (const [i, night] of nights.entries()) {
      await town().on(`2026-06-${night}+08:00`, async () => {
        const [origin, by] = i % 2 ? ['FOUND', await officerOf(here)] : ['REPORTED', await desk(town())];
        const filed = await report(town(), { category: 'dispute', origin, at: here.at }, by);
        const [mediate, ...others] = filed.tasks;
        if (i < 4) await finish(town(), mediate);
        if (i < 2) {
          for (const task of others) await finish(town(), task);
          await act(
            town(),
            'closeIncident',
            { id: filed.id, outcome: 'SETTLED', result: '已化解' },
            await director(town()),
          );
        }
        const visitedAt = new Date(Date.parse(`2026-06-${night}+08:00`) - 1000);
        const made = await visit(town(), { kind: 'enter_market', postId, at: here.at.point, visitedAt });
        await review(town(), made.id);
      });
    }
    await town().on('2026-07-20', async () => {
      const read = (day: number, period: 'DAY' | 'WEEK' | 'MONTH') =>
        digestOf(town(), here.village.id, `2026-06-${String(day).padStart(2, '0')}`, { period, by: 'grid' });
      const month = await read(17, 'MONTH');
      // This June begins on a Monday: four weeks and two days.
      const weeks = await Promise.all([4, 8, 21, 22].map((day) => read(day, 'WEEK')));
      const days: Answer[] = [];
      for (let day = 1; day <= 30; day++) days.push(await read(day, 'DAY'));
      const totals = (digests: readonly Answer[]) => digests.map(({ total }) => total);
      const counts = (parts: readonly Answer[]) => parts.map((part) => part.counts);
      weeks.forEach((week, i) => {
        const ofWeek = totals(days.slice(7 * i, 7 * i + 7));
        expect(sumOf(ofWeek)).toEqual(week.total);
        expect(counts(week.days)).toEqual(ofWeek);
      });
      expect(sumOf(totals(days))).toEqual(month.total);
      expect(sumOf(totals([...weeks, ...days.slice(28)]))).toEqual(month.total);
      expect(counts(month.days)).toEqual(totals(days));
      for (const each of [month, ...weeks, ...days]) expect(sumOf(counts(each.rows))).toEqual(each.total);
      expect(month.total).toMatchObject({ reported: 6, found: 3, closed: 2, attempts: 4, visits: 6 });
      for (const measure of MEASURES) expect(month.total[measure], measure).toBeGreaterThan(0);
      // The first was made the second before midnight of the 2nd, and the third that before the 8th.
      const made = days.flatMap(({ total }, i) => (total.visits > 0 ? [[i + 1, total.visits]] : []));
      expect(made).toEqual([
        [1, 1],
        [7, 2],
        [14, 1],
        [29, 1],
        [30, 1],
      ]);
    });
  });

  it('3.7 what is no true visit is refused or flagged, what nobody else reviewed does not count, and no resident is in it', async () => {
    const here = villageIn(town(), '淅河镇', '罗家沟村');
    const places = await openPlaces(town(), here);
    const [officer, postId, siteId] = [await officerOf(here), postOf(here), places.get('school')!];
    const said = { kind: 'enter_school', postId, siteId, visitedAt: '2026-06-01T10:00:00+08:00' };
    const refused = (input: object, by = officer) =>
      refusal(town(), 'recordVisit', { input: { ...said, ...input } }, by);
    const counted = async () => {
      const { visits } = (await digestOf(town(), here.village.id, '2026-06-01')).total;
      const school = (await kindsIn(town(), here.village.id)).find(({ code }) => code === 'enter_school');
      return [visits, school.visited];
    };
    const elsewhere = villageIn(town(), '淅河镇', '汤家畈村').at.point;
    expect(await refused({ siteId: null, at: elsewhere })).toMatchObject({ code: 'BAD_INPUT', field: 'input.at' });
    expect(await refused({ visitedAt: '2026-06-01T13:00:00+08:00' })).toMatchObject({ code: 'BAD_INPUT' });
    const another = await asSeat(
      town(),
      villageIn(town(), '淅河镇', '汤家畈村').village.id,
      'village_officer',
      'officer',
    );
    expect((await refused({}, another)).code).toMatch(/NOT_FOUND|FORBIDDEN/);
    expect((await visit(town(), { ...said, visitedAt: '2026-05-29T11:59:59+08:00' }, officer)).flags).toEqual([
      'STALE',
    ]);

    const made = await visit(town(), said, officer);
    expect(made.flags).toEqual([]);
    expect(made.visitor.id).toBe(seatOf(town(), here.village.id, 'village_officer').personId);
    const twice = await visit(town(), { ...said, visitedAt: '2026-06-01T11:00:00+08:00' }, officer);
    expect(twice.flags).toEqual(['TWICE']);
    // Not the one who went, in whatever role; not the login that recorded it; nobody who may be the one.
    const { api } = town();
    const same = made.visitor.id;
    for (const by of [officer, await api.asStaff(same, 'admin', '*'), await api.as('officer', here.village.id)]) {
      const judged = await refusal(town(), 'reviewVisit', { id: made.id, accepted: true }, by);
      expect(judged.code).toBe('FORBIDDEN');
    }
    const forAnother = await visit(town(), { ...said, siteId: places.get('bank'), kind: 'enter_bank' });
    const own = await refusal(town(), 'reviewVisit', { id: forAnother.id, accepted: true }, await desk(town()));
    expect(own.code).toBe('FORBIDDEN');
    expect(await counted()).toEqual([0, 0]);
    await review(town(), twice.id, false);
    expect(await counted()).toEqual([0, 0]);
    const leader = await asSeat(town(), here.village.id, 'leader', 'officer');
    const judged = await act(town(), 'reviewVisit', { id: made.id, accepted: true }, leader, 'state reviewedBy');
    expect(judged).toMatchObject({ state: 'ACCEPTED', reviewedBy: expect.stringContaining('staff-') });
    expect(await counted()).toEqual([1, 1]);
    const again = await refusal(town(), 'reviewVisit', { id: made.id, accepted: true }, await director(town()));
    expect(again.code).toBe('CONFLICT');

    for (const note of ['户主电话 13800138000', '证件 110101199003071233']) {
      expect(await refused({ note })).toMatchObject({ code: 'BAD_INPUT', field: 'input.note' });
    }
    const input = { ...said, resident: '张三' };
    const text = 'mutation ($input: VisitInput!) { recordVisit(input: $input) { id } }';
    expect((await api.askRaw(text, { input }, officer)).errors![0].message).toContain('"resident" is not defined');
    expect(membersOf(town(), 'VisitInput')).toEqual(
      'addressId at clientKey contactKind kind note postId siteId visitedAt visitorId'.split(' '),
    );
    // The only ones named in a visit are staff: who went, who recorded it, and who reviewed it.
    expect(
      membersOf(town(), 'Visit').filter((name) => /visitor|by$|person|resident|owner|tenant|guest/i.test(name)),
    ).toEqual(['recordedBy', 'reviewedBy', 'visitor']);
  });

  it('3.11 nine local ways to make contact, and another place has its own', async () => {
    const [nine, two] = ['唐家畈村', '寨湾村'].map((name) => villageIn(town(), '淅河镇', name));
    await setPractice(town(), two.village.id, {
      contacts: [contact('into_boats', '上船'), contact('hotline', '热线')],
    });
    const ways = async ({ village }: Village) => {
      const { practice } = await askAs(
        town(),
        'query ($id: ID!) { practice(area: $id) { contacts { code name } } }',
        village,
      );
      return practice.contacts.map(({ code }: Answer) => code);
    };
    const known: string[] = await ways(nine);
    expect(new Set(known).size).toBe(9);
    expect(await ways(two)).toEqual(['into_boats', 'hotline']);
    const make = (at: Village, contactKind: string) => ({
      ...{
        kind: 'enter_market',
        contactKind,
        postId: postOf(at),
        at: at.at.point,
        // Not earlier than the practice was set.
        visitedAt: '2026-06-01T12:00:00+08:00',
      },
    });
    for (const contactKind of known) await visit(town(), make(nine, contactKind));
    await visit(town(), make(two, 'into_boats'));
    const by = await desk(town());
    expect(await refusal(town(), 'recordVisit', { input: make(nine, 'into_boats') }, by)).toMatchObject({
      code: 'BAD_INPUT',
      field: 'input.contactKind',
      message: expect.stringContaining('into_villages'),
    });
    expect((await refusal(town(), 'recordVisit', { input: make(two, 'courtyard') }, by)).code).toBe('BAD_INPUT');
    const query = `query ($filter: VisitFilterInput) { visits(filter: $filter) { totalCount edges { node { contactKind } } } }`;
    for (const contactKind of known) {
      const { visits } = await askAs(town(), query, { filter: { within: nine.village.id, contactKind } });
      expect(visits).toEqual({ totalCount: 1, edges: [{ node: { contactKind } }] });
    }
  });

  it('1.4 2.24 activities have classes and campaigns, and show on their grid for their dates', async () => {
    const here = villageIn(town(), '城东新区', '陆家畈村');
    const [grid, beside] = here.grids;
    const practice = await askAs(
      town(),
      'query ($id: ID!) { practice(area: $id) { activities { code } campaigns { code name } } }',
      here.village,
    );
    const classes = practice.practice.activities.map(({ code }: Answer) => code);
    expect(classes).toHaveLength(5);
    expect(practice.practice.campaigns).toEqual([{ code: 'summer_2026', name: '夏季治安打击整治行动' }]);
    const [from, to] = [midnight('2026-07-04'), midnight('2026-07-06')];
    const by = await desk(town());
    const held = (activityClass: string, more: object = {}) => {
      const input = { activityClass, title: `${activityClass} 活动`, gridIds: [grid.id], from, to, ...more };
      return act(town(), 'recordActivity', { input }, by, 'id activityClass campaign');
    };
    for (const each of classes) await held(each);
    await held('publicity', { campaign: 'summer_2026', title: '夏季行动宣传' });
    const input = { activityClass: 'concert', title: '音乐会', gridIds: [grid.id], from };
    expect((await refusal(town(), 'recordActivity', { input }, by)).code).toBe('BAD_INPUT');
    const label = { ...input, activityClass: 'fair', campaign: 'winter_2030' };
    expect((await refusal(town(), 'recordActivity', { input: label }, by)).code).toBe('BAD_INPUT');

    const shown = async (within: string, more: object) => {
      const query = `query ($within: ID, $activityClass: String, $campaign: String, $on: DateTime) {
        activities(within: $within, activityClass: $activityClass, campaign: $campaign, on: $on) {
          totalCount edges { node { activityClass campaign grids { id } } } } }`;
      const { activities } = await askAs(town(), query, { within, ...more });
      expect(activities.totalCount).toBe(activities.edges.length);
      return activities.edges.map(({ node }: Answer) => node);
    };
    for (const each of classes) {
      const found = await shown(grid.id, { activityClass: each });
      expect(found.map((one: Answer) => one.activityClass)).toEqual(each === 'publicity' ? [each, each] : [each]);
    }
    expect(await shown(grid.id, { campaign: 'summer_2026' })).toEqual([
      { activityClass: 'publicity', campaign: 'summer_2026', grids: [{ id: grid.id }] },
    ]);
    const days = [
      '2026-07-03T23:59:59+08:00',
      '2026-07-04T00:00:00+08:00',
      '2026-07-05T23:59:59+08:00',
      '2026-07-06T00:00:00+08:00',
    ];
    for (const area of [grid, here.village, here.town]) {
      const counts = await Promise.all(
        days.map(async (on) => (await shown(area.id, { on, activityClass: 'fair' })).length),
      );
      expect(counts, area.name).toEqual([0, 1, 1, 0]);
    }
    expect(await shown(beside.id, {})).toEqual([]);
    // The label stands over figures too, with its own dates.
    const query = `query ($within: ID!) { figures(within: $within, campaign: "summer_2026") {
      frame { text campaign { code name } from to } total { reported } } }`;
    await town().on('2026-07-04', () => report(town(), { category: 'theft', at: here.at }));
    await town().on('2026-06-24T23:59:59+08:00', () => report(town(), { category: 'theft', at: here.at }));
    const { figures } = await askAs(town(), query, { within: here.village.id });
    expect(figures.frame).toMatchObject({ campaign: { code: 'summer_2026', name: '夏季治安打击整治行动' } });
    expect(figures.frame.text).toContain('夏季治安打击整治行动');
    expect(figures.total.reported).toBe(1);
  });
}

const contact = (code: string, name: string) => ({ code, name });

function parentOf({ plan }: Town, id: string): string | null {
  return plan.grids.find((grid) => grid.id === id)!.parentId;
}

/** Opens one site of each kind that must be visited, side by side; their ids by kind. */
async function openPlaces({ api, publish }: Town, { at: { point } }: Village): Promise<Map<string, string>> {
  const common = { buildingId: null, radiusMetres: 10, responseClass: null, timeZone: 'Asia/Shanghai' };
  const dates = { validFrom: midnight('2020-01-01'), validTo: null };
  const drafts = ELEVEN.map((kind, i) => {
    const shifted = { lon: point.lon + i * 2e-6, lat: point.lat };
    return { id: randomUUID(), name: `${kind} 走访点`, kind, point: shifted, ...common, ...dates };
  });
  await publish('Places to be visited', (trx, edition) => api.app.writers.sites.insertSites(trx, edition, drafts));
  return new Map(drafts.map(({ kind, id }) => [kind, id]));
}

async function kindsIn(town: Town, within: string): Promise<Answer[]> {
  const query = 'query ($within: ID!) { visitKinds(within: $within) { code name must visited unvisited } }';
  return (await askAs(town, query, { within })).visitKinds;
}

async function unvisitedIn(town: Town, within: string, asOf?: string): Promise<Answer[]> {
  const query = `query ($within: ID!, $asOf: DateTime) { unvisited(within: $within, asOf: $asOf) {
    edges { node { siteId siteKind kind everyDays lastVisitedAt dueAt } } } }`;
  return (await askAs(town, query, { within, asOf })).unvisited.edges.map(({ node }: Answer) => node);
}

/** Names of the fields of a type of the API, in order of the alphabet. */
function membersOf({ api }: Town, name: string): string[] {
  const type = api.app.schema.getType(name);
  if (!isObjectType(type) && !isInputObjectType(type)) throw new Error(`There is no type ${name}`);
  return Object.keys(type.getFields()).sort();
}
