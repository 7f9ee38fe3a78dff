import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { readPractice } from '../../src/practice/reading/readPractice.ts';
import type { Answer } from '../support/api.ts';
import { asSuperuser, openTestDatabase } from '../support/database.ts';
import { listGrids, type Town } from './demoTown.ts';
import { askAs, asSeat, listTasks, type Village, villageIn } from './fieldWay.ts';
import { ladderOf, openOffices, routeOf, to } from './incidentOffices.ts';
import {
  act,
  asHolder,
  desk,
  director,
  finish,
  incidentNow,
  mutationText,
  refusal,
  report,
  setPractice,
  tasksOf,
} from './incidentWay.ts';

const OFFICER = { layer: 'governance', tier: 'village', role: 'village_officer' };
const DAY_MS = 86_400_000;

/** Practice in which the officer of the village handles everything within a day, and the town's leader supervises. */
const WITHIN_A_DAY = {
  routes: [routeOf([], 'village', [to('HANDLE', { role: 'village_officer' })])],
  ladders: [
    ladderOf('one_day', [], ['village', 'town'], {
      deadlines: [{ tier: 'village', severity: null, hours: 24 }],
      supervisor: to('SUPERVISE', { layer: 'governance', tier: 'town', role: 'leader' }),
    }),
  ],
};

