import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  assignFaces,
  type CoverageFace,
  dissolve,
  findCoverageFaults,
  latticeArea2,
  ringArea2,
} from '../../src/geometry/coverage.ts';
import { containsPoint, orientation, type Ring, type Shape } from '../../src/geometry/polygon.ts';
import { jitteredPartition } from './jitteredPartition.ts';

const SEED = 20240608;

function ring(...values: number[]): Ring {
  return Int32Array.from(values);
}

function rectangle(x: number, y: number, width: number, height: number): Shape {
  return [[ring(x, y, x + width, y, x + width, y + height, x, y + height)]];
}

/** Unit squares of a board by number, in either ring direction, as a coverage full of corners that touch. */
function squares(cells: readonly number[], width: number): Shape[] {
  return cells.map((cell) => {
    const shape = rectangle((cell % width) * 10, Math.floor(cell / width) * 10, 10, 10);
    return cell % 3 === 0 ? [[ring(...[6, 7, 4, 5, 2, 3, 0, 1].map((i) => shape[0][0][i]))]] : shape;
  });
}

function countConnected(cells: readonly number[], width: number): number {
  const left = new Set(cells);
  let pieces = 0;
  for (const cell of cells) {
    if (!left.delete(cell)) continue;
    pieces++;
    const open = [cell];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      const sideways = [at % width > 0 ? at - 1 : -1, at % width < width - 1 ? at + 1 : -1];
      for (const next of [at - width, at + width, ...sideways]) if (left.delete(next)) open.push(next);
    }
  }
  return pieces;
}

/** What is wrong with a dissolve of unit squares: validity in the sense of OGC, area, and every point of a fine raster. */
function faultsOfUnion(cells: readonly number[], width: number, union: Shape): string[] {
  const faults: string[] = [];
  const parts = squares(cells, width);
  if (union.length !== countConnected(cells, width)) faults.push('pieces');
  for (const polygon of union) {
    polygon.forEach((each, i) => {
      const vertices = Array.from({ length: each.length / 2 }, (_, k) => `${each[2 * k]},${each[2 * k + 1]}`);
      if (new Set(vertices).size !== vertices.length) faults.push('a ring touches itself');
      if (ringArea2(each) > 0 !== (i === 0)) faults.push('direction');
      const first = [each[0] + Math.sign(each[2] - each[0]) * 5, each[1] + Math.sign(each[3] - each[1]) * 5];
      if (i > 0 && !containsPoint([[polygon[0]]], first[0], first[1])) faults.push('a hole outside its ring');
    });
  }
  if (latticeArea2(union) !== cells.length * 200) faults.push('area');
  for (let x = -5; x <= width * 10 + 5; x += 5) {
    for (let y = -5; y <= width * 10 + 5; y += 5) {
      if (containsPoint(union, x, y) !== parts.some((part) => containsPoint(part, x, y))) faults.push(`${x} ${y}`);
    }
  }
  return faults;
}

const anyCells = fc.uniqueArray(fc.nat(35), { minLength: 1, maxLength: 34 });

describe('dissolve', () => {
  it('is the exact, valid union, however holes, islands and corners touch', () => {
    const property = fc.property(anyCells, (cells) => {
      expect(faultsOfUnion(cells, 6, dissolve(squares(cells, 6)))).toEqual([]);
    });
    fc.assert(property, { seed: SEED, numRuns: 500 });
  });

  it('the same check catches parts that are only put side by side, and a pinched ring left whole', () => {
    expect(faultsOfUnion([0, 1], 6, squares([0, 1], 6).flat())).toContain('pieces');
    const pinched = [[ring(0, 0, 10, 0, 10, 10, 20, 10, 20, 20, 10, 20, 10, 10, 0, 10)]];
    expect(faultsOfUnion([0, 7], 6, pinched)).toEqual(['pieces', 'a ring touches itself']);
  });

  it('keeps the area and every point of a bent town, whichever of its grids are taken', () => {
    const town = jitteredPartition({ columns: 8, rows: 7, side: 900, pieces: 5, x0: 1e9, y0: 2e8, seed: 3 });
    const some = fc.uniqueArray(fc.nat(town.length - 1), { minLength: 1 });
    const property = fc.property(some, (numbers) => {
      const parts = numbers.map((number) => town[number]);
      const union = dissolve(parts);
      expect(latticeArea2(union)).toBe(parts.reduce((sum, part) => sum + latticeArea2(part), 0));
      for (const each of parts.flat(2)) {
        for (let k = 0; k < each.length; k += 2) {
          const j = (k + 2) % each.length;
          const middle = [(each[k] + each[j]) / 2, (each[k + 1] + each[j + 1]) / 2].map(Math.round);
          for (const [x, y] of [[each[k], each[k + 1]], middle]) {
            expect(containsPoint(union, x, y)).toBe(parts.some((part) => containsPoint(part, x, y)));
          }
        }
      }
    });
    fc.assert(property, { seed: SEED, numRuns: 25 });
  });

  it('gives the hole to the ring around it and the island in the hole its own polygon', () => {
    const frame = Array.from({ length: 25 }, (_, cell) => cell).filter(
      (cell) => ![6, 7, 8, 11, 13, 16, 17, 18].includes(cell),
    );
    const union = dissolve(squares(frame, 5));
    expect(union.map((polygon) => polygon.length).sort()).toEqual([1, 2]);
  });

  it('refuses shapes on the same side of one edge, and gives nothing for nothing', () => {
    expect(() => dissolve([rectangle(0, 0, 10, 10), rectangle(0, 0, 10, 20)])).toThrow(/overlap along the edge/);
    expect(dissolve([])).toEqual([]);
  });
});

