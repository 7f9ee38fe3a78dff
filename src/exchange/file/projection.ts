import type { BoundaryRepository } from '../importing/boundary.repository.ts';
import type { Projection } from './gridFeatures.ts';
import { readSourceSystem } from './positions.ts';
import { assertSurveyDatum } from './surveyDatum.ts';

/** The system that an export writes coordinates in: WGS84 where neither is given. */
export interface ExportSystem {
  /** WGS84 or CGCS2000, which are written alike; GCJ02 and BD09 are refused. */
  readonly datum?: string;
  /** Any system that PostGIS knows, such as 4547; Xian 1980 and Beijing 1954 are refused. */
  readonly epsg?: number;
}

/** How to write into a system; undefined for WGS84. Throws BAD_DATUM. */
export function projectionOf(
  { datum, epsg }: ExportSystem,
  boundaries: Pick<BoundaryRepository, 'transformFromWgs84'>,
): Projection | undefined {
  const system = readSourceSystem(datum, epsg);
  assertSurveyDatum(system);
  if (!('epsg' in system)) return undefined;
  return { epsg: system.epsg, project: (xy) => boundaries.transformFromWgs84(system.epsg, xy) };
}
