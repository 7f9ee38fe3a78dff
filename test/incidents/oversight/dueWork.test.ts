import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { showAreas } from '../../../src/db/areas.ts';
import { DomainError } from '../../../src/errors.ts';
import type { IncidentState } from '../../../src/incidents/course/state.ts';
import { DueWork } from '../../../src/incidents/oversight/dueWork.service.ts';
import { OversightWorld, STAYING } from './oversightWorld.ts';

let world: OversightWorld;
beforeAll(async () => {
  world = await OversightWorld.open();
});
beforeEach(() => world.emptied());

const tasksOf = ({ tasks }: IncidentState) =>
  tasks.map(({ purpose, role, tier, status }) => `${purpose} ${role} ${tier} ${status}`);

describe('what the clock brings', () => {
  it('is nothing while nothing is late', async () => {
    await world.filed('A', 2);
    await world.filed('B', null);
    world.later(2);
    expect(await world.dueWork().run()).toEqual({ overdue: 0, climbed: 0, failed: 0 });
  });

  it('is a task for the supervisor on the rung above, once, by the machine, in the trail and the audit', async () => {
    world.practice = STAYING;
    const { id, tasks } = await world.filed('A', 2);
    world.later(3);
    expect(await world.dueWork().run()).toEqual({ overdue: 1, climbed: 0, failed: 0 });
    expect(await world.dueWork().run()).toEqual({ overdue: 0, climbed: 0, failed: 0 });
    const incident = await world.read(id);
    expect(tasksOf(incident)).toEqual(['HANDLE officer village ISSUED', 'SUPERVISE mediators town ISSUED']);
    expect(incident.tasks[0].overdueAt).toEqual(world.desk.now);
    expect(incident.tasks[1]).toMatchObject({ cause: 'OVERDUE', aboutId: tasks[0].id, gridId: world.desk.id('T1') });
    const acts = (await world.trail(id)).filter(({ by }) => by === 'system:oversight').map(({ act }) => act);
    expect(acts).toEqual(['TASK_OVERDUE', 'TASKS_ISSUED']);
    const audited = await world.desk.db.transaction().execute(async (trx) => {
      await showAreas(trx, 'everywhere', world.desk.now);
      return trx
        .selectFrom('audit_entry')
        .select(['role', 'action', 'result'])
        .where('subject', '=', 'system:oversight')
        .where('object_id', '=', id)
        .execute();
    });
    expect(audited).toEqual([{ role: 'system', action: 'incidents.direct', result: 'DONE' }]);
  });

  it('takes the matter to the next rung where the ladder says so, and from there again when that is late too', async () => {
    const { id } = await world.filed('A', 2);
    world.later(3);
    expect(await world.dueWork().run()).toEqual({ overdue: 1, climbed: 1, failed: 0 });
    const climbed = await world.read(id);
    expect(climbed.rung).toEqual({ layer: 'gov', tier: 'town' });
    expect(tasksOf(climbed)).toEqual([
      'HANDLE officer village WITHDRAWN',
      'SUPERVISE mediators town ISSUED',
      'MEDIATE mediators town ISSUED',
    ]);
    expect((await world.trail(id)).find(({ kind }) => kind === 'ESCALATED')?.details).toMatchObject({
      cause: 'DEADLINE',
    });
    world.later(72);
    // The task of the town is told; there is no rung above.
    expect(await world.dueWork().run()).toMatchObject({ climbed: 0, failed: 0 });
    expect((await world.read(id)).rung).toEqual({ layer: 'gov', tier: 'town' });
  });

  it('climbs for another server that told of the task and fell', async () => {
    const { id, tasks } = await world.filed('A', 2);
    world.later(3);
    const deed = { field: 'oversight', right: 'incidents.direct', id } as const;
    await world.desk.desk.act(world.desk.viewer('admin', 'everywhere'), deed, () => ({
      do: 'OVERDUE',
      taskId: tasks[0].id,
      tasks: [],
    }));
    expect(await world.dueWork().run()).toEqual({ overdue: 0, climbed: 1, failed: 0 });
    expect((await world.read(id)).rung?.tier).toBe('town');
  });

  it('begins for a follow-up only on its day, and goes on after the incident is closed', async () => {
    const { id, tasks } = await world.filed('A', null);
    const { desk } = world;
    const wang = desk.staff('wang', 'officer', 'A');
    const on = (field: string, right: 'incidents.handle' | 'incidents.direct') => ({ field, right, id: tasks[0].id });
    const [{ id: taskId }] = tasks;
    await desk.desk.actOnTask(wang, on('a', 'incidents.handle'), () => ({ do: 'ACKNOWLEDGE', taskId }));
    const done = { do: 'HANDLE', taskId, result: 'DONE', answer: 'Quiet now' } as const;
    await desk.desk.actOnTask(wang, on('h', 'incidents.handle'), () => done);
    const chief = desk.viewer('dispatcher', ['T1']);
    const accepted = { do: 'VERIFY', taskId, accepted: true, reason: null } as const;
    await desk.desk.actOnTask(chief, on('v', 'incidents.direct'), () => accepted);
    const closed = await world.closings.close(chief, id, { outcome: 'SETTLED', result: 'They agreed' });
    expect(closed.status).toBe('CLOSED');
    expect(tasksOf(closed)).toEqual(['HANDLE officer village CLOSED', 'FOLLOW_UP officer village ISSUED']);
    expect(closed.tasks[1].startsAt).toEqual(world.in(7 * 24));
    world.later(6 * 24);
    expect(await world.dueWork().run()).toMatchObject({ overdue: 0 });
    world.later(3 * 24);
    expect(await world.dueWork().run()).toEqual({ overdue: 1, climbed: 0, failed: 0 });
    expect(tasksOf(await world.read(id))).toContain('SUPERVISE mediators town ISSUED');
  });

  it('does not send a supervisor who is late after himself', async () => {
    const [gov] = STAYING.ladders!;
    const supervisor = { ...STAYING.routes![1].handlers[0], layer: 'gov', tier: 'town', hours: 1 };
    world.practice = { ...STAYING, ladders: [{ ...gov, supervisor }] };
    const { id } = await world.filed('A', 2);
    for (let i = 0; i < 3; i++) {
      world.later(3);
      await world.dueWork().run();
    }
    const told = await world.read(id);
    expect(told.tasks.filter(({ purpose }) => purpose === 'SUPERVISE')).toHaveLength(1);
    expect(told.tasks.every(({ overdueAt }) => overdueAt !== null)).toBe(true);
  });

  it('goes on when one incident fails, and leaves what was refused alone for ten minutes', async () => {
    world.practice = STAYING;
    const bad = await world.filed('A', 1);
    const good = await world.filed('B', 2);
    world.later(3);
    let refused = 0;
    const work = world.dueWork({
      act: (by, deed, choose) => {
        if (deed.id !== bad.id) return world.desk.desk.act(by, deed, choose);
        refused += 1;
        throw new DomainError('CONFLICT', 'id: broken.', {});
      },
    });
    expect(await work.run()).toEqual({ overdue: 1, climbed: 0, failed: 1 });
    expect((await world.read(good.id)).tasks[0].overdueAt).not.toBeNull();
    expect(world.logged).toHaveLength(1);
    await work.run();
    expect(refused).toBe(1);
    world.later(0.2);
    expect(await work.run()).toEqual({ overdue: 0, climbed: 0, failed: 1 });
    expect(refused).toBe(2);
  });

  it('is looked for every 30 seconds until it is closed, and never twice at once', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const work = world.dueWork();
    const run = vi.spyOn(work, 'run');
    try {
      work.start();
      vi.advanceTimersByTime(65_000);
      expect(run).toHaveBeenCalledTimes(2);
      expect(run.mock.results[1].value).toEqual(run.mock.results[0].value);
      await work.close();
      vi.advanceTimersByTime(65_000);
      expect(run).toHaveBeenCalledTimes(2);
    } finally {
      vi.useRealTimers();
    }
  });

  it('reads many in small batches, each going on behind the last, and does them in their order', async () => {
    const rows = Array.from({ length: 120 }, (_, i) => ({
      taskId: `t${i}`,
      incidentId: `i${i}`,
      dueAt: `${1000 + i}`,
    }));
    const limits: number[] = [];
    const repository = {
      listLate: async (_trx: unknown, _now: Date, after: { taskId: string } | undefined, limit: number) => {
        limits.push(limit);
        const start = after ? rows.findIndex(({ taskId }) => taskId === after.taskId) + 1 : 0;
        return rows.slice(start, start + limit);
      },
      listTold: async () => [],
    };
    const told: string[] = [];
    const desk = {
      act: async (_by: unknown, { id }: { id: string }) => {
        told.push(id);
        throw new Error('not now');
      },
    };
    const room = { ...world.room(), repository };
    expect(await new DueWork(room, desk, world.router, world.matters).run()).toEqual({
      overdue: 0,
      climbed: 0,
      failed: 120,
    });
    expect(told).toEqual(rows.map(({ incidentId }) => incidentId));
    expect(limits).toEqual([50, 50, 50, 50]);
  });
});
