import { DomainError } from '../../errors.ts';
import { DATUMS, type Datum, toWgs84 } from '../../geometry/datum.ts';
import type { LonLat, ReadFeature, ReadGeometry } from '../../geometry/geojson.ts';

const EPSG_WGS84 = 4326;

/** The system that the coordinates of a file are in, as the options say: a datum of degrees, or an EPSG number. */
export type SourceSystem = { readonly datum: Datum } | { readonly epsg: number };

/** Reads `--datum` and `--epsg`; BAD_DATUM where both are given or one is not known. */
export function readSourceSystem(datum: string | undefined, epsg: number | undefined): SourceSystem {
  if (datum !== undefined && epsg !== undefined) {
    const message =
      '--datum and --epsg exclude each other: give the datum of degrees, or the EPSG number of the system.';
    throw new DomainError('BAD_DATUM', message, { field: '--epsg' });
  }
  if (epsg !== undefined) {
    if (epsg === EPSG_WGS84) return { datum: 'WGS84' };
    if (Number.isInteger(epsg) && epsg > 0 && epsg < 1_000_000) return { epsg };
    throw new DomainError('BAD_DATUM', `--epsg: ${epsg} is no EPSG number, such as 4547.`, { field: '--epsg', epsg });
  }
  const known = DATUMS.find((each) => each === (datum ?? 'WGS84').toUpperCase().replaceAll(/[-_ ]/g, ''));
  if (known) return { datum: known };
  const message = `--datum: ${datum} is not known. It is one of ${DATUMS.join(', ')}; for any other system give --epsg.`;
  throw new DomainError('BAD_DATUM', message, { field: '--datum', datum });
}

/** What a reader of the report should know about the system, if anything. */
export function systemWarnings(system: SourceSystem): string[] {
  if ('epsg' in system) {
    return [`Converted from EPSG:${system.epsg} to WGS84 by PROJ; compare a known corner before you commit.`];
  }
  if (system.datum === 'WGS84' || system.datum === 'CGCS2000') return [];
  return [
    `Converted from ${system.datum} to WGS84: that shift has no published inverse, so these boundaries are good to about 1 m only. Prefer the survey's own file in CGCS2000.`,
  ];
}

/** Turns positions x0, y0, x1, y1 … into degrees on WGS84. */
export type Convert = (xy: Float64Array) => Promise<Float64Array>;

/** Degrees of another datum, point by point. */
export function datumConverter(datum: Datum): Convert {
  return async (xy) => {
    const converted = new Float64Array(xy.length);
    for (let i = 0; i < xy.length; i += 2) {
      const { lon, lat } = toWgs84({ lon: xy[i], lat: xy[i + 1] }, datum);
      converted[i] = lon;
      converted[i + 1] = lat;
    }
    return converted;
  };
}

/**
 * The features with all positions of their polygons converted in one call. A feature with a position that lands on no
 * place of the Earth gets a fault and loses its geometry.
 */
export async function convertFeatures(features: readonly ReadFeature[], convert: Convert): Promise<ReadFeature[]> {
  const from: number[] = [];
  for (const { geometry } of features) {
    mapPositions(geometry, (position) => {
      from.push(...position);
      return position;
    });
  }
  if (from.length === 0) return [...features];
  const to = await convert(Float64Array.from(from));
  let at = 0;
  return features.map((feature) => {
    let stray: LonLat | undefined;
    const geometry = mapPositions(feature.geometry, (position) => {
      const converted: LonLat = [to[at++], to[at++]];
      if (!(Math.abs(converted[0]) <= 180 && Math.abs(converted[1]) <= 90)) stray ??= position;
      return converted;
    });
    if (!stray) return { ...feature, geometry };
    const path = `features[${feature.index}].geometry`;
    const message = `[${stray}] is no place in the system given. Check --epsg, and that the axes are east, north.`;
    return {
      ...feature,
      geometry: null,
      faults: [...feature.faults, { code: 'OUT_OF_RANGE', severity: 'ERROR', path, message }],
    };
  });
}

/** The geometry with all positions of its polygons mapped, in their order. */
export function mapPositions(geometry: ReadGeometry | null, map: (position: LonLat) => LonLat): ReadGeometry | null {
  if (geometry?.type === 'Polygon') {
    return { type: 'Polygon', coordinates: geometry.coordinates.map((ring) => ring.map(map)) };
  }
  if (geometry?.type === 'MultiPolygon') {
    const coordinates = geometry.coordinates.map((polygon) => polygon.map((ring) => ring.map(map)));
    return { type: 'MultiPolygon', coordinates };
  }
  return geometry;
}
