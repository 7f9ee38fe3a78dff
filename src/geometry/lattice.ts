import { DomainError } from '../errors.ts';

/**
 * The integer lattice of 1e-7 degree (1.1 cm on a meridian) on which every boundary and every looked-up point lies.
 * On integers the point-in-polygon test is exact arithmetic, so two neighbours can never both claim, or both refuse,
 * a point of their shared border. Both axes fit a signed 32-bit integer: |lon| <= 1.8e9.
 */
export const LATTICE_PER_DEGREE = 1e7;
export const MAX_LON = 180 * LATTICE_PER_DEGREE;
export const MAX_LAT = 90 * LATTICE_PER_DEGREE;

/** Nearest lattice number to a coordinate in degrees. The caller has checked that it is finite and in range. */
export function toLattice(degrees: number): number {
  return Math.round(degrees * LATTICE_PER_DEGREE);
}

/** Degrees of a lattice number: the double nearest to its seven-digit decimal, the same one PostGIS stores. */
export function fromLattice(lattice: number): number {
  return lattice / LATTICE_PER_DEGREE;
}

/** A position in degrees, on WGS84. */
export interface Position {
  readonly lon: number;
  readonly lat: number;
}

/** Refuses what is no place on Earth (BAD_INPUT), naming the field; hints at swapped axes where swapping would help. */
export function assertPosition(position: Position, field: string): void {
  const { lon, lat } = position;
  const lonFits = Number.isFinite(lon) && Math.abs(lon) <= 180;
  const latFits = Number.isFinite(lat) && Math.abs(lat) <= 90;
  if (lonFits && latFits) return;
  const swapped = lonFits && Number.isFinite(lat) && Math.abs(lat) <= 180 && Math.abs(lon) <= 90;
  const hint = swapped ? ' The axes look swapped: give lon first, then lat.' : '';
  const what = lonFits ? `lat must be within ±90, not ${lat}` : `lon must be within ±180, not ${lon}`;
  throw new DomainError('BAD_INPUT', `${field}: ${what} (degrees, WGS84).${hint}`, { field, lon, lat });
}
