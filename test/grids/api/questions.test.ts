import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GridDraft } from '../../../src/grids/territory.type.ts';
import { type Api, openApi } from '../../support/api.ts';
import { emptyTables, openTestDatabase } from '../../support/database.ts';

const day = (text: string) => new Date(`${text}T00:00:00Z`);
const body = { kind: 'OFFICE', officePhone: null, languages: [], categories: [] };
const [north, south] = ['North', 'South'].map((name) => ({ ...body, id: randomUUID(), name }));
let api: Api;
let half: GridDraft;

/** A square of some 110 m from a corner in units of 1e-7 degree. */
function square(layer: string, code: string, x: number, more: Partial<GridDraft> = {}): GridDraft {
  const boundary = [[new Int32Array([x, 0, x + 10000, 0, x + 10000, 10000, x, 10000])]];
  const state = { name: `Grid ${code}`, kind: 'BASIC', parentId: null, managerId: null, boundary, loads: [] };
  const dates = { validFrom: day('2020-01-01'), validTo: null };
  return { id: randomUUID(), layer, tier: 'unit', codes: [{ scheme: 'local', code }], ...state, ...dates, ...more };
}

beforeAll(async () => {
  await emptyTables((await openTestDatabase()).db);
  api = await openApi();
  const { grids, posts } = api.app.writers;
  half = square('a', 'A1', 0, { managerId: north.id });
  await api.app.editions.publish('Two layers', async (trx, edition) => {
    const dates = { validFrom: day('2020-01-01'), validTo: null };
    await posts.insertBodies(
      trx,
      edition,
      [north, south].map((draft) => ({ ...draft, ...dates })),
    );
    await grids.insertScheme(trx, edition, { code: 'local', name: 'Local' });
    for (const layer of ['a', 'b']) {
      await grids.insertLayer(trx, edition, { code: layer, name: layer, kind: 'PARTITION' });
      await grids.insertTier(trx, edition, { layer, code: 'unit', name: 'Unit', rank: 1 });
    }
    await grids.insertGrids(trx, edition, [half, square('b', 'B1', 0), square('b', 'B2', 10000)]);
  });
  await api.app.editions.publish('Moved by half, renamed, handed over', async (trx, edition) => {
    const boundary = square('a', '', 5000).boundary;
    const set = { boundary, name: 'Grid moved', managerId: south.id };
    await grids.reviseGrids(trx, edition, [{ gridId: half.id, from: day('2022-01-01'), set }]);
  });
});
afterAll(() => api?.close());

describe('an edition that is asked for', () => {
  const asOf = '2023-01-01T00:00:00Z';

  it('gives a grid, a list and a crosswalk as that edition knew them', async () => {
    const query = `query ($asOf: DateTime, $edition: Int) {
      grid(code: "A1", asOf: $asOf, edition: $edition) { name manager { name } history { name } }
      grids(filter: { layer: "a" }, asOf: $asOf, edition: $edition) { edges { node { name } } }
      crosswalk(from: { layer: "a", tier: "unit" }, to: { layer: "b", tier: "unit" }, asOf: $asOf, edition: $edition) {
        from { name } to { code } share
      }
    }`;
    const first = await api.ask(query, { asOf, edition: 1 });
    expect(first.grid).toEqual({ name: 'Grid A1', manager: { name: 'North' }, history: [{ name: 'Grid A1' }] });
    expect(first.grids.edges).toEqual([{ node: { name: 'Grid A1' } }]);
    expect(first.crosswalk).toEqual([{ from: { name: 'Grid A1' }, to: { code: 'B1' }, share: 1 }]);

    const newest = await api.ask(query, { asOf });
    expect(newest.grid.history).toEqual([{ name: 'Grid A1' }, { name: 'Grid moved' }]);
    expect(newest.grids.edges).toEqual([{ node: { name: 'Grid moved' } }]);
    expect(newest.crosswalk.map((row: { to: object }) => row.to)).toEqual(
      expect.arrayContaining([{ code: 'B1' }, { code: 'B2' }]),
    );
    for (const { share } of newest.crosswalk) expect(share).toBeCloseTo(0.5, 6);
    expect(await api.ask(query, { asOf, edition: 2 })).toEqual(newest);
  });

  it('is refused by name when it was never published', async () => {
    for (const query of [
      '{ grid(code: "A1", edition: 3) { id } }',
      '{ grids(edition: 3) { totalCount } }',
      `{ body(id: "${north.id}", edition: 3) { id } }`,
    ]) {
      const { errors } = await api.askRaw(query);
      expect(errors![0]).toMatchObject({ extensions: { code: 'BAD_INPUT', field: 'edition', latest: 2 } });
    }
  });
});

