import { DEFAULT_TOLERANCE, latticeArea2 } from '../../../geometry/coverage.ts';
import { type Metric, metricAt } from '../../../geometry/distance.ts';
import { boxOf, type Shape } from '../../../geometry/polygon.ts';

function metricOf(shape: Shape): Metric {
  const { minY, maxY } = boxOf(shape);
  return metricAt((minY + maxY) / 2);
}

/** In the local metric of the WGS84 ellipsoid at the middle of the shape. */
export function squareMetresOf(shape: Shape): number {
  const { metresPerX, metresPerY } = metricOf(shape);
  return (latticeArea2(shape) / 2) * metresPerX * metresPerY;
}

/** Mean width in metres: twice the area by the length of the border, holes and all. */
export function widthMetresOf(shape: Shape): number {
  const { metresPerX, metresPerY } = metricOf(shape);
  let border = 0;
  for (const ring of shape.flat()) {
    for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
      border += Math.sqrt(((ring[i] - ring[j]) * metresPerX) ** 2 + ((ring[i + 1] - ring[j + 1]) * metresPerY) ** 2);
    }
  }
  return border === 0 ? 0 : (latticeArea2(shape) * metresPerX * metresPerY) / border;
}

/** What is told apart from a place: the importer's tolerance. */
export function isSliver(shape: Shape): boolean {
  return (
    squareMetresOf(shape) < DEFAULT_TOLERANCE.areaSquareMetres || widthMetresOf(shape) < DEFAULT_TOLERANCE.widthMetres
  );
}