/** Instructions: who gets them and when, what becomes of them, and who is late. */
export function oversightRows(town: () => Town): void {
  it('0.1 the second dispute at one address makes one instruction to two posts, who answer each for themselves', async () => {
    const here = villageIn(town(), '淅河镇', '陆家村');
    const homes = town().plan.addresses.filter(({ text }) => text.includes(here.village.name));
    await openOffices(town(), [{ role: 'deputy_secretary', grid: here.village, person: '副书记甲' }]);
    const dispute = async (home: number, more: object = {}) => {
      const at = { addressId: homes[home].id };
      return tasksOf(await report(town(), { category: 'dispute', at, ...more }), 'WARNING');
    };
    // The demo has the rule, and nobody has turned it on.
    expect(await warningsOf(town(), here.village.id)).toMatchObject([{ code: 'repeat_dispute', enabled: false }]);
    expect([await dispute(0), await dispute(0)]).toEqual([[], []]);
    const deputy = { layer: 'governance', tier: 'village', role: 'deputy_secretary' };
    const officer = { layer: 'police', tier: 'beat', role: 'community_officer' };
    const instruct = [to('WARNING', deputy), to('WARNING', officer)];
    const rule = {
      code: 'again',
      name: '重复纠纷',
      categories: ['dispute'],
      same: 'ADDRESS',
      count: 2,
      withinDays: 30,
    };
    await setPractice(town(), here.village.id, { warnings: [{ ...rule, instruct }] });
    expect(await warningsOf(town(), here.village.id)).toMatchObject([{ code: 'again', enabled: false }]);
    expect([await dispute(1), await dispute(1)]).toEqual([[], []]);

    await setPractice(town(), here.village.id, { warnings: [{ ...rule, instruct, enabled: true }] });
    expect(await dispute(2)).toEqual([]);
    expect(await dispute(3)).toEqual([]);
    const told = await dispute(2);
    expect(told.map(({ post }) => post.role.code).sort()).toEqual(['community_officer', 'deputy_secretary']);
    expect(new Set(told.map(({ batchId }) => batchId)).size).toBe(1);
    expect(told[0].batchId).toBeTruthy();
    for (const task of told) expect(task).toMatchObject({ kind: 'WARNING', cause: 'WARNING', status: 'ISSUED' });
    expect(await dispute(2), 'one instruction within the window').toEqual([]);
    // Out of the window it is the first again.
    expect(await dispute(4, { occurredAt: '2026-05-01T08:00:00+08:00' })).toEqual([]);
    expect(await dispute(4)).toEqual([]);

    const [first, second] = [deputy, officer].map(({ role }) => told.find(({ post }) => post.role.code === role)!);
    const who = await asHolder(town(), first, 'officer');
    await act(town(), 'acknowledgeTask', { id: first.id }, who);
    await act(town(), 'handleTask', { id: first.id, result: 'DONE', answer: '已上门' }, who);
    const batch = await listTasks(town(), { batchId: first.batchId }, 'id status answer handler { id }');
    expect(batch).toHaveLength(2);
    const [handled, waiting] = [first, second].map(({ id }) => batch.find((task) => task.id === id));
    expect(handled).toMatchObject({ status: 'HANDLED', answer: '已上门', handler: { id: first.holders[0].holder.id } });
    expect(waiting).toMatchObject({ status: 'ISSUED', answer: null, handler: null });
  });

  it('0.2 a hundred rules over place, category and time load and work, and a rule on a person or a sensor is refused', async () => {
    const { village, at } = villageIn(town(), '淅河镇', '苏家寨村');
    const rules = hundredRules();
    await setPractice(town(), village.id, { warnings: rules });
    expect(await warningsOf(town(), village.id)).toMatchObject(rules.map(({ instruct: _, ...rule }) => rule));
    // Two within fifty metres, at night: every rule that is about such a noise, and no other.
    const { lon, lat } = at.point;
    const noise = (latitude: number) =>
      report(town(), { category: 'noise', at: { point: { lon, lat: latitude } } }).then((made) =>
        tasksOf(made, 'WARNING'),
      );
    await town().on('2026-06-02T23:30:00+08:00', async () => expect(await noise(lat)).toEqual([]));
    const told = await town().on('2026-06-02T23:40:00+08:00', () => noise(lat + 0.0004));
    const expected = rules.filter(
      ({ same, categories, fromHour }) =>
        same !== 'ADDRESS' &&
        (categories.length === 0 || categories.includes('noise')) &&
        [null, 22].includes(fromHour),
    );
    expect(expected.length).toBeGreaterThan(10);
    expect(told.map(({ note }) => note.split(':')[0]).sort()).toEqual(expected.map(({ code }) => code).sort());
    expect(new Set(told.map(({ batchId }) => batchId)).size).toBe(expected.length);

    const { api } = town();
    const before = api.app.editions.latest;
    for (const target of ['person', 'idCard', 'phone', 'vehicle', 'camera', 'sensor']) {
      const rule = `{ code: "x", name: "x", same: ADDRESS, count: 2, withinDays: 30, instruct: [{ purpose: WARNING, role: "leader" }], ${target}: "x" }`;
      const text = `mutation { setPractice(area: "${village.id}", practice: { warnings: [${rule}] }) { edition } }`;
      const { status, errors } = await api.askRaw(text, {}, await director(town()));
      expect([status, errors![0].extensions.code]).toEqual([400, 'GRAPHQL_VALIDATION_FAILED']);
      expect(errors![0].message).toContain(`"${target}" is not defined by type "PracticeWarningInput"`);
      const wished = { area: village.id, practice: { warnings: [{ ...rules[0], [target]: 'x' }] } };
      const sent = await api.askRaw(
        mutationText(town(), 'setPractice', wished, 'edition'),
        wished,
        await director(town()),
      );
      expect(sent.errors![0].message).toContain(`"${target}" is not defined`);
      expect(() => readPractice(wished.practice, 'practice')).toThrow(/never about a person/);
    }
    for (const same of ['PERSON', 'SENSOR']) {
      expect(() => readPractice({ warnings: [{ ...rules[0], same }] }, 'practice')).toThrow(/must be one of/);
    }
    expect(api.app.editions.latest).toBe(before);
  });

  it('0.3 from issued to closed step by step, nothing unverified, late ones to the supervisor, in a trail that stays', async () => {
    const { village, town: upper, at } = villageIn(town(), '淅河镇', '田家畈村');
    await setPractice(town(), village.id, WITHIN_A_DAY);
    const filed = await report(town(), { category: 'hazard', at, summary: '路灯不亮' });
    const [{ id }] = tasksOf(filed, 'HANDLE');
    const holder = await asHolder(town(), filed.tasks[0], 'officer');
    const boss = await director(town());
    const close = { id: filed.id, outcome: 'SETTLED', result: '已修复' };
    const handling = { id, result: 'DONE', answer: '已修复' };
    const steps = [
      { status: 'ISSUED', field: 'acknowledgeTask', args: { id }, by: holder },
      { status: 'ACKNOWLEDGED', field: 'handleTask', args: handling, by: holder },
      { status: 'HANDLED', field: 'verifyTask', args: { id, accepted: true }, by: boss },
      { status: 'VERIFIED', field: 'closeTask', args: { id }, by: boss },
      { status: 'CLOSED', field: 'closeIncident', args: close, by: boss },
    ];
    for (const [i, { status, field, args, by }] of steps.entries()) {
      expect((await incidentNow(town(), filed.id)).tasks[0].status).toBe(status);
      // No step comes before its turn: not verified, nothing closes.
      for (const later of steps
        .slice(i + 1)
        .filter(({ field }) => status !== 'VERIFIED' || field !== 'closeIncident')) {
        const refused = await refusal(town(), later.field, later.args, later.by);
        expect(refused.code, `${later.field} of what is ${status}`).toBe('CONFLICT');
      }
      if (status === 'HANDLED') {
        expect((await refusal(town(), field, args, holder)).code).toBe('FORBIDDEN');
        await refuseRaw(filed.id, sql`update task set status = 'CLOSED' where incident_id = ${filed.id}::uuid`);
      }
      await act(town(), field, args, by);
    }
    const ended = await incidentNow(town(), filed.id, undefined, 'status version trail { version act at by }');
    expect(ended.status).toBe('CLOSED');
    expect(ended.trail.map(({ version }: Answer) => version)).toEqual(ended.trail.map((_: Answer, i: number) => i + 1));
    expect(ended.trail.length).toBe(ended.version);
    const acts: string[] = ended.trail.map(({ act }: Answer) => act);
    expect(acts.filter((name) => name.startsWith('TASK_') || name === 'CLOSED')).toEqual([
      'TASK_ACKNOWLEDGED',
      'TASK_HANDLED',
      'TASK_VERIFIED',
      'TASK_CLOSED',
      'CLOSED',
    ]);
    const times = ended.trail.map((entry: Answer) => entry.at);
    expect(times).toEqual([...times].sort());
    await refuseRaw(filed.id, sql`update incident_event set act = 'FORGED' where incident_id = ${filed.id}::uuid`);
    await refuseRaw(filed.id, sql`delete from incident_event where incident_id = ${filed.id}::uuid`);
    await refuseRaw(filed.id, sql`delete from task where incident_id = ${filed.id}::uuid`);
    expect((await incidentNow(town(), filed.id, undefined, 'trail { version act at by }')).trail).toEqual(ended.trail);

    const slow = await report(town(), { category: 'hazard', at });
    const [late] = tasksOf(slow, 'HANDLE');
    const overdue = async () => {
      const filter = { within: village.id, incidentId: slow.id, overdue: true };
      return (await listTasks(town(), filter, 'id')).map((task) => task.id);
    };
    await town().on('2026-06-02T11:59:59+08:00', () => town().api.app.dueWork.run());
    expect(tasksOf(await incidentNow(town(), slow.id), 'SUPERVISE')).toEqual([]);
    await town().on('2026-06-02T12:00:01+08:00', async () => {
      expect(await overdue()).toEqual([late.id]);
      for (let i = 0; i < 2; i++) await town().api.app.dueWork.run();
      const now = await incidentNow(
        town(),
        slow.id,
        undefined,
        `tasks { id kind aboutId cause overdueAt post { grid { id } role { code } } } trail { act }`,
      );
      expect(now.tasks.find((task: Answer) => task.id === late.id).overdueAt).toBe('2026-06-02T04:00:01.000Z');
      const supervising = now.tasks.filter(({ kind }: Answer) => kind === 'SUPERVISE');
      expect(supervising).toMatchObject([
        { aboutId: late.id, cause: 'OVERDUE', post: { grid: { id: upper.id }, role: { code: 'leader' } } },
      ]);
      expect(now.trail.filter((entry: Answer) => entry.act === 'TASK_OVERDUE')).toHaveLength(1);
      // The supervisor finds it among what he or she has to do.
      const leader = await asSeat(town(), upper.id, 'leader', 'officer');
      const query = 'query ($filter: TaskFilter) { tasks(filter: $filter) { edges { node { id } } } }';
      const { tasks } = await askAs(town(), query, { filter: { mine: true, kind: 'SUPERVISE' } }, leader);
      expect(tasks.edges.map(({ node }: Answer) => node.id)).toContain(supervising[0].id);
    });
  });

  it('0.4 pages of instructions lose and repeat none while new ones arrive, and counts by state and area add up', async () => {
    const { village, town: upper, at } = villageIn(town(), '淅河镇', '曾家冲村');
    const posts = await heldPostsBelow(town(), upper.id);
    const hundred = [posts.slice(0, 50), posts.slice(50, 100)];
    expect(hundred[1]).toHaveLength(50);
    const filed = await Promise.all([1, 2, 3].map(() => report(town(), { category: 'noise', at })));
    const issue = async (id: string, postIds: readonly string[], purpose: string) =>
      act(town(), 'issueTasks', { id, input: { purpose, postIds } }, await desk(town()), 'id');
    for (const { id } of filed) for (const fifty of hundred) await issue(id, fifty, 'JOINT');

    const filter = { within: upper.id };
    const before = new Set((await listTasks(town(), filter, 'id')).map(({ id }) => id));
    expect(before.size).toBeGreaterThanOrEqual(300);
    let arrived = 0;
    const between = async () => {
      await issue(filed[arrived % 3].id, posts.slice(arrived, arrived + 5), 'ATTEND');
      arrived += 5;
    };
    const read = (await listTasks(town(), filter, 'id', { first: 40, between })).map(({ id }) => id);
    expect(arrived).toBeGreaterThanOrEqual(35);
    expect(new Set(read).size).toBe(read.length);
    expect(new Set(read)).toEqual(before);
    const after = await listTasks(town(), filter, 'id status');
    expect(after.length).toBe(before.size + arrived);

    const joint = await listTasks(town(), { ...filter, kind: 'JOINT', incidentId: filed[0].id }, 'id');
    const by = await desk(town());
    for (const { id } of joint.slice(0, 6)) await act(town(), 'acknowledgeTask', { id }, by, 'id');
    for (const { id } of joint.slice(0, 3)) {
      await act(town(), 'handleTask', { id, result: 'DONE', answer: '已到场' }, by, 'id');
    }
    for (const { id } of joint.slice(6, 8)) await act(town(), 'declineTask', { id, reason: '不属本格' }, by, 'id');
    for (const { id } of joint.slice(8, 9)) await act(town(), 'withdrawTask', { id, reason: '误发' }, by, 'id');
    const count = async (more: object) => {
      const query = 'query ($filter: TaskFilter) { tasks(filter: $filter, first: 0) { totalCount } }';
      return (await askAs(town(), query, { filter: { ...filter, ...more } })).tasks.totalCount;
    };
    const query = `query ($within: ID!) { states: taskCounts(within: $within, by: STATUS) { status count }
      grids: taskCounts(within: $within, by: GRID) { grid { id } count } }`;
    const { states, grids } = await askAs(town(), query, filter);
    const sum = (counts: Answer[]) => counts.reduce((all, each) => all + each.count, 0);
    expect([sum(states), sum(grids)]).toEqual([after.length, after.length]);
    expect(await count({})).toBe(after.length);
    for (const { status, count: some } of states) expect(await count({ status: [status] }), status).toBe(some);
    expect(states.map(({ status }: Answer) => status)).toEqual(
      expect.arrayContaining(['ISSUED', 'ACKNOWLEDGED', 'HANDLED', 'DECLINED', 'WITHDRAWN']),
    );
    for (const { grid, count: some } of grids) if (grid) expect(await count({ within: grid.id }), grid.id).toBe(some);
    expect(grids.find(({ grid }: Answer) => grid?.id === village.id).count).toBeGreaterThan(0);
  });

  it('3.8 the overdue and the low-rate lists come from the log alone', async () => {
    const [slow, quick] = ['马家寨村', '胡家畈村'].map((name) => villageIn(town(), '花官镇', name));
    await setPractice(town(), slow.town.id, WITHIN_A_DAY);
    const file = ({ at }: Village) => report(town(), { category: 'hazard', at });
    const filed = await town().on('2026-06-02T08:00:00+08:00', async () => ({
      ...{ inTime: await file(slow), tooLate: await file(slow), waits: await file(slow), quick: await file(quick) },
    }));
    const finishAt = (time: string, { tasks }: Answer) => town().on(time, () => finish(town(), tasks[0]));
    for (const each of [filed.inTime, filed.quick]) await finishAt('2026-06-03T08:00:00+08:00', each);
    await finishAt('2026-06-03T08:00:01+08:00', filed.tooLate);
    const fresh = await town().on('2026-06-04T20:00:00+08:00', () => file(quick));
    await town().on('2026-06-05T08:00:00+08:00', async () => {
      const { taskPunctuality, lateTasks } = await slowLists(town(), slow.town.id, '2026-06-02');
      const counted = { issued: 3, inTime: 1, handledLate: 1, lateNow: 1, missed: 0, open: 0, dropped: 0 };
      const [worst, next] = taskPunctuality.rows;
      expect(worst).toEqual({ grid: { id: slow.village.id }, ...counted, rate: 1 / 3 });
      const good = { issued: 2, inTime: 1, handledLate: 0, lateNow: 0, missed: 0, open: 1, dropped: 0 };
      expect(next).toEqual({ grid: { id: quick.village.id }, ...good, rate: 1 });
      expect(taskPunctuality.total).toMatchObject({ issued: 5, inTime: 2, handledLate: 1, lateNow: 1, rate: 0.5 });
      expect(lateTasks).toEqual([
        { grid: { id: slow.village.id }, lateNow: 1, handledLate: 1, waitingSince: '2026-06-03T00:00:00.000Z' },
      ]);
      // The same again, recounted from the trails by hand.
      const recounted = await Promise.all([...Object.values(filed), fresh].map(({ id }) => fromTrail(town(), id)));
      const tally = (state: string) => recounted.filter((each) => each === state).length;
      expect([tally('inTime'), tally('handledLate'), tally('lateNow'), tally('open')]).toEqual([2, 1, 1, 1]);
      const later = await slowLists(town(), slow.town.id, '2026-06-05');
      expect([later.taskPunctuality.total.issued, later.lateTasks]).toEqual([0, []]);
    });
    expect(fresh.tasks[0].post.grid.id).toBe(quick.village.id);
  });
}

