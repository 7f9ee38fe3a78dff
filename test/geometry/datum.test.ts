import { readFileSync } from 'node:fs';
import gcoordModule from 'gcoord';
import { describe, expect, it } from 'vitest';
import { type Datum, toWgs84 } from '../../src/geometry/datum.ts';
import { metricAt, segmentDistanceMetres } from '../../src/geometry/distance.ts';
import { type Position, toLattice } from '../../src/geometry/lattice.ts';
import { isAtHand, sharedPath } from './sharedData.ts';

const gcoord = gcoordModule as unknown as typeof gcoordModule.default;
type Pair = [number, number];
type Place = Record<'WGS84' | 'GCJ02' | 'BD09', Pair>;

const VECTORS = 'vectors/gcoord_china-cities.json';
/** Two of the places, so that the bound is also tried without the shared data (gcoord, MIT). */
const PLACES: Place[] = [
  { WGS84: [114.0164322, 33.0133556], GCJ02: [114.022306, 33.0115324], BD09: [114.0287781, 33.0176697] },
  { WGS84: [112.3494799, 28.5570178], GCJ02: [112.3551839, 28.5538642], BD09: [112.3617008, 28.5597723] },
];

function metresBetween(a: Position, b: Position): number {
  const [ax, ay, bx, by] = [a.lon, a.lat, b.lon, b.lat].map(toLattice);
  return segmentDistanceMetres(ax, ay, ax, ay, bx, by, metricAt(ay));
}

function worstMetres(places: Place[], datum: 'GCJ02' | 'BD09'): number {
  const away = ({ WGS84, [datum]: [lon, lat] }: Place) =>
    metresBetween(toWgs84({ lon, lat }, datum), { lon: WGS84[0], lat: WGS84[1] });
  return Math.max(...places.map(away));
}

describe('datums', () => {
  it('takes WGS84 and CGCS2000 as they are', () => {
    const position = { lon: 114.3, lat: 30.6 };
    expect(toWgs84(position, 'WGS84')).toEqual(position);
    expect(toWgs84(position, 'CGCS2000')).toEqual(position);
  });

  it('brings GCJ-02 and BD-09 places back to within a metre', () => {
    expect(worstMetres(PLACES, 'GCJ02')).toBeLessThan(1);
    expect(worstMetres(PLACES, 'BD09')).toBeLessThan(1);
  });

  it.runIf(isAtHand(VECTORS))('does so for all 664 reference places of gcoord (needs ../shared/data/vectors)', () => {
    const rows = JSON.parse(readFileSync(sharedPath(VECTORS), 'utf8')) as { coords: Place }[];
    expect(rows).toHaveLength(664);
    for (const datum of ['GCJ02', 'BD09'] as const) {
      expect(
        worstMetres(
          rows.map((row) => row.coords),
          datum,
        ),
      ).toBeLessThan(1);
    }
  });

  it('inverts the GCJ-02 shift to less than a millimetre all over the mainland', () => {
    for (let lon = 75; lon <= 134; lon += 2.7) {
      for (let lat = 4; lat <= 53; lat += 2.3) {
        const [shiftedLon, shiftedLat] = gcoord.transform([lon, lat] as Pair, gcoord.WGS84, gcoord.GCJ02);
        const back = toWgs84({ lon: shiftedLon, lat: shiftedLat }, 'GCJ02');
        expect(Math.hypot(back.lon - lon, back.lat - lat)).toBeLessThan(1e-8);
      }
    }
  });

  it('leaves GCJ-02 places outside China where they are', () => {
    for (const [lon, lat] of [
      [-122.33, 47.6],
      [-79.4, 43.7],
      [13.4, 52.5],
      [151.2, -33.9],
      [0, 0],
    ]) {
      expect(toWgs84({ lon, lat }, 'GCJ02')).toEqual({ lon, lat });
    }
  });

  it('answers on the edge of the box of China, where the inverse of gcoord 1.0.7 never returns', () => {
    const edges: [number, number][] = [
      [72.0041, 35],
      [72.005, 50],
      [137.8346, 35],
      [100, 0.8294],
      [100, 55.827],
    ];
    for (const [lon, lat] of edges) {
      for (const datum of ['GCJ02', 'BD09'] satisfies Datum[]) {
        expect(metresBetween(toWgs84({ lon, lat }, datum), { lon, lat })).toBeLessThan(3000);
      }
    }
  });
});
