import { expect, it } from 'vitest';
import { ROUTES } from '../../seeds/localRoutes.ts';
import type { Answer } from '../support/api.ts';
import { gridsOf, lookup, type Town } from './demoTown.ts';
import { chainAt, ladderOf, openOffices, openVillage, routeOf, to } from './incidentOffices.ts';
import { act, desk, director, finish, refusal, report, setPractice, tasksOf, told } from './incidentWay.ts';

const ROUTE_TABLE = `query ($area: ID!, $category: String) { routeTable(area: $area, category: $category) {
  category layer tier configured notices { code } recipients { purpose vacant role { code } grid { id } } } }`;
const COLOURS = ['red', 'yellow', 'blue', 'green'].map((code) => ({ code, name: code }));

const postsAsked = (incident: Answer): string[] => incident.tasks.map(({ post }: Answer) => post.role.code);

/** Which incidents go to whom: by category, by layer, by share, by grade. */
export function incidentRows(town: () => Town): void {
  const routeTable = async (area: string, category?: string) =>
    (await town().api.ask(ROUTE_TABLE, { area, category }, await director(town()))).routeTable;

  it('0.11 every category of an area goes to somebody on some tier, or says that it is not configured', async () => {
    const plain = gridsOf(town().plan, 'governance', 'village').find(({ codes }) => codes[0].code === '522328001201')!;
    const { village } = await openVillage(town(), 6, {
      categories: [
        { code: 'fraud', name: '诈骗' },
        { code: 'unheard', name: '从未听说' },
      ],
      routes: [routeOf(['fraud'], 'village', [to('HANDLE', { role: 'village_officer' })])],
      ladders: [ladderOf('short', ['fraud'], ['village'])],
    });
    const query = 'query ($area: ID!) { practice(area: $area) { categories { code } } }';
    for (const area of [plain.id, village.id]) {
      const { practice } = await town().api.ask(query, { area }, await director(town()));
      const rows = await routeTable(area);
      expect(practice.categories.length).toBeGreaterThan(1);
      for (const { code } of practice.categories) {
        const of = rows.filter(({ category }: Answer) => category === code);
        expect(of.length, code).toBeGreaterThan(0);
        for (const row of of) {
          expect(row.configured, code).toBe(row.recipients.length > 0);
          const says = row.notices.map((notice: Answer) => notice.code);
          if (!row.configured) expect(says.some((each: string) => /NOT_CONFIGURED|MISSING_TIER/.test(each))).toBe(true);
        }
      }
    }
    // Category by tier, and per area: the same matter goes to others in the next county.
    const [here, there] = [await routeTable(village.id, 'fraud'), await routeTable(plain.id, 'fraud')];
    expect(here).toHaveLength(1);
    expect(here[0]).toMatchObject({ tier: 'village', recipients: [{ role: { code: 'village_officer' } }] });
    expect(there.length).toBeGreaterThan(1);
    expect(there.flatMap(({ recipients }: Answer) => recipients.map(({ role }: Answer) => role.code))).toContain(
      'community_officer',
    );
    const [lost] = await routeTable(village.id, 'unheard');
    expect(lost).toMatchObject({
      tier: null,
      configured: false,
      recipients: [],
      notices: [{ code: 'NOT_CONFIGURED' }],
    });
    const { at } = await openVillage(town(), 6, {});
    const filed = await report(town(), { category: 'unheard', at });
    expect([filed.tasks, told(filed)]).toEqual([[], expect.arrayContaining(['NOT_CONFIGURED'])]);
  });

  it('1.16 police and governance push to each other, once each however often it is sent, and who has not answered is listed on both sides', async () => {
    const { api } = town();
    const { at } = await openVillage(town(), 7, { routes: [], ladders: [] });
    const filed = await report(town(), { category: 'wages', at });
    const owner = (layer: string) => filed.ownedBy.find((each: Answer) => each.layer.code === layer).grid.id;
    const [beat, village] = [owner('police'), owner('governance')];
    const [police, party] = [await api.as('dispatcher', beat), await api.as('dispatcher', village)];
    const waiting = async (within: string, side: string, by = 'dispatcher' as const): Promise<string[]> => {
      const query = `query ($within: ID, $side: PushSide) { pushes(within: $within, side: $side, unanswered: true) {
        edges { node { id incidentId answeredAt from { id } to { id } } } } }`;
      const { pushes } = await api.ask(query, { within, side }, await api.as(by, within));
      const nodes = pushes.edges.map(({ node }: Answer) => node);
      return nodes.filter((node: Answer) => node.incidentId === filed.id).map(({ id }: Answer) => id);
    };
    const first = { id: filed.id, from: 'police', to: 'governance', message: '请镇村一起化解' };
    const sent = await act(town(), 'pushIncident', first, police);
    expect(sent.pushes).toMatchObject([{ from: { id: beat }, to: { id: village }, message: first.message }]);
    const again = await act(town(), 'pushIncident', first, police);
    expect([again.version, again.pushes]).toEqual([sent.version, sent.pushes]);
    const back = await act(town(), 'pushIncident', { id: filed.id, from: 'governance', to: 'police' }, party);
    const [there, here] = back.pushes.map(({ id }: Answer) => id);
    expect(back.pushes[1]).toMatchObject({ from: { id: village }, to: { id: beat }, answeredAt: null });
    expect([await waiting(beat, 'SENT'), await waiting(village, 'RECEIVED')]).toEqual([[there], [there]]);
    expect([await waiting(village, 'SENT'), await waiting(beat, 'RECEIVED')]).toEqual([[here], [here]]);

    const push = { id: filed.id, pushId: there };
    const taken = await act(town(), 'acknowledgePush', push, party);
    expect([taken.pushes[0].acknowledgedAt, taken.pushes[0].answeredAt]).toEqual([expect.any(String), null]);
    const answered = await act(town(), 'answerPush', { ...push, answer: '已派村干部' }, party);
    expect(answered.pushes[0]).toMatchObject({ answer: '已派村干部', answeredAt: expect.any(String) });
    expect((await refusal(town(), 'answerPush', { ...push, answer: '又' }, party)).code).toBe('CONFLICT');
    expect([await waiting(beat, 'SENT'), await waiting(village, 'RECEIVED')]).toEqual([[], []]);
    expect([await waiting(village, 'SENT'), await waiting(beat, 'RECEIVED')]).toEqual([[here], [here]]);
    expect(answered.trail.filter(({ act: done }: Answer) => done === 'PUSHED')).toHaveLength(2);
    // Nobody answers what they sent themselves.
    for (const [field, more] of [
      ['acknowledgePush', {}],
      ['answerPush', { answer: '我们自己答' }],
    ] as const) {
      expect(await refusal(town(), field, { id: filed.id, pushId: here, ...more }, party)).toMatchObject({
        code: 'FORBIDDEN',
        field: 'pushId',
      });
    }
  });

  it('1.17 a scheme of colours is swapped without code, grades keep their history, and what is rolled up equals the list', async () => {
    const { village, town: upper, at } = await openVillage(town(), 8, { severities: COLOURS, routes: [], ladders: [] });
    const graded = (severity?: string, place = at) => report(town(), { category: 'coloured', at: place, severity });
    const [first] = [await graded('red'), await graded('red'), await graded('yellow'), await graded()];
    const turned = { id: first.id, severity: 'green', reason: '双方已和好' };
    const green = await act(town(), 'gradeIncident', turned, await desk(town()));
    expect(green.severity).toBe('green');
    const [entry] = green.trail.filter(({ act: done }: Answer) => done === 'GRADED');
    expect(JSON.parse(entry.details)).toEqual({ from: 'red', to: 'green', reason: '双方已和好' });
    const sameAsList = async (): Promise<(string | number | null)[][]> => {
      const figures = `query ($within: ID!) { severityFigures(within: $within, categories: ["coloured"]) {
        open grades { code name count } } }`;
      const { severityFigures } = await town().api.ask(figures, { within: village.id }, await director(town()));
      let sum = 0;
      for (const { code, count } of severityFigures.grades) {
        sum += count;
        if (code === null) continue;
        const list = `query ($within: ID!, $severity: String) { incidents(first: 50, filter:
          { within: $within, severity: $severity, status: "OPEN", category: "coloured" }) { totalCount edges { node { severity } } } }`;
        const asked = { within: village.id, severity: code };
        const { incidents } = await town().api.ask(list, asked, await director(town()));
        expect([code, incidents.totalCount]).toEqual([code, count]);
        expect(incidents.edges.every(({ node }: Answer) => node.severity === code)).toBe(true);
      }
      expect(sum).toBe(severityFigures.open);
      return severityFigures.grades.map(({ code, name, count }: Answer) => [code, name, count]);
    };
    const colours = [
      ['red', 'red', 1],
      ['yellow', 'yellow', 1],
      ['blue', 'blue', 0],
      ['green', 'green', 1],
    ];
    expect(await sameAsList()).toEqual([...colours, [null, null, 1]]);

    await setPractice(town(), village.id, {
      severities: [
        { code: 'first', name: '一级' },
        { code: 'second', name: '二级' },
      ],
    });
    const old = await refusal(
      town(),
      'reportIncident',
      { input: { category: 'coloured', at, severity: 'red' } },
      await desk(town()),
    );
    expect(old).toMatchObject({ code: 'BAD_INPUT', field: 'input.severity' });
    expect((await graded('second')).severity).toBe('second');
    const swapped = await sameAsList();
    expect(swapped.slice(0, 2)).toEqual([
      ['first', '一级', 0],
      ['second', '二级', 1],
    ]);
    expect(swapped).toContainEqual(['green', null, 1]);
    // The village next to it keeps the colours, and the town adds up both.
    const beside = await openVillage(town(), 9, { severities: COLOURS, routes: [], ladders: [] });
    await graded('red', beside.at);
    const rolled = `query ($within: ID!) { severityFigures(within: $within, by: "village", categories: ["coloured"]) {
      open rows { grid { id } grades { code count } } } }`;
    const { severityFigures: all } = await town().api.ask(rolled, { within: upper.id }, await director(town()));
    const countOf = (id: string) =>
      all.rows
        .find(({ grid }: Answer) => grid?.id === id)
        .grades.reduce((sum: number, { count }: Answer) => sum + count, 0);
    expect([all.open, countOf(village.id), countOf(beside.village.id)]).toEqual([6, 5, 1]);
  });

  it('3.18 rescue goes to the police and to the cadres of the village', async () => {
    const { village, at } = await openVillage(town(), 23, { routes: ROUTES });
    const filed = await report(town(), { category: 'rescue', at, summary: '老人在山上走失' });
    const asked = (kind: string) => tasksOf(filed, kind).map(({ post }) => [post.role.code, post.grid.tier.code]);
    expect(asked('HANDLE')).toEqual([['community_officer', 'beat']]);
    expect(asked('JOINT')).toEqual([
      ['village_officer', 'village'],
      ['deputy_secretary', 'village'],
    ]);
    const answer = await lookup(town(), at, { category: 'rescue' });
    expect(answer.officer.post.role.code).toBe('community_officer');
    for (const cadre of ['leader', 'deputy_secretary']) {
      expect(answer.inRole(cadre).map(({ post }: Answer) => post.grid.id)).toContain(village.id);
    }
  });

  it('4.8 noise at a school goes to the department and to the officer, as do all 20 fields', async () => {
    const fields = ['noise', 'school', 'tourism', ...Array.from({ length: 17 }, (_, i) => `field_${i + 4}`)];
    const seat = (await openVillage(town(), 18, {})).county;
    await openOffices(town(), [{ role: 'education_office', grid: seat, body: 'EDUCATION_DEPARTMENT' }]);
    const handlers = [
      to('HANDLE', { bodyKind: 'EDUCATION_DEPARTMENT', layer: 'governance', tier: 'county' }),
      to('JOINT', { role: 'community_officer', layer: 'police', tier: 'beat' }),
    ];
    const { village, at, county } = await openVillage(town(), 18, {
      categories: fields.map((code) => ({ code, name: code, field: code })),
      routes: [routeOf([], 'village', handlers)],
      ladders: [ladderOf('all_fields', [], ['village'])],
    });
    const site = { kind: 'school', name: '孔家寨小学', timeZone: 'Asia/Shanghai', from: '2026-01-01T00:00:00+08:00' };
    const open = `mutation ($input: OpenSiteInput!) { openSite(input: $input) { site { point { lon lat } } } }`;
    const input = { ...site, point: at.point };
    const { openSite } = await town().api.ask(open, { input }, await director(town()));
    const filed = await report(town(), { category: 'noise', at: { point: openSite.site.point } });
    expect(tasksOf(filed, 'HANDLE').map(({ post }) => [post.role.code, post.grid.id])).toEqual([
      ['education_office', county.id],
    ]);
    expect(tasksOf(filed, 'JOINT').map(({ post }) => post.role.code)).toEqual(['community_officer']);
    const table = await routeTable(village.id);
    const served = table.filter(({ recipients }: Answer) => {
      const roles = recipients.map(({ role }: Answer) => role.code);
      return roles.includes('education_office') && roles.includes('community_officer');
    });
    expect(served.map(({ category }: Answer) => category)).toEqual(fields);
  });

  it('4.5 two units of one station work on one incident, each by a task of its own', async () => {
    const { at } = await openVillage(town(), 17, {});
    const station = chainAt(town(), 'police', at).find(({ tier }) => tier === 'station')!;
    await openOffices(town(), [
      { role: 'case_unit', grid: station, body: 'SQUAD' },
      { role: 'community_unit', grid: station, body: 'SQUAD' },
    ]);
    const unit = (purpose: string, role: string) => to(purpose, { role, layer: 'police', tier: 'station' });
    const handlers = [unit('HANDLE', 'case_unit'), unit('JOINT', 'community_unit')];
    await openVillage(town(), 17, {
      routes: [routeOf([], 'village', handlers)],
      ladders: [ladderOf('two_units', [], ['village'])],
    });
    const filed = await report(town(), { category: 'fight', at });
    expect(postsAsked(filed)).toEqual(['case_unit', 'community_unit']);
    expect(filed.tasks.map(({ post }: Answer) => post.grid.id)).toEqual([station.id, station.id]);
    const done = await finish(town(), tasksOf(filed, 'HANDLE')[0]);
    expect(done.id).toBe(filed.id);
    expect(done.tasks.map(({ status }: Answer) => status)).toEqual(['CLOSED', 'ISSUED']);
    const query = `query ($filter: TaskFilter) { tasks(filter: $filter) { totalCount edges { node { incidentId } } } }`;
    const { tasks } = await town().api.ask(query, { filter: { incidentId: filed.id } }, await desk(town()));
    expect(tasks.totalCount).toBe(2);
  });
}
