import { describe, expect, it } from 'vitest';
import { distanceToShapeMetres } from '../../../src/geometry/distance.ts';
import { countVertices, type Shape } from '../../../src/geometry/polygon.ts';
import { findRingFault } from '../../../src/geometry/rings/ringFaults.ts';
import { simplifyShape } from '../../../src/geometry/rings/simplify.ts';
import { jitteredPartition, seededRandom } from '../jitteredPartition.ts';

const grids = jitteredPartition({ columns: 3, rows: 3, side: 60_000, pieces: 40, x0: 1.14e9, y0: 3e8, seed: 31 });

/** A blob of so many vertices with a rough border, about 1 km across. */
function roughBlob(vertices: number, seed: number): Shape {
  const random = seededRandom(seed);
  const ring = Array.from({ length: vertices }, (_, i) => {
    const angle = (2 * Math.PI * i) / vertices;
    const radius = 50_000 * (1 + 0.02 * random());
    return [1.14e9 + Math.round(radius * Math.cos(angle)), 3e8 + Math.round(radius * Math.sin(angle))];
  });
  return [[Int32Array.from(ring.flat())]];
}

describe('simplifying a boundary', () => {
  it('leaves vertices out, moves none, and stays within the tolerance', async () => {
    for (const shape of [...grids.slice(0, 3), roughBlob(3000, 1)]) {
      const simpler = await simplifyShape(shape, 5);
      expect(countVertices(simpler)).toBeLessThan(countVertices(shape) / 2);
      for (const ring of shape.flat()) {
        for (let i = 0; i < ring.length; i += 2) {
          expect(distanceToShapeMetres(simpler, ring[i], ring[i + 1])).toBeLessThan(5.05);
        }
      }
      for (const ring of simpler.flat()) {
        for (let i = 0; i < ring.length; i += 2) expect(distanceToShapeMetres(shape, ring[i], ring[i + 1])).toBe(0);
      }
    }
  });

  it('gives a valid boundary at any tolerance, and never loses a ring', async () => {
    const square = (at: number, side: number) =>
      Int32Array.from([at, at, at + side, at, at + side, at + side, at, at + side]);
    const [[blob]] = roughBlob(600, 3);
    const island: Shape = [[square(0, 90_000), square(30_000, 300), square(60_000, 20_000)], [blob]];
    for (const shape of [...grids, island, roughBlob(20_000, 2)]) {
      for (const metres of [0.01, 1, 30, 300, 3000, 1e9]) {
        const simpler = await simplifyShape(shape, metres);
        expect(findRingFault(simpler)).toBeUndefined();
        expect(simpler.map((polygon) => polygon.length)).toEqual(shape.map((polygon) => polygon.length));
      }
    }
  });

  it('gives the shape itself for tolerance 0, and for a ring that would collapse', async () => {
    const triangle: Shape = [[Int32Array.from([0, 0, 100, 0, 100, 100])]];
    expect(await simplifyShape(triangle, 0)).toBe(triangle);
    expect(await simplifyShape(triangle, 1e6)).toEqual(triangle);
  });

  it('refuses a tolerance that is no number of metres', async () => {
    await expect(simplifyShape(grids[0], Number.NaN)).rejects.toMatchObject({ code: 'BAD_INPUT' });
    await expect(simplifyShape(grids[0], -1)).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });
});
