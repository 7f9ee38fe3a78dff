import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RequestContext } from '../../../src/access/requestContext.ts';
import { inEveryArea } from '../../../src/db/areas.ts';
import type { Command } from '../../../src/incidents/course/command.ts';
import type { IncidentFile } from '../../../src/incidents/incident.type.ts';
import { DeskWorld, NOW } from './deskWorld.ts';

let world: DeskWorld;
let incident: IncidentFile;
const taskId = () => incident.tasks[0].id;

beforeAll(async () => {
  world = await DeskWorld.open();
});
beforeEach(async () => {
  incident = await world.file(world.report(['A', 'P1'], [world.task('officer', 'A')]));
});

const HANDLE = 'incidents.handle';
const DIRECT = 'incidents.direct';
const onTask = (by: RequestContext, command: Command, right: typeof HANDLE | typeof DIRECT = HANDLE) =>
  world.desk.actOnTask(by, { field: 'Mutation.test', right, id: taskId() }, () => command);
const act = (by: RequestContext, command: Command) =>
  world.desk.act(by, { field: 'Mutation.test', right: DIRECT, id: incident.id }, () => command);
const acknowledge = (by: RequestContext) => onTask(by, { do: 'ACKNOWLEDGE', taskId: taskId() });
const GRADE: Command = { do: 'GRADE', severity: 'red', reason: 'It goes on' };

const audited = () =>
  inEveryArea(world.db, async (trx) => {
    const { rows } = await sql<Record<string, unknown>>`
      select subject, action, object_kind, object_id, result, grid_id, details from audit_entry order by seq desc`.execute(
      trx,
    );
    return rows;
  });