async function warningsOf(town: Town, area: string): Promise<Answer[]> {
  const query = `query ($area: ID!) { practice(area: $area) {
    warnings { code name enabled categories same metres count withinDays fromHour toHour } } }`;
  return (await askAs(town, query, { area })).practice.warnings;
}

/** Every way to say the same place, with every choice of categories and hours. */
function hundredRules() {
  const places = [
    { same: 'ADDRESS', metres: null },
    { same: 'GRID', metres: null },
    { same: 'NEARBY', metres: 200 },
  ];
  const categories = [[], ['noise'], ['fraud'], ['noise', 'theft'], ['dispute']];
  const hours = [
    { fromHour: null, toHour: null },
    { fromHour: 22, toHour: 6 },
    { fromHour: 8, toHour: 18 },
    { fromHour: 0, toHour: 12 },
  ];
  return Array.from({ length: 100 }, (_, i) => ({
    ...{ code: `rule_${i}`, name: `模型${i}`, enabled: true, count: 2, withinDays: 1 + (i % 30) },
    ...{ ...places[i % 3], categories: categories[i % 5], ...hours[i % 4] },
    instruct: [to('WARNING', OFFICER)],
  }));
}

/** The owner of the database itself may not do it. */
async function refuseRaw(id: string, statement: ReturnType<typeof sql>): Promise<void> {
  const { db } = await openTestDatabase();
  const forge = asSuperuser(db, async (trx) => {
    const areas = sql`select set_config('wangge.areas', '*', true), set_config('wangge.unsealed', ${id}::text, true)`;
    await areas.execute(trx);
    return statement.execute(trx);
  });
  await expect(forge).rejects.toMatchObject({ code: expect.stringMatching(/APPEND_ONLY|CONFLICT/) });
}

