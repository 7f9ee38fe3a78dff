import fc from 'fast-check';
import gcoordModule from 'gcoord';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shapeToGeoJson } from '../../src/geometry/geojson.ts';
import { day, drawGrid, openPaper, placeAt, publishGrids, type Rectangle, rectangle } from '../grids/squareGrids.ts';
import type { Answer, Api } from '../support/api.ts';

const gcoord = gcoordModule as unknown as typeof gcoordModule.default;
const SEED = 20260601;

// A county of two divided towns: T1 leaves the third column out, T2 the fifth.
const C = drawGrid('gov/county', 'C', [0, 0, 6, 4]);
const T1 = drawGrid('gov/town', 'T1', [0, 0, 3, 4], { parent: C });
const T2 = drawGrid('gov/town', 'T2', [3, 0, 3, 4], { parent: C });
const villages = [
  drawGrid('gov/village', 'A', [0, 0, 1, 4], { parent: T1 }),
  drawGrid('gov/village', 'B', [1, 0, 1, 4], { parent: T1 }),
  drawGrid('gov/village', 'D', [3, 0, 1, 4], { parent: T2 }),
  drawGrid('gov/village', 'E', [5, 0, 1, 4], { parent: T2 }),
];
// Patrols over one another; the root above X is no rival of its own child.
const root = drawGrid('over/area', 'ROOT', [0, 0, 3, 3]);
const patrols = [
  drawGrid('over/area', 'SMALL', [0, 0, 1, 1]),
  drawGrid('over/patrol', 'X', [0, 0, 3, 3], { parent: root }),
  drawGrid('over/patrol', 'W', [0, 0, 2, 2]),
  drawGrid('over/patrol', 'N', [2, 2, 1, 1]),
  drawGrid('over/patrol', 'M', [2, 2, 1, 1]),
];
// Nine cells from west to east and south to north, and nine whose codes run the other way.
const NINE = Array.from({ length: 9 }, (_, i): Rectangle => [10 + (i % 3), Math.floor(i / 3), 1, 1]);
const cells = NINE.map((on, i) => drawGrid('cell/cell', `K${i + 1}`, on));
const turned = NINE.map((on, i) => drawGrid('turned/cell', `R${9 - i}`, on));

let api: Api;

beforeAll(async () => {
  api = await openPaper([
    { code: 'gov', kind: 'PARTITION', tiers: ['county', 'town', 'village'] },
    { code: 'over', kind: 'OVERLAY', tiers: ['area', 'patrol'] },
    { code: 'cell', kind: 'PARTITION', tiers: ['cell'] },
    { code: 'turned', kind: 'PARTITION', tiers: ['cell'] },
  ]);
  await publishGrids(api, [C, T1, T2, ...villages, root, ...patrols, ...cells, ...turned]);
  await api.app.editions.publish('Gaps', async (trx, edition) => {
    const gap = (name: string, status: 'GAP' | 'NOT_SERVED', on: Rectangle) => ({
      ...{ layer: 'gov', name, status, boundary: rectangle(on), validFrom: day('2020-01-01') },
    });
    await api.app.writers.grids.insertGaps(trx, edition, [
      gap('Forgotten corner', 'GAP', [2, 3, 1, 1]),
      gap('Barracks', 'NOT_SERVED', [4, 0, 1, 4]),
      gap('Sea', 'NOT_SERVED', [6, 0, 1, 4]),
    ]);
  });
});
afterAll(() => api?.close());

const QUESTION = `query ($at: PlaceInput!) { ownership(at: $at) {
  place { point { lon lat } accuracyMetres }
  layers { layer { code } status gap grid { code } chain { code } alsoIn { code } nearby { grid { code } distanceMetres } shares { grid { code } share } }
  notices { code message }
} }`;

interface Told {
  readonly status: string;
  readonly gap: string | null;
  readonly chain: string[];
  readonly alsoIn: string[];
  readonly nearby: [code: string, metres: number][];
  readonly shares: [code: string, share: number][];
}

