import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boxAround, distanceToShapeMetres, metricAt, segmentDistanceMetres } from '../../src/geometry/distance.ts';
import { fromLattice, MAX_LAT, MAX_LON, toLattice } from '../../src/geometry/lattice.ts';
import type { Shape } from '../../src/geometry/polygon.ts';

const SEMI_MAJOR = 6_378_137;
const FLATTENING = 1 / 298.257223563;
const SEMI_MINOR = SEMI_MAJOR * (1 - FLATTENING);

/** Geodesic on the WGS84 ellipsoid by Vincenty (1975), exact to a tenth of a millimetre at these distances. */
function geodesicMetres(ax: number, ay: number, bx: number, by: number): number {
  const [lonA, latA, lonB, latB] = [ax, ay, bx, by].map((n) => (fromLattice(n) * Math.PI) / 180);
  const u1 = Math.atan((1 - FLATTENING) * Math.tan(latA));
  const u2 = Math.atan((1 - FLATTENING) * Math.tan(latB));
  let lambda = lonB - lonA;
  for (let step = 0; step < 50; step++) {
    const crossing = Math.cos(u1) * Math.sin(u2) - Math.sin(u1) * Math.cos(u2) * Math.cos(lambda);
    const sinSigma = Math.hypot(Math.cos(u2) * Math.sin(lambda), crossing);
    if (sinSigma === 0) return 0;
    const cosSigma = Math.sin(u1) * Math.sin(u2) + Math.cos(u1) * Math.cos(u2) * Math.cos(lambda);
    const sigma = Math.atan2(sinSigma, cosSigma);
    const sinAlpha = (Math.cos(u1) * Math.cos(u2) * Math.sin(lambda)) / sinSigma;
    const cos2Alpha = 1 - sinAlpha ** 2;
    const cos2M = cos2Alpha === 0 ? 0 : cosSigma - (2 * Math.sin(u1) * Math.sin(u2)) / cos2Alpha;
    const c = (FLATTENING / 16) * cos2Alpha * (4 + FLATTENING * (4 - 3 * cos2Alpha));
    const before = lambda;
    lambda =
      lonB -
      lonA +
      (1 - c) * FLATTENING * sinAlpha * (sigma + c * sinSigma * (cos2M + c * cosSigma * (2 * cos2M ** 2 - 1)));
    if (Math.abs(lambda - before) > 1e-13) continue;
    const uu = (cos2Alpha * (SEMI_MAJOR ** 2 - SEMI_MINOR ** 2)) / SEMI_MINOR ** 2;
    const a = 1 + (uu / 16384) * (4096 + uu * (-768 + uu * (320 - 175 * uu)));
    const b = (uu / 1024) * (256 + uu * (-128 + uu * (74 - 47 * uu)));
    const more =
      (b / 4) * (cosSigma * (2 * cos2M ** 2 - 1) - (b / 6) * cos2M * (4 * sinSigma ** 2 - 3) * (4 * cos2M ** 2 - 3));
    return SEMI_MINOR * a * (sigma - b * sinSigma * (cos2M + more));
  }
  throw new Error('did not converge');
}

/** Least geodesic from p to a point of the straight lon/lat edge a–b, by ternary search. */
function geodesicToSegment(ax: number, ay: number, bx: number, by: number, px: number, py: number): number {
  const at = (t: number) => geodesicMetres(ax + (bx - ax) * t, ay + (by - ay) * t, px, py);
  let [low, high] = [0, 1];
  for (let step = 0; step < 60; step++) {
    const [a, b] = [low + (high - low) / 3, high - (high - low) / 3];
    if (at(a) < at(b)) high = b;
    else low = a;
  }
  return at((low + high) / 2);
}

