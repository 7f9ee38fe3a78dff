import { type Kysely, sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import type { Database } from '../../../src/db/tables.ts';
import { arrange, type Line, linesOf, nodeInto } from '../../../src/geometry/arrangement.ts';
import { latticeArea2 } from '../../../src/geometry/coverage.ts';
import { openTestDatabase } from '../../support/database.ts';
import { drawing } from './drawings.ts';

const ORIGIN = { x: 0, y: 300_000_000 };

function wktOf(lines: readonly Line[]): string {
  const texts = lines.map((line) => {
    const places: string[] = [];
    for (let i = 0; i < line.length; i += 2) places.push(`${line[i] - ORIGIN.x} ${line[i + 1] - ORIGIN.y}`);
    return `(${places.join(',')})`;
  });
  return `MULTILINESTRING(${texts.join(',')})`;
}

/** Area and perimeter of each face in lattice steps, smallest first; noded on a grid of one step. */
async function facesByPostgis(db: Kysely<Database>, lines: readonly Line[]) {
  const { rows } = await sql<{ area2: number; perimeter: number }>`
    select 2 * ST_Area(geom) as area2, ST_Perimeter(geom) as perimeter
    from ST_Dump(ST_Polygonize(ARRAY[ST_UnaryUnion(ST_GeomFromText(${wktOf(lines)}), 1)]))
    order by area2`.execute(db);
  return rows;
}

describe('PostGIS', () => {
  it('cuts the same faces out of the same drawing, rounded to the same lattice', async () => {
    const { db } = await openTestDatabase();
    let [faces, exact] = [0, 0];
    for (let seed = 1; seed <= 25; seed++) {
      const each = drawing(30_000, seed);
      if (!each) continue;
      const theirs = await facesByPostgis(db, [...each.shapes.flatMap(linesOf), ...each.lines]);
      const noding = nodeInto(each.lines, each.shapes);
      const ours = arrange(
        each.shapes.map((shape) => noding.replace(shape)),
        noding.lines,
      ).faces;
      const areas = ours.map((face) => latticeArea2([face.polygon])).sort((a, b) => a - b);
      expect([seed, areas.length]).toEqual([seed, theirs.length]);
      theirs.forEach(({ area2, perimeter }, i) => {
        // PostGIS also bends edges that pass within half a step of a vertex where nothing was drawn.
        expect(Math.abs(areas[i] - area2)).toBeLessThanOrEqual(2 * perimeter);
        if (areas[i] === area2) exact++;
      });
      faces += ours.length;
    }
    expect(faces).toBeGreaterThan(500);
    expect(exact / faces).toBeGreaterThan(0.95);
  });
});
