import { LATTICE_PER_DEGREE, MAX_LAT, MAX_LON } from './lattice.ts';
import type { Box, Ring, Shape } from './polygon.ts';

/** Metres per lattice step in both directions, near one latitude. */
export interface Metric {
  readonly metresPerX: number;
  readonly metresPerY: number;
}

const SEMI_MAJOR_METRES = 6_378_137;
const ECCENTRICITY_SQUARED = 0.00669437999014;
const RADIANS_PER_STEP = Math.PI / 180 / LATTICE_PER_DEGREE;

/**
 * The local metric of the WGS84 ellipsoid at lattice latitude y, from its radii of curvature M (along the meridian) and
 * N (across it). A length taken with it is within 0.1 % of the geodesic up to 5 km and up to 60 degrees of latitude.
 */
export function metricAt(y: number): Metric {
  const lat = y * RADIANS_PER_STEP;
  const w = 1 - ECCENTRICITY_SQUARED * Math.sin(lat) ** 2;
  const across = SEMI_MAJOR_METRES / Math.sqrt(w);
  const along = (SEMI_MAJOR_METRES * (1 - ECCENTRICITY_SQUARED)) / w ** 1.5;
  return {
    metresPerX: across * Math.max(0, Math.cos(lat)) * RADIANS_PER_STEP,
    metresPerY: along * RADIANS_PER_STEP,
  };
}

/** Square of {@link segmentDistanceMetres}: enough to compare, without the root. */
export function segmentDistanceSquaredMetres(
  ax: number,
  ay: number,
  bx: number,
  by: number,
  px: number,
  py: number,
  metric: Metric,
): number {
  const ux = (bx - ax) * metric.metresPerX;
  const uy = (by - ay) * metric.metresPerY;
  const vx = (px - ax) * metric.metresPerX;
  const vy = (py - ay) * metric.metresPerY;
  const length = ux * ux + uy * uy;
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, (ux * vx + uy * vy) / length));
  const dx = vx - along * ux;
  const dy = vy - along * uy;
  return dx * dx + dy * dy;
}

/** Metres from the lattice point p to the nearest point of the edge a–b, in the plane of the metric taken at p. */
export function segmentDistanceMetres(
  ax: number,
  ay: number,
  bx: number,
  by: number,
  px: number,
  py: number,
  metric: Metric,
): number {
  return Math.sqrt(segmentDistanceSquaredMetres(ax, ay, bx, by, px, py, metric));
}

function ringDistanceSquaredMetres(ring: Ring, x: number, y: number, metric: Metric): number {
  let least = Infinity;
  let ax = ring[ring.length - 2];
  let ay = ring[ring.length - 1];
  for (let i = 0; i < ring.length; i += 2) {
    const bx = ring[i];
    const by = ring[i + 1];
    least = Math.min(least, segmentDistanceSquaredMetres(ax, ay, bx, by, x, y, metric));
    ax = bx;
    ay = by;
  }
  return least;
}

/**
 * Metres from a lattice point to the nearest border of the shape, from inside or outside; 0 at a vertex, and less than
 * a millionth of a metre on an edge. Edges are straight in lon/lat. Accuracy as in {@link metricAt}; the 180th
 * meridian is not crossed.
 */
export function distanceToShapeMetres(shape: Shape, x: number, y: number): number {
  const metric = metricAt(y);
  let least = Infinity;
  for (const polygon of shape) {
    for (const ring of polygon) least = Math.min(least, ringDistanceSquaredMetres(ring, x, y, metric));
  }
  return Math.sqrt(least);
}

/**
 * A box on the lattice that surely holds every point within so many metres of (x, y). It is cut at the poles and at the
 * 180th meridian, not wrapped around it.
 */
