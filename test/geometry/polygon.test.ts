import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_LAT, MAX_LON } from '../../src/geometry/lattice.ts';
import {
  boxOf,
  containsPoint,
  countVertices,
  crossesRay,
  orientation,
  representativePoint,
  ringAreaSign,
  type Shape,
} from '../../src/geometry/polygon.ts';
import { jitteredPartition, seededRandom } from './jitteredPartition.ts';

const x = fc.integer({ min: -MAX_LON, max: MAX_LON });
const y = fc.integer({ min: -MAX_LAT, max: MAX_LAT });

describe('the orientation of three points', () => {
  const exact = (p: readonly number[]): number => {
    const [ax, ay, bx, by, px, py] = p.map(BigInt);
    const cross = (bx - ax) * (py - ay) - (by - ay) * (px - ax);
    return cross > 0n ? 1 : cross < 0n ? -1 : 0;
  };
  type Six = [number, number, number, number, number, number];
  const agrees = (p: Six) => Math.sign(orientation(...p)) === exact(p);

  it('is exact all over the Earth', () => {
    fc.assert(fc.property(fc.tuple(x, y, x, y, x, y), agrees), { seed: 3, numRuns: 5000 });
  });

  /** A point p so near the line through the origin and (dx, dy) that the cross product is their greatest divisor. */
  function nearest(dx: number, dy: number): readonly [number, number] {
    let [a, b, ka, kb, la, lb] = [dx, dy, 1, 0, 0, 1];
    while (b !== 0) {
      const q = Math.floor(a / b);
      [a, b, ka, kb, la, lb] = [b, a - q * b, kb, ka - q * kb, lb, la - q * lb];
    }
    return [-la, ka];
  }

  it('is exact for the points nearest to a line, where doubles fail', () => {
    const far = fc.integer({ min: 80_000_000, max: MAX_LAT });
    const nearLine = fc.tuple(far, far, fc.boolean()).map(([dx, dy, isBeyond]): Six => {
      const [px, py] = nearest(dx, dy);
      return isBeyond ? [0, 0, dx, dy, dx - px, dy - py] : [0, 0, dx, dy, px, py];
    });
    fc.assert(fc.property(nearLine, agrees), { seed: 4, numRuns: 5000 });
    const plain = ([ax, ay, bx, by, px, py]: Six) => Math.sign((bx - ax) * (py - ay) - (by - ay) * (px - ax));
    const fooled = fc.sample(nearLine, { seed: 4, numRuns: 5000 }).filter((p) => plain(p) !== exact(p));
    expect(fooled.length).toBeGreaterThan(1000);
  });
});

/** Triangles that share bent corners: every point within one step of the outside is covered. */
function triangles(seed: number, columns: number, step: number, shift: number): Shape[] {
  const random = seededRandom(seed);
  const bend = () => Math.round((random() - 0.5) * 0.45 * step);
  const corners = Array.from({ length: (columns + 1) ** 2 }, (_, i) => [
    shift + (i % (columns + 1)) * step + bend(),
    shift + Math.floor(i / (columns + 1)) * step + bend(),
  ]);
  const shape = (...ids: number[]): Shape => [[Int32Array.from(ids.flatMap((id) => corners[id]))]];
  return Array.from({ length: columns ** 2 }, (_, i) => {
    const a = (i % columns) + Math.floor(i / columns) * (columns + 1);
    const [b, c, d] = [a + 1, a + columns + 2, a + columns + 1];
    return random() < 0.5 ? [shape(a, b, c), shape(c, d, a)] : [shape(a, b, d), shape(d, b, c)];
  }).flat();
}

type Contains = (shape: Shape, px: number, py: number) => boolean;

const closedContains: Contains = (shape, px, py) =>
  containsPoint(shape, px, py) ||
  shape.flat().some((ring) =>
    ring.some((ax, i) => {
      if (i % 2 === 1) return false;
      const [ay, bx, by] = [ring[i + 1], ring[(i + 2) % ring.length], ring[(i + 3) % ring.length]];
      const isOnLine = orientation(ax, ay, bx, by, px, py) === 0;
      return isOnLine && (px - ax) * (px - bx) <= 0 && (py - ay) * (py - by) <= 0;
    }),
  );

function everyPointHasOneOwner(shapes: Shape[], points: Iterable<[number, number]>, contains: Contains): boolean {
  for (const [px, py] of points) {
    if (shapes.filter((shape) => contains(shape, px, py)).length !== 1) return false;
  }
  return true;
}

