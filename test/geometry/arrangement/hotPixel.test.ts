import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crossingPixel, passesPixel, segmentsCross } from '../../../src/geometry/arrangement/noding/hotPixel.ts';

const SEED = 20240707;

/**
 * Whether a + t (b − a) lies in the half-open unit square around (x, y) for some t from 0 to 1. Exact where the segment
 * is a power of two wide and high, or flat.
 */
function clips(ax: number, ay: number, bx: number, by: number, x: number, y: number): boolean {
  const limits = [
    { a: ax, d: bx - ax, c: x },
    { a: ay, d: by - ay, c: y },
  ];
  let low = { value: 0, open: false };
  let high = { value: 1, open: false };
  for (const { a, d, c } of limits) {
    if (d === 0) {
      if (a !== c) return false;
      continue;
    }
    const [first, second] = [(c - 0.5 - a) / d, (c + 0.5 - a) / d];
    const [from, to] =
      d > 0
        ? [
            { value: first, open: false },
            { value: second, open: true },
          ]
        : [
            { value: second, open: true },
            { value: first, open: false },
          ];
    if (from.value > low.value || (from.value === low.value && from.open)) low = from;
    if (to.value < high.value || (to.value === high.value && to.open)) high = to;
  }
  return low.value < high.value || (low.value === high.value && !low.open && !high.open);
}

describe('passesPixel', () => {
  it('says the same as clipping, for every small segment', () => {
    const sizes = [-8, -4, -2, -1, 0, 1, 2, 4, 8];
    const around = Array.from({ length: 19 }, (_, i) => i - 9);
    const wrong: number[][] = [];
    for (const dx of sizes) {
      for (const dy of sizes) {
        for (const x of around) {
          for (const y of around) {
            if (passesPixel(0, 0, dx, dy, x, y) !== clips(0, 0, dx, dy, x, y)) wrong.push([dx, dy, x, y]);
          }
        }
      }
    }
    expect(wrong).toEqual([]);
  });
});

describe('crossingPixel', () => {
  const far = fc.integer({ min: -1_800_000_000, max: 1_800_000_000 });
  const near = fc.integer({ min: -40, max: 40 });
  it.each([
    ['across the Earth', far],
    ['within a metre', near],
  ])('is a point whose square both segments pass: %s', (_title, number) => {
    let crossed = 0;
    const property = fc.property(fc.array(number, { minLength: 8, maxLength: 8 }), (n) => {
      const [ax, ay, bx, by, cx, cy, dx, dy] = n;
      if (!segmentsCross(ax, ay, bx, by, cx, cy, dx, dy)) return;
      crossed++;
      const [x, y] = crossingPixel(ax, ay, bx, by, cx, cy, dx, dy);
      expect(crossingPixel(dx, dy, cx, cy, bx, by, ax, ay)).toEqual([x, y]);
      expect(passesPixel(ax, ay, bx, by, x, y) && passesPixel(cx, cy, dx, dy, x, y)).toBe(true);
    });
    fc.assert(property, { seed: SEED, numRuns: 2_000 });
    expect(crossed).toBeGreaterThan(100);
  });
});
