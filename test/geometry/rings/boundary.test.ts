import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Fault, type ReadGeometry, readGeometry, shapeToGeoJson, toShape } from '../../../src/geometry/geojson.ts';
import { ringAreaSign, type Shape } from '../../../src/geometry/polygon.ts';
import { jitteredPartition } from '../jitteredPartition.ts';
import { refusalOf } from '../refusal.ts';

const polygon = (...coordinates: [number, number][][]): ReadGeometry => ({ type: 'Polygon', coordinates });
const multi = (...coordinates: [number, number][][][]): ReadGeometry => ({ type: 'MultiPolygon', coordinates });

const refusal = (geometry: ReadGeometry | null) => refusalOf(() => toShape(geometry, 'boundary'));

const SQUARE: [number, number][] = [
  [114, 30],
  [114.1, 30],
  [114.1, 30.1],
  [114, 30.1],
  [114, 30],
];
const BOW_TIE: [number, number][] = [
  [114, 30],
  [114.1, 30.1],
  [114.1, 30],
  [114, 30.1],
  [114, 30],
];
const circle = (vertices: number): [number, number][] => {
  const ring = Array.from({ length: vertices }, (_, i): [number, number] => {
    const angle = (2 * Math.PI * i) / vertices;
    return [114 + 0.1 * Math.cos(angle), 30 + 0.1 * Math.sin(angle)];
  });
  return [...ring, ring[0]];
};

describe('a boundary from GeoJSON', () => {
  it('is rounded to the lattice, without the closing point, in the direction given', () => {
    const shape = toShape(polygon(SQUARE), 'boundary');
    expect([...shape[0][0]]).toEqual([
      1_140_000_000, 300_000_000, 1_141_000_000, 300_000_000, 1_141_000_000, 301_000_000, 1_140_000_000, 301_000_000,
    ]);
    expect(ringAreaSign(toShape(polygon(SQUARE.toReversed()), 'boundary')[0][0])).toBe(-1);
  });

  it('loses positions that round to their neighbour, and says so', () => {
    const warnings: Fault[] = [];
    const ring: [number, number][] = [
      SQUARE[0],
      SQUARE[0],
      [114.1, 30],
      [114.10000000001, 30],
      ...SQUARE.slice(2, 4),
      [114.00000000001, 30],
      SQUARE[0],
    ];
    expect(toShape(polygon(ring), 'boundary', warnings)[0][0]).toHaveLength(8);
    expect(warnings).toMatchObject([
      { code: 'DUPLICATE_POSITION', path: 'boundary.coordinates[0]', details: { merged: 3 } },
    ]);
  });

  it.each([
    ['NULL_GEOMETRY', null],
    ['UNSUPPORTED_TYPE', { type: 'Point', coordinates: [114, 30] }],
    ['UNSUPPORTED_TYPE', { type: 'LineString', coordinates: SQUARE }],
    [
      'TOO_FEW_POSITIONS',
      polygon([
        [114, 30],
        [114.1, 30],
        [114.10000000001, 30],
        [114, 30],
      ]),
    ],
    [
      'ZERO_AREA',
      polygon([
        [114, 30],
        [114.1, 30.1],
        [114.2, 30.2],
        [114, 30],
      ]),
    ],
    [
      'ANTIMERIDIAN',
      polygon([
        [177.9, -18],
        [-179.7, -18],
        [-179.7, -16],
        [177.9, -16],
        [177.9, -18],
      ]),
    ],
    ['SELF_INTERSECTION', polygon(BOW_TIE)],
    [
      'RINGS_CROSS',
      polygon(
        SQUARE,
        SQUARE.map(([lon, lat]) => [lon + 0.05, lat + 0.05]),
      ),
    ],
    [
      'HOLE_OUTSIDE',
      polygon(
        SQUARE,
        SQUARE.map(([lon, lat]) => [lon + 1, lat]),
      ),
    ],
    ['POLYGONS_OVERLAP', multi([SQUARE], [SQUARE.map(([lon, lat]) => [lon + 0.05, lat])])],
    ['TOO_MANY_VERTICES', polygon(circle(20_001))],
  ] as [string, ReadGeometry | null][])('is refused with %s', (fault, geometry) => {
    expect(refusal(geometry)).toMatchObject({ code: 'BAD_BOUNDARY', details: { fault } });
    expect(refusal(geometry).message).toMatch(/^boundary.*[.]$/);
  });

  it('is refused with the place of the fault, as index and in degrees', () => {
    const { details, message } = refusal(multi([SQUARE], [BOW_TIE.map(([lon, lat]) => [lon + 1, lat])]));
    expect(details).toMatchObject({ path: expect.stringMatching(/^boundary\.coordinates\[1\]\[0\]\[\d\]$/) });
    expect(details.lon).toBeGreaterThan(114.9);
    expect(message).toContain('30');
  });

  it('may have 20,000 vertices; 500,000 are counted before anything else is looked at', () => {
    expect(toShape(polygon(circle(20_000)), 'boundary')[0][0]).toHaveLength(40_000);
    const round = circle(500_000).slice(0, -1);
    // A star that crosses itself everywhere: looking for the crossings would take for ever.
    const star = round.map((_, i) => round[(i * 200_003) % round.length]);
    const huge: unknown = JSON.parse(JSON.stringify(polygon([...star, star[0]])));
    expect(refusal(readGeometry(huge, 'boundary')).details).toMatchObject({
      fault: 'TOO_MANY_VERTICES',
      vertices: 500_000,
    });
  });
});

describe('a boundary as GeoJSON', () => {
  const grids = jitteredPartition({ columns: 4, rows: 4, side: 50_000, pieces: 9, x0: 1.14e9, y0: 3e8, seed: 51 });
  const reversed = (shape: Shape): Shape =>
    shape.map((rings) =>
      rings.map((ring) => {
        const out = new Int32Array(ring.length);
        for (let i = 0; i < ring.length; i += 2) out.set([ring[ring.length - 2 - i], ring[ring.length - 1 - i]], i);
        return out;
      }),
    );
  const inner = SQUARE.map(([lon, lat]): [number, number] => [114.025 + (lon - 114) / 2, 30.025 + (lat - 30) / 2]);
  const frame = toShape(polygon(SQUARE, inner), 'b');

  it('is closed, its outer ring counter-clockwise, its holes clockwise, whatever the shape has', () => {
    for (const shape of [...grids, frame].flatMap((each) => [each, reversed(each)])) {
      const geometry = shapeToGeoJson(shape);
      if (geometry.type !== 'Polygon') throw new Error('one polygon is a Polygon');
      const signs = toShape(geometry, 'b')[0].map(ringAreaSign);
      expect(signs).toEqual(signs.map((_, r) => (r === 0 ? 1 : -1)));
      for (const ring of geometry.coordinates) expect(ring.at(-1)).toEqual(ring[0]);
    }
  });

  it('gives the same lattice points back, through text', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(grids, { minLength: 1, maxLength: 3 }), (some) => {
        for (const shape of some) {
          const text = JSON.stringify(shapeToGeoJson(shape));
          expect(toShape(readGeometry(JSON.parse(text), 'b'), 'b')).toEqual(shape);
        }
      }),
      { seed: 52, numRuns: 30 },
    );
  });

  it('is a MultiPolygon when there are several', () => {
    const shape = [...frame, ...toShape(polygon(SQUARE.map(([lon, lat]) => [lon + 1, lat])), 'b')];
    const geometry = shapeToGeoJson(shape);
    expect(geometry.type).toBe('MultiPolygon');
    expect(geometry.coordinates).toHaveLength(2);
  });
});
