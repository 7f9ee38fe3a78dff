import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orientation, type Shape } from '../../../src/geometry/polygon.ts';
import { findRingFault } from '../../../src/geometry/rings/ringFaults.ts';

const square = (from: number, to: number, y = from) => [from, y, to, y, to, y + to - from, from, y + to - from];
const diamond = (x: number, y: number, r = 1) => [x - r, y, x, y - r, x + r, y, x, y + r];
const shapeOf = (...polygons: number[][][]): Shape =>
  polygons.map((rings) => rings.map((ring) => Int32Array.from(ring)));
const codeOf = (...polygons: number[][][]) => findRingFault(shapeOf(...polygons))?.code;

describe('a ring by itself', () => {
  it.each([
    ['a bow-tie', [0, 0, 10, 10, 10, 0, 0, 10]],
    ['a spike out', [0, 0, 10, 0, 10, 10, 15, 15, 10, 10, 0, 10]],
    ['a spike along its own edge', [0, 0, 10, 0, 5, 0, 5, 5]],
    ['a spike to the west', [0, 0, 10, 0, 10, 10, 0, 10, -5, 10, 0, 10]],
    ['a corner that touches another corner', [0, 0, 10, 10, 20, 0, 20, 20, 10, 10, 0, 20]],
    ['a corner that touches an edge', [0, 0, 20, 0, 20, 20, 10, 0, 0, 20]],
    ['an edge run twice', [0, 0, 10, 0, 10, 10, 10, 0, 20, 0, 20, -10, 0, -10]],
    ['a ring run twice', [0, 0, 10, 0, 10, 10, 0, 0, 10, 0, 10, 10]],
    ['a vertical edge run back', [0, 0, 10, 0, 10, 10, 10, 5, 5, 5]],
  ])('is refused for %s, in both directions', (_, ring) => {
    expect(codeOf([ring])).toBe('SELF_INTERSECTION');
    const reversed = ring.map((_, i) => ring[ring.length - 2 - i + 2 * (i % 2)]);
    expect(codeOf([reversed])).toBe('SELF_INTERSECTION');
  });

  it('is told with the vertex beside the fault', () => {
    expect(findRingFault(shapeOf([square(100, 110)], [[0, 0, 20, 0, 20, 20, 10, 0, 0, 20]]))).toMatchObject({
      ring: { polygon: 1, ring: 0 },
      x: 10,
      y: 0,
    });
  });

  it('may have collinear vertices, in both directions', () => {
    expect(codeOf([[0, 0, 5, 0, 10, 0, 10, 5, 10, 10, 0, 10, 0, 3]])).toBeUndefined();
    expect(codeOf([[0, 3, 0, 10, 10, 10, 10, 5, 10, 0, 5, 0, 0, 0]])).toBeUndefined();
  });
});

describe('rings of one polygon', () => {
  it('may touch in one point, corner to corner or corner to edge', () => {
    expect(codeOf([square(0, 10), diamond(9, 5)])).toBeUndefined();
    expect(codeOf([square(0, 10), [0, 0, 4, 2, 2, 4]])).toBeUndefined();
    expect(codeOf([square(0, 10), diamond(3, 5), diamond(5, 5)])).toBeUndefined();
  });

  it('may not cross, run along each other or be the same', () => {
    expect(codeOf([square(0, 10), square(5, 15)])).toBe('RINGS_CROSS');
    expect(codeOf([square(0, 10), square(0, 5, 2)])).toBe('RINGS_CROSS');
    expect(codeOf([square(0, 10), square(0, 10)])).toBe('RINGS_CROSS');
    expect(codeOf([square(0, 10), [5, 5, 10, 3, 15, 5, 10, 7]])).toBe('RINGS_CROSS');
  });

  it('may not lie outside, around or within another hole', () => {
    expect(codeOf([square(0, 10), square(20, 30)])).toBe('HOLE_OUTSIDE');
    expect(codeOf([square(0, 10), square(-5, 20)])).toBe('HOLE_OUTSIDE');
    expect(codeOf([square(0, 10), square(2, 8), square(4, 6)])).toBe('HOLE_OUTSIDE');
    expect(codeOf([square(0, 10), [10, 5, 12, 4, 12, 6]])).toBe('HOLE_OUTSIDE');
  });

  it('may not cut the interior in two by a chain of touches', () => {
    expect(codeOf([square(0, 4), diamond(1, 1), diamond(3, 1)])).toBe('INTERIOR_CUT');
    expect(codeOf([square(0, 9), diamond(3, 3), diamond(5, 3), diamond(5, 5), diamond(3, 5)])).toBe('INTERIOR_CUT');
    expect(codeOf([square(0, 10), diamond(5, 5, 5)])).toBe('INTERIOR_CUT');
  });
});