/** Posts that somebody holds on the grids of the layer below a grid. */
async function heldPostsBelow(town: Town, gridId: string): Promise<string[]> {
  const grids = await listGrids(
    town,
    { within: gridId, layer: 'governance' },
    'holdings { post { id vacant } grid { id } } id',
  );
  const posts = grids.flatMap(({ id, holdings }) => holdings.filter(({ grid }: Answer) => grid.id === id));
  return [...new Set<string>(posts.filter(({ post }) => !post.vacant).map(({ post }) => post.id))];
}

async function slowLists(town: Town, within: string, day: string): Promise<Answer> {
  const counts = 'issued inTime handledLate lateNow missed open dropped rate';
  const query = `query ($within: ID!, $from: DateTime!, $to: DateTime!) {
    taskPunctuality(within: $within, from: $from, to: $to) { total { ${counts} } rows { grid { id } ${counts} } }
    lateTasks(within: $within, from: $from, to: $to) { grid { id } lateNow handledLate waitingSince } }`;
  return askAs(town, query, { within, from: `${day}T00:00:00+08:00`, to: '2026-07-01T00:00:00+08:00' });
}

/** How an incident with one task stands on the morning of the 5th, by its trail and the deadline of a day. */
async function fromTrail(town: Town, id: string): Promise<string> {
  const { trail } = await incidentNow(town, id, undefined, 'trail { act at }');
  const at = (name: string) => Date.parse(trail.find(({ act }: Answer) => act === name)?.at);
  const due = at('TASKS_ISSUED') + DAY_MS;
  const handled = at('TASK_HANDLED');
  if (!Number.isNaN(handled)) return handled <= due ? 'inTime' : 'handledLate';
  return due < Date.parse('2026-06-05T08:00:00+08:00') ? 'lateNow' : 'open';
}