/** Vertices and edge midpoints, and points beside them, of all shapes, away from the outer border. */
function* borderPoints(shapes: Shape[], margin: number): Generator<[number, number]> {
  const box = boxOf(shapes.flat());
  const isInner = (px: number, py: number) =>
    px > box.minX + margin && px < box.maxX - margin && py > box.minY + margin && py < box.maxY - margin;
  for (const ring of shapes.flat(2)) {
    for (let i = 0; i < ring.length; i += 2) {
      const j = (i + 2) % ring.length;
      const middle = [Math.round((ring[i] + ring[j]) / 2), Math.round((ring[i + 1] + ring[j + 1]) / 2)];
      for (const [px, py] of [[ring[i], ring[i + 1]], [ring[i] + 1, ring[i + 1]], middle]) {
        if (isInner(px, py)) yield [px, py];
      }
    }
  }
}

function* allPoints(from: number, to: number): Generator<[number, number]> {
  for (let py = from; py <= to; py++) for (let px = from; px <= to; px++) yield [px, py];
}

describe('half-open containment', () => {
  const seeds = fc.integer({ min: 0, max: 1e6 });

  it('gives each point of a partition into small triangles exactly one owner, on borders and corners too', () => {
    const law = (contains: Contains) =>
      fc.check(
        fc.property(seeds, fc.integer({ min: -50, max: 50 }), (seed, shift) =>
          everyPointHasOneOwner(triangles(seed, 4, 9, shift), allPoints(shift + 9, shift + 27), contains),
        ),
        { seed: 5, numRuns: 60 },
      ).failed;
    expect(law(containsPoint)).toBe(false);
    expect(law(closedContains)).toBe(true);
  });

  it('does so for triangles as large as continents, where plain doubles are not exact', () => {
    const law = (contains: Contains) =>
      fc.check(
        fc.property(seeds, (seed) => {
          const shapes = triangles(seed, 3, 290_000_001, -440_000_000);
          return everyPointHasOneOwner(shapes, borderPoints(shapes, 140_000_000), contains);
        }),
        { seed: 6, numRuns: 60 },
      ).failed;
    expect(law(containsPoint)).toBe(false);
    expect(law(closedContains)).toBe(true);
  });

  it('does so for bent grids that share every vertex', () => {
    const shapes = jitteredPartition({ columns: 6, rows: 6, side: 40_000, pieces: 8, x0: 1.14e9, y0: 3e8, seed: 7 });
    expect(everyPointHasOneOwner(shapes, borderPoints(shapes, 20_000), containsPoint)).toBe(true);
    expect(everyPointHasOneOwner(shapes, borderPoints(shapes, 20_000), closedContains)).toBe(false);
  });

  it('does not depend on the direction of an edge', () => {
    const small = fc.integer({ min: -6, max: 6 });
    fc.assert(
      fc.property(
        small,
        small,
        small,
        small,
        small,
        small,
        (ax, ay, bx, by, px, py) => crossesRay(ax, ay, bx, by, px, py) === crossesRay(bx, by, ax, ay, px, py),
      ),
      { seed: 8, numRuns: 5000 },
    );
  });

  it('leaves holes out and takes islands in', () => {
    const square = (from: number, to: number) => Int32Array.from([from, from, to, from, to, to, from, to]);
    const shape: Shape = [[square(0, 100), square(20, 80)], [square(40, 60)]];
    expect([10, 30, 50, 70, 90].map((at) => containsPoint(shape, at, at))).toEqual([true, false, true, false, true]);
    expect(countVertices(shape)).toBe(12);
    expect(boxOf(shape)).toEqual({ minX: 0, minY: 0, maxX: 100, maxY: 100 });
  });
});

describe('rings and points of a shape', () => {
  it('knows the direction of a ring from its westmost corner', () => {
    expect(ringAreaSign(Int32Array.from([0, 0, 9, 0, 9, 9]))).toBe(1);
    expect(ringAreaSign(Int32Array.from([9, 9, 9, 0, 0, 0]))).toBe(-1);
    expect(ringAreaSign(Int32Array.from([0, 0, 9, 9, 4, 4]))).toBe(0);
  });

  it('finds a point that the shape surely contains, in triangles, rings and slivers', () => {
    const shapes = [...triangles(11, 8, 50, 0), ...triangles(12, 4, 1_000_000, 0)];
    const frame: Shape = [
      [Int32Array.from([0, 0, 100, 0, 100, 100, 0, 100]), Int32Array.from([1, 1, 99, 1, 99, 99, 1, 99])],
    ];
    const sliver: Shape = [[Int32Array.from([0, 0, 1_000_000, 3, 1_000_000, 4])]];
    for (const shape of [...shapes, frame, sliver]) {
      const point = representativePoint(shape);
      expect(point && containsPoint(shape, point.x, point.y)).toBe(true);
    }
  });

  it('finds none in a shape that contains no lattice point', () => {
    expect(representativePoint([[Int32Array.from([0, 0, 0, 1, -1, 1])]])).toBeUndefined();
  });
});
