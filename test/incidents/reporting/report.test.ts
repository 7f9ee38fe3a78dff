import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PUBLIC } from '../../../src/access/viewer.ts';
import { shapeToGeoJson } from '../../../src/geometry/geojson.ts';
import { fromLattice } from '../../../src/geometry/lattice.ts';
import { placeAt, rectangle } from '../../grids/squareGrids.ts';
import { asked, MatterWorld, PRACTICE, signedIn } from './matterWorld.ts';

let world: MatterWorld;
const officer = signedIn('officer');

beforeAll(async () => {
  world = await MatterWorld.open();
});
beforeEach(() => {
  world.practice = PRACTICE;
});
afterAll(() => world.api.close());

const codes = (notices: readonly { code: string }[]) => notices.map(({ code }) => code);
const areaOf = (...on: Parameters<typeof rectangle>[0]) => shapeToGeoJson(rectangle(on)) as object;

describe('the owners of a report', () => {
  it('are the smallest grids of every layer at that instant, each once, and an overlay where it reaches', async () => {
    const inland = await world.report(officer, 2.5, 7.5);
    expect(world.ownersOf(inland)).toEqual(['A', 'North']);
    const ashore = await world.report(officer, 2.5, 1.5);
    expect(world.ownersOf(ashore)).toEqual(['A', 'South', 'R']);
    expect(inland).toMatchObject({
      status: 'OPEN',
      origin: 'REPORTED',
      ladder: 'small',
      rung: { layer: 'gov', tier: 'village' },
    });
    expect(inland.edition).toBe(world.api.app.editions.latest);
    expect([inland.ownedAt, inland.reportedAt, inland.occurredAt]).toEqual(Array(3).fill(world.clock.now));
  });

  it('get the tasks that the practice of the place names', async () => {
    expect(world.tasksOf(await world.report(officer, 12.5, 7.5))).toEqual(['HANDLE head B', 'MEDIATE mediator B']);
  });

  it('in a gap are the grids above it, and the gap is told', async () => {
    const incident = await world.report(officer, 9.5, 7.5);
    expect(world.ownersOf(incident)).toEqual(['T', 'North']);
    expect(codes(incident.notices)).toContain('GAP');
  });

  it('of an area are all that it lies in, by share', async () => {
    const incident = await world.report(officer, 0, 0, { at: { area: areaOf(6, 6, 5, 2) } });
    expect(world.ownersOf(incident)).toEqual(['A 60%', 'B 20%', 'North']);
    expect(incident.place.area).toMatchObject({ type: 'Polygon' });
    expect(incident.place.accuracyMetres).toBeGreaterThan(250);
  });

  it('are told as unsure near a border, without a distance', async () => {
    const incident = await world.report(officer, 10.05, 7.5, {
      at: { point: { ...placeAt(5, 5.05), accuracyMetres: 20 } },
    });
    const notice = incident.notices.find(({ code }) => code === 'NEAR_BORDER')!;
    expect(notice.message).toContain('Grid South');
    expect(notice.message).not.toMatch(/\d/);
  });

  it('are nobody outside the registry, which is refused', async () => {
    await expect(world.report(officer, 500, 500)).rejects.toMatchObject({
      code: 'BAD_INPUT',
      details: { field: 'input.at' },
    });
  });

  it('are those of when it was read, though the edition moves on before it is filed', async () => {
    const { editions, writers } = world.api.app;
    const read = editions.latest;
    const draw = (on: Parameters<typeof rectangle>[0]) => ({ boundary: rectangle(on) });
    const border = (column: number) =>
      editions.publish('The border moves', (trx, edition) =>
        writers.grids.reviseGrids(trx, edition, [
          { gridId: world.grids.North.id, from: world.clock.now, set: draw([0, column, 20, 10 - column]) },
          { gridId: world.grids.South.id, from: world.clock.now, set: draw([0, 0, 20, column]) },
        ]),
      );
    world.later(1);
    world.beforeFiling = () => border(6);
    const incident = await world.report(officer, 2.5, 5.5);
    world.beforeFiling = async () => {};
    expect([world.ownersOf(incident), incident.edition]).toEqual([['A', 'North'], read]);
    expect(editions.latest).toBe(read + 1);
    const shown = async () => (await world.owners.of(incident, true)).layers.map(({ grid }) => grid?.name);
    expect((await shown())[1]).toBe('Grid North');
    world.later(1);
    expect(world.ownersOf(await world.report(officer, 2.5, 5.5))).toEqual(['A', 'South']);
    await border(5);
    expect((await shown())[1]).toBe('Grid North');
  });

  it('stay those of that day when the boundary moves and when a grid ends', async () => {
    const incident = await world.report(officer, 8.5, 7.5);
    const shown = async () => (await world.owners.of(incident, true)).layers.map(({ grid }) => grid?.name);
    const before = await shown();
    world.later(1);
    const { editions, writers } = world.api.app;
    await editions.publish('The border moves', (trx, edition) =>
      writers.grids.reviseGrids(trx, edition, [
        { gridId: world.grids.A.id, from: world.clock.now, set: { boundary: rectangle([0, 0, 8, 10]) } },
        { gridId: world.grids.B.id, from: world.clock.now, set: { boundary: rectangle([8, 0, 12, 10]) } },
      ]),
    );
    expect(before).toEqual(['Grid A', 'Grid North', undefined]);
    expect(await shown()).toEqual(before);
    expect(world.ownersOf(await world.report(officer, 8.5, 7.5))).toEqual(['B', 'North']);
    world.later(1);
    await editions.publish('And back', (trx, edition) =>
      writers.grids.reviseGrids(trx, edition, [
        { gridId: world.grids.B.id, from: world.clock.now, set: { boundary: rectangle([10, 0, 10, 10]) } },
        { gridId: world.grids.A.id, from: world.clock.now, set: { boundary: rectangle([0, 0, 9, 10]) } },
      ]),
    );
    expect(await shown()).toEqual(before);
  });
});

