import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildCells } from '../../src/geometry/cells/buildCells.ts';
import { CellReader } from '../../src/geometry/cells/cellReader.ts';
import { packRows } from '../../src/geometry/cells/packedRows.ts';
import { dissolve } from '../../src/geometry/coverage.ts';
import { buildPointIndex, type IndexRow, type RowRanges } from '../../src/geometry/pointIndex.ts';
import { boxOf, containsPoint, orientation, type Shape } from '../../src/geometry/polygon.ts';
import { jitteredPartition, seededRandom } from './jitteredPartition.ts';

const SEED = 20240607;
type Point = readonly [number, number];

function square(x: number, y: number, side: number): Shape {
  return [[Int32Array.from([x, y, x + side, y, x + side, y + side, x, y + side])]];
}

/** Rings of random size and bend, in every way wrong or right: even-odd containment is defined for all of them. */
function wildRows(seed: number, span: number): IndexRow[] {
  const random = seededRandom(seed);
  const ring = (size: number) => {
    const [cx, cy, corners] = [random(), random(), 3 + Math.floor(random() ** 2 * 40)];
    const values: number[] = [];
    for (let k = 0; k < corners; k++) {
      const reach = size * (random() < 0.5 ? 0.5 : random() * 0.5);
      const turn = (k / corners) * 2 * Math.PI;
      const at = (c: number, wave: number) => Math.min(1, Math.max(0, c + reach * wave)) - 0.5;
      values.push(Math.round(at(cx, Math.cos(turn)) * span));
      // Level edges, many of them on the edges of cells.
      const level = k > 0 && random() < 0.15;
      values.push(level ? values[2 * k - 1] : Math.round((at(cy, Math.sin(turn)) * span) / 2));
    }
    return Int32Array.from(values);
  };
  const rows: IndexRow[] = [];
  const count = 1 + Math.floor(random() * 40);
  for (let i = 0; i < count; i++) {
    const size = random() < 0.3 ? 1 : random() ** 2;
    const polygon = () => Array.from({ length: random() < 0.7 ? 1 : 2 }, () => ring(size));
    const shape = random() < 0.15 && i > 0 ? rows[0].shape : random() < 0.8 ? [polygon()] : [polygon(), polygon()];
    rows.push({ shape, level: Math.floor(random() * 4) });
  }
  return rows;
}

/** A nested town: grids with shared bent borders, an enclave cut out of one, parents and a root. */
function nestedRows(seed: number, side: number): IndexRow[] {
  const plan = { columns: 6, rows: 5, side, pieces: 1 + (seed % 9), x0: 1_139_000_000, y0: 226_000_000, seed };
  const cells = jitteredPartition(plan);
  const parents = [0, 1, 2].map((i) => dissolve(cells.filter((_, cell) => (cell % 6) >> 1 === i)));
  const middle = boxOf(cells[14]);
  const enclave = square((middle.minX + middle.maxX) >> 1, (middle.minY + middle.maxY) >> 1, Math.ceil(side / 20));
  const holed: Shape = [[...cells[14][0], enclave[0][0]]];
  const basic = cells.map((shape, cell) => ({ shape: cell === 14 ? holed : shape, level: 3 }));
  const upper = parents.map((shape) => ({ shape, level: 2 }));
  return [{ shape: dissolve(parents), level: 1 }, ...upper, ...basic, { shape: enclave, level: 3 }];
}

/** Vertices, middles of edges, their neighbours on the lattice, and points anywhere about. */
function pointsOf(rows: readonly IndexRow[], seed: number, most: number): Point[] {
  const random = seededRandom(seed);
  const points: Point[] = [];
  for (const { shape } of rows) {
    for (const ring of shape.flat()) {
      for (let k = 0; k < ring.length; k += 2) {
        const j = (k + 2) % ring.length;
        const [x, y] = [ring[k], ring[k + 1]];
        const middle = [(x + ring[j]) / 2, (y + ring[j + 1]) / 2].map(Math.round) as [number, number];
        points.push([x, y], middle, [x + 1, y - 1], [x - 1, y], [x, y + 1]);
      }
    }
  }
  const box = boxOf(rows.flatMap((row) => row.shape));
  points.push([box.maxX, box.maxY], [box.minX, box.minY], [box.maxX + 1, box.maxY], [box.minX - 1, box.minY]);
  for (let i = 0; i < most / 4; i++) {
    const spread = (from: number, to: number) => Math.round(from + (random() * 1.1 - 0.05) * (to - from));
    points.push([spread(box.minX, box.maxX), spread(box.minY, box.maxY)]);
  }
  const step = Math.max(1, points.length / most);
  return Array.from({ length: Math.floor(points.length / step) }, (_, i) => points[Math.floor(i * step)]);
}

type Holds = (shape: Shape, x: number, y: number) => boolean;

