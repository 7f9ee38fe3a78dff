import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import { inAreas } from '../../../src/db/areas.ts';
import { inTransaction } from '../../../src/db/pgErrors.ts';
import type { IncidentChange } from '../../../src/incidents/course/change.ts';
import type { TaskState } from '../../../src/incidents/course/state.ts';
import type { IncidentFile } from '../../../src/incidents/incident.type.ts';
import { DeskWorld, NOW } from '../desk/deskWorld.ts';

let world: DeskWorld;
beforeAll(async () => {
  world = await DeskWorld.open();
});

const everywhere = <T>(work: Parameters<typeof inAreas<T>>[3]) => inAreas(world.db, 'everywhere', NOW, work);
const readBack = (id: string) => everywhere((trx) => world.repository.lock(trx, id));
const write = (before: IncidentFile, change: IncidentChange) =>
  everywhere((trx) => world.repository.write(trx, before, change, 'writer', NOW));
const event = (act: string) => ({ kind: 'CHANGED', act, details: {} }) as const;

describe('a filed incident', () => {
  it('is read back whole as it was filed, with the first lines of its trail', async () => {
    const task = world.task('officer', 'A', { dueAt: new Date('2026-06-02T00:00:00Z'), note: 'Go and see' });
    const area = {
      type: 'Polygon',
      coordinates: [
        [
          [105, 25],
          [105.1, 25],
          [105.1, 25.1],
          [105, 25],
        ],
      ],
    };
    const notices = [{ code: 'VACANT', message: 'Nobody' }];
    const draft = world.report(['A', 'P1'], [task, world.task('mediators', 'T1')], {
      notices,
      place: { x: 1, y: -2, accuracyMetres: 12.5, area, addressId: null },
    });
    const filed = await world.file(draft);
    const { owners: _, tasks: __, narrative: ___, ...shell } = draft;
    expect(filed).toMatchObject({ ...shell, version: 2, status: 'OPEN', ownedAt: NOW, outcome: null });
    expect(filed.tasks).toMatchObject([
      { ...task, status: 'ISSUED', issuedAt: NOW, issuedBy: 'hotline' },
      { role: 'mediators', gridId: world.id('T1') },
    ]);
    expect(filed.parties.map(({ gridId, reason }) => [gridId, reason])).toEqual(
      expect.arrayContaining([
        [world.id('A'), 'OWNER'],
        [world.id('P1'), 'OWNER'],
        [world.id('A'), 'TASK'],
        [world.id('T1'), 'TASK'],
      ]),
    );
    const trail = await everywhere((trx) => world.repository.readTrail(trx, filed.id));
    expect(trail).toMatchObject([
      { version: 1, kind: 'REPORTED', gridIds: [world.id('A'), world.id('P1')], at: NOW, by: 'hotline' },
      { version: 2, kind: 'ASSIGNED', details: { tasks: filed.tasks.map(({ id }) => id) } },
    ]);
    expect(JSON.stringify(trail)).not.toContain('market');
  });

  it('keeps its narrative from whoever did not unseal it', async () => {
    const { id } = await world.file(world.report(['A']));
    const bare = sql<{ n: number }>`select count(*) as n from incident_sealed where incident_id = ${id}::uuid`;
    expect((await everywhere((trx) => bare.execute(trx))).rows).toEqual([{ n: 0 }]);
    expect(await everywhere((trx) => world.repository.readSealed(trx, id))).toBe('Behind the market');
  });

  it('is known by the key of its request, once', async () => {
    const { id } = await world.file(world.report(['A']));
    const request = { keyHash: Buffer.alloc(32, 1), inputHash: Buffer.alloc(32, 2), incidentId: id };
    expect(await everywhere((trx) => world.repository.keepRequest(trx, request))).toBe(true);
    expect(await everywhere((trx) => world.repository.keepRequest(trx, request))).toBe(false);
    const found = await everywhere((trx) => world.repository.findRequest(trx, request.keyHash));
    expect(found?.incidentId).toBe(id);
    expect(found && Buffer.from(found.inputHash).equals(request.inputHash)).toBe(true);
    expect(await everywhere((trx) => world.repository.findRequest(trx, Buffer.alloc(32, 3)))).toBeUndefined();
  });
});

