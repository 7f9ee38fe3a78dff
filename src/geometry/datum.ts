import gcoordModule from 'gcoord';
import type { Position } from './lattice.ts';

// gcoord is CommonJS whose types claim a default export that the file does not have: the module itself is the object.
const gcoord = gcoordModule as unknown as typeof gcoordModule.default;

/** The datums a position may come in. CGCS2000 equals WGS84 to some centimetres and is taken as equal. */
export const DATUMS = ['WGS84', 'CGCS2000', 'GCJ02', 'BD09'] as const;
export type Datum = (typeof DATUMS)[number];

type Pair = [lon: number, lat: number];
const toGcj02 = (pair: Pair): Pair => gcoord.transform(pair, gcoord.WGS84, gcoord.GCJ02);

// gcoord's own inverse of GCJ-02 never returns for some points on the edge of its box of China, where the shift jumps
// to zero. Its forward shift, inverted in a bounded number of steps, gives the same answer elsewhere, and a finer one.
const INVERSE_STEPS = 12;
const INVERSE_DEGREES = 1e-9;

function gcj02ToWgs84(target: Pair): Pair {
  let guess: Pair = target;
  for (let step = 0; step < INVERSE_STEPS; step++) {
    const there = toGcj02(guess);
    const dLon = there[0] - target[0];
    const dLat = there[1] - target[1];
    if (Math.abs(dLon) < INVERSE_DEGREES && Math.abs(dLat) < INVERSE_DEGREES) return guess;
    guess = [guess[0] - dLon, guess[1] - dLat];
  }
  return target;
}

/**
 * The same place on WGS84. GCJ-02 and BD-09 have no published inverse: GCJ-02 is inverted to 1e-9 degree against the
 * forward shift that gcoord reproduces, BD-09 by gcoord's formula; both agree with gcoord's 664 reference places to
 * 1 m. Outside gcoord's box of China (72.004–137.8347 E, 0.8293–55.8271 N, a rectangle that holds parts of its
 * neighbours too) GCJ-02 is WGS84; BD-09 is shifted everywhere. On the very edge of the box, where no inverse exists, the position is kept as it is.
 */
export function toWgs84(position: Position, datum: Datum): Position {
  if (datum === 'WGS84' || datum === 'CGCS2000') return position;
  let pair: Pair = [position.lon, position.lat];
  if (datum === 'BD09') pair = gcoord.transform(pair, gcoord.BD09, gcoord.GCJ02);
  const [lon, lat] = gcj02ToWgs84(pair);
  return { lon, lat };
}
