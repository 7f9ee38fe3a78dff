import { expect, it } from 'vitest';
import type { Answer } from '../support/api.ts';
import { lookup, type Town } from './demoTown.ts';
import { chainAt, ladderOf, openVillage, routeOf, to } from './incidentOffices.ts';
import {
  act,
  asHolder,
  desk,
  director,
  finish,
  type Headers,
  incidentNow,
  refusal,
  report,
  tasksOf,
} from './incidentWay.ts';
import { postOf } from './mediationRows.ts';

const TASKS = `query ($filter: TaskFilter) { tasks(filter: $filter, first: 50) { totalCount edges { node {
  id kind status startsAt incidentId post { grid { id } } } } } }`;

/** What is asked of posts by hand, and comes back from them. */
export function handlingRows(town: () => Town): void {
  const tasks = async (filter: object, by?: Headers) => {
    const { tasks: page } = await town().api.ask(TASKS, { filter }, by ?? (await director(town())));
    return page.edges.map(({ node }: Answer) => node);
  };

  it('1.21 a hazard goes to its owner, and the date of the second look is kept beyond the end', async () => {
    const { village, at } = await openVillage(town(), 10, {
      routes: [routeOf(['hazard'], 'village', [to('HANDLE', { role: 'village_officer' })])],
      ladders: [ladderOf('hazards', ['hazard'], ['village'])],
    });
    const filed = await report(town(), { category: 'hazard', at, summary: '电线裸露', origin: 'FOUND' });
    const [owner] = filed.tasks;
    expect(owner).toMatchObject({
      kind: 'HANDLE',
      post: { role: { code: 'village_officer' }, grid: { id: village.id } },
    });
    const day = '2026-07-01T00:00:00+08:00';
    const worker = await lookup(town(), at);
    const again = { purpose: 'RECHECK', postIds: [worker.gridWorker.post.id], startsAt: day, note: '复查整改' };
    const asked = await act(town(), 'issueTasks', { id: filed.id, input: again }, await desk(town()));
    const [recheck] = tasksOf(asked, 'RECHECK');
    expect(new Date(recheck.startsAt)).toEqual(new Date(day));
    expect((await refusal(town(), 'acknowledgeTask', { id: recheck.id }, await desk(town()))).code).toBe('CONFLICT');
    await finish(town(), owner, '已整改');
    const end = { id: filed.id, outcome: 'SETTLED', result: '隐患已消除' };
    const closed = await act(town(), 'closeIncident', end, await desk(town()));
    expect([closed.status, tasksOf(closed, 'RECHECK')[0].status]).toEqual(['CLOSED', 'ISSUED']);
    const [kept] = await tasks({ incidentId: filed.id, kind: 'RECHECK' });
    expect(new Date(kept.startsAt)).toEqual(new Date(day));
    await town().on('2026-07-01', async () => {
      const holder = await asHolder(town(), recheck, 'grid_worker');
      await act(town(), 'acknowledgeTask', { id: recheck.id }, holder);
      const seen = await act(town(), 'handleTask', { id: recheck.id, result: 'DONE', answer: '复查合格' }, holder);
      expect(tasksOf(seen, 'RECHECK')[0]).toMatchObject({ status: 'HANDLED', result: 'DONE', answer: '复查合格' });
    });
  });

  it('2.7 the room of a station pushes to the officer and the grid worker, both posts get it, and their answers close it', async () => {
    const { at } = await openVillage(town(), 11, { routes: [], ladders: [] });
    const station = chainAt(town(), 'police', at).find(({ tier }) => tier === 'station')!;
    const room = await town().api.as('dispatcher', station.id);
    const filed = await report(town(), { category: 'public_order', at }, room);
    const { officer, gridWorker } = await lookup(town(), at);
    const input = { purpose: 'JOINT', postIds: [officer.post.id, gridWorker.post.id], note: '请到场并反馈' };
    const sent = await act(town(), 'issueTasks', { id: filed.id, input }, room);
    expect(sent.tasks.map(({ post }: Answer) => post.id)).toEqual(input.postIds);
    expect(new Set(sent.tasks.map(({ batchId }: Answer) => batchId)).size).toBe(1);
    const end = { id: filed.id, outcome: 'SETTLED', result: '双方反馈已处置' };
    expect((await refusal(town(), 'closeIncident', end, room)).code).toBe('CONFLICT');
    const roles = ['officer', 'grid_worker'] as const;
    for (const [i, task] of sent.tasks.entries()) {
      const by = await asHolder(town(), task, roles[i]);
      expect((await tasks({ mine: true, incidentId: filed.id }, by)).map(({ id }: Answer) => id)).toEqual([task.id]);
      await act(town(), 'acknowledgeTask', { id: task.id }, by);
      const answer = { id: task.id, result: 'DONE', answer: `已到场${i}` };
      const told = await act(town(), 'handleTask', answer, by);
      expect(told.tasks[i]).toMatchObject({
        status: 'HANDLED',
        answer: `已到场${i}`,
        handler: { id: task.holders[0].holder.id },
      });
      await act(town(), 'verifyTask', { id: task.id, accepted: true }, room);
    }
    const closed = await act(town(), 'closeIncident', end, room);
    expect(closed.status).toBe('CLOSED');
    expect(closed.tasks.map(({ status, answer }: Answer) => [status, answer])).toEqual([
      ['CLOSED', '已到场0'],
      ['CLOSED', '已到场1'],
    ]);
  });

  it('3.4 one notice goes to 2 counties and 2 towns, and of 3 answers the missing one is shown', async () => {
    const { plan } = town();
    const seats = ['421303', '522328', '370523107', '370523105'].map(
      (code) => plan.grids.find(({ codes }) => codes[0].code === code)!.id,
    );
    const postIds = await Promise.all(seats.map((id) => postOf(town(), id, 'leader')));
    const filed = await report(town(), { category: 'flood', at: town().highlight('firstQuery').at });
    const input = { purpose: 'NOTICE', postIds, note: '汛期值守，请回报' };
    const sent = await act(town(), 'issueTasks', { id: filed.id, input }, await director(town()));
    const notices = tasksOf(sent, 'NOTICE').filter(({ note }) => note === input.note);
    expect(notices.map(({ post }) => post.grid.id)).toEqual(seats);
    expect(notices.map(({ post }) => post.grid.tier.code)).toEqual(['county', 'county', 'town', 'town']);
    const [{ batchId }] = notices;
    expect(await tasks({ batchId })).toHaveLength(4);
    for (const { id } of notices.filter((_, i) => i !== 1)) {
      await act(town(), 'acknowledgeTask', { id }, await desk(town()));
      await act(town(), 'handleTask', { id, result: 'DONE', answer: '已值守' }, await desk(town()));
    }
    expect(await tasks({ batchId, status: ['HANDLED'] })).toHaveLength(3);
    const missing = await tasks({ batchId, status: ['ISSUED', 'ACKNOWLEDGED'] });
    expect(missing.map(({ id, post }: Answer) => [id, post.grid.id])).toEqual([[notices[1].id, seats[1]]]);
    const answers = (await incidentNow(town(), filed.id)).tasks.filter((task: Answer) => task.batchId === batchId);
    expect(answers.map(({ answer }: Answer) => answer)).toEqual(['已值守', null, '已值守', '已值守']);
  });
}
