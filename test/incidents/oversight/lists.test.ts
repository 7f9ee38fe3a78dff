import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sharesOf } from '../../../src/incidents/oversight/lists/shares.ts';
import { refusal } from '../../changesets/changesetHouse.ts';
import { OversightWorld, STAYING } from './oversightWorld.ts';

let world: OversightWorld;
beforeAll(async () => {
  world = await OversightWorld.open();
});
beforeEach(() => world.emptied());

const auditor = (...codes: string[]) => world.desk.viewer('auditor', codes.length === 0 ? 'everywhere' : codes);
const period = () => ({ from: world.in(-1000), to: world.in(1000) });
const codeOf = (gridId: string) => [...world.desk.drafts].find(([, { id }]) => id === gridId)?.[0];

/** Acknowledged and handled by whoever holds the post, at the hour it is now. */
async function handled(taskId: string, name: string, code: string) {
  const by = world.desk.staff(name, 'officer', code);
  const deed = { field: 'test', right: 'incidents.handle', id: taskId } as const;
  await world.desk.desk.actOnTask(by, deed, () => ({ do: 'ACKNOWLEDGE', taskId }));
  await world.desk.desk.actOnTask(by, deed, () => ({ do: 'HANDLE', taskId, result: 'DONE', answer: 'Seen to' }));
}

async function closed(id: string, taskId: string) {
  const chief = world.desk.viewer('dispatcher', 'everywhere');
  const deed = { field: 'test', right: 'incidents.direct', id: taskId } as const;
  await world.desk.desk.actOnTask(chief, deed, () => ({ do: 'VERIFY', taskId, accepted: true, reason: null }));
  return world.closings.close(chief, id, { outcome: 'SETTLED', result: 'They agreed' });
}

describe('who is slow', () => {
  it('comes from when tasks were issued, due and handled: slowest first, the children and the rest sum to the area', async () => {
    world.practice = STAYING;
    const inTime = await world.filed('A', 5);
    const late = await world.filed('A', 1);
    await world.filed('A', 90);
    const slow = await world.filed('B', 1);
    const { id } = await world.filed('B', null);
    world.later(2);
    await handled(inTime.tasks[0].id, 'wang', 'A');
    await handled(late.tasks[0].id, 'wang', 'A');
    const chief = world.desk.viewer('dispatcher', 'everywhere');
    const [task] = (await world.read(id)).tasks;
    const deed = { field: 'test', right: 'incidents.direct', id: task.id } as const;
    const taken = { do: 'WITHDRAW', taskId: task.id, reason: 'Twice' } as const;
    await world.desk.desk.actOnTask(chief, deed, () => taken);
    await world.dueWork().run();
    const list = await world.oversight.slow(auditor('T1'), { within: 'T1', ...period() });
    const shown = list.rows.map(({ gridId, ...counts }) => ({ grid: codeOf(gridId), ...counts }));
    const none = { issued: 0, inTime: 0, handledLate: 0, lateNow: 0, missed: 0, open: 0, dropped: 0 };
    expect(shown).toEqual([
      { grid: 'B', ...none, issued: 2, lateNow: 1, dropped: 1, rate: 0 },
      { grid: 'A', ...none, issued: 3, inTime: 1, handledLate: 1, open: 1, rate: 0.5 },
      // The supervisor of the town, who was told of the late one.
      { grid: 'T1', ...none, issued: 1, open: 1, rate: null },
    ]);
    expect(list.total).toMatchObject({
      issued: 6,
      inTime: 1,
      handledLate: 1,
      lateNow: 1,
      open: 2,
      dropped: 1,
      rate: 1 / 3,
    });
    const grids = await world.oversight.overdue(auditor(), { within: 'T1', ...period(), first: 10 });
    expect(grids.map(({ gridId, ...rest }) => ({ grid: codeOf(gridId), ...rest }))).toEqual([
      { grid: 'B', lateNow: 1, handledLate: 0, waitingSince: slow.tasks[0].dueAt },
      { grid: 'A', lateNow: 0, handledLate: 1, waitingSince: null },
    ]);
  });

  it('counts a late task as missed where the matter climbed away from it', async () => {
    await world.filed('A', 1);
    world.later(2);
    await world.dueWork().run();
    const { rows, total } = await world.oversight.slow(auditor(), { within: 'T1', ...period() });
    expect(rows[0]).toMatchObject({ gridId: world.desk.id('A'), issued: 1, missed: 1, rate: 0 });
    const { issued, inTime, handledLate, lateNow, missed, open, dropped } = total;
    expect(inTime + handledLate + lateNow + missed + open + dropped).toBe(issued);
  });

  it('takes tasks of the period only, from its first instant to before its last', async () => {
    const { tasks } = await world.filed('A', 1);
    const { issuedAt } = tasks[0];
    const after = new Date(issuedAt.getTime() + 1);
    const issued = async (from: Date, to: Date) =>
      (await world.oversight.slow(auditor(), { within: 'A', from, to })).total.issued;
    expect(await issued(issuedAt, after)).toBe(1);
    expect(await issued(after, world.in(5))).toBe(0);
    expect(await issued(world.in(-5), issuedAt)).toBe(0);
  });

  it('is for those of the area with the right: others are told that there is no such grid', async () => {
    const question = { within: 'T1', ...period() };
    const foreign = await refusal(world.oversight.slow(auditor('T2'), question));
    const unknown = await refusal(world.oversight.slow(auditor('T2'), { ...question, within: 'nowhere' }));
    expect(foreign).toMatchObject({ code: 'NOT_FOUND', message: unknown.message });
    const keyless = world.desk.viewer('gis_editor', 'everywhere');
    expect(await refusal(world.oversight.slow(keyless, question))).toMatchObject({ code: 'FORBIDDEN' });
    const backwards = { ...question, to: question.from };
    expect(await refusal(world.oversight.closedPerTier(auditor(), backwards))).toMatchObject({ code: 'BAD_INPUT' });
  });
});

