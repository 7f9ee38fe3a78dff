import { randomUUID } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import type { Answer } from '../support/api.ts';
import { midnight, type Town } from './demoTown.ts';
import { ladderOf, openOffices, openVillage, routeOf, to, villagesOf } from './incidentOffices.ts';
import {
  act,
  asHolder,
  desk,
  director,
  finish,
  incidentNow,
  refusal,
  report,
  setPractice,
  tasksOf,
  told,
} from './incidentWay.ts';

const DISPUTES = {
  severities: ['red', 'yellow', 'blue', 'green'].map((code) => ({ code, name: code })),
  ladders: [ladderOf('dispute', ['dispute'], ['village', 'town', 'county'])],
  routes: [
    routeOf(['dispute'], 'village', [to('MEDIATE', { role: 'mediation' })]),
    routeOf(['dispute'], 'town', [to('MEDIATE', { role: 'mediation' })]),
    routeOf(['dispute'], 'county', [to('MEDIATE', { role: 'county_mediation' })]),
  ],
};

/** Disputes: who mediates, how far they climb, what comes after. */
export function mediationRows(town: () => Town): void {
  let lique: Awaited<ReturnType<typeof openVillage>>;
  beforeAll(async () => {
    lique = await openVillage(town(), 0, {});
    await openOffices(town(), [
      { role: 'county_mediation', grid: lique.county, body: 'MEDIATION_CENTRE' },
      { role: 'women', grid: lique.town, body: 'WOMEN' },
    ]);
    await setPractice(town(), lique.town.id, DISPUTES);
  });
  const dispute = (more: object = {}, by?: { authorization: string }) =>
    report(town(), { category: 'dispute', at: lique.at, summary: '田埂纠纷', ...more }, by);
  const attempt = async (taskId: string, result: string, by?: { authorization: string }) =>
    act(town(), 'recordAttempt', { taskId, result }, by ?? (await desk(town())));

  it('0.10 what a grid worker finds goes to the mediators of the village, never to the finder, and unresolved climbs to town and county', async () => {
    const { api, plan } = town();
    const worker = plan.appointments.find(({ postId }) =>
      plan.posts.some((post) => post.id === postId && post.roleCode === 'grid_worker'),
    )!.holder as { personId: string };
    const by = await api.asStaff(worker.personId, 'grid_worker', lique.village.id);
    const found = await dispute({ origin: 'FOUND' }, by);
    expect(found.finder.id).toBe(worker.personId);
    const [task] = tasksOf(found, 'MEDIATE');
    expect(task.post.role.code).toBe('mediation');
    expect(task.post.grid).toMatchObject({ id: lique.village.id, tier: { code: 'village' } });
    // In whatever role the finder comes, and even at a desk.
    const sameLogin = await api.asStaff(worker.personId, 'dispatcher', lique.village.id);
    await act(town(), 'acknowledgeTask', { id: task.id }, sameLogin);
    expect(await refusal(town(), 'recordAttempt', { taskId: task.id, result: 'SETTLED' }, sameLogin)).toMatchObject({
      code: 'FORBIDDEN',
    });
    expect((await incidentNow(town(), found.id)).attempts).toEqual([]);

    const boss = await director(town());
    const tooEarly = { id: found.id, cause: 'FAILED' };
    expect(await refusal(town(), 'escalateIncident', tooEarly, boss)).toMatchObject({ code: 'CONFLICT' });
    await attempt(task.id, 'FAILED');
    const climbed = await act(town(), 'escalateIncident', tooEarly, boss);
    expect(climbed.tier).toBe('town');
    const second = tasksOf(climbed, 'MEDIATE').at(-1)!;
    expect(second.post.grid.id).toBe(lique.town.id);
    await act(town(), 'acknowledgeTask', { id: second.id }, await desk(town()));
    await attempt(second.id, 'FAILED');
    const top = await act(town(), 'escalateIncident', tooEarly, boss);
    expect(top.tier).toBe('county');
    expect(tasksOf(top, 'MEDIATE').at(-1)!.post.role.code).toBe('county_mediation');
    expect(top.trail.filter(({ kind }: Answer) => kind === 'ESCALATED')).toHaveLength(2);
  });

  it('1.7 ten failed attempts and then success keep their order, and success comes only from the last', async () => {
    const [task] = tasksOf(await dispute(), 'MEDIATE');
    await act(town(), 'acknowledgeTask', { id: task.id }, await desk(town()));
    for (let i = 1; i <= 10; i++) await attempt(task.id, 'FAILED');
    const settled = await attempt(task.id, 'SETTLED');
    expect(settled.attempts.map(({ number }: Answer) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(settled.attempts.map(({ result }: Answer) => result)).toEqual([...Array(10).fill('FAILED'), 'SETTLED']);
    expect(tasksOf(settled, 'MEDIATE')[0]).toMatchObject({ status: 'HANDLED', result: 'DONE' });
    const again = await refusal(town(), 'recordAttempt', { taskId: task.id, result: 'FAILED' }, await desk(town()));
    expect(again.code).toBe('CONFLICT');
  });

  it('1.8 closing needs a result, a closer and a time, and open is total without closed', async () => {
    const counts = async () => {
      const query = `query ($within: ID!) {
        all: incidents(first: 0, filter: { within: $within }) { totalCount }
        open: incidents(first: 0, filter: { within: $within, status: "OPEN" }) { totalCount }
        closed: incidents(first: 0, filter: { within: $within, status: "CLOSED" }) { totalCount } }`;
      const { all, open, closed } = await town().api.ask(query, { within: lique.village.id }, await director(town()));
      expect(open.totalCount).toBe(all.totalCount - closed.totalCount);
      return closed.totalCount;
    };
    const before = await counts();
    const filed = await dispute();
    const end = { id: filed.id, outcome: 'SETTLED', result: '双方握手言和' };
    expect((await refusal(town(), 'closeIncident', end, await desk(town()))).code).toBe('CONFLICT');
    await finish(town(), tasksOf(filed, 'MEDIATE')[0]);
    const empty = await refusal(town(), 'closeIncident', { ...end, result: ' ' }, await desk(town()));
    expect(empty).toMatchObject({ code: 'BAD_INPUT', field: 'result' });
    const closed = await act(town(), 'closeIncident', end, await desk(town()));
    expect(closed).toMatchObject({ status: 'CLOSED', outcome: 'SETTLED', result: '双方握手言和' });
    expect(closed.closedAt).toBeTruthy();
    expect(closed.trail.at(-1)).toMatchObject({ kind: 'CLOSED', by: expect.stringContaining('test-dispatcher') });
    expect(await counts()).toBe(before + 1);
  });

  it('0.5 the visit two weeks after settling goes to whoever holds the post on day 14', async () => {
    const again = { purpose: 'FOLLOW_UP', role: 'village_officer' };
    const ladders = [ladderOf('dispute', ['dispute'], ['village', 'town'], { followUpDays: 14, followUp: again })];
    const village = villagesOf(town()).find(({ id }) => id !== lique.village.id && hasOfficer(town(), id))!;
    await setPractice(town(), village.id, { ...DISPUTES, ladders });
    const { at } = await openVillage(town(), villagesOf(town()).indexOf(village), {});
    const filed = await report(town(), { category: 'dispute', at });
    await finish(town(), tasksOf(filed, 'MEDIATE')[0]);
    const end = { id: filed.id, outcome: 'SETTLED', result: '达成协议' };
    const closed = await act(town(), 'closeIncident', end, await desk(town()));
    const [visit] = tasksOf(closed, 'FOLLOW_UP');
    expect(Date.parse(visit.startsAt)).toBe(Date.parse(closed.closedAt) + 14 * 86_400_000);
    const before = visit.holders[0].holder.id;
    expect(await refusal(town(), 'acknowledgeTask', { id: visit.id }, await desk(town()))).toMatchObject({
      code: 'CONFLICT',
    });

    // Somebody else takes the post over on day 10.
    const { api } = town();
    const post = `query ($id: ID!) { incident(id: $id) { tasks { kind post { id } holders { appointmentId } } } }`;
    const { incident } = await api.ask(post, { id: filed.id }, await director(town()));
    const held = incident.tasks.find(({ kind }: Answer) => kind === 'FOLLOW_UP');
    const person = { id: randomUUID(), name: '接任民警', officePhone: null, bodyId: null, languages: [] };
    const dates = { validFrom: midnight('2026-06-11'), validTo: null };
    const { posts } = api.app.writers;
    await town().publish('Another officer for the village', async (trx, edition) => {
      await posts.endAppointments(trx, edition, [held.holders[0].appointmentId], dates.validFrom);
      await posts.insertPeople(trx, edition, [{ ...person, ...dates }]);
      const seat = {
        id: randomUUID(),
        postId: held.post.id,
        holder: { personId: person.id },
        rank: 'PRIMARY' as const,
      };
      await posts.insertAppointments(trx, edition, [{ ...seat, ...dates }]);
    });
    const [later] = tasksOf(await incidentNow(town(), filed.id), 'FOLLOW_UP');
    expect(later.holders.map(({ holder }: Answer) => holder.id)).toEqual([person.id]);
    await town().on('2026-06-16', async () => {
      const old = await api.asStaff(before, 'officer', village.id);
      expect((await refusal(town(), 'acknowledgeTask', { id: visit.id }, old)).code).toBe('FORBIDDEN');
      const taken = await act(town(), 'acknowledgeTask', { id: visit.id }, await asHolder(town(), later, 'officer'));
      expect(tasksOf(taken, 'FOLLOW_UP')[0].status).toBe('ACKNOWLEDGED');
    });
  });

  it('0.6 the women’s federation joins in: the one who mediates stays, and both see it', async () => {
    const filed = await dispute();
    const [primary] = tasksOf(filed, 'MEDIATE');
    const women = await postOf(town(), lique.town.id, 'women');
    const input = { purpose: 'JOINT', postIds: [women] };
    const joined = await act(town(), 'issueTasks', { id: filed.id, input }, await desk(town()));
    expect(tasksOf(joined, 'MEDIATE')).toEqual([primary]);
    expect(tasksOf(joined, 'JOINT').map(({ post }) => post.role.code)).toEqual(['women']);
    for (const area of [lique.village.id, lique.town.id]) {
      const seen = await incidentNow(town(), filed.id, await town().api.as('mediator', area), 'id tasks { kind }');
      expect(seen.tasks.map(({ kind }: Answer) => kind)).toEqual(['MEDIATE', 'JOINT']);
    }
  });

  it('1.20 2.8 two ladders live side by side, and no tier is skipped without a reason', async () => {
    const other = await openVillage(town(), 3, {
      ...DISPUTES,
      ladders: [ladderOf('in_the_grid', ['dispute'], ['grid', 'village', 'town', 'county'])],
      routes: [routeOf(['dispute'], 'grid', [to('HANDLE', { role: 'grid_head' })]), ...DISPUTES.routes],
    });
    const [here, there] = [await dispute(), await report(town(), { category: 'dispute', at: other.at })];
    expect([here.ladder, here.tier]).toEqual(['dispute', 'village']);
    expect([there.ladder, there.tier]).toEqual(['in_the_grid', 'grid']);
    const boss = await director(town());
    const skip = { id: there.id, to: 'town', cause: 'REASON' };
    expect((await refusal(town(), 'escalateIncident', skip, boss)).code).toMatch(/BAD_INPUT|CONFLICT/);
    const jumped = await act(town(), 'escalateIncident', { ...skip, reason: '涉及两个村' }, boss);
    expect(jumped.tier).toBe('town');
    expect(JSON.parse(jumped.trail.find(({ kind }: Answer) => kind === 'ESCALATED').details)).toMatchObject({
      reason: '涉及两个村',
    });
    const settle = async (incident: Answer) => {
      const now = await incidentNow(town(), incident.id);
      for (const task of now.tasks) if (task.status === 'ISSUED') await finish(town(), task);
      return act(town(), 'closeIncident', { id: incident.id, outcome: 'SETTLED', result: '已化解' }, boss);
    };
    expect([(await settle(here)).closedTier, (await settle(there)).closedTier]).toEqual(['village', 'town']);
    const query = `query ($within: ID!, $from: DateTime!, $to: DateTime!) { closedPerTier(within: $within, from: $from, to: $to) {
      ladder total skipped tiers { tier closed share } } }`;
    const span = { within: lique.town.id, from: '2026-05-01T00:00:00+08:00', to: '2026-07-01T00:00:00+08:00' };
    const { closedPerTier } = await town().api.ask(query, span, boss);
    for (const { total, tiers } of closedPerTier) {
      const sum = (of: 'closed' | 'share') => tiers.reduce((all: number, each: Answer) => all + each[of], 0);
      expect(sum('closed')).toBe(total);
      expect(Math.abs(sum('share') - 1)).toBeLessThan(1e-9);
    }
    const [jumpedOne] = closedPerTier.filter((each: Answer) => each.ladder === 'in_the_grid');
    expect(jumpedOne).toMatchObject({ total: 1, skipped: 1, tiers: [{ tier: 'town', closed: 1, share: 1 }] });
  });

  it('1.15 one case is handled on three tiers at once, and a tier that is missing is reported', async () => {
    const joint = (tier: string, role: string) => to('JOINT', { layer: 'governance', tier, role });
    const linked = [
      to('MEDIATE', { role: 'mediation' }),
      joint('town', 'mediation'),
      joint('county', 'county_mediation'),
    ];
    const routes = [routeOf(['dispute'], 'village', linked)];
    const tiers = ['micro', 'village', 'town', 'county'];
    const { village, at } = await openVillage(town(), 5, { ...DISPUTES, routes });
    const practice = { ...DISPUTES, routes, ladders: [ladderOf('linked', ['dispute'], tiers)] };
    const filed = await report(town(), { category: 'dispute', at });
    expect(filed.tasks.map(({ post }: Answer) => post.grid.tier.code).sort()).toEqual(['county', 'town', 'village']);
    expect(told(filed)).not.toContain('MISSING_TIER');
    // A town of three tiers has no micro-grids.
    const flat = town().highlight('threeTierTown');
    await setPractice(town(), flat.expect.gridId!, practice);
    expect(told(await report(town(), { category: 'dispute', at: flat.at }))).toContain('MISSING_TIER');
    expect(village.tier).toBe('village');
  });

  it('3.15 whoever speaks the language is asked first, and where nobody does it is told', async () => {
    const { at } = town().highlight('bouyeiTown');
    await setPractice(town(), '522328103', {
      ladders: [ladderOf('d', ['dispute'], ['town'])],
      routes: [DISPUTES.routes[1]],
    });
    const bouyei = await report(town(), { category: 'dispute', at, language: 'pcc' });
    const [first] = tasksOf(bouyei, 'MEDIATE')[0].holders;
    expect(tasksOf(bouyei, 'MEDIATE')[0].holders.map(({ holder }: Answer) => holder.id)).toContain(
      town().highlight('bouyeiTown').expect.facts!.bodyId,
    );
    expect(first).toBeTruthy();
    const french = await report(town(), { category: 'dispute', at, language: 'fr' });
    expect(told(french)).toContain('LANGUAGE_NOT_SERVED');
  });
}

function hasOfficer({ plan }: Town, gridId: string): boolean {
  const post = plan.posts.find((each) => each.roleCode === 'village_officer' && each.gridId === gridId);
  return plan.appointments.some(({ postId }) => postId === post?.id);
}

/** The id of the post of a role on a grid. */
export async function postOf({ api }: Town, gridId: string, role: string): Promise<string> {
  const query = 'query ($id: ID!, $role: String) { grid(id: $id) { holdings(role: $role) { post { id } } } }';
  return (await api.ask(query, { id: gridId, role })).grid.holdings[0].post.id;
}