function tell({ status, gap, grid, chain, alsoIn, nearby, shares }: Answer): Told {
  const codes = (grids: Answer[]) => grids.map(({ code }) => code);
  expect(grid?.code).toBe(chain[0]?.code);
  return {
    ...{ status, gap, chain: codes(chain), alsoIn: codes(alsoIn) },
    nearby: nearby.map((near: Answer) => [near.grid.code, near.distanceMetres]),
    shares: shares.map((part: Answer) => [part.grid.code, part.share]),
  };
}

async function ask(at: object): Promise<{ layers: Record<string, Told>; notices: Answer[]; place: Answer }> {
  const { ownership } = await api.ask(QUESTION, { at });
  const layers = Object.fromEntries(ownership.layers.map((each: Answer) => [each.layer.code, tell(each)]));
  return { layers, notices: ownership.notices, place: ownership.place };
}

const askPoint = (column: number, row: number, accuracyMetres = 0) =>
  ask({ point: { ...placeAt(column, row), accuracyMetres } });
const askArea = (on: Rectangle) => ask({ area: shapeToGeoJson(rectangle(on)) });

describe('a PARTITION layer', () => {
  it.each<[string, number, number, string, string | null, string[]]>([
    ['owns inside a village', 0.5, 0.5, 'OWNED', null, ['A', 'T1', 'C']],
    ['has a gap where a divided town is not divided', 2.5, 0.5, 'GAP', null, ['T1', 'C']],
    ['knows a gap by its name', 2.5, 3.5, 'GAP', 'Forgotten corner', ['T1', 'C']],
    ['leaves a named place out on purpose', 4.5, 2, 'NOT_SERVED', 'Barracks', ['T2', 'C']],
    ['leaves a place out on purpose beside every grid', 6.5, 2, 'NOT_SERVED', 'Sea', []],
    ['does not reach farther', 7.5, 2, 'OUTSIDE', null, []],
  ])('%s', async (_, column, row, status, gap, chain) => {
    const { layers, notices } = await askPoint(column, row);
    expect(layers.gov).toMatchObject({ status, gap, chain, alsoIn: [], nearby: [], shares: [] });
    const ofGov = notices.filter(({ message }) => message.startsWith('Layer gov'));
    expect(ofGov.map(({ code }) => code)).toEqual(status === 'OWNED' ? [] : [status]);
    if (gap) expect(ofGov[0].message).toContain(gap);
  });

  it('finds the smallest grids around where no grid owns', async () => {
    const { layers } = await askPoint(2.5, 0.5, 60);
    expect(layers.gov.nearby.map(([code]) => code)).toEqual(['B', 'D']);
    const { layers: outside } = await askPoint(6.1, 2, 120);
    expect(outside.gov.nearby.map(([code]) => code)).toEqual(['E']);
  });
});

describe('an OVERLAY layer', () => {
  it('prefers the deeper tier, then the smaller area, and names the others', async () => {
    const { layers } = await askPoint(0.5, 0.5);
    expect(layers.over).toMatchObject({ status: 'OWNED', chain: ['W'], alsoIn: ['X', 'SMALL'] });
  });

  it('prefers the lower code among equal areas', async () => {
    const { layers } = await askPoint(2.5, 2.5);
    expect(layers.over).toMatchObject({ chain: ['M'], alsoIn: ['N', 'X'] });
  });

  it('counts other grids of the tier that hold the place as nearby, at no distance', async () => {
    const { layers } = await askPoint(1.5, 1.5, 10);
    expect(layers.over).toMatchObject({ chain: ['W'], alsoIn: ['X'], nearby: [['X', 0]] });
  });

  it('need not reach everywhere: beyond it a place that others cover is not served, and only the far is outside', async () => {
    expect((await askPoint(3.5, 0.5)).layers.over).toMatchObject({ status: 'NOT_SERVED', chain: [] });
    expect((await askPoint(50, 50)).layers.over).toMatchObject({ status: 'OUTSIDE', chain: [] });
  });
});