describe('distances in metres', () => {
  const lat = fc.integer({ min: toLattice(-60), max: toLattice(60) });
  // 0.03 degree is about 3.3 km on a meridian.
  const away = fc.integer({ min: -300_000, max: 300_000 });

  it('agrees with the geodesic reference known from Vincenty’s paper and PostGIS', () => {
    const berlin = [toLattice(13.4), toLattice(52.5)] as const;
    expect(geodesicMetres(0, 0, toLattice(1), 0)).toBeCloseTo(111_319.4908, 3);
    expect(geodesicMetres(...berlin, ...berlin)).toBe(0);
    expect(geodesicMetres(0, 0, 0, toLattice(1))).toBeCloseTo(110_574.3886, 3);
  });

  it('measures to an edge within 0.1 % of the geodesic, up to 5 km and 60 degrees of latitude', () => {
    fc.assert(
      fc.property(lat, away, away, away, away, (py, ax, ay, bx, by) => {
        const reference = geodesicToSegment(ax, py + ay, bx, py + by, 0, py);
        const measured = segmentDistanceMetres(ax, py + ay, bx, py + by, 0, py, metricAt(py));
        return reference > 5000 || Math.abs(measured - reference) <= 0.001 * reference + 0.001;
      }),
      { seed: 21, numRuns: 500 },
    );
  });

  it('is 0 at every vertex of the border, and on its edges', () => {
    const ring = Int32Array.from([1_140_000_000, 300_000_000, 1_140_500_000, 300_000_000, 1_140_500_000, 300_500_000]);
    const shape: Shape = [[ring]];
    for (let i = 0; i < ring.length; i += 2) expect(distanceToShapeMetres(shape, ring[i], ring[i + 1])).toBe(0);
    expect(distanceToShapeMetres(shape, 1_140_250_000, 300_000_000)).toBe(0);
    expect(distanceToShapeMetres(shape, 1_140_250_000, 300_250_000)).toBeLessThan(1e-6);
  });

  it('measures to the nearest ring, holes included, from inside and outside', () => {
    const square = (from: number, to: number) => Int32Array.from([from, from, to, from, to, to, from, to]);
    const shape: Shape = [[square(0, 10_000), square(4000, 6000)], [square(20_000, 30_000)]];
    const { metresPerY } = metricAt(0);
    expect(distanceToShapeMetres(shape, 5000, 3000)).toBeCloseTo(1000 * metresPerY, 3);
    expect(distanceToShapeMetres(shape, 25_000, 19_000)).toBeCloseTo(1000 * metresPerY, 3);
    expect(distanceToShapeMetres(shape, 25_000, 31_000)).toBeCloseTo(1000 * metresPerY, 3);
  });
});

describe('the box around a point', () => {
  it('holds every point within the distance, and little more', () => {
    const lat = fc.integer({ min: toLattice(-80), max: toLattice(80) });
    const angle = fc.double({ min: 0, max: 2 * Math.PI, noNaN: true });
    fc.assert(
      fc.property(lat, angle, fc.integer({ min: 1, max: 5000 }), (y, direction, metres) => {
        const { metresPerX, metresPerY } = metricAt(y);
        const px = Math.round((Math.cos(direction) * metres * 0.9995) / metresPerX);
        const py = Math.round(y + (Math.sin(direction) * metres * 0.9995) / metresPerY);
        const box = boxAround(0, y, metres);
        const isTight = (box.maxX - box.minX) * metresPerX < metres * 2.02 + 1;
        const isInside = px >= box.minX && px <= box.maxX && py >= box.minY && py <= box.maxY;
        return isTight && (isInside || geodesicMetres(0, y, px, py) > metres);
      }),
      { seed: 22, numRuns: 2000 },
    );
  });

  it('is cut at the poles and at the 180th meridian', () => {
    expect(boxAround(0, MAX_LAT, 1000)).toMatchObject({ minX: -MAX_LON, maxX: MAX_LON, maxY: MAX_LAT });
    expect(boxAround(MAX_LON, 0, 1000).maxX).toBe(MAX_LON);
  });
});