describe('what a report says', () => {
  it.each([
    ['category', { category: 'Street Fight' }, 'input.category'],
    ['summary', { summary: 'x'.repeat(201) }, 'input.summary'],
    ['a phone number', { summary: 'Ring 13812345678' }, 'input.summary'],
    ['narrative', { narrative: 'x'.repeat(4001) }, 'input.narrative'],
    ['a time to come', { occurredAt: new Date('2030-01-01T00:00:00Z') }, 'input.occurredAt'],
    ['a time before 1970', { occurredAt: new Date('1969-12-31T00:00:00Z') }, 'input.occurredAt'],
    ['no time', { occurredAt: new Date(Number.NaN) }, 'input.occurredAt'],
    ['language', { language: 'p' }, 'input.language'],
    ['class', { responseClass: 'Class 5' }, 'input.responseClass'],
    ['a short key', { clientKey: '1234567' }, 'input.clientKey'],
    ['two places', { at: { point: placeAt(1, 1), address: 'x' } }, 'input.at'],
    ['a place of another incident', { at: { incidentId: randomUUID() } }, 'input.at.incidentId'],
    ['pushed by hand', { origin: 'PUSHED' as const }, 'input.origin'],
    ['a finder of what was reported', { origin: 'REPORTED' as const, foundBy: randomUUID() }, 'input.foundBy'],
  ])('is refused for %s, naming the field', async (_, more, field) => {
    const filed = await world.count('incident');
    const error = await world.report(officer, 2.5, 7.5, more).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'BAD_INPUT', details: { field } });
    expect(error.message).toMatch(new RegExp(`^${field}`));
    expect(await world.count('incident')).toBe(filed);
  });

  it('is taken for now where a clock is fast by some minutes', async () => {
    const ahead = new Date(world.clock.now.getTime() + 4 * 60_000);
    expect((await world.report(officer, 2.5, 7.5, { occurredAt: ahead })).occurredAt).toEqual(world.clock.now);
  });

  it('has a grade of the scheme of its place, where there is one', async () => {
    expect((await world.report(officer, 2.5, 7.5, { severity: 'mauve' })).severity).toBe('mauve');
    world.practice = {
      ...PRACTICE,
      severities: [
        { code: 'red', name: 'Red' },
        { code: 'blue', name: 'Blue' },
      ],
    };
    await expect(world.report(officer, 2.5, 7.5, { severity: 'mauve' })).rejects.toThrow(/input.severity: .*red, blue/);
    expect((await world.report(officer, 2.5, 7.5, { severity: 'blue' })).severity).toBe('blue');
  });

  it('is not placed by an address that nothing is like', async () => {
    await expect(world.report(officer, 0, 0, { at: { address: 'Nowhere Road 99' } })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      details: { field: 'input.at.address' },
    });
  });

  it('is for those who may report, and a key pushes', async () => {
    await expect(world.report(asked(PUBLIC), 2.5, 7.5)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await expect(world.report(signedIn('auditor'), 2.5, 7.5)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    const key = signedIn('integrator', 'everywhere', { kind: 'key', subject: 'key-1' });
    expect((await world.report(key, 2.5, 7.5)).origin).toBe('PUSHED');
    await expect(world.report(key, 2.5, 7.5, { origin: 'FOUND' })).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });
});

