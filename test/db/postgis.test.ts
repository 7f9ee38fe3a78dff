import fc from 'fast-check';
import { sql } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import type { OpenDatabase } from '../../src/db/database.ts';
import { pointValue, shapeToWkb, shapeValue, wkbToShape } from '../../src/db/postgis.ts';
import { fromLattice, MAX_LAT, MAX_LON } from '../../src/geometry/lattice.ts';
import type { Shape } from '../../src/geometry/polygon.ts';
import { openTestDatabase } from '../support/database.ts';

const vertex = fc.tuple(fc.integer({ min: -MAX_LON, max: MAX_LON }), fc.integer({ min: -MAX_LAT, max: MAX_LAT }));
const ring = fc.array(vertex, { minLength: 3, maxLength: 12 }).map((points) => Int32Array.from(points.flat()));
const shapes: fc.Arbitrary<Shape> = fc.array(fc.array(ring, { minLength: 1, maxLength: 3 }), {
  minLength: 1,
  maxLength: 4,
});

let database: OpenDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});

describe('boundaries in the database', () => {
  it('come back as they were written, to the last unit of the lattice', async () => {
    const samples = fc.sample(shapes, { numRuns: 200, seed: 41 });
    const values = samples.map((shape) => shapeToWkb(shape));
    const { rows } = await sql<{ wkb: Buffer; kind: string; srid: number }>`
      select ST_AsBinary(g, b) as wkb, GeometryType(g) as kind, ST_SRID(g) as srid
      from (select n, ST_GeomFromEWKB(v) as g from unnest(${values}::bytea[]) with ordinality as u (v, n)) as s,
        (values ('NDR'), ('XDR')) as o (b)
      order by b, n`.execute(database.db);
    expect(rows.map(({ wkb }) => wkbToShape(wkb))).toEqual([...samples, ...samples]);
    expect(new Set(rows.map(({ kind, srid }) => `${kind} ${srid}`))).toEqual(new Set(['MULTIPOLYGON 4326']));
  });

  it('are read from EWKB of a single polygon as well', () => {
    fc.assert(
      fc.property(ring, (only) => {
        const wkb = shapeToWkb([[only]]).subarray(13);
        expect(wkbToShape(wkb)).toEqual([[only]]);
        expect(wkbToShape(shapeToWkb([[only]]))).toEqual([[only]]);
      }),
      { seed: 42, numRuns: 200 },
    );
  });

  it('a twin that truncates instead of rounding is caught by the same shapes', () => {
    const truncating = (bytes: Buffer) =>
      Array.from({ length: (bytes.length - 26) / 8 }, (_, i) => Math.trunc(bytes.readDoubleLE(26 + i * 8) * 1e7));
    const wrong = fc.sample(ring, { numRuns: 200, seed: 43 }).filter((only) => {
      const wkb = shapeToWkb([[only]]).subarray(0, 26 + only.length * 8);
      return truncating(Buffer.from(wkb)).some((value, i) => value !== only[i]);
    });
    expect(wrong.length).toBeGreaterThan(10);
  });

  it('hold the doubles that PostGIS reads from the decimal text', async () => {
    const square = Int32Array.of(1133456789, 231234567, 1133456799, 231234567, 1133456799, 231234577);
    const { rows } = await sql<{
      same: boolean;
    }>`select ST_AsBinary(${shapeValue([[square]])}) = ST_AsBinary(ST_GeomFromText(
      'MULTIPOLYGON(((113.3456789 23.1234567,113.3456799 23.1234567,113.3456799 23.1234577,113.3456789 23.1234567)))', 4326))
      as same`.execute(database.db);
    expect(rows).toEqual([{ same: true }]);
  });

  it('points are given in degrees, lon first', async () => {
    const { rows } = await sql`select ST_AsEWKT(${pointValue(fromLattice(1133456789), -23.5)}) as text`.execute(
      database.db,
    );
    expect(rows).toEqual([{ text: 'SRID=4326;POINT(113.3456789 -23.5)' }]);
  });

  it('a geometry that is no area is refused', () => {
    expect(() => wkbToShape(Buffer.from('0101000000000000000000f03f0000000000000040', 'hex'))).toThrow(/WKB type 1/);
  });
});