describe('on which tier matters end', () => {
  it('is told for each ladder, with shares that sum to 1 and those that left a tier out', async () => {
    const chief = world.desk.viewer('dispatcher', 'everywhere');
    for (const code of ['A', 'A', 'B']) {
      const { id, tasks } = await world.filed(code, null);
      await handled(tasks[0].id, code === 'A' ? 'wang' : 'li', code);
      await closed(id, tasks[0].id);
    }
    const climbed = await world.filed('A', null);
    await world.climbs.climb(chief, climbed.id, { cause: 'REASON', reason: 'Over their heads' });
    await world.closings.close(chief, climbed.id, { outcome: 'UNFOUNDED', result: 'Nothing in it' });
    const other = await world.filed('A', null, { ladder: 'noise' });
    await world.closings.close(chief, other.id, { outcome: 'DUPLICATE', result: 'Known' });
    await world.filed('A', null);
    const ladders = await world.oversight.closedPerTier(auditor('T1'), { within: 'T1', ...period() });
    expect(ladders).toEqual([
      {
        ...{ ladder: 'dispute', total: 4, skipped: 0 },
        tiers: [
          { tier: 'village', closed: 3, share: 0.75 },
          { tier: 'town', closed: 1, share: 0.25 },
        ],
      },
      { ladder: 'noise', total: 1, skipped: 0, tiers: [{ tier: 'village', closed: 1, share: 1 }] },
    ]);
    expect(await world.oversight.closedPerTier(auditor(), { within: 'T2', ...period() })).toEqual([]);
  });

  it('rounds shares so that they sum to exactly 1, whatever the counts', () => {
    expect(sharesOf([1, 1, 1])).toEqual([0.3334, 0.3333, 0.3333]);
    expect(sharesOf([0, 0])).toEqual([0, 0]);
    for (let a = 0; a < 30; a++) {
      const shares = sharesOf([a, 7, 13, 1]);
      expect(shares.reduce((sum, share) => sum + Math.round(share * 10_000), 0)).toBe(10_000);
    }
  });
});
