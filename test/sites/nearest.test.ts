import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { Random } from '../../seeds/terrain/random.ts';
import { geodesicMetres } from '../../src/geometry/distance.ts';
import { toLattice } from '../../src/geometry/lattice.ts';
import { SiteFinder } from '../../src/sites/siteFinder.ts';
import { openTestDatabase } from '../support/database.ts';
import { lineAlong, onLattice, paperBook, premisesAt, row, siteAt } from './paperBook.ts';

const MOMENT = { asOf: 1000, edition: 1 };
const NO_GRIDS = { findGrid: () => undefined, locateAll: () => [] };
/** Metres on a sphere, by another way than the code: good to half a percent. */
function sphere(aLon: number, aLat: number, bLon: number, bLat: number): number {
  const [p, q, l] = [aLat, bLat, bLon - aLon].map((degrees) => (degrees * Math.PI) / 180);
  const h = Math.sin((q - p) / 2) ** 2 + Math.cos(p) * Math.cos(q) * Math.sin(l / 2) ** 2;
  return 2 * 6_371_008.8 * Math.asin(Math.sqrt(h));
}

describe('distances', () => {
  it('are the geodesics of PostGIS to a millimetre, near and far, across the 180th meridian too', async () => {
    const { db } = await openTestDatabase();
    const random = new Random(5);
    const pairs = Array.from({ length: 300 }, (_, i) => {
      const a = onLattice(random.spread(180), random.spread(89));
      const reach = [0.0001, 0.01, 1, 60][i % 4];
      const b = onLattice(
        ((a.lon + random.spread(reach) + 540) % 360) - 180,
        Math.max(-89, Math.min(89, a.lat + random.spread(reach))),
      );
      return { a, b };
    });
    const { rows } = await sql<{ metres: number }>`select ST_Distance(
        ST_SetSRID(ST_MakePoint((p->'a'->>'lon')::float8, (p->'a'->>'lat')::float8), 4326)::geography,
        ST_SetSRID(ST_MakePoint((p->'b'->>'lon')::float8, (p->'b'->>'lat')::float8), 4326)::geography) as metres
      from jsonb_array_elements(${JSON.stringify(pairs)}::text::jsonb) with ordinality as e (p, n) order by n`.execute(
      db,
    );
    const wrong = pairs.filter(({ a, b }, i) => {
      const metres = geodesicMetres(toLattice(a.lon), toLattice(a.lat), toLattice(b.lon), toLattice(b.lat));
      return Math.abs(metres - rows[i].metres) > 0.001;
    });
    expect(wrong).toEqual([]);
    expect(geodesicMetres(0, 0, 1_799_999_990, 1)).toBeGreaterThan(19_900_000);
  });
});

describe('sites around a point', () => {
  it('are those of a search through all of them, nearest first, at 300 places and radii', async () => {
    const random = new Random(11);
    const states = Array.from({ length: 2000 }, () => {
      const lat = 60 + random.spread(0.4);
      return siteAt(105 + random.spread(0.4), lat, {
        radiusMetres: random.below(50),
        kind: random.pick(['ROOM', 'STATION']),
      });
    });
    const book = await paperBook({ sites: states.map((state) => row(state)) as never });
    const finder = new SiteFinder(book, NO_GRIDS);
    for (let i = 0; i < 300; i++) {
      const { lon, lat } = onLattice(105 + random.spread(0.5), 60 + random.spread(0.5));
      const [near, withinMetres] = [{ x: toLattice(lon), y: toLattice(lat) }, random.below(20_000)];
      const kind = random.pick(['ROOM', null]);
      const found = finder.listSites({ near, withinMetres, kind }, MOMENT);
      const all = finder.listSites({ near, kind }, MOMENT);
      expect(found).toEqual(all.filter(({ distanceMetres }) => distanceMetres! <= withinMetres));
      expect(all.length).toBe(states.filter((state) => kind === null || state.kind === kind).length);
      // To the millimetre; then by id.
      const sorted = all.map(({ distanceMetres }) => Math.round(distanceMetres! * 1000));
      expect(sorted).toEqual([...sorted].sort((a, b) => a - b));
      for (const { state, distanceMetres } of all.slice(0, 20)) {
        const about = sphere(lon, lat, state.point.lon, state.point.lat);
        expect(Math.abs(distanceMetres! - about)).toBeLessThanOrEqual(about * 0.006 + 0.01);
      }
    }
  });
});