describe('a task', () => {
  it('is acknowledged by the holder of its post, and the act is recorded with it', async () => {
    const after = await acknowledge(world.staff('wang', 'officer', 'A'));
    expect(after).toMatchObject({ version: 3, tasks: [{ status: 'ACKNOWLEDGED', acknowledgedBy: 'wang' }] });
    expect((await audited())[0]).toMatchObject({
      ...{ subject: 'wang', action: HANDLE, object_kind: 'incident', object_id: incident.id, result: 'DONE' },
      details: { field: 'Mutation.test', do: 'ACKNOWLEDGE', version: 3, task: taskId() },
    });
  });

  it('done again changes nothing and records nothing', async () => {
    await acknowledge(world.staff('wang', 'officer', 'A'));
    const before = (await audited()).length;
    expect(await acknowledge(world.staff('wang', 'officer', 'A'))).toMatchObject({ version: 3 });
    expect(await audited()).toHaveLength(before);
  });

  it('is not for another who sees it, and the refusal is recorded', async () => {
    await expect(acknowledge(world.staff('li', 'officer', 'T1'))).rejects.toMatchObject({
      code: 'FORBIDDEN',
      message: expect.stringMatching(/^taskId: this task is for the holder of/),
    });
    expect((await audited())[0]).toMatchObject({ subject: 'li', result: 'REFUSED', details: { code: 'FORBIDDEN' } });
  });

  it.each([
    ['for a dispatcher whose area holds its grid', ['T1'], undefined],
    ['for a dispatcher of another area, to whom it is not there', ['T2'], 'NOT_FOUND'],
    ['for a dispatcher of an area that owns it and does not hold the grid of the task', ['P1'], 'FORBIDDEN'],
  ])('on behalf is %s', async (_, areas, code) => {
    const done = acknowledge(world.viewer('dispatcher', areas));
    if (code) await expect(done).rejects.toMatchObject({ code });
    else expect((await done).tasks[0]).toMatchObject({ acknowledgedBy: 'dispatcher@T1', handlerId: null });
  });

  it('of a post that a body holds is for its members, and says from which unit', async () => {
    incident = await world.file(world.report(['A'], [world.task('mediators', 'T1')]));
    const zhao = world.staff('zhao', 'mediator', 'T1');
    await acknowledge(zhao);
    const handled = await onTask(zhao, { do: 'HANDLE', taskId: taskId(), result: 'DONE', answer: 'They agreed' });
    expect(handled.tasks[0]).toMatchObject({ handlerId: world.people.zhao, handlerBodyId: world.team.id });
    await expect(acknowledge(world.staff('wang', 'mediator', 'T1'))).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  it('that does not exist is not told from one that is hidden', async () => {
    const deed = { field: 'Mutation.test', right: HANDLE } as const;
    const by = world.viewer('dispatcher', ['T2']);
    const messages = await Promise.all(
      [taskId(), randomUUID(), 'nonsense'].map((id) =>
        world.desk.actOnTask(by, { ...deed, id }, () => GRADE).catch(({ message }) => message),
      ),
    );
    expect(new Set(messages).size).toBe(1);
  });

  it('is verified by another than its handler', async () => {
    const wang = world.staff('wang', 'officer', 'A');
    await acknowledge(wang);
    await onTask(wang, { do: 'HANDLE', taskId: taskId(), result: 'DONE', answer: 'Quiet again' });
    const verify: Command = { do: 'VERIFY', taskId: taskId(), accepted: true, reason: null };
    await expect(onTask(wang, verify, DIRECT)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    const after = await onTask(world.staff('li', 'officer', 'T1'), verify, DIRECT);
    expect(after.tasks[0]).toMatchObject({ status: 'VERIFIED', verifiedBy: 'li' });
  });
});

describe('directing', () => {
  it('is for the area of an owner', async () => {
    expect(await act(world.viewer('officer', ['A']), GRADE)).toMatchObject({ severity: 'red', version: 3 });
    expect((await audited())[0]).toMatchObject({ action: DIRECT, result: 'DONE', details: { do: 'GRADE' } });
    expect([world.id('A'), world.id('P1')]).toContain((await audited())[0].grid_id);
    expect(await act(world.viewer('officer', ['P1']), { ...GRADE, severity: 'blue' })).toMatchObject({ version: 4 });
  });

  it('is not for the area of a mere task', async () => {
    incident = await world.file(world.report(['A'], [world.task('officer', 'C')]));
    await expect(act(world.viewer('officer', ['T2']), GRADE)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(act(world.viewer('officer', ['D']), GRADE)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is not for a role without the right, and nothing for the public', async () => {
    await expect(act(world.viewer('mediator', ['T1']), GRADE)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    const everybody = world.viewer('public', 'everywhere', { kind: 'public' });
    await expect(act(everybody, GRADE)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('ends for those it was moved away from', async () => {
    const move: Command = {
      ...{ do: 'MOVE', owners: [world.owner('C')], ownedAt: NOW, edition: world.editions.latest },
      ...{ reason: 'Over the border', ladder: null, rung: null, tasks: [world.task('officer', 'C')], notices: [] },
    };
    expect((await act(world.viewer('officer', ['A']), move)).tasks[0].status).toBe('WITHDRAWN');
    await expect(act(world.viewer('officer', ['P1']), GRADE)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await act(world.viewer('officer', ['C']), GRADE)).toMatchObject({ severity: 'red' });
  });
});

describe('a push', () => {
  const push = (): Command => {
    const [from, to] = [world.owner('B'), world.owner('P2')];
    const way = { fromLayer: 'gov', fromGridId: from.gridId, toLayer: 'police', toGridId: to.gridId };
    return { do: 'PUSH', id: randomUUID(), ...way, toLayerId: to.layerId, message: null };
  };

  it('is answered by those it went to, and by nobody else', async () => {
    incident = await world.file(world.report(['B']));
    const { pushes } = await act(world.viewer('officer', ['B']), push());
    const answer: Command = { do: 'ANSWER_PUSH', pushId: pushes[0].id, answer: 'We go' };
    await expect(act(world.viewer('officer', ['B']), answer)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(act(world.viewer('officer', ['P2']), GRADE)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(act(world.viewer('officer', ['P1']), answer)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const [answered] = (await act(world.viewer('officer', ['P2']), answer)).pushes;
    expect(answered).toMatchObject({ answer: 'We go', answeredBy: 'officer@P2' });
  });
});

describe('what belongs to others', () => {
  it('is found by whoever reported it, and by nobody outside', async () => {
    const clerk = world.viewer('officer', ['D'], { subject: 'hotline' });
    expect(await world.desk.get(clerk, 'Query.incident', incident.id)).toMatchObject({ id: incident.id });
    await expect(act(clerk, GRADE)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const stranger = world.viewer('officer', ['D']);
    await expect(world.desk.get(stranger, 'Query.incident', incident.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await world.desk.find(stranger, 'nonsense')).toBeUndefined();
  });

  it('is unsealed for the holders of its posts alone, each reading recorded', async () => {
    expect(await world.reader.unseal(world.staff('wang', 'officer', 'A'), incident.id)).toMatchObject({
      narrative: 'Behind the market',
      place: { x: 1_050_050_000 },
    });
    expect((await audited())[0]).toMatchObject({ action: 'incidents.unseal', result: 'READ', subject: 'wang' });
    for (const by of [world.staff('li', 'officer', 'T1'), world.viewer('dispatcher', ['T1'])]) {
      await expect(world.reader.unseal(by, incident.id)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    }
    expect((await audited())[0]).toMatchObject({ result: 'REFUSED', details: { code: 'FORBIDDEN' } });
    await expect(world.reader.unseal(world.staff('wang', 'officer', 'D'), incident.id)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await onTask(world.staff('wang', 'officer', 'A'), {
      ...{ do: 'DECLINE', taskId: taskId(), reason: 'Not ours', belongsTo: null },
    });
    await expect(world.reader.unseal(world.staff('wang', 'officer', 'A'), incident.id)).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
  });
});

describe('two who act at once', () => {
  it('are one after the other, and the second is judged by what the first did', async () => {
    const command: Command = { do: 'ACKNOWLEDGE', taskId: taskId() };
    const both = await Promise.allSettled([
      onTask(world.staff('wang', 'officer', 'A'), command),
      onTask(world.viewer('dispatcher', ['T1']), command),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'CONFLICT' } });
  });
});

describe('a grid that has ended', () => {
  it('leaves its tasks to those whose grid it went on in', async () => {
    const c = await world.file(world.report(['C'], [world.task('officer', 'C')]));
    incident = c;
    await world.endGrid('C', 'D');
    await expect(acknowledge(world.viewer('dispatcher', ['T1']))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    // zhao is officer of D, where C went on.
    expect((await acknowledge(world.staff('zhao', 'officer', 'D'))).tasks[0]).toMatchObject({ acknowledgedBy: 'zhao' });
    expect(await act(world.viewer('officer', ['D']), GRADE)).toMatchObject({ severity: 'red' });
    const mine = await world.taskReader.list(
      world.staff('zhao', 'officer', 'T2'),
      { mine: true, statuses: ['ACKNOWLEDGED'] },
      {},
    );
    expect(mine.edges.map(({ node }) => node.id)).toEqual([taskId()]);
  });
});
