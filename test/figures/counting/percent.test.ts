import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fractionOf,
  inMillionths,
  toChange,
  toDecimal,
  toPercent,
  toPoints,
} from '../../../src/figures/counting/percent.ts';
import { periodOf } from '../../../src/figures/frame/period.ts';

describe('a share as it is printed', () => {
  it.each([
    [961, 1000, 1, '96.1 %'],
    [1777, 1870, 1, '95.0 %'],
    [45, 46, 1, '97.8 %'],
    [1, 16, 1, '6.3 %'],
    [5, 1000, 0, '1 %'],
    [0, 7, 2, '0.00 %'],
    [3, 0, 1, null],
    [123_456, 1, 0, '12,345,600 %'],
  ])('%i of %i to %i decimals: %s', (part, whole, decimals, text) => {
    expect(toPercent(part, whole, decimals)).toBe(text);
  });

  it('is never farther from the truth than half of its last digit, however large the numbers', () => {
    const number = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });
    fc.assert(
      fc.property(number, fc.bigInt({ min: 1n, max: 10n ** 30n }), fc.integer({ min: 0, max: 6 }), (n, d, decimals) => {
        const shown = BigInt(toDecimal({ numerator: n, denominator: d }, decimals)!.replace(/[.,]/g, ''));
        const off = 2n * (shown * d - n * 10n ** BigInt(decimals));
        expect(off <= d && off >= -d).toBe(true);
      }),
    );
  });

  it('changes with a sign, and from nothing has no value', () => {
    expect([toChange(4, 2, 1), toChange(8, 9, 1), toChange(3, 3, 1), toChange(0, 5, 1)]).toEqual([
      '-50.0 %',
      '+12.5 %',
      '0.0 %',
      null,
    ]);
    const share = (numerator: bigint, denominator: bigint) => ({ numerator, denominator });
    expect(toPoints(share(1n, 3n), share(2n, 3n), 2)).toBe('+33.33 points');
    expect(toPoints(share(1n, 3n), share(0n, 0n), 2)).toBeNull();
    expect(toDecimal(fractionOf(inMillionths(349_999.5)), 1)).toBe('349,999.5');
  });
});

describe('days of a period', () => {
  it('begin at local midnight, weeks on Monday, and a day on which clocks change has 23 or 25 hours', () => {
    const hours = (day: string) => {
      const [from, to] = periodOf('DAY', day, 'Europe/Berlin').starts;
      return (to.getTime() - from.getTime()) / 3_600_000;
    };
    expect([hours('2026-03-29'), hours('2026-10-25'), hours('2026-06-01')]).toEqual([23, 25, 24]);
    expect(periodOf('WEEK', '2026-03-01', 'Asia/Shanghai').days).toEqual(
      ['02-23', '02-24', '02-25', '02-26', '02-27', '02-28', '03-01'].map((day) => `2026-${day}`),
    );
    expect(periodOf('MONTH', '2028-02-10', 'Asia/Shanghai').days).toHaveLength(29);
    expect(() => periodOf('DAY', '2026-02-30', 'Asia/Shanghai')).toThrow('day: 2026-02-30 is no day');
  });
});