function scan(rows: readonly IndexRow[], x: number, y: number, holds: Holds = containsPoint): number[] {
  const found = [...rows.keys()].filter((row) => holds(rows[row].shape, x, y));
  return found.sort((a, b) => rows[b].level - rows[a].level || a - b);
}

/** The first point where an index disagrees with the scan of all rows; the check every twin below must fail. */
function disagreement(rows: readonly IndexRow[], points: readonly Point[], answer: (x: number, y: number) => number[]) {
  return points.find(([x, y]) => answer(x, y).join() !== scan(rows, x, y).join());
}

const SPANS = [5, 40, 5_000, 1_000_000, 100_000_000, 3_599_999_999];
const anyRows = fc.tuple(fc.nat(1_000_000), fc.constantFrom(...SPANS)).map(([seed, span]) => wildRows(seed, span));
const anyTown = fc
  .tuple(fc.nat(1_000_000), fc.constantFrom(8, 90, 20_000, 900_000))
  .map(([seed, side]) => nestedRows(seed, side));

describe('the point index answers exactly as a scan of all rows', () => {
  it.each([
    ['for rows of any size and shape', anyRows],
    ['for nested towns with holes and enclaves', anyTown],
  ])('%s', (_, arbitrary) => {
    const property = fc.property(arbitrary, (rows) => {
      const index = buildPointIndex(rows);
      expect(disagreement(rows, pointsOf(rows, 1, 400), (x, y) => index.findAll(x, y))).toBeUndefined();
    });
    fc.assert(property, { seed: SEED, numRuns: 150 });
  });

  it('where a dense town lies in an empty country', () => {
    const town = jitteredPartition({ columns: 30, rows: 30, side: 300, pieces: 8, x0: 7e8, y0: 3e8, seed: 4 });
    const far = jitteredPartition({ columns: 9, rows: 9, side: 70, pieces: 6, x0: -9e8, y0: -1e8, seed: 5 });
    const rows = [...town, ...far].map((shape) => ({ shape, level: 2 }));
    rows.push({ shape: square(-1e9, -5e8, 1.8e9), level: 1 });
    const index = buildPointIndex(rows);
    expect(disagreement(rows, pointsOf(rows, 2, 1_500), (x, y) => index.findAll(x, y))).toBeUndefined();
  });

  it('catches an index that forgets where the border leaves a cell', () => {
    const rows = nestedRows(8, 20_000);
    const packed = packRows(
      rows.map((row) => row.shape),
      Int32Array.from(rows, (row) => row.level),
    );
    const reader = new CellReader(buildCells(packed), packed.xy);
    const broken = (x: number, y: number, forget: boolean) => {
      const found: number[] = [];
      for (let at = reader.listAt(x, y); at !== 0; ) {
        const word = reader.words[at];
        if (word < 0) {
          at = ~word;
          continue;
        }
        const runs = word & 1 ? reader.words[at + 1] >> 1 : 0;
        const kept = Array.from({ length: runs }, (_, i) => reader.words[at + 3 + 2 * i]);
        for (let i = 0; forget && i < runs; i++) reader.words[at + 3 + 2 * i] &= ~3;
        if (!(word & 1) || reader.holds(at, x, y)) found.push(word >> 1);
        for (let i = 0; i < runs; i++) reader.words[at + 3 + 2 * i] = kept[i];
        at += word & 1 ? 2 + 2 * runs : 1;
      }
      return found;
    };
    const points = pointsOf(rows, 3, 4_000);
    expect(disagreement(rows, points, (x, y) => broken(x, y, false))).toBeUndefined();
    expect(disagreement(rows, points, (x, y) => broken(x, y, true))).toBeDefined();
  });

  it('catches an index whose grids own all of their border', () => {
    const rows = nestedRows(9, 90);
    const closed: Holds = (shape, x, y) =>
      containsPoint(shape, x, y) ||
      shape.flat().some((ring) =>
        ring.some((_, k) => {
          if (k % 2 === 1) return false;
          const [ax, ay] = [ring[k], ring[k + 1]];
          const [bx, by] = [ring[(k + 2) % ring.length], ring[(k + 3) % ring.length]];
          const inBox =
            Math.min(ax, bx) <= x && x <= Math.max(ax, bx) && Math.min(ay, by) <= y && y <= Math.max(ay, by);
          return inBox && orientation(ax, ay, bx, by, x, y) === 0;
        }),
      );
    expect(disagreement(rows, pointsOf(rows, 3, 2_000), (x, y) => scan(rows, x, y, closed))).toBeDefined();
  });
});

