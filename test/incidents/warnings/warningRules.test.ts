import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lockNumbers, squaresAround } from '../../../src/incidents/warnings/placeLocks.ts';
import {
  type EarlierMatter,
  makesInstruction,
  type WarningMatter,
} from '../../../src/incidents/warnings/warningRules.ts';
import type { WarningPractice } from '../../../src/practice/practice.type.ts';
import { samePlace, slowly } from './slowRule.ts';

const RUNS = Number(process.env.WARNING_RUNS ?? 400);
const ZONE = 'Asia/Shanghai';
const [X, Y] = [1_050_000_000, 250_000_000];
const noon = (day: number, hour = 12) => new Date(Date.UTC(2026, 4, day, hour - 8));

const RULE: WarningPractice = {
  ...{ code: 'again', name: 'Again', enabled: true, categories: ['dispute'], same: 'ADDRESS', metres: null },
  ...{ count: 2, withinDays: 30, fromHour: null, toHour: null, instruct: [] },
};

function matter(more: Partial<WarningMatter> = {}): WarningMatter {
  return { category: 'dispute', occurredAt: noon(1), x: X, y: Y, addressId: 'a', gridIds: ['g'], ...more };
}

type Judge = (rule: WarningPractice, matter: WarningMatter, earlier: readonly EarlierMatter[]) => boolean;
const judge: Judge = (rule, each, earlier) => makesInstruction(rule, each, earlier, ZONE);

/** Which matters make an instruction when they are reported one after another. */
function reported(rule: WarningPractice, matters: readonly WarningMatter[], by: Judge = judge): boolean[] {
  const earlier: EarlierMatter[] = [];
  return matters.map((each) => {
    const made = by(rule, each, earlier);
    earlier.push({ ...each, warned: made ? [rule.code] : [] });
    return made;
  });
}

describe('a rule about matters that repeat themselves', () => {
  it('makes one instruction of the second at an address, none of the first, none of the third', () => {
    const matters = [1, 2, 3].map((day) => matter({ occurredAt: noon(day) }));
    expect(reported(RULE, matters)).toEqual([false, true, false]);
  });

  it('begins anew when the instruction is further back than its days', () => {
    const matters = [1, 2, 33, 34].map((day) => matter({ occurredAt: noon(day) }));
    expect(reported(RULE, matters)).toEqual([false, true, false, true]);
  });

  it('counts up to its days, to the instant, and not beyond', () => {
    const late = (ms: number) => matter({ occurredAt: new Date(noon(31).getTime() + ms) });
    expect(reported(RULE, [matter(), late(0)])).toEqual([false, true]);
    expect(reported(RULE, [matter(), late(1)])).toEqual([false, false]);
  });

  it('counts by when matters occurred, in whatever order they are reported', () => {
    const days = [noon(20), noon(1), noon(10)].map((occurredAt) => matter({ occurredAt }));
    expect(reported({ ...RULE, count: 3 }, days)).toEqual([false, false, true]);
    expect(reported({ ...RULE, count: 3, withinDays: 18 }, days)).toEqual([false, false, false]);
  });

  it('is about its categories only, or about every one', () => {
    const matters = [matter(), matter({ category: 'noise' }), matter()];
    expect(reported(RULE, matters)).toEqual([false, false, true]);
    expect(reported({ ...RULE, categories: [] }, matters)).toEqual([false, true, false]);
  });

  it('knows an address by its id, and one without an id by 15 metres', () => {
    const near = { x: X + 1400 };
    expect(reported(RULE, [matter(), matter({ addressId: 'b' })])).toEqual([false, false]);
    expect(reported(RULE, [matter(), matter({ addressId: null, ...near })])).toEqual([false, true]);
    expect(reported(RULE, [matter({ addressId: null }), matter({ addressId: null, x: X + 1500 })])).toEqual([
      false,
      false,
    ]);
  });

  it('counts by metres, or by the smallest grid', () => {
    const [here, there] = [matter(), matter({ addressId: 'b', x: X + 9_000, gridIds: ['g', 'other'] })];
    expect(reported({ ...RULE, same: 'NEARBY', metres: 100 }, [here, there])).toEqual([false, true]);
    expect(reported({ ...RULE, same: 'NEARBY', metres: 80 }, [here, there])).toEqual([false, false]);
    expect(reported({ ...RULE, same: 'GRID' }, [here, there])).toEqual([false, true]);
    expect(reported({ ...RULE, same: 'GRID' }, [here, { ...there, gridIds: ['other'] }])).toEqual([false, false]);
  });

  it('counts only what occurred in its hours of the local day, over midnight too', () => {
    const night = { ...RULE, fromHour: 22, toHour: 6 };
    const at = (...hours: number[]) => hours.map((hour) => matter({ occurredAt: noon(10, hour) }));
    expect(reported(night, at(22, 5))).toEqual([false, true]);
    expect(reported(night, at(21, 23, 6, 0))).toEqual([false, false, false, true]);
    expect(reported({ ...RULE, fromHour: 8, toHour: 24 }, at(7, 23, 8))).toEqual([false, false, true]);
  });
});

