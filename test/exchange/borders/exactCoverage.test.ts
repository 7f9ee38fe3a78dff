import fc from 'fast-check';
import type { Kysely } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/db/tables.ts';
import { makeExactCoverage } from '../../../src/exchange/borders/exactCoverage.ts';
import { BoundaryRepository } from '../../../src/exchange/importing/boundary.repository.ts';
import { areaSquareMetres, DEFAULT_TOLERANCE, dissolve, findCoverageFaults } from '../../../src/geometry/coverage.ts';
import { boxOf, containsPoint, type Shape } from '../../../src/geometry/polygon.ts';
import { isSameShape } from '../../../src/geometry/rings/sameShape.ts';
import { jitteredPartition, seededRandom } from '../../geometry/jitteredPartition.ts';
import { openTestDatabase } from '../../support/database.ts';

let db: Kysely<Database>;
beforeAll(async () => {
  ({ db } = await openTestDatabase());
});

const node = (shapes: readonly Shape[]) => new BoundaryRepository(db).nodeIntoFaces(shapes);
const box = (x: number, y: number, width: number, height = width): Shape => [
  [Int32Array.from([x, y, x + width, y, x + width, y + height, x, y + height])],
];
const X = 1_200_000_000;
const Y = 300_000_000;
const members = (shapes: readonly Shape[]) => shapes.map((shape, i) => ({ code: `G${i}`, shape }));
const makeExact = (shapes: readonly Shape[]) => makeExactCoverage(members(shapes), node, DEFAULT_TOLERANCE);

/** As several offices draw the same borders: every vertex off by up to `reach` steps, some vertices left out. */
function redraw(shapes: readonly Shape[], reach: number, seed: number): Shape[] {
  const random = seededRandom(seed);
  const off = () => Math.round((random() * 2 - 1) * reach);
  return shapes.map((shape) => shape.map((polygon) => polygon.map((ring) => ring.map((value) => value + off()))));
}

/** Random places that not exactly one shape holds, though they lie within the whole, or one that does not. */
function countWrongOwners(shapes: readonly Shape[], seed: number): number {
  const random = seededRandom(seed);
  const whole = dissolve(shapes);
  const { minX, minY, maxX, maxY } = boxOf(whole);
  let wrong = 0;
  for (let i = 0; i < 300; i++) {
    const x = Math.round(minX + random() * (maxX - minX));
    const y = Math.round(minY + random() * (maxY - minY));
    const holders = shapes.filter((shape) => containsPoint(shape, x, y)).length;
    if (holders !== (containsPoint(whole, x, y) ? 1 : 0)) wrong++;
  }
  return wrong;
}