/** Whether the insides of two convex rings meet: exact separating lines. */
function convexMeet(p: Ring, q: Ring): boolean {
  const separates = (a: Ring, b: Ring) => {
    const turn = Math.sign(ringArea2(a));
    for (let k = 0; k < a.length; k += 2) {
      const j = (k + 2) % a.length;
      let apart = true;
      for (let v = 0; v < b.length; v += 2) {
        if (turn * orientation(a[k], a[k + 1], a[j], a[j + 1], b[v], b[v + 1]) > 0) apart = false;
      }
      if (apart) return true;
    }
    return false;
  };
  return !separates(p, q) && !separates(q, p);
}

function touchesInside(p: Ring, q: Ring): boolean {
  for (let k = 0; k < p.length; k += 2) {
    const j = (k + 2) % p.length;
    const [ax, ay, bx, by] = [p[k], p[k + 1], p[j], p[j + 1]];
    for (let v = 0; v < q.length; v += 2) {
      const [x, y] = [q[v], q[v + 1]];
      const isEnd = (x === ax && y === ay) || (x === bx && y === by);
      const inBox = Math.min(ax, bx) <= x && x <= Math.max(ax, bx) && Math.min(ay, by) <= y && y <= Math.max(ay, by);
      if (!isEnd && inBox && orientation(ax, ay, bx, by, x, y) === 0) return true;
    }
  }
  return false;
}

type FindFaults = (shapes: readonly Shape[]) => readonly { readonly shapes: readonly [number, number] }[];

/** Compares with all pairs: whether there is a fault at all must agree, and no pair may be accused wrongly. */
function verdictIsRight(shapes: readonly Shape[], find: FindFaults): boolean {
  const guilty = new Set<string>();
  shapes.forEach(([[p]], a) => {
    for (let b = a + 1; b < shapes.length; b++) {
      const q = shapes[b][0][0];
      if (convexMeet(p, q) || touchesInside(p, q) || touchesInside(q, p)) guilty.add(`${a},${b}`);
    }
  });
  const found = find(shapes);
  return found.length > 0 === guilty.size > 0 && found.every((fault) => guilty.has(fault.shapes.join()));
}

const coordinate = fc.integer({ min: 0, max: 9 });
const triangle = fc
  .array(coordinate, { minLength: 6, maxLength: 6 })
  .map((values) => ring(...values))
  .filter((each) => ringArea2(each) !== 0)
  .map((each): Shape => [[each]]);
const block = fc
  .tuple(coordinate, coordinate, fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }))
  .map(([x, y, width, height]) => rectangle(x, y, width, height));
const fewShapes = fc.oneof(
  fc.array(fc.oneof(triangle, block), { minLength: 1, maxLength: 5 }),
  fc
    .array(fc.tuple(fc.nat(5), fc.nat(5)), { minLength: 1, maxLength: 8 })
    .map((at) => at.map(([x, y]) => rectangle(x * 2, y * 2, 2, 2))),
);

describe('faults of a coverage', () => {
  it('are found exactly where two shapes overlap or touch between corners', () => {
    fc.assert(
      fc.property(fewShapes, (shapes) => verdictIsRight(shapes, findCoverageFaults)),
      { seed: SEED, numRuns: 4_000 },
    );
  });

  it.each(['T_JUNCTION', 'OVERLAP'])('the same check catches a finder that overlooks %s', (kind) => {
    const blind: FindFaults = (shapes) => findCoverageFaults(shapes).filter((fault) => fault.kind !== kind);
    const property = fc.property(fewShapes, (shapes) => verdictIsRight(shapes, blind));
    expect(fc.check(property, { seed: SEED, numRuns: 4_000 }).failed).toBe(true);
  });

  it('a bent town has none, gaps and enclaves included', () => {
    const town = jitteredPartition({ columns: 20, rows: 20, side: 900, pieces: 7, x0: 1e9, y0: 2e8, seed: 3 });
    const enclave = rectangle(1e9 + 450, 2e8 + 450, 20, 20);
    const withEnclave: Shape[] = [[[...town[0][0], enclave[0][0]]], ...town.slice(1), enclave];
    expect(findCoverageFaults(withEnclave.filter((_, i) => i % 7 !== 3))).toEqual([]);
    expect(findCoverageFaults([...town, enclave])).toMatchObject([{ kind: 'OVERLAP', shapes: [0, 400] }]);
    expect(findCoverageFaults([...town.map((shape) => shape), town[5]])).toMatchObject([{ shapes: [5, 400] }]);
  });

  it('names kind, shapes and place', () => {
    const junction = findCoverageFaults([rectangle(0, 0, 10, 10), rectangle(10, 0, 10, 5), rectangle(10, 5, 10, 5)]);
    expect(junction).toEqual([
      { kind: 'T_JUNCTION', shapes: [0, 1], x: 10, y: 5 },
      { kind: 'T_JUNCTION', shapes: [0, 2], x: 10, y: 5 },
    ]);
    const crossing = findCoverageFaults([rectangle(0, 4, 10, 2), rectangle(4, 0, 2, 10)]);
    expect(crossing.map((fault) => fault.kind)).toEqual([...Array(4).fill('CROSSING'), 'OVERLAP']);
    expect(crossing).toContainEqual({ kind: 'CROSSING', shapes: [0, 1], x: 4, y: 6 });
    expect(findCoverageFaults([rectangle(0, 4, 10, 2), rectangle(4, 0, 2, 10)], 1)).toHaveLength(1);
    expect(findCoverageFaults([])).toEqual([]);
  });

  it('two layers of shared edges upon each other are seen though no open edges cross', () => {
    const four = (x: number, y: number) => [0, 1, 2, 3].map((i) => rectangle(x + (i % 2) * 5, y + (i >> 1) * 5, 5, 5));
    const large = [0, 1, 2, 3].map((i) => rectangle((i % 2) * 50 - 47, (i >> 1) * 50 - 47, 50, 50));
    expect(findCoverageFaults([...large, ...four(-4, -4)]).map((fault) => fault.kind)).toContain('OVERLAP');
  });
});