describe('against trying every choice', () => {
  const rules = fc.record({
    same: fc.constantFrom('ADDRESS', 'GRID', 'NEARBY' as const),
    metres: fc.integer({ min: 1, max: 400 }),
    count: fc.integer({ min: 2, max: 4 }),
    withinDays: fc.integer({ min: 1, max: 10 }),
    hours: fc.option(
      fc.tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 24 })).filter(([a, b]) => a !== b),
    ),
    categories: fc.subarray(['dispute', 'noise']),
  });
  const matters = fc.array(
    fc.record({
      category: fc.constantFrom('dispute', 'noise', 'fraud'),
      hour: fc.integer({ min: 0, max: 24 * 25 }),
      x: fc.integer({ min: X, max: X + 20_000 }),
      y: fc.integer({ min: Y, max: Y + 20_000 }),
      addressId: fc.constantFrom(null, 'a', 'b'),
      grid: fc.constantFrom('g', 'h'),
    }),
    { minLength: 2, maxLength: 8 },
  );

  function fails(by: Judge): boolean {
    let compared = 0;
    const property = fc.property(rules, matters, ({ hours, metres, ...rest }, drawn) => {
      const span = hours ? { fromHour: hours[0], toHour: hours[1] } : {};
      const rule = { ...RULE, ...rest, ...span, metres: rest.same === 'NEARBY' ? metres : null } as WarningPractice;
      const each = drawn.map(({ hour, grid, ...more }) =>
        matter({ ...more, occurredAt: new Date(noon(1).getTime() + hour * 3_600_000), gridIds: [grid] }),
      );
      const slow = slowly(rule, each);
      if (!slow) return;
      compared += 1;
      expect(reported(rule, each, by)).toEqual(slow);
    });
    const { failed } = fc.check(property, { numRuns: RUNS });
    if (!failed) expect(compared).toBeGreaterThan(RUNS / 2);
    return failed;
  }

  it('rules find the same', () => {
    expect(fails(judge)).toBe(false);
  });

  it('one that looks back only from when the new one occurred is found out', () => {
    const careless: Judge = (rule, each, earlier) =>
      judge(
        rule,
        each,
        earlier.filter(({ occurredAt }) => occurredAt <= each.occurredAt),
      );
    expect(fails(careless)).toBe(true);
  });
});

describe('two matters at one place', () => {
  it('have a lock in common wherever they are', () => {
    const spots = fc.record({
      x: fc.integer({ min: -1_700_000_000, max: 1_700_000_000 }),
      y: fc.integer({ min: -700_000_000, max: 700_000_000 }),
      metres: fc.double({ min: 1, max: 5_000, noNaN: true }),
      dx: fc.integer({ min: -600_000, max: 600_000 }),
      dy: fc.integer({ min: -600_000, max: 600_000 }),
    });
    const property = fc.property(spots, ({ x, y, metres, dx, dy }) => {
      const scale = metres / 5_000;
      const other = matter({ x: x + Math.round(dx * scale), y: y + Math.round(dy * scale), addressId: null });
      const here = matter({ x, y, addressId: null });
      const [a, b] = [here, other].map((each) => lockNumbers(squaresAround(each.x, each.y, metres)));
      expect(a.length).toBeLessThanOrEqual(9);
      expect(a).toEqual([...a].sort((m, n) => (m < n ? -1 : 1)));
      if (samePlace({ ...RULE, same: 'NEARBY', metres }, here, other))
        expect(a.some((key) => b.includes(key))).toBe(true);
    });
    fc.assert(property, { numRuns: RUNS });
  });
});