describe('a change', () => {
  it('is read back as applyChange says', async () => {
    const before = await world.file(world.report(['A'], [world.task('officer', 'A')]));
    const other = await world.file(world.report(['B']));
    const [task] = before.tasks;
    const t2: TaskState = { ...task, ...world.task('officer', 'B'), cause: 'HAND' };
    const taken = { acknowledgedAt: NOW, acknowledgedBy: 'wang', arrivedAt: NOW };
    const handled: TaskState = { ...task, ...taken, status: 'ACKNOWLEDGED' };
    const party = { gridId: world.id('B'), reason: 'OWNER', layerId: world.owner('B').layerId, share: 0.25 } as const;
    const pushed = { id: randomUUID(), fromLayer: 'gov', fromGridId: world.id('A'), toLayer: 'police' } as const;
    const sent = { toGridId: world.id('P1'), message: 'Yours too?', sentAt: NOW, sentBy: 'wang' };
    const open = { acknowledgedAt: null, acknowledgedBy: null, answeredAt: null, answeredBy: null, answer: null };
    const after = await write(before, {
      events: [{ ...event('MOVED'), gridIds: [world.id('A')] }, event('MORE')],
      shell: { severity: 'red', rung: null, notices: [{ code: 'A', message: 'b' }], ladder: null },
      tasks: [handled, t2],
      pushes: [{ ...pushed, ...sent, ...open }],
      links: [{ otherId: other.id, kind: 'ROOT', open: true }],
      partiesAdded: [party],
      partiesEnded: before.parties.filter(({ reason }) => reason === 'OWNER'),
    });
    const { tasks, parties, ...rest } = (await readBack(before.id))!;
    const byId = (a: object, b: object) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
    expect(rest).toEqual({ ...rest, ...Object.fromEntries(Object.entries(after).filter(([key]) => key in rest)) });
    expect(tasks.toSorted(byId)).toEqual(after.tasks.toSorted(byId));
    expect(parties.toSorted(byId)).toEqual(after.parties.toSorted(byId));
    expect(after).toMatchObject({ version: 4, severity: 'red', rung: null });
    const trail = await everywhere((trx) => world.repository.readTrail(trx, before.id, 2));
    expect(trail.map(({ version, gridIds }) => [version, gridIds])).toEqual([
      [3, [world.id('A')]],
      [4, [world.id('B')]],
    ]);
    expect((await readBack(other.id))!.links).toEqual([{ otherId: before.id, kind: 'BRANCH', open: true }]);
  });

  it('of what somebody else changed in between is a CONFLICT, and leaves nothing', async () => {
    const before = await world.file(world.report(['A']));
    await write(before, { events: [event('FIRST')], shell: { severity: 'red' } });
    await expect(write(before, { events: [event('SECOND')], shell: { severity: 'blue' } })).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    expect(await readBack(before.id)).toMatchObject({ version: 2, severity: 'red' });
  });

  it('to a row that is locked waits, so that each writer sees what the one before did', async () => {
    const { id } = await world.file(world.report(['A']));
    const raise = () =>
      everywhere(async (trx) => {
        const state = (await world.repository.lock(trx, id))!;
        await world.repository.write(trx, state, { events: [event('ONE_MORE')] }, 'writer', NOW);
      });
    await Promise.all(Array.from({ length: 8 }, raise));
    expect((await readBack(id))!.version).toBe(9);
  });
});

describe('the trail', () => {
  it.each([
    ['update incident_event set act = $$FORGED$$', 'APPEND_ONLY'],
    ['delete from incident_event', 'APPEND_ONLY'],
    ['delete from task', 'APPEND_ONLY'],
    ['update incident_sealed set narrative = $$x$$', 'APPEND_ONLY'],
  ])('is refused to be changed by its owner too: %s', async (statement, code) => {
    const { id } = await world.file(world.report(['A'], [world.task('officer', 'A')]));
    const forge = inTransaction(world.db, async (trx) => {
      await sql`set local role none`.execute(trx);
      await sql`select set_config('wangge.areas', '*', true), set_config('wangge.unsealed', ${id}::text, true)`.execute(
        trx,
      );
      await sql.raw(statement).execute(trx);
    });
    await expect(forge).rejects.toMatchObject({ code });
  });
});
