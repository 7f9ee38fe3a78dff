import { DomainError } from '../errors.ts';
import { type Fault, FaultList, refusal } from './reading/faults.ts';
import { GEOMETRY_TYPES, GeometryReader, type ReadGeometry, typeOfAnyCase } from './reading/geometryReader.ts';
import { checkCrs, checkMisplaced, isObject, type JsonObject, memberPath, quote, readBbox } from './reading/members.ts';

export type { LonLat } from './reading/coordinateReader.ts';
export type { Fault } from './reading/faults.ts';
export type { ReadGeometry } from './reading/geometryReader.ts';
export { MAX_VERTICES, shapeToGeoJson, toShape } from './rings/boundary.ts';

/** One feature as it came, with all that is wrong with it: a bad one stays in its place and hides no other. */
export interface ReadFeature {
  /** Position in the file, from 0. */
  readonly index: number;
  readonly id?: string | number;
  readonly properties: JsonObject;
  /** Null when the file says so, and when the feature has an error. */
  readonly geometry: ReadGeometry | null;
  /** An entry of severity ERROR refuses the feature. */
  readonly faults: readonly Fault[];
}

export interface ReadOptions {
  /** Coordinates are metres of a projected system that the caller knows: no range is checked, any crs is accepted. */
  readonly allowProjected?: boolean;
}

export interface ReadCollection {
  readonly features: ReadFeature[];
  /** What was ignored or assumed for the whole document. */
  readonly warnings: readonly Fault[];
}

/**
 * Reads a whole GeoJSON file by RFC 7946: a FeatureCollection, or one Feature or geometry as a collection of one. Both
 * ring directions are accepted. Faults of a feature stand with the feature; a fault of the document throws BAD_FILE
 * (empty, not JSON) or BAD_GEOJSON, with the rule in `details.fault`. Duplicate member names cannot be seen: JSON keeps
 * the last.
 */
export function readFeatureCollection(text: string, options: ReadOptions = {}): ReadCollection {
  const projected = options.allowProjected ?? false;
  const root = parse(text);
  const faults = new FaultList();
  if (root.type === 'Feature') return { features: [readFeature(root, 0, '', projected)], warnings: [] };
  if (root.type !== 'FeatureCollection') {
    checkRootType(root);
    return { features: [wrapGeometry(root, projected)], warnings: [] };
  }
  checkMisplaced(root, 'FeatureCollection', '', faults);
  checkCrs(root, '', projected, faults);
  readBbox(root, '', faults);
  if (!Array.isArray(root.features)) {
    faults.error(
      'FEATURES_MISSING',
      'features',
      `A FeatureCollection needs a list of features, found ${quote(root.features)}.`,
    );
  } else if (root.features.length === 0) {
    faults.warnOnce('EMPTY', () => 'features', 'The collection has no features.');
  }
  if (faults.firstError) throw refusal('BAD_GEOJSON', faults.firstError);
  const features = (root.features as unknown[]).map((each, i) => readFeature(each, i, `features[${i}]`, projected));
  return { features, warnings: faults.all };
}

/**
 * Reads one geometry value, as a GraphQL argument gives it. Throws BAD_GEOJSON with the first broken rule in
 * `details.fault`, its place as `field.coordinates[0][17]`. Warnings go to the list, if one is given.
 */
export function readGeometry(value: unknown, field: string, warnings?: Fault[]): ReadGeometry {
  const faults = new FaultList();
  const geometry = new GeometryReader(faults, false).read(value, field);
  if (faults.firstError) throw refusal('BAD_GEOJSON', faults.firstError);
  warnings?.push(...faults.all);
  return geometry!;
}

