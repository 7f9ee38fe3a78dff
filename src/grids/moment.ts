/**
 * Which answer is meant: an instant of the world (`asOf`, milliseconds since 1970) as the registry knew it in an edition.
 * Same place, asOf and edition give the same answer for ever.
 */
export interface Moment {
  readonly asOf: number;
  readonly edition: number;
}

/** "For ever" in validity, and "not yet closed" in editions, on the typed arrays. */
export const FOREVER = Number.POSITIVE_INFINITY;
export const OPEN_EDITION = 2_147_483_647;

/** The end of a validity as clients see it: null where no end is known. */
export function endOf(ms: number): Date | null {
  return ms === FOREVER ? null : new Date(ms);
}