describe('twice the area on the lattice', () => {
  it('has its sign and size exactly, for a grain and for the world', () => {
    expect(ringArea2(ring(0, 0, 3, 0, 3, 2))).toBe(6);
    expect(ringArea2(ring(0, 0, 3, 2, 3, 0))).toBe(-6);
    expect(latticeArea2([[ring(0, 0, 9, 0, 9, 9, 0, 9), ring(1, 1, 2, 1, 2, 2, 1, 2)]])).toBe(160);
    const world = ring(-1.8e9, -9e8, 1.8e9, -9e8, 1.8e9, 9e8, -1.8e9, 9e8);
    expect(ringArea2(world)).toBe(2 * 3.6e9 * 1.8e9);
    expect(ringArea2(ring(-1_800_000_000, 0, 1_799_999_999, 1, 1_800_000_000, 1))).toBe(-1 * 1);
  });
});

describe('faces of a noded layer', () => {
  const codes = ['C', 'A', 'B'];
  const face = (index: number, holders: number[], area: number, shares: [number, number][]): CoverageFace => ({
    index,
    areaSquareMetres: area,
    widthMetres: area / 100,
    holders,
    neighbours: shares.map(([grid, sharedLengthMetres]) => ({ grid, sharedLengthMetres })),
  });

  it('a held face stays; slivers go to the longest border, then to the lowest code; the rest is reported', () => {
    const { assignments, changes } = assignFaces(
      [
        face(0, [2], 5_000, []),
        face(1, [], 8, [
          [0, 5],
          [2, 4],
          [2, 3],
        ]),
        face(2, [], 60, [
          [0, 5],
          [1, 5],
        ]),
        face(3, [0, 2], 9, [
          [1, 50],
          [0, 2],
          [2, 3],
        ]),
        face(4, [0, 1], 9, []),
        face(5, [], 500, [[0, 5]]),
        face(6, [1, 2], 500, [[1, 5]]),
        face(7, [], 3, []),
      ],
      codes,
    );
    expect(assignments).toEqual([
      { face: 0, grid: 2, reason: 'HELD' },
      { face: 1, grid: 2, reason: 'SLIVER_GAP' },
      { face: 2, grid: 1, reason: 'SLIVER_GAP' },
      { face: 3, grid: 2, reason: 'SLIVER_OVERLAP' },
      { face: 4, grid: 1, reason: 'SLIVER_OVERLAP' },
      { face: 5, gap: true },
      { face: 6, overlap: [1, 2] },
      { face: 7, gap: true },
    ]);
    expect(changes).toEqual([
      { face: 1, grid: 2, reason: 'SLIVER_GAP', gainedSquareMetres: 8 },
      { face: 2, grid: 1, reason: 'SLIVER_GAP', gainedSquareMetres: 60 },
      { face: 3, grid: 0, reason: 'SLIVER_OVERLAP', gainedSquareMetres: -9 },
      { face: 4, grid: 0, reason: 'SLIVER_OVERLAP', gainedSquareMetres: -9 },
    ]);
  });

  it('the tolerance is the caller’s', () => {
    const gap = face(0, [], 500, [[1, 5]]);
    const strict = assignFaces([gap], codes, { widthMetres: 0, areaSquareMetres: 0 });
    expect(strict.assignments).toEqual([{ face: 0, gap: true }]);
    const lax = assignFaces([gap], codes, { widthMetres: 6, areaSquareMetres: 0 });
    expect(lax.assignments).toEqual([{ face: 0, grid: 1, reason: 'SLIVER_GAP' }]);
  });
});
