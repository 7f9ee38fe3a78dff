import type { AddressRecord, MatchRecord } from '../addresses/address.type.ts';
import { DomainError } from '../errors.ts';
import { type Datum, toWgs84 } from '../geometry/datum.ts';
import { readGeometry, shapeToGeoJson, toShape } from '../geometry/geojson.ts';
import { assertPosition, fromLattice, type Position, toLattice } from '../geometry/lattice.ts';
import { type Box, boxOf, representativePoint } from '../geometry/polygon.ts';
import type { VersionEntry } from '../grids/atlas/rows.ts';
import type { Spot } from './territorial.ts';

/** How sure a point is held to be where nobody says. */
export const DEFAULT_ACCURACY_METRES = 15;
const MAX_ACCURACY_METRES = 5000;

/** A place as asked: exactly one field is given. */
export interface PlaceRequest {
  readonly point?: {
    readonly lon: number;
    readonly lat: number;
    readonly datum?: Datum | null;
    readonly accuracyMetres?: number | null;
  } | null;
  readonly area?: object | null;
  /** As people write it. */
  readonly address?: string | null;
  readonly addressId?: string | null;
  /** Only where the asker may see incidents, which is judged elsewhere; here it is refused. */
  readonly incidentId?: string | null;
}

/** A polygon or line with its box on the lattice. */
export interface ReadArea {
  readonly geometry: object;
  readonly box: Box;
}

/** A place as understood: a point on the lattice, and for an area what is shared out. */
export interface ReadPlace extends Spot {
  readonly point: Position;
  readonly area: ReadArea | undefined;
  /** Where the place was asked for by address. */
  readonly answer?: AddressAnswer;
  /** The building that the address of the place is in, where it was asked for by address. */
  readonly buildingId?: string | null;
  /** Only about where it is may be told, though the owners are those of the very place. */
  readonly vague?: boolean;
}

/** What the address book says of a text or id. */
export interface AddressAnswer {
  /** As asked, or the main text of the id. */
  readonly text: string;
  /** DIVISION: no address is like the text, but it names a division that is a grid. */
  readonly found: 'ADDRESS' | 'DIVISION' | 'NOTHING';
  readonly address: AddressRecord | null;
  /** Probability that it is the address meant; 0 where none was found. */
  readonly confidence: number;
  /** Where several are likely, all of them, best first; where none was found, what comes nearest. */
  readonly candidates: readonly MatchRecord[];
  readonly division?: VersionEntry;
  /** The next instant at which an address begins or ends. */
  readonly changesAt: number;
}

/** Whether the place is one that only the address book can tell. Throws BAD_INPUT unless exactly one field is given. */
export function isAddress(request: PlaceRequest, field: string): boolean {
  const given = (['point', 'address', 'addressId', 'area', 'incidentId'] as const).filter(
    (key) => request[key] != null,
  );
  if (given.length !== 1) {
    const found = given.length === 0 ? 'none' : given.join(' and ');
    throw new DomainError('BAD_INPUT', `${field}: exactly one field is given; found ${found}.`, { field });
  }
  return given[0] === 'address' || given[0] === 'addressId';
}

/** Reads and checks a point or area. Throws BAD_INPUT or BAD_GEOJSON, naming the field. */
export function readPlace(request: PlaceRequest, field: string): ReadPlace {
  if (request.incidentId != null) {
    const message = `${field}.incidentId: an incident is no place here; give its place, or ask \`ownership\` about it.`;
    throw new DomainError('BAD_INPUT', message, { field: `${field}.incidentId` });
  }
  return request.point ? readPoint(request.point, `${field}.point`) : readArea(request.area!, `${field}.area`);
}

function readPoint(point: NonNullable<PlaceRequest['point']>, field: string): ReadPlace {
  assertPosition(point, field);
  const accuracyMetres = point.accuracyMetres ?? DEFAULT_ACCURACY_METRES;
  if (!(accuracyMetres >= 0 && accuracyMetres <= MAX_ACCURACY_METRES)) {
    const message = `${field}.accuracyMetres: a radius of 0 to ${MAX_ACCURACY_METRES} metres, not ${accuracyMetres}; give an area for more.`;
    throw new DomainError('BAD_INPUT', message, { field: `${field}.accuracyMetres` });
  }
  const { lon, lat } = toWgs84({ lon: point.lon, lat: point.lat }, point.datum ?? 'WGS84');
  return spotOf(toLattice(lon), toLattice(lat), accuracyMetres, undefined);
}

function spotOf(x: number, y: number, accuracyMetres: number, area: ReadArea | undefined): ReadPlace {
  return { x, y, accuracyMetres, area, point: { lon: fromLattice(x), lat: fromLattice(y) } };
}

function readArea(value: object, field: string): ReadPlace {
  const geometry = readGeometry(value, field);
  if (geometry.type === 'Polygon' || geometry.type === 'MultiPolygon') {
    const shape = toShape(geometry, field);
    const spot = representativePoint(shape)!;
    return spotOf(spot.x, spot.y, 0, { geometry: shapeToGeoJson(shape), box: boxOf(shape) });
  }
  if (geometry.type === 'LineString' || geometry.type === 'MultiLineString') {
    const positions = geometry.type === 'LineString' ? geometry.coordinates : geometry.coordinates.flat();
    const line = Int32Array.from(positions.flatMap(([lon, lat]) => [toLattice(lon), toLattice(lat)]));
    // The middle vertex stands for a line, because it is always on it.
    const middle = 2 * Math.floor((positions.length - 1) / 2);
    return spotOf(line[middle], line[middle + 1], 0, { geometry, box: boxOf([[line]]) });
  }
  const message = `${field}: an area is a polygon or a line, not a ${geometry.type}; give a point as point.`;
  throw new DomainError('BAD_GEOJSON', message, { field });
}
