import { fromLattice, toLattice } from '../lattice.ts';
import { orientation, type Polygon, type Ring, ringAreaSign, type Shape } from '../polygon.ts';
import type { LonLat } from '../reading/coordinateReader.ts';
import { type Fault, type FaultCode, refusal } from '../reading/faults.ts';
import type { ReadGeometry } from '../reading/geometryReader.ts';
import { findRingFault, type RingFault } from './ringFaults.ts';

/** The most vertices a boundary may have, closing points not counted. */
export const MAX_VERTICES = 20_000;

type Rings = readonly (readonly LonLat[])[];
type BoundaryGeometry = Extract<ReadGeometry, { type: 'Polygon' | 'MultiPolygon' }>;

function refuse(code: FaultCode, path: string, message: string, details?: Record<string, unknown>): never {
  throw refusal('BAD_BOUNDARY', { code, severity: 'ERROR', path, message, details });
}

/**
 * The boundary that a Polygon or MultiPolygon in degrees describes, rounded to the lattice. Ring directions stay as they
 * are, collinear vertices too. Throws BAD_BOUNDARY with the broken rule in `details.fault`, its place in `details.path`
 * and, for rings, `details.lon` and `details.lat`: too many vertices, no area, rings that cross (see {@link FaultCode}).
 * Nothing is mended but neighbouring vertices that round to one, which is told in the warnings.
 */
export function toShape(geometry: ReadGeometry | null, field: string, warnings?: Fault[]): Shape {
  if (geometry === null) refuse('NULL_GEOMETRY', field, 'The geometry is null; a boundary needs one.');
  if (geometry.type !== 'Polygon' && geometry.type !== 'MultiPolygon') {
    refuse('UNSUPPORTED_TYPE', field, `A boundary is a Polygon or a MultiPolygon, not a ${geometry.type}.`);
  }
  const path = `${field}.coordinates`;
  const polygons: readonly Rings[] = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
  assertVertexLimit(polygons, path);
  const pathOf = (polygon: number, ring: number) =>
    geometry.type === 'Polygon' ? `${path}[${ring}]` : `${path}[${polygon}][${ring}]`;
  const shape = polygons.map((rings, p) => rings.map((ring, r) => toRing(ring, pathOf(p, r), warnings)));
  const fault = findRingFault(shape);
  if (fault) refuseRings(fault, polygons, pathOf);
  return shape;
}

function assertVertexLimit(polygons: readonly Rings[], path: string): void {
  const count = polygons.flat().reduce((sum, ring) => sum + ring.length - 1, 0);
  if (count <= MAX_VERTICES) return;
  const message = `The boundary has ${count} vertices, ${MAX_VERTICES} are allowed. Simplify it (to 1 m, say) or split the grid.`;
  refuse('TOO_MANY_VERTICES', path, message, { vertices: count, allowed: MAX_VERTICES });
}

const HALF_GLOBE_DEGREES = 180;

function toRing(positions: readonly LonLat[], path: string, warnings?: Fault[]): Ring {
  const numbers: number[] = [];
  for (let i = 0; i < positions.length - 1; i++) {
    if (Math.abs(positions[i + 1][0] - positions[i][0]) > HALF_GLOBE_DEGREES) {
      const message = 'An edge spans more than half the globe. Cut the shape at the 180th meridian (RFC 7946, 3.1.9).';
      refuse('ANTIMERIDIAN', `${path}[${i}]`, message);
    }
    const x = toLattice(positions[i][0]);
    const y = toLattice(positions[i][1]);
    if (numbers.at(-2) !== x || numbers.at(-1) !== y) numbers.push(x, y);
  }
  while (numbers.length > 2 && numbers.at(-2) === numbers[0] && numbers.at(-1) === numbers[1]) numbers.length -= 2;
  const merged = positions.length - 1 - numbers.length / 2;
  if (numbers.length < 6) {
    const message =
      'The ring has fewer than three different positions, once rounded to 1e-7 degree (1 cm). Leave it out.';
    refuse('TOO_FEW_POSITIONS', path, message);
  }
  if (!hasArea(numbers)) refuse('ZERO_AREA', path, 'All positions of the ring lie on one line. Leave it out.');
  if (merged > 0) {
    const message = `${merged} positions are the same as their neighbour, once rounded to 1e-7 degree (1 cm), and were left out.`;
    warnings?.push({ code: 'DUPLICATE_POSITION', severity: 'WARNING', path, message, details: { merged } });
  }
  return Int32Array.from(numbers);
}

function hasArea(numbers: readonly number[]): boolean {
  const [ax, ay, bx, by] = numbers;
  for (let i = 4; i < numbers.length; i += 2) {
    if (orientation(ax, ay, bx, by, numbers[i], numbers[i + 1]) !== 0) return true;
  }
  return false;
}

const RING_MESSAGES: Record<RingFault['code'], string> = {
  SELF_INTERSECTION: 'The ring crosses, touches or runs back along itself',
  RINGS_CROSS: 'The ring crosses or runs along',
  HOLE_OUTSIDE: 'The hole does not lie inside',
  POLYGONS_OVERLAP: 'The polygon overlaps or shares a stretch of border with that of',
  INTERIOR_CUT: 'Touching rings cut the interior of the polygon in two, with',
};

function refuseRings(fault: RingFault, polygons: readonly Rings[], pathOf: (p: number, r: number) => string): never {
  const { polygon, ring } = fault.ring;
  const isHere = ([lon, lat]: LonLat) => toLattice(lon) === fault.x && toLattice(lat) === fault.y;
  const index = polygons[polygon][ring].findIndex(isHere);
  const path = pathOf(polygon, ring);
  const other = pathOf(fault.other.polygon, fault.other.ring);
  const lon = fromLattice(fault.x);
  const lat = fromLattice(fault.y);
  const what = RING_MESSAGES[fault.code] + (fault.code === 'SELF_INTERSECTION' ? '' : ` ${other}`);
  const message = `${what}, at or beside ${lon}, ${lat}. Redraw it there.`;
  refuse(fault.code, index < 0 ? path : `${path}[${index}]`, message, { lon, lat, other });
}

/**
 * A boundary as RFC 7946 wants it: outer rings counter-clockwise, holes clockwise, closed, seven decimals; a Polygon when
 * there is one, else a MultiPolygon. {@link toShape} of it gives the same points back.
 */
export function shapeToGeoJson(shape: Shape): BoundaryGeometry {
  const polygons = shape.map(polygonToRings);
  if (polygons.length === 1) return { type: 'Polygon', coordinates: polygons[0] };
  return { type: 'MultiPolygon', coordinates: polygons };
}

function polygonToRings(polygon: Polygon): Rings {
  return polygon.map((ring, r) => {
    const positions: LonLat[] = [];
    for (let i = 0; i < ring.length; i += 2) positions.push([fromLattice(ring[i]), fromLattice(ring[i + 1])]);
    const wanted = r === 0 ? 1 : -1;
    if (ringAreaSign(ring) === -wanted) positions.reverse();
    positions.push(positions[0]);
    return positions;
  });
}