describe('polygons of one boundary', () => {
  it('may touch in points, and lie in each other’s holes', () => {
    expect(codeOf([square(0, 10)], [square(10, 20)])).toBeUndefined();
    expect(codeOf([square(0, 10), square(2, 8)], [square(3, 7)])).toBeUndefined();
    expect(codeOf([square(3, 7)], [square(0, 10), square(2, 8)])).toBeUndefined();
    expect(codeOf([square(0, 10), square(2, 8)], [diamond(5, 5, 3)])).toBeUndefined();
  });

  it('may not overlap, lie in each other or share a stretch of border', () => {
    expect(codeOf([square(0, 10)], [square(5, 15)])).toBe('POLYGONS_OVERLAP');
    expect(codeOf([square(0, 10)], [square(2, 8)])).toBe('POLYGONS_OVERLAP');
    expect(codeOf([square(0, 10)], [square(10, 20, 0)])).toBe('POLYGONS_OVERLAP');
    expect(codeOf([square(0, 10), square(2, 8)], [square(2, 8)])).toBe('POLYGONS_OVERLAP');
  });
});

type Edge = [number, number, number, number];
const edgesOf = (ring: readonly number[]): Edge[] =>
  ring.flatMap((x, i) =>
    i % 2 ? [] : [[x, ring[i + 1], ring[(i + 2) % ring.length], ring[(i + 3) % ring.length]] as Edge],
  );

const within = ([ax, ay, bx, by]: Edge, px: number, py: number) =>
  orientation(ax, ay, bx, by, px, py) === 0 && (px - ax) * (px - bx) <= 0 && (py - ay) * (py - by) <= 0;

function cross(a: Edge, b: Edge): boolean {
  const splits = (e: Edge, f: Edge) =>
    orientation(e[0], e[1], e[2], e[3], f[0], f[1]) * orientation(e[0], e[1], e[2], e[3], f[2], f[3]) < 0;
  return splits(a, b) && splits(b, a);
}

/** Whether a ring is simple, edge by edge against each other: slow, and plainly right. */
function isSimple(ring: readonly number[], minds: { touching: boolean }): boolean {
  const edges = edgesOf(ring);
  return edges.every((a, i) =>
    edges.slice(i + 1).every((b, k) => {
      const j = i + 1 + k;
      if (cross(a, b)) return false;
      if (!minds.touching) return true;
      if (j === i + 1) return !within(a, b[2], b[3]) && !within(b, a[0], a[1]);
      if (i === 0 && j === edges.length - 1) return !within(a, b[0], b[1]) && !within(b, a[2], a[3]);
      return ![
        [a, b[0], b[1]],
        [a, b[2], b[3]],
        [b, a[0], a[1]],
        [b, a[2], a[3]],
      ].some(([e, x, y]) => within(e as Edge, x as number, y as number));
    }),
  );
}

/** Rings of a few vertices on a lattice so coarse that touching, overlapping and vertical edges are common. */
const rings = fc
  .tuple(
    fc.array(fc.tuple(fc.integer({ min: 0, max: 7 }), fc.integer({ min: 0, max: 7 })), { minLength: 3, maxLength: 9 }),
    fc.boolean(),
  )
  .map(([points, isRound]) => {
    if (isRound) points.sort((a, b) => Math.atan2(a[1] - 3.3, a[0] - 3.6) - Math.atan2(b[1] - 3.3, b[0] - 3.6));
    return points.filter(([x, y], i) => x !== points.at(i - 1)![0] || y !== points.at(i - 1)![1]).flat();
  })
  .filter((ring) => ring.length >= 6);

describe('the sweep', () => {
  const agreement = (minds: { touching: boolean }) =>
    fc.check(
      fc.property(rings, (ring) => (codeOf([ring]) === undefined) === isSimple(ring, minds)),
      { seed: 41, numRuns: 20_000 },
    ).failed;

  it('agrees with a comparison of all pairs of edges, and that comparison minds touching', () => {
    expect(agreement({ touching: true })).toBe(false);
    expect(agreement({ touching: false })).toBe(true);
  });

  it('takes well under a second for 20,000 vertices whose boxes all overlap', () => {
    const comb: number[] = [];
    for (let i = 0; i < 9_999; i++) {
      const ends = [i * 100, i * 10, 1e9 + i * 100, 1e9 + i * 10];
      comb.push(...(i % 2 === 0 ? ends : [ends[2], ends[3], ends[0], ends[1]]));
    }
    comb.push(-1e6, 1e9);
    const start = process.cpuUsage();
    expect(codeOf([comb])).toBeUndefined();
    expect(process.cpuUsage(start).user / 1e6).toBeLessThan(2);
  });
});
