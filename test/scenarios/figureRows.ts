import { beforeAll, expect, it } from 'vitest';
import type { Answer } from '../support/api.ts';
import { countRows } from '../support/database.ts';
import { redraw } from './changesetWay.ts';
import { gridsOf, midnight, placeIn, type Town } from './demoTown.ts';
import { openPaper, type Paper } from './figurePlaces.ts';
import { COMPARISON, figures, fileMany, listSpots, lyingIn, printed, query, type Spot, sumOf } from './figureWay.ts';
import { ladderOf, routeOf, to } from './incidentOffices.ts';
import { act, desk, director, finish, report, setPractice, tasksOf } from './incidentWay.ts';

const local = (text: string) => new Date(`${text}+08:00`);
const MAY = { from: midnight('2026-05-01'), to: midnight('2026-06-02') };
const YEAR = { from: midnight('2025-01-01'), to: midnight('2026-01-01') };
const [CITY, ZENGDU, ANLONG] = ['529900', '421303', '522328'];

/** Figures, each with its definition; what many people did is filed at once, what matters is done at the door. */
export function figureRows(town: () => Town): void {
  let spots: Spot[];
  let paper: Paper;
  beforeAll(async () => {
    spots = await listSpots(town(), 70);
    paper = await openPaper(town());
  });
  /** So many matters spread over the spots of a grid. */
  const spread = (within: string, count: number, of: (i: number) => object) => {
    const there = lyingIn(spots, within);
    const matters = Array.from({ length: count }, (_, i) => {
      const { at, chain } = there[i % there.length];
      return { at, gridId: chain[0].id, reportedAt: local('2026-05-20T10:00:00'), ...of(i) };
    });
    return fileMany(town(), 'governance', matters);
  };

  it('3.1 a campaign by county, town and grid: children sum to their parent, and the rate is closed of found', async () => {
    const category = 'fig_hazard';
    const campaign = { code: 'fig_hundred_days', name: '百日攻坚', ...MAY, categories: [category] };
    const known = await query(town(), 'practice', { area: CITY }, 'campaigns { code name from to categories }');
    await setPractice(town(), CITY, { campaigns: [...known.campaigns, campaign] });
    const [came, inTime, late] = [local('2026-05-20T10:00:00'), local('2026-05-30T10:00:00'), MAY.to];
    const filed = spots.flatMap(({ at, chain }, i) =>
      Array.from({ length: (i % 4) + 1 }, (_, n) => {
        const closedAt = n === 0 ? inTime : n === 1 && i % 3 === 0 ? late : null;
        return { at, chain, origin: n === 3 ? ('REPORTED' as const) : ('FOUND' as const), closedAt };
      }),
    );
    // One that the village itself owns lies in no grid.
    const village = spots[0].chain.findIndex(({ tier }) => tier.code === 'village');
    filed.push({ ...filed[0], chain: spots[0].chain.slice(village), closedAt: null });
    const plain = { category, reportedAt: came };
    await fileMany(
      town(),
      'governance',
      [...filed, { ...filed[0], before: true }].map(({ chain, ...matter }) => ({
        ...{ ...plain, ...matter, gridId: chain[0].id },
        // What came before the campaign is not in its totals.
        ...('before' in matter ? { reportedAt: midnight('2026-04-30'), closedAt: null } : {}),
      })),
    );
    const asked = (within: string, by: string) => figures(town(), { within, by, campaign: campaign.code });
    const expected = (code: string) => {
      const there = filed.filter(({ chain }) => chain.some((grid) => grid.code === code));
      const found = there.filter(({ origin }) => origin === 'FOUND');
      const foundClosed = found.filter(({ closedAt }) => closedAt === inTime).length;
      return { reported: there.length, found: found.length, foundClosed };
    };

    const counties = await asked(CITY, 'county');
    expect(counties.frame.campaign).toEqual({ code: campaign.code, name: campaign.name });
    expect(counties.total).toMatchObject(expected(CITY));
    const [towns, grids] = [await asked(CITY, 'town'), await asked(CITY, 'grid')];
    for (const table of [counties, towns, grids]) expect(sumOf(table.rows)).toEqual(counties.total);
    expect(grids.rows.at(-1)).toMatchObject({ grid: null, counts: { reported: 1 } });
    for (const county of named(counties)) {
      expect(county.counts).toMatchObject(expected(county.grid.code));
      const below = named(towns).filter(({ grid }: Answer) => grid.parent.id === county.grid.id);
      expect(sumOf(below)).toEqual(county.counts);
      const own = await asked(county.grid.id, 'town');
      expect([own.total, sumOf(own.rows)]).toEqual([county.counts, county.counts]);
    }
    for (const each of named(towns)) {
      const own = await asked(each.grid.id, 'grid');
      expect([own.total, sumOf(own.rows)]).toEqual([each.counts, each.counts]);
      const mine = new Set(named(own).map(({ grid }: Answer) => grid.id));
      const same = named(grids).filter(({ grid }: Answer) => mine.has(grid.id));
      expect(sumOf(same)).toEqual(sumOf(named(own)));
    }
    for (const [table, row] of [
      [counties],
      ...[counties, towns, grids].flatMap((one) => named(one).map((of) => [one, of])),
    ]) {
      const { counts } = row ?? { counts: table.total };
      const rate = printed(table, 'CLOSED_OF_FOUND', row);
      expect(rate).toMatchObject({ numerator: counts.foundClosed, denominator: counts.found });
      expect(rate.value).toBe(counts.found === 0 ? null : counts.foundClosed / counts.found);
    }
  });

  it('0.12 961 of 1,000 found before they became cases prints 96.1 %, with what it is a share of', async () => {
    const { api, plan } = town();
    await spread(ZENGDU, 999, (i) => ({ category: 'fig_case', origin: i < 960 ? 'FOUND' : 'REPORTED' }));
    const asked = { within: ZENGDU, ...MAY, categories: ['fig_case'] };
    expect(printed(await figures(town(), asked), 'FOUND_FIRST')).toMatchObject({ numerator: 960, denominator: 999 });

    const { at, grid, personId } = workerIn(plan, lyingIn(spots, ZENGDU));
    const by = await api.asStaff(personId, 'grid_worker', grid);
    await report(town(), { category: 'fig_case', at: { point: at }, origin: 'FOUND' }, by);
    const rate = printed(await figures(town(), asked), 'FOUND_FIRST');
    expect(rate).toMatchObject({ percent: '96.1 %', numerator: 961, denominator: 1000, value: 0.961 });
    expect(rate.numeratorText).toBe('matters that staff found before anybody reported them');
    expect(rate.denominatorText).toBe('matters that came in the period');
  });

  it('1.10 1,777 of 1,870 settled prints 95.0 %; what was settled too late or was unfounded is not among them', async () => {
    const [inTime, late] = [local('2026-05-28T10:00:00'), local('2026-06-02T00:00:00')];
    await spread(ANLONG, 1870, (i) => {
      if (i < 1777) return { category: 'fig_dispute', closedAt: inTime };
      if (i < 1827) return { category: 'fig_dispute', closedAt: late };
      return { category: 'fig_dispute', ...(i < 1847 ? { closedAt: inTime, outcome: 'UNFOUNDED' } : {}) };
    });
    const table = await figures(town(), { within: ANLONG, ...MAY, categories: ['fig_dispute'] });
    expect(printed(table, 'SETTLED')).toMatchObject({ percent: '95.0 %', numerator: 1777, denominator: 1870 });
    expect(table.total).toMatchObject({ closed: 1797, open: 73 });
  });

  it('3.16 a mediation room that settled 45 of 46 prints 97.8 %, and the 45th counts when it is closed', async () => {
    const village = gridsOf(town().plan, 'governance', 'village').find(
      ({ codes }) => codes[0].code === '522328001202',
    )!;
    const category = 'dispute';
    await setPractice(town(), village.id, {
      ladders: [ladderOf('room', [category], ['village', 'town'])],
      routes: [routeOf([category], 'village', [to('MEDIATE', { role: 'mediation' })])],
    });
    const closedAt = local('2026-05-28T10:00:00');
    const { point } = placeIn(village.boundary);
    const old = { at: point, gridId: village.id, category, reportedAt: local('2026-05-20T10:00:00'), closedAt };
    await fileMany(town(), 'governance', Array(44).fill(old));
    const at = { point };
    const [one] = [await report(town(), { category, at }), await report(town(), { category, at })];
    const settled = async () =>
      printed(await figures(town(), { within: village.id, ...MAY, categories: [category] }), 'SETTLED');
    expect(await settled()).toMatchObject({ percent: '95.7 %', numerator: 44, denominator: 46 });
    await finish(town(), tasksOf(one, 'MEDIATE')[0]);
    expect(await settled()).toMatchObject({ numerator: 44 });
    await act(town(), 'closeIncident', { id: one.id, outcome: 'SETTLED', result: '握手言和' }, await desk(town()));
    expect(await settled()).toMatchObject({ percent: '97.8 %', numerator: 45, denominator: 46 });
  });

  it('2.18 61 of the 141 villages that existed that day had no case, 43.26 %; on the villages of another day it is another figure', async () => {
    const { county, lasting, ended, begun } = paper.many;
    const category = 'fig_zero';
    const cases = [...lasting.slice(0, 78), ...lasting.slice(0, 26), ended[0], ended[3]];
    await fileMany(
      town(),
      'paper',
      cases.map(({ id, boundary }) => ({
        ...{ gridId: id, at: placeIn(boundary).point, category, reportedAt: local('2025-07-01T10:00:00') },
      })),
    );
    const asked = { within: county.id, by: 'village', categories: [category] };
    const namesOf = (table: Answer) => new Set(table.rows.flatMap(({ grid }: Answer) => (grid ? [grid.id] : [])));
    const that = await figures(town(), { ...asked, ...YEAR });
    expect(namesOf(that)).toEqual(new Set([...lasting, ...ended].map(({ id }) => id)));
    const rate = printed(that, 'ZERO_CASE');
    expect(rate).toMatchObject({ percent: '43.26 %', numerator: 61, denominator: 141 });
    expect(rate.denominatorText).toBe('grids of the tier that existed on the day of the boundaries');
    expect(
      printed(await figures(town(), { ...asked, ...YEAR, boundaryDate: midnight('2025-07-01') }), 'ZERO_CASE'),
    ).toMatchObject({ percent: '43.26 %' });

    // The same cases on the villages of the year after.
    const later = await figures(town(), { ...asked, ...YEAR, boundaryDate: midnight('2026-03-01') });
    expect(namesOf(later)).toEqual(new Set([...lasting, ...begun].map(({ id }) => id)));
    expect(printed(later, 'ZERO_CASE')).toMatchObject({ percent: '44.44 %', numerator: 64, denominator: 144 });
    const counted = later.rows.filter(({ counts }: Answer) => counts.reported > 0).map(({ grid }: Answer) => grid.id);
    expect(counted).toEqual(expect.arrayContaining([begun[0].id, begun[5].id]));
    expect(later.total).toEqual(that.total);

    await report(town(), { category, at: placeIn(begun[0].boundary) });
    const since = await figures(town(), { ...asked, from: YEAR.to, to: midnight('2026-07-01') });
    expect(printed(since, 'ZERO_CASE')).toMatchObject({ percent: '99.31 %', numerator: 143, denominator: 144 });
  });

  it('0.16 4.12 a year compared with the one before under a campaign label: the same events on two boundary dates give two labelled results', async () => {
    const { county, villages, grids } = paper.border;
    const category = 'fig_border';
    const campaign = {
      code: 'clear_border',
      name: '清界行动',
      from: midnight('2026-01-01'),
      to: midnight('2026-07-01'),
    };
    const campaigns = [{ ...campaign, categories: [category] }];
    const dated = { area: county.id, practice: { campaigns }, from: campaign.from };
    await act(town(), 'setPractice', dated, await director(town()), 'edition');
    const filed = (on: string, counts: readonly number[]) =>
      counts.flatMap((count, i) =>
        Array.from({ length: count }, (_, n) => ({
          ...{ gridId: grids[i].id, at: placeIn(grids[i].boundary).point, category, reportedAt: local(on) },
          closedAt: n === 0 ? local(`${on.slice(0, 8)}28T10:00:00`) : null,
        })),
      );
    const [before, after] = [midnight('2026-02-01'), midnight('2026-03-02')];
    await fileMany(town(), 'paper', [
      ...filed('2025-02-10T10:00:00', [1, 3, 0, 2]),
      ...filed('2026-02-10T10:00:00', [2, 3, 1, 2]),
    ]);
    const moved = { assign: { members: [grids[1].id], to: villages[1].id } };
    // A village is the union of its grids, so that its border moves with them.
    const rules = { layer: 'paper', tier: 'village', rules: { madeOf: 'CHILDREN' } };
    await act(town(), 'setTierRules', rules, await director(town()), 'madeOf');
    const drawn = await redraw(town(), '界河调整', [moved], '2026-03-01T00:00:00+08:00');
    expect(drawn.status).toBe('PUBLISHED');

    const compared = (within: string, first: object, second: object) => {
      const own = { campaign: campaign.code };
      const both = { within, by: within === county.id ? 'village' : 'grid', first: { ...own, ...first } };
      return query(town(), 'compareFigures', { ...both, second: { ...own, ...second } }, COMPARISON);
    };
    const days = await compared(county.id, { boundaryDate: before }, { boundaryDate: after });
    const byVillage = ({ rows }: Answer) => rows.map(({ grid, counts }: Answer) => [grid?.id, counts.reported]);
    const none = [undefined, 0];
    expect(byVillage(days.first)).toEqual([[villages[0].id, 5], [villages[1].id, 3], none]);
    expect(byVillage(days.second)).toEqual([[villages[0].id, 2], [villages[1].id, 6], none]);
    expect(days.counts).toContainEqual({ measure: 'reported', first: 8, second: 8, change: '0.0 %' });
    const label = '清界行动 (2026-01-01 00:00:00 to 2026-07-01 00:00:00); 界河县 (TJ2) by village; from 2026-01-01';
    for (const table of [days.first, days.second]) expect(table.frame.text.slice(0, label.length)).toBe(label);
    expect(days.first.frame.text).toContain('on the boundaries of 2026-02-01 00:00:00');
    expect(days.second.frame.text).toContain('on the boundaries of 2026-03-02 00:00:00');
    expect(days.first.frame.campaign).toEqual({ code: campaign.code, name: campaign.name });

    // The practice has gone on to others: the label of then stays with the days of then.
    await setPractice(town(), county.id, { campaigns: [] });
    const lastYear = { from: midnight('2025-01-01'), to: midnight('2025-07-01') };
    const years = (boundaryDate: Date) => compared(villages[1].id, { ...lastYear, boundaryDate }, { boundaryDate });
    const [old, now] = [await years(before), await years(after)];
    expect(old.counts).toContainEqual({ measure: 'reported', first: 2, second: 3, change: '+50.0 %' });
    expect(now.counts).toContainEqual({ measure: 'reported', first: 5, second: 6, change: '+20.0 %' });
    for (const { first, second, rates } of [old, now]) {
      const [was, is] = [printed(first, 'SETTLED'), printed(second, 'SETTLED')];
      expect(rates.find(({ kind }: Answer) => kind === 'SETTLED')).toMatchObject({
        ...{ first: { percent: was.percent }, second: { percent: is.percent } },
        change: expect.stringMatching(/^[+-]?\d+\.\d points$/),
      });
    }
  });

  it('1.3 300,000 people, 80,000 of them floating, and 27 officers: load per post from dated sums, without a row about a person', async () => {
    const { county, villages } = paper.station;
    const LOAD = 'load oldest newest sources missing posts holders perPost perHolder text';
    const selection = `measure role { code } asOf total { ${LOAD} } rows { grid { id } ${LOAD} }`;
    const asked = { within: county.id, by: 'village', role: 'paper_officer' };
    const loads = (measure: string, asOf?: Date) =>
      query(town(), 'loadPerPost', { ...asked, measure, asOf }, selection);
    const people = await loads('population');
    const dated = { oldest: '2023-12-31', newest: '2023-12-31', sources: ['年度统计（虚构）'], missing: 0 };
    expect(people.total).toMatchObject({ load: 300_000, ...dated, posts: 27, holders: 27, perPost: '11,111.1' });
    expect(people.total.text).toBe(
      '城关县 (TJ3): population 300,000 (2023-12-31; 年度统计（虚构）), for 27 held posts of the role 统计民警, 11,111.1 each.',
    );
    expect(people.rows.map(({ grid, load, posts, perPost }: Answer) => [grid.id, load, posts, perPost])).toEqual([
      [villages[0].id, 150_000, 12, '12,500.0'],
      [villages[1].id, 100_000, 10, '10,000.0'],
      [villages[2].id, 50_000, 5, '10,000.0'],
    ]);
    expect((await loads('floating')).total).toMatchObject({ load: 80_000, ...dated, perPost: '2,963.0' });
    expect((await loads('population', midnight('2022-01-01'))).total).toMatchObject({
      ...{ load: 270_000, oldest: '2020-12-31', newest: '2020-12-31', perPost: '10,000.0' },
    });

    // A new sum is a value with its date and source on a grid: nothing else is written, least of all people.
    const { api, publish } = town();
    const { db } = api.app.database;
    const before = await countRows(db);
    const newer = { measure: 'population', value: 160_000, date: '2026-05-31', source: '年中统计（虚构）' };
    await publish('A newer sum', (trx, edition) =>
      api.app.writers.grids.reviseGrids(trx, edition, [
        { gridId: villages[0].id, from: midnight('2026-05-31'), set: { loads: [...villages[0].loads, newer] } },
      ]),
    );
    const after = await countRows(db);
    const grown = Object.keys(after).filter((table) => after[table] !== before[table]);
    expect(grown.sort()).toEqual(['audit_entry', 'edition', 'feed_outbox', 'grid_version']);
    expect((await loads('population')).total).toMatchObject({
      ...{ load: 310_000, oldest: '2023-12-31', newest: '2026-05-31', perPost: '11,481.5' },
    });
    const fields = await api.ask(
      '{ load: __type(name: "LoadRow") { fields { name type { kind } } } sum: __type(name: "LoadFigure") { fields { name } } }',
    );
    expect(fields.sum.fields.map(({ name }: Answer) => name).sort()).toEqual(['date', 'measure', 'source', 'value']);
    expect(fields.load.fields.map(({ name }: Answer) => name).sort()).toEqual(['grid', ...LOAD.split(' ')].sort());
  });

  it('4.1 in the morning the station head sees the union of what the grids below had in the night, and nothing else', async () => {
    const { api, plan, on } = town();
    const [station] = gridsOf(plan, 'police', 'station').filter(({ name }) => name === '龙广派出所');
    const districts = gridsOf(plan, 'police', 'district').filter(({ parentId }) => parentId === station.id);
    const beats = gridsOf(plan, 'police', 'beat').filter(({ parentId }) => districts.some(({ id }) => id === parentId));
    const elsewhere = gridsOf(plan, 'police', 'beat').find(
      ({ parentId }) => !districts.some(({ id }) => id === parentId),
    )!;
    const night = { reportedFrom: local('2026-06-10T22:00:00'), reportedTo: local('2026-06-11T06:00:00') };
    const filedAt = (time: string, beat: (typeof beats)[number]) =>
      on(`${time}+08:00`, async () => {
        const { id } = await report(town(), { category: 'fig_night', at: placeIn(beat.boundary) });
        return id;
      });
    const times = ['2026-06-10T22:00:00', '2026-06-10T23:59:59', '2026-06-11T00:00:00', '2026-06-11T05:59:59'];
    const inTheNight: string[] = [];
    for (const [i, beat] of beats.slice(0, 8).entries()) inTheNight.push(await filedAt(times[i % 4], beat));
    const others = [
      await filedAt('2026-06-10T21:59:59', beats[0]),
      await filedAt('2026-06-11T06:00:00', beats[1]),
      await filedAt('2026-06-11T00:00:00', elsewhere),
    ];
    await on('2026-06-11T08:00:00+08:00', async () => {
      const head = await api.as('officer', station.id);
      const seen = async (within: string, first: number) => {
        const ids: string[] = [];
        for (let after: string | null = null; ; ) {
          const page: Answer = await query(
            town(),
            'incidents',
            { filter: { within, ...night }, first, after },
            'totalCount pageInfo { hasNextPage endCursor } edges { node { id reportedAt } }',
            head,
          );
          ids.push(...page.edges.map(({ node }: Answer) => node.id));
          if (!page.pageInfo.hasNextPage) {
            expect(page.totalCount).toBe(ids.length);
            return ids;
          }
          after = page.pageInfo.endCursor;
        }
      };
      const whole = await seen(station.id, 3);
      expect(new Set(whole).size).toBe(whole.length);
      expect([...whole].sort()).toEqual([...inTheNight].sort());
      for (const id of others) expect(whole).not.toContain(id);
      for (const tier of [districts, beats]) {
        const union = new Set<string>();
        for (const { id } of tier) for (const each of await seen(id, 200)) union.add(each);
        expect([...union].sort()).toEqual([...whole].sort());
      }
    });
  });
}

/** Rows of grids, without that of what lies in none. */
const named = ({ rows }: Answer): Answer[] => rows.filter(({ grid }: Answer) => grid);

/** A grid worker of one of these places. */
function workerIn({ posts, appointments }: Town['plan'], spots: readonly Spot[]) {
  for (const { at, chain } of spots) {
    for (const { id } of chain) {
      const post = posts.find(({ roleCode, gridId }) => roleCode === 'grid_worker' && gridId === id);
      const held = appointments.find(({ postId, holder }) => postId === post?.id && 'personId' in holder)?.holder;
      if (held && 'personId' in held) return { at, grid: id, personId: held.personId };
    }
  }
  throw new Error('No grid worker is there');
}
