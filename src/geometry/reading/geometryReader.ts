import { CoordinateReader, type LonLat } from './coordinateReader.ts';
import type { FaultList } from './faults.ts';
import { checkCrs, checkMisplaced, isObject, type JsonObject, memberPath, quote, readBbox } from './members.ts';

/** A geometry that keeps every rule of RFC 7946, without altitudes; itself valid GeoJSON. */
export type ReadGeometry =
  | { readonly type: 'Point'; readonly coordinates: LonLat }
  | { readonly type: 'MultiPoint'; readonly coordinates: readonly LonLat[] }
  | { readonly type: 'LineString'; readonly coordinates: readonly LonLat[] }
  | { readonly type: 'MultiLineString'; readonly coordinates: readonly (readonly LonLat[])[] }
  | { readonly type: 'Polygon'; readonly coordinates: readonly (readonly LonLat[])[] }
  | { readonly type: 'MultiPolygon'; readonly coordinates: readonly (readonly (readonly LonLat[])[])[] }
  | { readonly type: 'GeometryCollection'; readonly geometries: readonly ReadGeometry[] };

const TYPES_BY_DEPTH = [
  [],
  ['Point'],
  ['LineString', 'MultiPoint'],
  ['Polygon', 'MultiLineString'],
  ['MultiPolygon'],
] as const;
type PlainType = (typeof TYPES_BY_DEPTH)[number][number];
export const GEOMETRY_TYPES: readonly string[] = [...TYPES_BY_DEPTH.flat(), 'GeometryCollection'];
const MOST_NESTING = 4;

/** The type that was meant, when only its capitals are wrong. */
export function typeOfAnyCase(type: unknown, types: readonly string[]): string | undefined {
  return typeof type === 'string' ? types.find((each) => each.toLowerCase() === type.toLowerCase()) : undefined;
}

/** How deep the numbers stand, by the first of each list; undefined if there is no position there. */
function depthOf(coordinates: readonly unknown[]): number | undefined {
  let value: unknown = coordinates;
  for (let depth = 1; Array.isArray(value) && depth < TYPES_BY_DEPTH.length; depth++) {
    if (typeof value[0] === 'number') return value.length > 1 ? depth : undefined;
    value = value[0];
  }
  return undefined;
}

/** Reads geometries strictly, adding what is wrong to a list of faults; a geometry with an error is undefined. */
export class GeometryReader {
  private readonly faults: FaultList;
  private readonly projected: boolean;
  private readonly reader: CoordinateReader;

  constructor(faults: FaultList, projected: boolean) {
    this.faults = faults;
    this.projected = projected;
    this.reader = new CoordinateReader(faults, projected);
  }

  read(value: unknown, path: string, nesting = 0): ReadGeometry | undefined {
    if (value === null) return this.faults.error('NULL_GEOMETRY', path, 'The geometry is null; give one.');
    if (!isObject(value)) {
      return this.faults.error(
        'NOT_AN_OBJECT',
        path,
        `A geometry is an object with type and coordinates, found ${quote(value)}.`,
      );
    }
    checkCrs(value, path, this.projected, this.faults);
    const geometry =
      value.type === 'GeometryCollection' ? this.collection(value, path, nesting) : this.plain(value, path);
    this.checkBbox(value, geometry, path);
    return geometry;
  }

  /** Checks the bbox of an object, if it has one, against the geometry it describes. */
  checkBbox(value: JsonObject, geometry: ReadGeometry | undefined, path: string): void {
    const bbox = readBbox(value, path, this.faults);
    if (!bbox || !geometry) return;
    const [west, south, east, north] = bbox;
    const slack = 1e-6;
    const within = ([lon, lat]: LonLat) =>
      lat >= south - slack && lat <= north + slack && (west > east || (lon >= west - slack && lon <= east + slack));
    if (!everyPosition(geometry, within)) {
      const message =
        'The bbox [west, south, east, north] does not hold its geometry; it was ignored. Are its axes swapped?';
      this.faults.warnOnce('BBOX_MISMATCH', () => memberPath(path, 'bbox'), message);
    }
  }