describe('dated rows', () => {
  it('locate and locateAll see only rows valid at the instant and known to the edition', () => {
    const property = fc.property(anyRows, fc.nat(9), fc.nat(9), (rows, asOf, edition) => {
      const random = seededRandom(rows.length);
      const column = () => rows.map(() => Math.floor(random() * 7));
      const [validFrom, editionFrom] = [column(), column()];
      const ranges: RowRanges = {
        validFrom: Float64Array.from(validFrom, (from) => (from === 0 ? -Infinity : from)),
        validTo: Float64Array.from(validFrom, (from) => (random() < 0.5 ? Infinity : from + 3)),
        editionFrom: Int32Array.from(editionFrom),
        editionTo: Int32Array.from(editionFrom, (from) => (random() < 0.5 ? 2_147_483_647 : from + 3)),
      };
      const index = buildPointIndex(rows, ranges);
      for (const [x, y] of pointsOf(rows, 5, 100)) {
        const wanted = scan(rows, x, y).filter(
          (row) =>
            ranges.validFrom[row] <= asOf &&
            asOf < ranges.validTo[row] &&
            ranges.editionFrom[row] <= edition &&
            edition < ranges.editionTo[row],
        );
        const all = [-7];
        index.locateAll(x, y, asOf, edition, all);
        expect(all).toEqual([-7, ...wanted]);
        expect(index.locate(x, y, asOf, edition)).toBe(wanted[0] ?? -1);
      }
    });
    fc.assert(property, { seed: SEED, numRuns: 60 });
  });

  it('many versions of one boundary cost little more than one', () => {
    const shape = jitteredPartition({ columns: 1, rows: 1, side: 20_000, pieces: 2_000, x0: 0, y0: 0, seed: 2 })[0];
    const one = buildPointIndex([{ shape, level: 1 }]);
    const copies = Array.from({ length: 20 }, () => ({
      shape: shape.map((rings) => rings.map((r) => r.slice())),
      level: 1,
    }));
    expect(buildPointIndex(copies).bytes).toBeLessThan(one.bytes * 8);
  });
});

describe('edges of the index', () => {
  it('an empty list, a row without vertices and places outside hold nothing', () => {
    const empty = buildPointIndex([]);
    expect(empty.locate(0, 0, 0, 1)).toBe(-1);
    expect(empty.candidates({ minX: -9, minY: -9, maxX: 9, maxY: 9 })).toEqual([]);
    const index = buildPointIndex([
      { shape: [], level: 1 },
      { shape: square(0, 0, 10), level: 1 },
    ]);
    expect(index.findAll(10, 10)).toEqual([]);
    expect(index.findAll(0, 0)).toEqual([1]);
    expect([-1, 11, 3e9, -3e9, Number.NaN].map((x) => index.locate(x, 5, 0, 1))).toEqual([-1, -1, -1, -1, -1]);
    expect(index.candidates({ minX: -9, minY: -9, maxX: 9, maxY: 9 })).toEqual([1]);
  });

  it('find goes on until a row is accepted', () => {
    const index = buildPointIndex([1, 3, 2].map((level) => ({ shape: square(0, 0, 10), level })));
    const asked: number[] = [];
    const found = index.find(5, 5, (row) => asked.push(row) === 2);
    expect({ found, asked }).toEqual({ found: 2, asked: [1, 2] });
    expect(index.find(5, 5, () => false)).toBe(-1);
  });

  it('a square around the whole world stays small and exact', () => {
    const world: Shape = [[Int32Array.from([-1.8e9, -9e8, 1.8e9, -9e8, 1.8e9, 9e8, -1.8e9, 9e8])]];
    const index = buildPointIndex([{ shape: world, level: 1 }]);
    expect(index.bytes).toBeLessThan(2_000);
    const points: Point[] = [
      [-1.8e9, -9e8],
      [0, 0],
      [1.8e9 - 1, 9e8 - 1],
      [1.8e9, 0],
      [0, 9e8],
    ];
    expect(points.map(([x, y]) => index.locate(x, y, 0, 1))).toEqual([0, 0, 0, -1, -1]);
  });

  it('alike borders in great number do not multiply', () => {
    const round = (x: number): Shape => [
      [
        Int32Array.from({ length: 400 }, (_, i) =>
          Math.round(8e8 * (i % 2 ? Math.sin : Math.cos)((i >> 1) / 31.8309886) + x),
        ),
      ],
    ];
    const rows = Array.from({ length: 300 }, (_, i) => ({ shape: round(i * 50), level: 1 }));
    const index = buildPointIndex(rows);
    expect(index.bytes).toBeLessThan(10_000_000);
    expect(disagreement(rows, pointsOf(rows, 6, 100), (x, y) => index.findAll(x, y))).toBeUndefined();
  });

  it('candidates are all rows that come near a box', () => {
    const rows = nestedRows(3, 20_000);
    const { minX, minY, maxX } = boxOf(rows[10].shape);
    const near = buildPointIndex(rows).candidates({ minX, minY, maxX, maxY: minY + 5 });
    expect(near).toEqual(expect.arrayContaining([0, 10]));
    expect(new Set(near).size).toBe(near.length);
    expect(near.length).toBeLessThan(rows.length);
  });
});