export function boxAround(x: number, y: number, metres: number): Box {
  // A tenth of a percent more than the local metric says: it errs by less over the distances asked for.
  const reach = metres * 1.001;
  const dy = Math.ceil(reach / metricAt(y).metresPerY) + 1;
  const minY = Math.max(-MAX_LAT, y - dy);
  const maxY = Math.min(MAX_LAT, y + dy);
  const narrowest = metricAt(Math.max(Math.abs(minY), Math.abs(maxY))).metresPerX;
  const dx = Math.min(2 * MAX_LON, Math.ceil(reach / narrowest) + 1);
  return { minX: Math.max(-MAX_LON, x - dx), minY, maxX: Math.min(MAX_LON, x + dx), maxY };
}

/**
 * Metres along the shortest way on the WGS84 ellipsoid between two lattice points, to within a millimetre (Vincenty's
 * inverse formula). Where that does not converge, between points nearly opposite each other on the Earth, half a
 * circumference: good to some 70 km.
 */
export function geodesicMetres(ax: number, ay: number, bx: number, by: number): number {
  if (ax === bx && ay === by) return 0;
  const f = 1 - Math.sqrt(1 - ECCENTRICITY_SQUARED);
  const semiMinor = SEMI_MAJOR_METRES * (1 - f);
  const u1 = Math.atan((1 - f) * Math.tan(ay * RADIANS_PER_STEP));
  const u2 = Math.atan((1 - f) * Math.tan(by * RADIANS_PER_STEP));
  const [sinU1, cosU1, sinU2, cosU2] = [Math.sin(u1), Math.cos(u1), Math.sin(u2), Math.cos(u2)];
  // The short way round, also across the 180th meridian.
  const turn = 2 * MAX_LON;
  const steps = ((((bx - ax + MAX_LON) % turn) + turn) % turn) - MAX_LON;
  const longitude = steps * RADIANS_PER_STEP;
  let lambda = longitude;
  for (let round = 0; round < 200; round++) {
    const across = cosU2 * Math.sin(lambda);
    const along = cosU1 * sinU2 - sinU1 * cosU2 * Math.cos(lambda);
    const sinSigma = Math.hypot(across, along);
    if (sinSigma === 0) return 0;
    const cosSigma = sinU1 * sinU2 + cosU1 * cosU2 * Math.cos(lambda);
    const sigma = Math.atan2(sinSigma, cosSigma);
    const sinAlpha = (cosU1 * cosU2 * Math.sin(lambda)) / sinSigma;
    const cosSqAlpha = 1 - sinAlpha ** 2;
    const cos2Sm = cosSqAlpha === 0 ? 0 : cosSigma - (2 * sinU1 * sinU2) / cosSqAlpha;
    const c = (f / 16) * cosSqAlpha * (4 + f * (4 - 3 * cosSqAlpha));
    const before = lambda;
    const bend = sigma + c * sinSigma * (cos2Sm + c * cosSigma * (2 * cos2Sm ** 2 - 1));
    lambda = longitude + (1 - c) * f * sinAlpha * bend;
    if (Math.abs(lambda - before) > 1e-13) continue;
    const uSq = (cosSqAlpha * (SEMI_MAJOR_METRES ** 2 - semiMinor ** 2)) / semiMinor ** 2;
    return semiMinor * arcLength(uSq, sigma, sinSigma, cosSigma, cos2Sm);
  }
  return Math.PI * semiMinor;
}

/** The last lines of the formula: an arc on the auxiliary sphere as a length in units of the semi-minor axis. */
function arcLength(uSq: number, sigma: number, sinSigma: number, cosSigma: number, cos2Sm: number): number {
  const a = 1 + (uSq / 16384) * (4096 + uSq * (-768 + uSq * (320 - 175 * uSq)));
  const b = (uSq / 1024) * (256 + uSq * (-128 + uSq * (74 - 47 * uSq)));
  const third = (b / 6) * cos2Sm * (4 * sinSigma ** 2 - 3) * (4 * cos2Sm ** 2 - 3);
  return a * (sigma - b * sinSigma * (cos2Sm + (b / 4) * (cosSigma * (2 * cos2Sm ** 2 - 1) - third)));
}