describe('the neighbours of a point', () => {
  it('are as far as PostGIS says, to the centimetre, and none within reach is missing', async () => {
    const { db } = api.app.database;
    const steps = (min: number, max: number) =>
      fc.integer({ min: min * 10_000, max: max * 10_000 }).map((n) => n / 10_000);
    const at = fc.tuple(steps(9.5, 13.5), steps(-0.5, 3.5));
    for (const [column, row] of fc.sample(at, { seed: SEED, numRuns: 40 })) {
      const { lon, lat } = placeAt(column, row);
      const { layers } = await askPoint(column, row, 250);
      const { rows } = await sql<{ code: string; metres: number }>`select * from (
        select c.code, ST_Distance(v.boundary::geography, ST_SetSRID(ST_MakePoint(${lon}, ${lat}), 4326)::geography) as metres
        from grid_version v join grid_code c on c.grid_id = v.grid_id where c.code like 'K%' and c.code <> ${layers.cell.chain[0] ?? ''}
      ) as far where metres < 250.5`.execute(db);
      const told = new Map(layers.cell.nearby);
      for (const { code, metres } of rows) {
        if (metres < 249.99 || told.has(code)) expect(Math.abs(told.get(code)! - metres)).toBeLessThan(0.01);
      }
      expect(told.size).toBeLessThanOrEqual(rows.length);
      const metres = layers.cell.nearby.map(([, far]) => far);
      expect(metres).toEqual([...metres].sort((a, b) => a - b));
    }
  });

  it('at the same distance come in the order of their codes', async () => {
    const { layers, notices } = await askPoint(11.5, 1.5, 200);
    // A step of longitude is shorter than one of latitude here, so west and east come first.
    expect(layers.cell.nearby.map(([code]) => code)).toEqual(['K4', 'K6', 'K2', 'K8', 'K1', 'K3', 'K7', 'K9']);
    expect(layers.turned.nearby.map(([code]) => code)).toEqual(['R4', 'R6', 'R2', 'R8', 'R1', 'R3', 'R7', 'R9']);
    expect(notices.filter(({ code }) => code === 'NEAR_BORDER')).toHaveLength(16);
  });

  it('of a border have it at no distance, and one of them owns it', async () => {
    for (const layer of ['cell', 'turned']) {
      for (const [column, row, others] of [
        [11, 0.3, 1],
        [11.7, 2, 1],
        [11, 1, 3],
        [12, 2, 3],
        [10, 1, 1],
        [11, 3, 1],
      ]) {
        const told = (await askPoint(column, row, 0.5)).layers[layer];
        const touching = [...told.chain, ...told.nearby.map(([code]) => code)];
        // The outer border is owned by a cell or by nobody, never by two.
        expect(told.chain.length).toBeLessThanOrEqual(1);
        expect(new Set(touching).size).toBe(touching.length);
        expect(touching.length).toBe(others + 1);
        for (const [, metres] of told.nearby) expect(metres).toBe(0);
      }
    }
  });

  it('are asked for within 15 m unless told, up to 5,000 m', async () => {
    const point = placeAt(11.1, 1.5);
    const { place, layers } = await ask({ point });
    expect([place.accuracyMetres, layers.cell.nearby.map(([code]) => code)]).toEqual([15, ['K4']]);
    expect((await askPoint(11, 1, 0)).layers.cell.nearby).toEqual([]);
    expect((await askPoint(11.5, 1.5, 5000)).layers.cell.nearby).toHaveLength(8);
  });

  it.each<[string, object, RegExp]>([
    ['5,000.1 m', { ...placeAt(11, 1), accuracyMetres: 5000.1 }, /^at\.point\.accuracyMetres: .*not 5000\.1/],
    ['swapped axes', { lon: 25, lat: 105 }, /^at\.point: .*The axes look swapped: give lon first, then lat\./],
  ])('are refused for %s', async (_, point, words) => {
    const { errors } = await api.askRaw(QUESTION, { at: { point } });
    expect(errors![0]).toMatchObject({
      message: expect.stringMatching(words),
      extensions: { code: 'BAD_INPUT', field: expect.stringMatching(/^at\.point/) },
    });
  });
});

