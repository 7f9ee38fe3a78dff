import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertPosition, fromLattice, MAX_LAT, MAX_LON, toLattice } from '../../src/geometry/lattice.ts';
import { refusalOf } from './refusal.ts';

describe('the lattice', () => {
  it('gives every lattice number back after a trip through degrees', () => {
    fc.assert(
      fc.property(fc.integer({ min: -MAX_LON, max: MAX_LON }), (n) => toLattice(fromLattice(n)) === n),
      { seed: 1, numRuns: 5000 },
    );
  });

  it('prints a lattice number with at most seven decimals', () => {
    fc.assert(
      fc.property(fc.integer({ min: -MAX_LON, max: MAX_LON }), (n) =>
        /^-?\d+(\.\d{1,7})?(e-\d+)?$/.test(`${fromLattice(n)}`),
      ),
      { seed: 2, numRuns: 5000 },
    );
  });

  it('rounds to the nearest seventh decimal', () => {
    expect(toLattice(114.12345674)).toBe(1141234567);
    expect(toLattice(114.12345676)).toBe(1141234568);
    expect(toLattice(-90)).toBe(-MAX_LAT);
  });
});

const refusal = (lon: number, lat: number) => refusalOf(() => assertPosition({ lon, lat }, 'place.point'));

describe('a position', () => {
  it('may lie anywhere on Earth, edges included', () => {
    for (const [lon, lat] of [
      [0, 0],
      [180, 90],
      [-180, -90],
    ])
      assertPosition({ lon, lat }, 'place');
  });

  it('is refused outside the Earth, with the field and the value', () => {
    expect(refusal(999, 30)).toMatchObject({ code: 'BAD_INPUT', details: { field: 'place.point', lon: 999 } });
    expect(refusal(999, 30).message).toContain('999');
    expect(refusal(Number.NaN, 30).code).toBe('BAD_INPUT');
    expect(refusal(114, Number.POSITIVE_INFINITY).code).toBe('BAD_INPUT');
  });

  it('is refused with a hint when its axes look swapped', () => {
    expect(refusal(30.6, 114.3).message).toContain('swapped');
    expect(refusal(999, 999).message).not.toContain('swapped');
  });
});
