import { DomainError, type ErrorCode } from '../../errors.ts';

/** Every rule that a GeoJSON document or a boundary can break, and what it means. The union is closed. */
export const FAULTS = {
  EMPTY: 'Nothing is there: an empty file, collection or list of coordinates.',
  NOT_JSON: 'The text is not JSON.',
  NOT_AN_OBJECT: 'A GeoJSON object is wanted, something else is there.',
  UNKNOWN_TYPE: 'The type is missing or none of those that RFC 7946 allows here.',
  FEATURES_MISSING: 'A FeatureCollection without a list of features.',
  GEOMETRY_MISSING: 'A Feature without a geometry member.',
  NULL_GEOMETRY: 'A geometry that is null; a boundary needs one.',
  GEOMETRIES_MISSING: 'A GeometryCollection without a list of geometries.',
  NESTED_COLLECTION: 'A GeometryCollection within another; RFC 7946 advises against it.',
  COORDINATES_MISSING: 'A geometry without a list of coordinates.',
  WRONG_DEPTH: 'Coordinates are nested too deep or not deep enough.',
  MISLABELED: 'The coordinates are well-formed, but those of another type of geometry.',
  NOT_A_NUMBER: 'A coordinate is not a finite number.',
  OUT_OF_RANGE: 'A longitude outside ±180 or a latitude outside ±90 degrees.',
  TOO_FEW_NUMBERS: 'A position with fewer than two numbers.',
  ALTITUDE_DROPPED: 'Positions have an altitude; it is left out.',
  EXTRA_NUMBERS: 'Positions have more than three numbers; the others are left out.',
  TOO_FEW_POSITIONS: 'A line of fewer than two positions, or a ring of fewer than three different ones.',
  UNCLOSED_RING: 'The last position of a ring is not its first.',
  ZERO_LENGTH: 'All positions of a line are the same.',
  BAD_BBOX: 'A bbox that is not a list of four or six numbers.',
  BBOX_MISMATCH: 'A bbox that does not hold its geometry; it is ignored.',
  BAD_PROPERTIES: 'Properties that are neither an object nor null.',
  BAD_ID: 'A feature id that is neither text nor a number.',
  MISPLACED_MEMBER: 'A member that RFC 7946 keeps for another type; it is ignored.',
  CRS_MEMBER: 'A crs member, gone since RFC 7946, that says what is assumed anyway.',
  CRS_NOT_WGS84: 'A crs member that names another system than WGS84.',
  UNSUPPORTED_TYPE: 'A boundary is a Polygon or a MultiPolygon.',
  TOO_MANY_VERTICES: 'A boundary has at most 20,000 vertices.',
  ANTIMERIDIAN: 'An edge spans half the globe; cut the shape at the 180th meridian.',
  DUPLICATE_POSITION: 'Neighbouring positions are one on the lattice of 1e-7 degree; they are merged.',
  ZERO_AREA: 'All positions of a ring lie on one line.',
  SELF_INTERSECTION: 'A ring crosses, touches or runs back along itself.',
  RINGS_CROSS: 'Two rings of one polygon cross or run along each other.',
  HOLE_OUTSIDE: 'A hole does not lie inside its outer ring.',
  POLYGONS_OVERLAP: 'Two polygons of one boundary overlap or share a stretch of border.',
  INTERIOR_CUT: 'Touching rings cut the interior of a polygon into separate pieces.',
  TOO_MANY_FAULTS: 'There are more faults than are listed.',
} as const;

export type FaultCode = keyof typeof FAULTS;

/** One broken rule: where (`features[3].geometry.coordinates[0][17]`), what is wrong and the way out. */
export interface Fault {
  readonly code: FaultCode;
  /** An ERROR refuses what it stands on; a WARNING says what was ignored or changed. */
  readonly severity: 'ERROR' | 'WARNING';
  readonly path: string;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** The error that refuses a document or geometry for one fault. */
export function refusal(code: ErrorCode, fault: Fault): DomainError {
  const message = fault.path ? `${fault.path}: ${fault.message}` : fault.message;
  return new DomainError(code, message, { ...fault.details, fault: fault.code, path: fault.path });
}

const MOST_ERRORS = 20;

/** Gathers the faults of one feature, geometry or document. */
export class FaultList {
  readonly all: Fault[] = [];
  private errors = 0;

  /** Adds an error; after twenty, one last entry says that there are more. */
  error(code: FaultCode, path: string, message: string, details?: Record<string, unknown>): undefined {
    this.errors++;
    if (this.errors <= MOST_ERRORS) this.all.push({ code, severity: 'ERROR', path, message, details });
    if (this.errors !== MOST_ERRORS + 1) return;
    const more = `More than ${MOST_ERRORS} faults; mend these first, then read again.`;
    this.all.push({ code: 'TOO_MANY_FAULTS', severity: 'ERROR', path, message: more });
  }

  /** Adds a warning, once per code. */
  warnOnce(code: FaultCode, path: () => string, message: string, details?: Record<string, unknown>): void {
    if (this.all.some((fault) => fault.code === code)) return;
    this.all.push({ code, severity: 'WARNING', path: path(), message, details });
  }

  /** The first error, if any. */
  get firstError(): Fault | undefined {
    return this.all.find((fault) => fault.severity === 'ERROR');
  }
}