describe('premises and lines at a point', () => {
  it('are those within their reach and no other, at 1,500 places, against a walk along every line', async () => {
    const random = new Random(13);
    const lines = Array.from({ length: 60 }, () => {
      let [lon, lat] = [105 + random.spread(0.02), 25 + random.spread(0.02)];
      const path = Array.from({ length: 2 + random.below(8) }, () => {
        [lon, lat] = [lon + random.spread(0.004), lat + random.spread(0.004)];
        return [lon, lat] as const;
      });
      return lineAlong(path, 5 + random.below(60));
    });
    const premises = Array.from({ length: 200 }, () =>
      premisesAt(105 + random.spread(0.02), 25 + random.spread(0.02), random.below(120)),
    );
    const book = await paperBook({
      lines: lines.map((state) => row(state)) as never,
      premises: premises.map((state) => row(state)) as never,
    });
    let met = 0;
    for (let i = 0; i < 1500; i++) {
      const { lon, lat } = onLattice(105 + random.spread(0.02), 25 + random.spread(0.02));
      const found = book.placesAt({ x: toLattice(lon), y: toLattice(lat) }, MOMENT).map(({ id }) => id);
      met += found.length;
      for (const { id, point, radiusMetres } of premises) {
        agrees(found.includes(id), sphere(lon, lat, point.lon, point.lat), radiusMetres);
      }
      for (const { id, path, toleranceMetres } of lines)
        agrees(found.includes(id), walk(path, lon, lat), toleranceMetres);
    }
    expect(met).toBeGreaterThan(500);
  });

  it('come in the order building, premises, site, line, and only while they hold', async () => {
    const line = lineAlong(
      [
        [105, 25],
        [105.01, 25],
      ],
      10,
    );
    const inn = premisesAt(105.005, 25, 20);
    const site = siteAt(105.005, 25, { radiusMetres: 20 });
    const book = await paperBook({
      lines: [row(line, 0, 2000)] as never,
      premises: [row(inn, 500)] as never,
      sites: [row(site)] as never,
    });
    const at = { x: toLattice(105.005), y: toLattice(25) };
    const kinds = (asOf: number, edition = 1) => book.placesAt(at, { asOf, edition }).map(({ kind }) => kind);
    expect(kinds(1000)).toEqual(['PREMISES', 'SITE', 'LINE']);
    expect([kinds(499), kinds(2000), kinds(1000, 0)]).toEqual([['SITE', 'LINE'], ['PREMISES', 'SITE'], []]);
  });
});

/** Metres to a path, by looking at 300 points of each stretch; Infinity where it is far. */
function walk(path: readonly { lon: number; lat: number }[], lon: number, lat: number): number {
  let least = Infinity;
  for (let i = 1; i < path.length; i++) {
    const [a, b] = [path[i - 1], path[i]];
    // No stretch is longer than 700 m.
    if (Math.min(sphere(lon, lat, a.lon, a.lat), sphere(lon, lat, b.lon, b.lat)) > 800) continue;
    const steps = 300;
    for (let s = 0; s <= steps; s++) {
      const t = s / steps;
      least = Math.min(least, sphere(lon, lat, a.lon + (b.lon - a.lon) * t, a.lat + (b.lat - a.lat) * t));
    }
  }
  return least;
}

/** Where a sphere is too coarse to tell, either answer will do. */
function agrees(isFound: boolean, about: number, reach: number): void {
  if (Math.abs(about - reach) <= reach * 0.006 + 1.2) return;
  if (isFound !== about <= reach) throw new Error(`${about} m away, reach ${reach} m, found: ${isFound}`);
}