describe('makeExactCoverage', () => {
  it('leaves an exact coverage as it is, without asking the database', async () => {
    const shapes = jitteredPartition({ columns: 4, rows: 4, side: 50_000, pieces: 6, x0: X, y0: Y, seed: 1 });
    const asked = makeExactCoverage(members(shapes), () => Promise.reject(new Error('asked')), DEFAULT_TOLERANCE);
    expect((await asked).shapes.every((shape, i) => shape === shapes[i])).toBe(true);
  });

  it('makes borders drawn twice into one, whatever the errors up to 20 cm: no fault, no hole, one owner', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 1, max: 18 }), async (seed, reach) => {
        const plan = { columns: 4, rows: 3, side: 50_000, pieces: 6, x0: X, y0: Y, seed };
        const drawn = redraw(jitteredPartition(plan), reach, seed);
        // The broken twin, which keeps what was drawn, must fail the same judge.
        expect(findCoverageFaults(drawn, 1)).not.toEqual([]);
        const { shapes, overlaps, gaps } = await makeExact(drawn);
        expect([overlaps, gaps]).toEqual([[], []]);
        expect(findCoverageFaults(shapes)).toEqual([]);
        expect(dissolve(shapes).every((polygon) => polygon.length === 1)).toBe(true);
        expect(countWrongOwners(shapes, seed)).toBe(0);
        shapes.forEach((shape, i) => {
          const before = areaSquareMetres(drawn[i]);
          expect(Math.abs(areaSquareMetres(shape) - before) / before).toBeLessThan(0.01);
        });
      }),
      { numRuns: 12, seed: 7 },
    );
  });

  it('comes to the same result when its own result comes again', async () => {
    const plan = { columns: 3, rows: 3, side: 50_000, pieces: 5, x0: X, y0: Y, seed: 3 };
    const once = await makeExact(redraw(jitteredPartition(plan), 12, 3));
    const twice = await makeExact(once.shapes);
    expect(twice.changes).toEqual([]);
    expect(twice.shapes.every((shape, i) => isSameShape(shape, once.shapes[i]))).toBe(true);
  });

  it('adds the missing vertex of a T-junction to the long side and changes nothing else', async () => {
    const { shapes, changes } = await makeExact([
      box(X, Y, 20_000),
      box(X + 20_000, Y, 9000),
      box(X + 20_000, Y + 9000, 11_000),
    ]);
    expect(changes).toEqual([]);
    expect([...shapes[0][0][0]]).toHaveLength(10);
    expect(shapes[1]).toEqual(box(X + 20_000, Y, 9000));
  });

  it('gives an enclosed sliver to the longest border, and of equal ones to the lowest code', async () => {
    const around = (width: number): Shape[] => [
      box(X, Y, 20_000, 20_000),
      box(X + 20_000 + width, Y, 20_000, 20_000),
      box(X, Y + 20_000, 40_000 + width, 5000),
      box(X, Y - 5000, 40_000 + width, 5000),
    ];
    const { changes, gaps } = await makeExact(around(50));
    expect(gaps).toEqual([]);
    expect(changes).toHaveLength(1);
    expect(changes[0]).toMatchObject({ from: [], to: 'G0' });
    expect(changes[0].widthMetres).toBeCloseTo(0.48, 1);
    const wide = await makeExact(around(500));
    expect(wide.changes).toEqual([]);
    expect(wide.gaps).toMatchObject([{ around: ['G0', 'G1', 'G2', 'G3'] }]);
  });

  it('tells an overlap that is no sliver, with its members, area and place, and mends nothing', async () => {
    const drawn = [box(X, Y, 20_000), box(X + 15_000, Y, 20_000)];
    const { overlaps, shapes } = await makeExact(drawn);
    expect(overlaps).toHaveLength(1);
    expect(overlaps[0].members).toEqual([0, 1]);
    expect(overlaps[0].areaSquareMetres).toBeCloseTo(5000 * 20_000 * 0.0096486 * 0.0110853, 0);
    expect(overlaps[0].place.lon).toBeGreaterThan(120.0015);
    expect(shapes).toEqual(drawn);
  });

  it('lets an enclave fill its hole exactly', async () => {
    const hole = Int32Array.from([X + 5000, Y + 5000, X + 5000, Y + 9000, X + 9000, Y + 9000, X + 9000, Y + 5000]);
    const drawn: Shape[] = [[[box(X, Y, 20_000)[0][0], hole]], box(X + 5000, Y + 5000, 4000)];
    const { shapes, gaps } = await makeExact(drawn);
    expect(gaps).toEqual([]);
    expect(shapes).toEqual(drawn);
  });
});

describe('isSameShape', () => {
  it('does not care for directions, first vertices and order, but for each vertex', () => {
    const ring = [0, 0, 10, 0, 10, 10, 0, 10];
    const turned = [10, 10, 10, 0, 0, 0, 0, 10];
    const far = box(100, 100, 5)[0];
    expect(isSameShape([[Int32Array.from(ring)], far], [far, [Int32Array.from(turned)]])).toBe(true);
    expect(isSameShape([[Int32Array.from(ring)]], [[Int32Array.from([0, 0, 5, 0, 10, 0, 10, 10, 0, 10])]])).toBe(false);
    expect(isSameShape([[Int32Array.from(ring)]], [[Int32Array.from([0, 0, 10, 0, 10, 11, 0, 10])]])).toBe(false);
  });
});