describe('who found a matter', () => {
  it('is the one who signed in unless another is named, and never mediates it', async () => {
    const staffId = world.personId('mediator A');
    const finder = signedIn('mediator', 'everywhere', { staffId });
    const incident = await world.report(finder, 2.5, 7.5, { origin: 'FOUND' });
    expect(incident).toMatchObject({ origin: 'FOUND', finderId: staffId });
    expect(world.tasksOf(incident)).toEqual(['HANDLE head A', 'MEDIATE mediator T']);
    expect(codes(incident.notices)).toContain('FINDER_EXCLUDED');
    const named = await world.report(officer, 2.5, 7.5, { foundBy: staffId.toUpperCase() });
    expect(named).toMatchObject({ origin: 'FOUND', finderId: staffId });
  });

  it('is nobody of what was reported to staff', async () => {
    const staffId = world.personId('mediator A');
    const incident = await world.report(signedIn('mediator', 'everywhere', { staffId }), 2.5, 7.5);
    expect(incident).toMatchObject({ origin: 'REPORTED', finderId: null });
  });

  it('must be known to the registry', async () => {
    await expect(world.report(officer, 2.5, 7.5, { foundBy: randomUUID() })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

describe('a retry', () => {
  it('under the same key gives the same incident, of each reporter an own one', async () => {
    const more = { clientKey: 'key-of-a-phone', summary: 'A wall', occurredAt: new Date('2026-05-31T00:00:00Z') };
    const first = await world.report(officer, 2.5, 7.5, more);
    const filed = await world.count('incident');
    const again = await world.report(officer, 2.5, 7.5, { ...more, narrative: null });
    expect(again).toMatchObject({ id: first.id, version: first.version });
    expect(await world.count('incident')).toBe(filed);
    const other = await world.report(signedIn('dispatcher'), 2.5, 7.5, more);
    expect(other.id).not.toBe(first.id);
  });

  it('with something else under the key is told so', async () => {
    await world.report(officer, 2.5, 7.5, { clientKey: 'used twice' });
    await expect(world.report(officer, 2.5, 7.6, { clientKey: 'used twice' })).rejects.toMatchObject({
      code: 'CONFLICT',
      details: { field: 'input.clientKey' },
    });
  });

  it('is answered though the grade that it names is no more', async () => {
    const first = await world.report(officer, 2.5, 7.5, { clientKey: 'graded once', severity: 'mauve' });
    world.practice = { ...PRACTICE, severities: [{ code: 'red', name: 'Red' }] };
    const again = await world.report(officer, 2.5, 7.5, { clientKey: 'graded once', severity: 'mauve' });
    expect(again.id).toBe(first.id);
  });

  it('twenty times at once makes one incident with its tasks once', async () => {
    const [filed, tasks] = [await world.count('incident'), await world.count('task')];
    const twins = Array.from({ length: 20 }, () => world.report(officer, 2.5, 7.5, { clientKey: 'twenty at once' }));
    const ids = new Set((await Promise.all(twins)).map(({ id }) => id));
    expect(ids.size).toBe(1);
    expect(await world.count('incident')).toBe(filed + 1);
    expect(await world.count('task')).toBe(tasks + 2);
  });
});

describe('the place of an incident', () => {
  it('is kept exactly, on the lattice', async () => {
    const { place } = await world.report(officer, 2.12345, 7.54321);
    expect([fromLattice(place.x), fromLattice(place.y)]).toEqual(Object.values(placeAt(2.12345, 7.54321)));
    expect(place).toMatchObject({ accuracyMetres: 15, area: null, addressId: null });
  });
});
