import type { FaultList } from './faults.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The path of a member, also at the root of a document. */
export function memberPath(path: string, member: string): string {
  return path ? `${path}.${member}` : member;
}

/** A value as it may stand in a message: short, whatever came in, and without descending into it. */
export function quote(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return value.length > 40 ? `"${value.slice(0, 40)}…"` : `"${value}"`;
  if (!Array.isArray(value)) return isObject(value) ? 'an object' : String(value);
  const isShort = value.length <= 4 && value.every((each) => typeof each !== 'object' || each === null);
  return isShort ? `[${value.map(quote).join(', ')}]` : `a list of ${value.length}`;
}

// RFC 7946 section 7.1: what defines one kind of object must not stand in another.
const MISPLACED = {
  FeatureCollection: ['coordinates', 'geometries', 'geometry', 'properties'],
  Feature: ['coordinates', 'geometries', 'features'],
  GeometryCollection: ['coordinates', 'geometry', 'properties', 'features'],
  geometry: ['geometries', 'geometry', 'properties', 'features'],
} as const;

/** Warns of members that belong to another kind of object. `type` decides what an object is, so they are harmless. */
export function checkMisplaced(value: JsonObject, kind: keyof typeof MISPLACED, path: string, faults: FaultList): void {
  const member = MISPLACED[kind].find((name) => Object.hasOwn(value, name));
  if (member === undefined) return;
  const what = kind === 'geometry' ? 'geometry' : kind;
  const message = `A ${what} must not have a member "${member}" (RFC 7946, 7.1); it was ignored.`;
  faults.warnOnce('MISPLACED_MEMBER', () => memberPath(path, member), message);
}

// 4979 is WGS84 with heights; 4490 is CGCS2000, taken as equal.
const EPSG_LIKE_WGS84 = [4326, 4979, 4490];

function readCrs(crs: unknown): { epsg?: number; name: string; isWgs84: boolean } {
  const properties = isObject(crs) && isObject(crs.properties) ? crs.properties : {};
  const given = properties.name ?? properties.code ?? properties.href;
  const name = typeof given === 'string' || typeof given === 'number' ? `${given}` : quote(given ?? crs);
  if (/CRS:?84h?$/i.test(name)) return { name, isWgs84: true };
  const found = /^(?:.*EPSG[:/](?:[\d.]*[:/])?)?(\d{4,6})$/i.exec(name);
  if (!found) return { name, isWgs84: false };
  const epsg = Number(found[1]);
  return { name, epsg, isWgs84: EPSG_LIKE_WGS84.includes(epsg) };
}

/**
 * The crs member of GeoJSON 2008, which RFC 7946 removed: accepted with a warning when it names WGS84 or CGCS2000,
 * refused otherwise, unless the caller has said that the coordinates are projected. `details.epsg` is what it names.
 */
export function checkCrs(value: JsonObject, path: string, projected: boolean, faults: FaultList): void {
  if (value.crs === undefined || value.crs === null) return;
  const where = memberPath(path, 'crs');
  const { name, epsg, isWgs84 } = readCrs(value.crs);
  if (isWgs84 || projected) {
    const note = `The crs member (${name}) is obsolete since RFC 7946; ${projected ? 'the system given at import counts' : 'WGS84 is assumed'}.`;
    faults.warnOnce('CRS_MEMBER', () => where, note, { epsg });
    return;
  }
  const wayOut = epsg === undefined ? 'Convert it to WGS84 first' : `Import it with --epsg ${epsg}`;
  const message = `The coordinates are in ${name}, not in WGS84 degrees. ${wayOut}.`;
  faults.error('CRS_NOT_WGS84', where, message, { epsg });
}

/** West, south, east and north of a bbox member; undefined if there is none or it is not one (then a fault). */
export function readBbox(
  value: JsonObject,
  path: string,
  faults: FaultList,
): readonly [number, number, number, number] | undefined {
  const { bbox } = value;
  if (bbox === undefined) return undefined;
  const isList = Array.isArray(bbox) && (bbox.length === 4 || bbox.length === 6) && bbox.every(Number.isFinite);
  if (!isList) {
    const message = `A bbox is a list of four numbers [west, south, east, north], or six, found ${quote(bbox)}. Leave it out.`;
    return faults.error('BAD_BBOX', memberPath(path, 'bbox'), message);
  }
  const half = bbox.length / 2;
  return [bbox[0], bbox[1], bbox[half], bbox[half + 1]];
}
