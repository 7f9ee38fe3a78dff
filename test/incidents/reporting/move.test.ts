import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PUBLIC } from '../../../src/access/viewer.ts';
import type { IncidentFile } from '../../../src/incidents/incident.type.ts';
import { rectangle } from '../../grids/squareGrids.ts';
import { asked, MatterWorld, signedIn } from './matterWorld.ts';

let world: MatterWorld;
let incident: IncidentFile;
const desk = signedIn('dispatcher');

beforeAll(async () => {
  world = await MatterWorld.open();
});
beforeEach(async () => {
  incident = await world.report(desk, 8.5, 7.5);
  world.later(1);
});
afterAll(() => world.api.close());

const open = ({ tasks }: IncidentFile): Pick<IncidentFile, 'tasks'> => ({
  tasks: tasks.filter(({ status }) => status === 'ISSUED'),
});

describe('a matter that is handed to another grid', () => {
  it('is owned by it in its layer, by the old owners in others, and goes to whom the practice there names', async () => {
    const moved = await world.moves.move(desk, incident.id, { to: 'B', reason: 'The wall is on their side.' });
    expect(world.ownersOf(moved)).toEqual(['B', 'North']);
    expect(world.tasksOf(open(moved))).toEqual(['HANDLE head B', 'MEDIATE mediator B']);
    expect(moved.tasks.filter(({ status }) => status === 'WITHDRAWN')).toHaveLength(2);
    expect(moved.tasks[0].endedReason).toContain('The wall is on their side.');
  });

  it('is shown with the owners that its place had, since no boundary moved', async () => {
    const moved = await world.moves.move(desk, incident.id, { to: world.grids.B.id, reason: 'Theirs' });
    expect(moved).toMatchObject({ ownedAt: incident.ownedAt, edition: incident.edition });
    const { layers } = await world.owners.of(moved, true);
    expect(layers.map(({ grid }) => grid?.name)).toEqual(['Grid A', 'Grid North', undefined]);
  });

  it('may go up to the grid above', async () => {
    const moved = await world.moves.move(desk, incident.id, { to: 'T', reason: 'Nobody below may' });
    expect(world.ownersOf(moved)).toEqual(['T', 'North']);
    expect(world.tasksOf(open(moved))).toEqual(['MEDIATE mediator T']);
  });

  it.each([
    ['nowhere', { to: 'Z9', reason: 'x' }, { code: 'NOT_FOUND', details: { field: 'to' } }],
    ['to its owner', { to: 'A', reason: 'x' }, { code: 'CONFLICT' }],
    ['without a reason', { to: 'B', reason: '  ' }, { code: 'BAD_INPUT', details: { field: 'reason' } }],
  ])('is not handed %s', async (_, request, error) => {
    await expect(world.moves.move(desk, incident.id, request)).rejects.toMatchObject(error);
  });

  it('is handed on by those who direct in the area of the owner only', async () => {
    const request = { to: 'B', reason: 'x' };
    await expect(world.moves.move(asked(PUBLIC), incident.id, request)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
    const worker = signedIn('grid_worker', [world.grids.A.id]);
    await expect(world.moves.move(worker, incident.id, request)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    const neighbour = signedIn('dispatcher', [world.grids.B.id], { subject: 'desk of B' });
    await expect(world.moves.move(neighbour, incident.id, request)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(world.moves.move(desk, randomUUID(), request)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const own = signedIn('dispatcher', [world.grids.A.id], { subject: 'desk of A' });
    expect(world.ownersOf(await world.moves.move(own, incident.id, request))).toEqual(['B', 'North']);
    await expect(world.moves.move(own, incident.id, { to: 'A', reason: 'Back' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

describe('a matter after a boundary was published', () => {
  it('takes up the owners of its place of now when it is told to, and is shown by that day from then on', async () => {
    await expect(world.moves.adopt(desk, incident.id, 'New boundary')).rejects.toMatchObject({ code: 'CONFLICT' });
    const area = await world.report(desk, 0, 0, {
      at: {
        area: {
          type: 'LineString',
          coordinates: [
            [105.0082, 25.006],
            [105.0088, 25.006],
          ],
        },
      },
    });
    const { editions, writers } = world.api.app;
    await editions.publish('The border moves', (trx, edition) =>
      writers.grids.reviseGrids(trx, edition, [
        { gridId: world.grids.A.id, from: world.clock.now, set: { boundary: rectangle([0, 0, 8, 10]) } },
        { gridId: world.grids.B.id, from: world.clock.now, set: { boundary: rectangle([8, 0, 12, 10]) } },
      ]),
    );
    world.later(1);
    const adopted = await world.moves.adopt(desk, incident.id, 'New boundary');
    expect(world.ownersOf(adopted)).toEqual(['B', 'North']);
    expect(adopted).toMatchObject({ ownedAt: world.clock.now, edition: editions.latest });
    const { layers } = await world.owners.of(adopted, true);
    expect(layers[0].grid?.name).toBe('Grid B');
    expect(world.ownersOf(area)).toEqual(['A', 'North']);
    expect(world.ownersOf(await world.moves.adopt(desk, area.id, 'New boundary'))).toEqual(['B', 'North']);
    await expect(world.moves.adopt(desk, 'no id', 'x')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