  private collection(value: JsonObject, path: string, nesting: number): ReadGeometry | undefined {
    const where = memberPath(path, 'geometries');
    checkMisplaced(value, 'GeometryCollection', path, this.faults);
    if (!Array.isArray(value.geometries)) {
      return this.faults.error('GEOMETRIES_MISSING', where, 'A GeometryCollection needs a list of geometries.');
    }
    const nested = 'A GeometryCollection within another: RFC 7946 advises against it; give one flat list.';
    if (nesting >= MOST_NESTING) return this.faults.error('NESTED_COLLECTION', path, nested);
    if (nesting > 0) this.faults.warnOnce('NESTED_COLLECTION', () => path, nested);
    const geometries = value.geometries.map((each, i) => this.read(each, `${where}[${i}]`, nesting + 1));
    return geometries.every((each) => each !== undefined) ? { type: 'GeometryCollection', geometries } : undefined;
  }

  private plain(value: JsonObject, path: string): ReadGeometry | undefined {
    const { type, coordinates } = value;
    const depth = TYPES_BY_DEPTH.findIndex((types) => (types as readonly unknown[]).includes(type));
    if (depth < 0) return this.unknownType(value, path);
    checkMisplaced(value, 'geometry', path, this.faults);
    const where = memberPath(path, 'coordinates');
    if (!Array.isArray(coordinates)) {
      return this.faults.error(
        'COORDINATES_MISSING',
        where,
        `A ${type} needs a list of coordinates, found ${quote(coordinates)}.`,
      );
    }
    const found = depthOf(coordinates);
    if (found !== undefined && found !== depth) {
      const types = TYPES_BY_DEPTH[found].join(' or ');
      const message = `These are the coordinates of a ${types}, but the type says ${type}. Correct the type or the brackets.`;
      return this.faults.error('MISLABELED', where, message, { depth: found, wanted: depth });
    }
    return this.coordinates(type as PlainType, coordinates, where);
  }

  private unknownType({ type }: JsonObject, path: string): undefined {
    const meant = typeOfAnyCase(type, GEOMETRY_TYPES);
    const hint = meant ? `Write it ${meant}.` : `It is one of ${GEOMETRY_TYPES.join(', ')}.`;
    const message = `${type === undefined ? 'The type is missing' : `${quote(type)} is no type of geometry`}. ${hint}`;
    return this.faults.error('UNKNOWN_TYPE', memberPath(path, 'type'), message);
  }

  private coordinates(type: PlainType, value: readonly unknown[], path: string): ReadGeometry | undefined {
    const reader = this.reader;
    switch (type) {
      case 'Point': {
        const coordinates = reader.position(value, () => path);
        return coordinates && { type, coordinates };
      }
      case 'MultiPoint':
      case 'LineString': {
        const coordinates = type === 'LineString' ? reader.line(value, path) : reader.positions(value, path);
        return coordinates && { type, coordinates };
      }
      case 'MultiLineString':
      case 'Polygon': {
        const coordinates = type === 'Polygon' ? reader.polygon(value, path) : reader.lines(value, path);
        return coordinates && { type, coordinates };
      }
      case 'MultiPolygon': {
        const coordinates = reader.polygons(value, path);
        return coordinates && { type, coordinates };
      }
    }
  }
}

function everyPosition(geometry: ReadGeometry, test: (position: LonLat) => boolean): boolean {
  switch (geometry.type) {
    case 'Point':
      return test(geometry.coordinates);
    case 'MultiPoint':
    case 'LineString':
      return geometry.coordinates.every(test);
    case 'MultiLineString':
    case 'Polygon':
      return geometry.coordinates.every((line) => line.every(test));
    case 'MultiPolygon':
      return geometry.coordinates.every((polygon) => polygon.every((ring) => ring.every(test)));
    case 'GeometryCollection':
      return geometry.geometries.every((each) => everyPosition(each, test));
  }
}
