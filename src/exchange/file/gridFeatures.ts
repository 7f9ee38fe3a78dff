import { shapeToGeoJson } from '../../geometry/geojson.ts';
import type { Shape } from '../../geometry/polygon.ts';
import type { CodeDraft, LoadFigure } from '../../grids/territory.type.ts';
import { mapPositions } from './positions.ts';

/** What an export says of a grid beside its boundary; an import finds the origin by `id` and `version`. */
export interface GridProperties {
  readonly id: string;
  /** The row of the registry; null for a grid that a draft made. */
  readonly version: number | null;
  readonly layer: string;
  readonly tier: string;
  /** The main code. */
  readonly code: string;
  readonly codes: readonly (CodeDraft & { readonly main: boolean })[];
  readonly name: string;
  readonly kind: string;
  /** Main code of the parent. */
  readonly parent: string | null;
  readonly parentId: string | null;
  readonly managerId: string | null;
  readonly validFrom: string | null;
  readonly validTo: string | null;
  readonly edition: number;
  readonly loads: readonly LoadFigure[];
  /** Of an export of a draft. */
  readonly changeset?: string;
  readonly revision?: number;
  readonly extent?: string;
}

/** A grid of an export. */
export interface GridFeature {
  readonly properties: GridProperties;
  readonly shape: Shape;
}

/** A system other than WGS84 to write coordinates in. */
export interface Projection {
  readonly epsg: number;
  /** Degrees x0, y0, x1, y1 … on WGS84 as coordinates of the system. */
  readonly project: (xy: Float64Array) => Promise<Float64Array>;
}

const CHUNK_CHARACTERS = 1 << 18;
const FEATURES_AT_ONCE = 256;
// Finer than a thousandth of the lattice, in metres of any projected system and in degrees.
const DIGITS = 13;

/**
 * One FeatureCollection in pieces of text, one feature a line. In a projected system it names that system in a member
 * `crs`, as GIS programs write and read it though RFC 7946 dropped it.
 */
export async function* writeFeatures(
  features: readonly GridFeature[],
  projection?: Projection,
): AsyncGenerator<string> {
  let text = opening(projection);
  for (let from = 0; from < features.length; from += FEATURES_AT_ONCE) {
    const some = features.slice(from, from + FEATURES_AT_ONCE);
    const geometries = some.map(({ shape }) => shapeToGeoJson(shape));
    const placed = projection ? await project(geometries, projection) : geometries;
    for (const [i, { properties }] of some.entries()) {
      const feature = { type: 'Feature', id: properties.id, properties, geometry: placed[i] };
      text += `${from + i === 0 ? '' : ','}\n${JSON.stringify(feature)}`;
      if (text.length < CHUNK_CHARACTERS) continue;
      yield text;
      text = '';
    }
  }
  yield `${text}\n]}\n`;
}

function opening(projection: Projection | undefined): string {
  if (!projection) return '{"type":"FeatureCollection","features":[';
  const crs = { type: 'name', properties: { name: `urn:ogc:def:crs:EPSG::${projection.epsg}` } };
  return `{"type":"FeatureCollection","crs":${JSON.stringify(crs)},"features":[`;
}

type Geometry = ReturnType<typeof shapeToGeoJson>;

async function project(geometries: readonly Geometry[], projection: Projection): Promise<Geometry[]> {
  const from: number[] = [];
  for (const geometry of geometries) {
    mapPositions(geometry, (position) => {
      from.push(...position);
      return position;
    });
  }
  const to = await projection.project(Float64Array.from(from));
  let at = 0;
  const next = () => Number(to[at++].toPrecision(DIGITS));
  return geometries.map((geometry) => mapPositions(geometry, () => [next(), next()]) as Geometry);
}
