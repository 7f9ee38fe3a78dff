import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PUBLIC } from '../../../src/access/viewer.ts';
import { OwnershipResolver } from '../../../src/ownership/api/ownership.resolver.ts';
import type { Ownership } from '../../../src/ownership/ownership.ts';
import { CORNER, placeAt, STEP } from '../../grids/squareGrids.ts';
import { asked, MatterWorld, signedIn } from './matterWorld.ts';

const RUNS = Number(process.env.SHOWN_PLACES ?? 300);
const GRAIN = 10_000;

let world: MatterWorld;
let resolver: OwnershipResolver;
const desk = signedIn('dispatcher');
const handler = signedIn('officer', 'everywhere', { staffId: 'handler' });

beforeAll(async () => {
  world = await MatterWorld.open();
  resolver = new OwnershipResolver(world.api.app.ownership, world.places);
});
afterAll(() => world.api.close());

/** Everything that an answer tells of the place itself, beside its owners. */
function told({ place, layers, notices, validUntil }: Ownership): string {
  const near = layers.map(({ nearby }) => nearby.map(({ grid, distanceMetres }) => [grid.id, distanceMetres]));
  return JSON.stringify([place, near, notices.filter(({ code }) => code === 'NEAR_BORDER'), validUntil]);
}

const ownersOf = ({ layers }: Ownership) => JSON.stringify(layers.map(({ status, grid }) => [status, grid?.id]));

/** Two places of incidents, in steps of the lattice from the corner. */
const places = fc.tuple(fc.integer({ min: 0, max: 20 * STEP - 1 }), fc.integer({ min: 0, max: 10 * STEP - 1 }));
const shift = fc.integer({ min: -GRAIN / 2, max: GRAIN / 2 });

function incidentAt(x: number, y: number, accuracyMetres = 15) {
  const { asOf, edition } = world.api.app.moments.read();
  const place = { x: CORNER.x + x, y: CORNER.y + y, accuracyMetres, area: null, addressId: randomUUID() };
  return { place, ownedAt: new Date(asOf), edition, category: 'dispute', language: null };
}

/** Whether some two incidents whose places round to one, and that have the same owners, are told apart by an answer. */
async function leaks(show: (x: number, y: number) => Promise<Ownership>): Promise<boolean> {
  const property = fc.asyncProperty(places, shift, shift, async ([x, y], dx, dy) => {
    const [a, b] = [await show(x, y), await show(x + dx, y + dy)];
    const round = (value: number) => Math.round((CORNER.x + value) / GRAIN);
    if (round(x) !== round(x + dx) || round(y) !== round(y + dy) || ownersOf(a) !== ownersOf(b)) return;
    expect(told(a)).toBe(told(b));
  });
  return (await fc.check(property, { numRuns: RUNS })).failed;
}

describe('to those who do not handle a matter', () => {
  it('its place tells no more than its rounded point and its owners', async () => {
    expect(await leaks((x, y) => world.owners.of(incidentAt(x, y), false))).toBe(false);
  });

  it('more would be told by the very place, and that is found out', async () => {
    expect(await leaks((x, y) => world.owners.of(incidentAt(x, y), true))).toBe(true);
    // Only the point is rounded: the distances still tell.
    const { ownership } = world.api.app;
    const careless = async (x: number, y: number) => {
      const { place, ownedAt, edition } = incidentAt(x, y, 100);
      const spot = { ...place, point: { lon: 0, lat: 0 }, area: undefined };
      return ownership.show(await ownership.locate(spot, { asOf: ownedAt.getTime(), edition }));
    };
    expect(await leaks(careless)).toBe(true);
  });

  it('the owners are those of the very place, even where the rounded point has others', async () => {
    // Rounds across the border between A and the gap.
    const shown = await world.owners.of(incidentAt(9 * STEP - 300, 7.5 * STEP), false);
    expect(shown.place).toMatchObject({ point: { lon: 105.009, lat: 25.008 }, accuracyMetres: 100, address: null });
    expect(shown.layers[0].grid?.name).toBe('Grid A');
    expect(shown.layers[0].nearby.map(({ distanceMetres }) => distanceMetres % 10)).toEqual(
      shown.layers[0].nearby.map(() => 0),
    );
  });
});

describe('the question who answers at the place of an incident now', () => {
  const ask = async (by: typeof desk, incidentId: string, more: object = {}) =>
    resolver.ownership({ incidentId, ...more }, {}, by);

  it('is answered for its exact place, shown coarse unless one handles it', async () => {
    const { id } = await world.report(desk, 2.12345, 7.54321);
    const [coarse, exact] = [await ask(desk, id), await ask(handler, id)];
    expect(exact.place).toMatchObject({ point: placeAt(2.12345, 7.54321), accuracyMetres: 15 });
    expect(coarse.place).toMatchObject({ point: { lon: 105.002, lat: 25.008 }, accuracyMetres: 100 });
    expect(ownersOf(coarse)).toBe(ownersOf(exact));
  });

  it('is not for the public, nor for those who may not see the incident', async () => {
    const { id } = await world.report(desk, 2.5, 7.5);
    await expect(ask(asked(PUBLIC), id)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    const neighbour = signedIn('officer', [world.grids.B.id], { subject: 'officer of B' });
    const words = [id, randomUUID(), 'no id'].map((each) => ask(neighbour, each).catch(({ message }) => message));
    const [foreign, unknown, none] = await Promise.all(words);
    expect(foreign).toMatch(/^at.incidentId: there is no such incident/);
    expect([unknown, none]).toEqual([foreign, foreign]);
    const own = signedIn('officer', [world.grids.A.id], { subject: 'officer of A' });
    expect((await ask(own, id)).layers[0].grid?.name).toBe('Grid A');
  });

  it('takes no other field beside', async () => {
    const { id } = await world.report(desk, 2.5, 7.5);
    await expect(ask(desk, id, { point: placeAt(1, 1) })).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });

  it('is answered among other places, and a foreign incident fails none of them', async () => {
    const { id } = await world.report(desk, 2.5, 7.5);
    const neighbour = signedIn('officer', [world.grids.B.id], { subject: 'officer of B' });
    const at = [{ point: placeAt(12.5, 7.5) }, { incidentId: id }, { incidentId: id, point: placeAt(1, 1) }];
    const forDesk = await resolver.ownerships(at, {}, desk);
    expect(forDesk.map(({ layers }) => layers[0]?.grid?.name)).toEqual(['Grid B', 'Grid A', undefined]);
    const forNeighbour = await resolver.ownerships(at, {}, neighbour);
    expect(forNeighbour.map(({ layers }) => layers[0]?.grid?.name)).toEqual(['Grid B', undefined, undefined]);
    expect(forNeighbour[1].notices[0]).toMatchObject({ code: 'BAD_PLACE' });
    await expect(resolver.ownerships(at, {}, asked(PUBLIC))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});