function parse(text: string): JsonObject {
  const json = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  if (json.trim() === '') {
    const message = 'The file is empty; a GeoJSON FeatureCollection is wanted.';
    throw new DomainError('BAD_FILE', message, { fault: 'EMPTY', path: '' });
  }
  let root: unknown;
  try {
    root = JSON.parse(json);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const details = { fault: 'NOT_JSON', path: '' };
    throw new DomainError('BAD_FILE', `The file is not JSON: ${reason}. Export it again as GeoJSON.`, details, {
      cause: error,
    });
  }
  if (isObject(root)) return root;
  const message = `A GeoJSON file holds one object of type FeatureCollection, found ${quote(root)}.`;
  throw new DomainError('BAD_GEOJSON', message, { fault: 'NOT_AN_OBJECT', path: '' });
}

function checkRootType({ type }: JsonObject): void {
  if (typeof type === 'string' && GEOMETRY_TYPES.includes(type)) return;
  const meant = typeOfAnyCase(type, ['FeatureCollection', 'Feature', ...GEOMETRY_TYPES]);
  const hint = meant ? `Write it ${meant}.` : 'A FeatureCollection is wanted.';
  const what = type === undefined ? 'The type is missing' : `${quote(type)} is no type of GeoJSON`;
  throw new DomainError('BAD_GEOJSON', `type: ${what}. ${hint}`, { fault: 'UNKNOWN_TYPE', path: 'type' });
}

function wrapGeometry(root: JsonObject, projected: boolean): ReadFeature {
  const faults = new FaultList();
  const geometry = new GeometryReader(faults, projected).read(root, '');
  return { index: 0, properties: {}, geometry: sound(geometry, faults), faults: faults.all };
}

function readFeature(value: unknown, index: number, path: string, projected: boolean): ReadFeature {
  const faults = new FaultList();
  if (!isObject(value) || value.type !== 'Feature') {
    const message = `A Feature belongs here, found ${quote(isObject(value) ? (value.type ?? 'an object without type') : value)}.`;
    if (isObject(value)) faults.error('UNKNOWN_TYPE', memberPath(path, 'type'), message);
    else faults.error('NOT_AN_OBJECT', path, message);
    return {
      index,
      properties: isObject(value) ? readProperties(value, path, faults) : {},
      geometry: null,
      faults: faults.all,
    };
  }
  checkMisplaced(value, 'Feature', path, faults);
  checkCrs(value, path, projected, faults);
  const properties = readProperties(value, path, faults);
  const reader = new GeometryReader(faults, projected);
  let geometry: ReadGeometry | undefined;
  if (value.geometry === undefined) {
    faults.error(
      'GEOMETRY_MISSING',
      memberPath(path, 'geometry'),
      'A Feature needs a geometry (null says that it has none).',
    );
  } else if (value.geometry !== null) {
    geometry = reader.read(value.geometry, memberPath(path, 'geometry'));
  }
  reader.checkBbox(value, geometry, path);
  const id = readId(value, path, faults);
  return { index, ...id, properties, geometry: sound(geometry, faults), faults: faults.all };
}

function sound(geometry: ReadGeometry | undefined, faults: FaultList): ReadGeometry | null {
  return geometry && !faults.firstError ? geometry : null;
}

function readProperties({ properties }: JsonObject, path: string, faults: FaultList): JsonObject {
  if (isObject(properties)) return properties;
  const where = memberPath(path, 'properties');
  if (properties === undefined) {
    faults.warnOnce(
      'BAD_PROPERTIES',
      () => where,
      'A Feature has a member properties (null if there are none); none was taken.',
    );
  } else if (properties !== null) {
    faults.error('BAD_PROPERTIES', where, `Properties are an object or null, found ${quote(properties)}.`);
  }
  return {};
}

function readId({ id }: JsonObject, path: string, faults: FaultList): { id?: string | number } {
  if (id === undefined) return {};
  if (typeof id === 'string' || typeof id === 'number') return { id };
  faults.error('BAD_ID', memberPath(path, 'id'), `A feature id is text or a number, found ${quote(id)}. Leave it out.`);
  return {};
}