describe('a manager that is asked for', () => {
  it('finds the grids it manages at that instant, in that edition', async () => {
    const query = `query ($managedBy: ID, $asOf: DateTime, $edition: Int) {
      grids(filter: { managedBy: $managedBy }, asOf: $asOf, edition: $edition) { edges { node { code } } }
    }`;
    const managed = async (managedBy: string, asOf: string, edition?: number) =>
      (await api.ask(query, { managedBy, asOf, edition })).grids.edges.map((edge: { node: object }) => edge.node);
    expect(await managed(north.id, '2021-01-01T00:00:00Z')).toEqual([{ code: 'A1' }]);
    expect(await managed(north.id, '2023-01-01T00:00:00Z')).toEqual([]);
    expect(await managed(south.id, '2023-01-01T00:00:00Z')).toEqual([{ code: 'A1' }]);
    expect(await managed(south.id, '2023-01-01T00:00:00Z', 1)).toEqual([]);
    expect(await managed(randomUUID(), '2023-01-01T00:00:00Z')).toEqual([]);
  });
});

describe('a body and a person that are asked for', () => {
  it('are null where there is none', async () => {
    const query = 'query ($id: ID!, $asOf: DateTime) { body(id: $id, asOf: $asOf) { name } person(id: $id) { id } }';
    expect(await api.ask(query, { id: north.id })).toEqual({ body: { name: 'North' }, person: null });
    expect(await api.ask(query, { id: north.id, asOf: '2019-01-01T00:00:00Z' })).toEqual({ body: null, person: null });
    expect(await api.ask(query, { id: 'no-such-thing' })).toEqual({ body: null, person: null });
  });
});

describe('an area that is no GeoJSON', () => {
  const refused = { status: 400, errors: [{ extensions: { code: 'BAD_GEOJSON', fault: 'NOT_AN_OBJECT' } }] };

  it.each(['"a polygon"', '7', '[[104, 25], [104, 26]]', 'true'])('is told so as the literal %s', async (literal) => {
    for (let i = 0; i < 3; i++) {
      const answer = await api.askRaw(`{ ownership(at: { area: ${literal} }) { edition } }`);
      expect(answer).toMatchObject(refused);
      expect(answer.errors![0].message).toContain('must be an object');
    }
  });

  it.each(['a polygon', 7, [[104, 25]], true])('is told so as the variable %j', async (area) => {
    // From the third time on the query is compiled.
    for (let i = 0; i < 3; i++) {
      const inner = await api.askRaw('query ($area: GeoJSON) { ownership(at: { area: $area }) { edition } }', { area });
      expect(inner).toMatchObject(refused);
      const whole = await api.askRaw('query ($at: PlaceInput!) { ownership(at: $at) { edition } }', { at: { area } });
      expect(whole).toMatchObject(refused);
      expect(whole.errors![0].message).toContain('must be an object');
    }
  });

  it('is judged by the strict reader where it is an object, as literal and as variable', async () => {
    const coordinates = '[[[104, 25], [104, 26], [105, 26], [105, 25]]]';
    const literal = await api.askRaw(
      `{ ownership(at: { area: { type: "Polygon", coordinates: ${coordinates} } }) { edition } }`,
    );
    const area = { type: 'Polygon', coordinates: JSON.parse(coordinates) };
    const variable = await api.askRaw('query ($at: PlaceInput!) { ownership(at: $at) { edition } }', { at: { area } });
    for (const { errors } of [literal, variable]) {
      expect(errors![0].extensions).toMatchObject({ code: 'BAD_GEOJSON', fault: 'UNCLOSED_RING' });
    }
  });
});
