import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RequestContext } from '../../../src/access/requestContext.ts';
import type { IncidentQuestion, PushQuestion } from '../../../src/incidents/incidentReader.service.ts';
import { DeskWorld } from '../desk/deskWorld.ts';

let world: DeskWorld;
const ids: Record<string, string> = {};
const nameOf = (id: string) => Object.keys(ids).find((name) => ids[name] === id);

beforeAll(async () => {
  world = await DeskWorld.open();
  const file = async (name: string, ...report: Parameters<DeskWorld['report']>) => {
    ids[name] = (await world.file(world.report(...report))).id;
    world.now = new Date(world.now.getTime() + 3_600_000);
  };
  await file('a', ['A', 'P1'], [world.task('officer', 'A')]);
  await file('b', ['B'], [world.task('mediators', 'T1', { purpose: 'MEDIATE' })], { severity: 'red' });
  await file('c', ['C'], [world.task('officer', 'A'), world.task('officer', 'D')], { category: 'lamp' });
  await file('d', ['D'], [], { origin: 'FOUND', reportedBy: 'officer@A', rung: { layer: 'gov', tier: 'town' } });
});

const list = async (by: RequestContext, question: IncidentQuestion = {}) =>
  (await world.reader.list(by, question, {})).edges.map(({ node }) => nameOf(node.id)).join(' ');
const everywhere = () => world.viewer('officer', 'everywhere');
const hour = (n: number) => new Date(world.now.getTime() + (n - 4) * 3_600_000);

describe('incidents', () => {
  it.each([
    ['A', 'd c a'],
    ['B', 'b'],
    ['C', 'c'],
    ['D', 'd c'],
    ['T1', 'c b a'],
    ['T2', 'd c'],
    ['P1', 'a'],
    ['P2', ''],
  ])('are there for an officer of %s by owners, by tasks and by own reports: %s', async (code, expected) => {
    expect(await list(world.viewer('officer', [code]))).toBe(expected);
  });

  it.each<readonly [string, IncidentQuestion, string]>([
    ['within a grid by its code', { within: 'T2' }, 'd c'],
    ['of a category', { category: 'noise' }, 'd b a'],
    ['in a state', { status: 'CLOSED' }, ''],
    ['of a grade', { severity: 'red' }, 'b'],
    ['on a tier', { tier: 'town' }, 'd'],
    ['of an origin', { origin: 'FOUND' }, 'd'],
    ['within and of a category', { within: 'A', category: 'lamp' }, 'c'],
  ])('%s', async (_, question, expected) => {
    expect(await list(everywhere(), question)).toBe(expected);
  });

  it('reported from one instant up to, without, another', async () => {
    expect(await list(everywhere(), { reportedFrom: hour(1), reportedTo: hour(3) })).toBe('c b');
  });

  it('within a part of the area leave out what was reported elsewhere, and within another area all', async () => {
    expect(await list(world.viewer('officer', ['A']), { within: 'A' })).toBe('c a');
    expect(await list(world.viewer('officer', ['A']), { within: 'T2' })).toBe('');
    expect(await list(world.viewer('officer', ['A']), { within: 'T1' })).toBe('');
  });

  it('that wait for me are those with an open task of a post that I or my body hold', async () => {
    expect(await list(world.staff('wang', 'officer', 'T1'), { assignedTo: 'me' })).toBe('c a');
    expect(await list(world.staff('zhao', 'officer', 'T1', 'T2'), { assignedTo: 'me' })).toBe('c b');
    await expect(list(everywhere(), { assignedTo: 'me' })).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });

  it('are no list for the public', async () => {
    const everybody = world.viewer('public', 'everywhere', { kind: 'public' });
    await expect(list(everybody)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('tell their trail and what belongs to them only to whom they are shown', async () => {
    const inD = world.viewer('officer', ['D']);
    expect((await world.reader.readTrail(inD, ids.c)).map(({ version }) => version)).toEqual([1, 2]);
    expect((await world.reader.readTrail(inD, ids.c, 1)).map(({ act }) => act)).toEqual(['TASKS_ISSUED']);
    expect(await world.reader.readTrail(inD, ids.a)).toEqual([]);
    const parts = await world.reader.partsOf(inD, [ids.a, ids.c]);
    expect(parts.get(ids.a)!.tasks).toEqual([]);
    expect(parts.get(ids.c)!.tasks).toHaveLength(2);
    expect(await world.taskReader.find(inD, parts.get(ids.c)!.tasks[0].id)).toMatchObject({ incidentId: ids.c });
  });
});

describe('pushes', () => {
  it('are listed on both sides until they are answered', async () => {
    const [from, to] = [world.owner('A'), world.owner('P1')];
    const way = { fromLayer: 'gov', fromGridId: from.gridId, toLayer: 'police', toGridId: to.gridId };
    const deed = { field: 'Mutation.test', right: 'incidents.direct', id: ids.a } as const;
    const push = { do: 'PUSH', id: randomUUID(), ...way, toLayerId: to.layerId, message: null } as const;
    await world.desk.act(world.viewer('officer', ['A']), deed, () => push);
    const count = async (code: string, question: PushQuestion) =>
      (await world.reader.listPushes(world.viewer('officer', [code]), question, {})).totalCount;
    expect(await count('T1', { side: 'SENT', unanswered: true })).toBe(1);
    expect(await count('T1', { side: 'RECEIVED' })).toBe(0);
    expect(await count('P1', { side: 'RECEIVED', unanswered: true })).toBe(1);
    expect(await count('P1', { side: 'SENT' })).toBe(0);
    expect(await count('T2', {})).toBe(0);
    await world.desk.act(world.viewer('officer', ['P1']), deed, (incident) => {
      return { do: 'ANSWER_PUSH', pushId: incident.pushes[0].id, answer: 'We go' };
    });
    expect(await count('T1', { unanswered: true })).toBe(0);
    expect(await count('T1', { unanswered: false })).toBe(1);
    expect((await world.reader.listPushes(everywhere(), {}, {})).edges[0].node).toMatchObject({
      incidentId: ids.a,
      answer: 'We go',
    });
  });
});
