/** Shares closer than this are equal: PostGIS cuts two congruent halves to areas that differ in the last digits. */
const EQUAL_WITHIN = 1e-9;

/** Largest share first; 0 for equal ones, so that the caller's next order, the lower code, decides. */
export function byShare(a: number, b: number): number {
  return Math.round(b / EQUAL_WITHIN) - Math.round(a / EQUAL_WITHIN);
}
