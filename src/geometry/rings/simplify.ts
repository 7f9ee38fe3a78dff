import { DomainError } from '../../errors.ts';
import { metricAt } from '../distance.ts';
import { boxOf, type Ring, type Shape } from '../polygon.ts';
import { findRingFault } from './ringFaults.ts';

const MOST_HALVINGS = 4;
// turf calls itself once per vertex in the worst case, and its polygons try a hundredth less again and again when they
// collapse: lines of bounded length keep it off both.
const RUN = 2000;

/**
 * The shape with fewer vertices, each ring within about `toleranceMetres` of what it was (Douglas and Peucker, by turf);
 * vertices are only left out, never moved. The result is a valid boundary: where rings would cross, half the tolerance
 * is tried, and so on, and in the end the shape itself is returned; a ring that would collapse stays as it is. For
 * drawing only: neighbours are simplified each on its own, so shared borders may gap and overlap by the tolerance.
 * Throws BAD_INPUT when the tolerance is no number or negative.
 */
export async function simplifyShape(shape: Shape, toleranceMetres: number): Promise<Shape> {
  if (!Number.isFinite(toleranceMetres) || toleranceMetres < 0) {
    const message = `simplifyMetres must be a number of metres, 0 or more, not ${toleranceMetres}.`;
    throw new DomainError('BAD_INPUT', message, { field: 'simplifyMetres' });
  }
  if (toleranceMetres === 0) return shape;
  const { simplify } = await import('@turf/turf');
  const { minY, maxY } = boxOf(shape);
  const { metresPerX, metresPerY } = metricAt((minY + maxY) / 2);
  const simplifyRing = (ring: Ring, tolerance: number): Ring => {
    const plane: number[][] = [];
    for (let i = 0; i < ring.length; i += 2) plane.push([ring[i] * metresPerX, ring[i + 1] * metresPerY]);
    plane.push([...plane[0]]);
    const kept: number[] = [];
    for (let from = 0; from + 1 < plane.length; from += RUN) {
      const coordinates = plane.slice(from, from + RUN + 1);
      const simpler = simplify({ type: 'LineString' as const, coordinates }, { tolerance, highQuality: true });
      for (const [x, y] of simpler.coordinates.slice(0, -1)) {
        kept.push(Math.round(x / metresPerX), Math.round(y / metresPerY));
      }
    }
    return kept.length < 6 ? ring : Int32Array.from(kept);
  };
  for (let halving = 0; halving <= MOST_HALVINGS; halving++) {
    const tolerance = toleranceMetres / 2 ** halving;
    const simpler = shape.map((polygon) => polygon.map((ring) => simplifyRing(ring, tolerance)));
    if (!findRingFault(simpler)) return simpler;
  }
  return shape;
}
