import { metricAt } from '../distance.ts';
import { boxOf, type Shape } from '../polygon.ts';
import { latticeArea2 } from './latticeArea.ts';

/** Area in the local metric of the shape's middle latitude, good to 0.1 %. PostGIS has the last word on what is stored. */
export function areaSquareMetres(shape: Shape): number {
  const { minY, maxY } = boxOf(shape);
  const { metresPerX, metresPerY } = metricAt((minY + maxY) / 2);
  return (latticeArea2(shape) / 2) * metresPerX * metresPerY;
}