describe('a point in another datum', () => {
  it.each(['GCJ02', 'BD09'] as const)('of %s is the same place, and without its datum another', async (datum) => {
    const { lon, lat } = placeAt(11.5, 1.5);
    const [shiftedLon, shiftedLat] = gcoord.transform([lon, lat], gcoord.WGS84, gcoord[datum]);
    const shifted = { lon: shiftedLon, lat: shiftedLat, accuracyMetres: 0 };
    const { layers, place } = await ask({ point: { ...shifted, datum } });
    expect(layers.cell.chain).toEqual(['K5']);
    expect(Math.abs(place.point.lon - lon)).toBeLessThan(1e-5);
    expect(Math.abs(place.point.lat - lat)).toBeLessThan(1e-5);
    expect((await ask({ point: shifted })).layers.cell.chain).not.toEqual(['K5']);
  });

  it('of CGCS2000 is the same place', async () => {
    const { place } = await ask({ point: { ...placeAt(11.5, 1.5), datum: 'CGCS2000' } });
    expect(place.point).toEqual(placeAt(11.5, 1.5));
  });
});

/** Of the rectangle's own area, on flat paper. */
function flatShare(on: Rectangle, of: Rectangle): number {
  const side = (axis: 0 | 1) =>
    Math.max(0, Math.min(on[axis] + on[axis + 2], of[axis] + of[axis + 2]) - Math.max(on[axis], of[axis]));
  return (side(0) * side(1)) / (of[2] * of[3]);
}

describe('an area', () => {
  it('is shared out whole, as flat paper says, the largest share first', async () => {
    const hundredth = (min: number, max: number) => fc.integer({ min: min * 100, max: max * 100 }).map((n) => n / 100);
    const areas = fc.tuple(hundredth(10, 11.5), hundredth(0, 1.5), hundredth(0.1, 1.5), hundredth(0.1, 1.5));
    for (const area of fc.sample(areas, { seed: SEED, numRuns: 30 })) {
      const { layers } = await askArea(area);
      const { shares, chain, status } = layers.cell;
      expect(shares.reduce((sum, [, share]) => sum + share, 0)).toBeCloseTo(1, 6);
      expect([status, chain]).toEqual(['OWNED', [shares[0][0]]]);
      const told = new Map(shares);
      NINE.forEach((on, i) => {
        expect(told.get(`K${i + 1}`) ?? 0).toBeCloseTo(flatShare(on, area), 4);
      });
      expect(shares.map(([, share]) => share)).toEqual(shares.map(([, share]) => share).sort((a, b) => b - a));
    }
  });

  it('cut into equal halves goes to the lower code, whichever side that is on', async () => {
    for (const half of [0.03, 0.1, 0.21, 0.3, 0.37, 0.5]) {
      for (const column of [10, 11]) {
        const { layers } = await askArea([column + 1 - half, 1 + half / 3, 2 * half, half]);
        for (const layer of ['cell', 'turned']) {
          const codes = layers[layer].shares.map(([code]) => code);
          expect(codes).toEqual([...codes].sort());
          expect(layers[layer].chain).toEqual([codes[0]]);
        }
      }
    }
  });

  it('that is a line is shared out by length', async () => {
    const coordinates = [10.75, 12.5].map((column) => Object.values(placeAt(column, 1.5)));
    const { layers } = await ask({ area: { type: 'LineString', coordinates } });
    expect(layers.cell.shares.map(([code]) => code)).toEqual(['K5', 'K6', 'K4']);
    [1, 0.5, 0.25].forEach((length, i) => {
      expect(layers.cell.shares[i][1]).toBeCloseTo(length / 1.75, 6);
    });
  });

  it('over a gap is shared out among the grids that it touches, and the rest is nobody’s', async () => {
    const { layers } = await askArea([1.5, 0, 2, 1]);
    expect(layers.gov).toMatchObject({ status: 'OWNED', chain: [layers.gov.shares[0][0], expect.anything(), 'C'] });
    expect(layers.gov.shares.map(([code]) => code)).toEqual(['B', 'D']);
    for (const [, share] of layers.gov.shares) expect(share).toBeCloseTo(0.25, 4);
    const inside = await askArea([2.25, 0.5, 0.5, 0.5]);
    expect(inside.layers.gov).toMatchObject({ status: 'GAP', chain: ['T1', 'C'], shares: [] });
  });
});
