import { describe, expect, it } from 'vitest';
import { FOREVER } from '../../../src/grids/moment.ts';
import { findContradiction, planDuties } from '../../../src/posts/duties/dutyPlan.ts';
import { bestStance, type DutyState, mayAct, type Stance, stanceAt } from '../../../src/posts/duties/dutyRule.ts';

const rule = (stance: Stance, more: Partial<DutyState> = {}): DutyState => ({
  ...{ roleId: 1, category: 'dispute', tierId: null, gridId: null, stance },
  ...more,
});
const seat = { tierId: 3, gridIds: ['village', 'town', 'county'] };

describe('the rule that decides at a seat', () => {
  const RULES: DutyState[] = [
    rule('MAY', { category: '*' }),
    rule('NOT'),
    rule('SUPPORTS', { tierId: 3 }),
    rule('MAY', { gridId: 'county' }),
    rule('LEADS', { gridId: 'town', category: '*' }),
    rule('NOT', { gridId: 'town', category: '*', tierId: 3 }),
    rule('MAY', { gridId: 'town', tierId: 3 }),
  ];

  it.each([
    ['nothing', 0, 'dispute', undefined],
    ['every matter', 1, 'dispute', 'MAY'],
    ['the matter before every matter', 2, 'dispute', 'NOT'],
    ['every matter for another matter', 2, 'noise', 'MAY'],
    ['the tier before all tiers', 3, 'dispute', 'SUPPORTS'],
    ['an area before everywhere', 4, 'dispute', 'MAY'],
    ['the nearest area, even for every matter', 5, 'dispute', 'LEADS'],
    ['the tier within the area', 6, 'noise', 'NOT'],
    ['the matter within the area', 7, 'dispute', 'MAY'],
  ] as const)('is %s', (_, count, category, expected) => {
    expect(stanceAt(RULES.slice(0, count), category, seat)).toBe(expected);
    expect(stanceAt(RULES.slice(0, count).toReversed(), category, seat)).toBe(expected);
  });

  it('is none of another tier or of an area elsewhere', () => {
    expect(stanceAt([rule('MAY', { tierId: 2 }), rule('MAY', { gridId: 'hamlet' })], 'dispute', seat)).toBeUndefined();
  });

  it('of several seats is the one that allows most', () => {
    expect(bestStance(['NOT', 'SUPPORTS', 'MAY'])).toBe('MAY');
    expect(bestStance(['MAY', 'LEADS'])).toBe('LEADS');
    expect(bestStance([])).toBeUndefined();
    expect((['LEADS', 'MAY', 'SUPPORTS', 'NOT'] as const).map(mayAct)).toEqual([true, true, false, false]);
  });
});

describe('a file written over what is known', () => {
  const known = [{ rowId: 7, value: rule('MAY'), validFrom: 0, validTo: FOREVER, editionFrom: 1, editionTo: 9 }];
  const dates = ({ opened }: ReturnType<typeof planDuties>) =>
    opened.map(({ stance, validFrom, validTo }) => [stance, validFrom.getTime(), validTo?.getTime() ?? null]);

  it('makes nothing new of what is so already', () => {
    const same = [{ row: 2, rule: rule('MAY'), from: 50, to: FOREVER }];
    expect(planDuties(same, known)).toEqual({ closed: [], opened: [] });
  });

  it('changes its own dates and keeps the others', () => {
    const plan = planDuties([{ row: 2, rule: rule('NOT'), from: 50, to: 80 }], known);
    expect(plan.closed).toEqual([7]);
    expect(dates(plan)).toEqual([
      ['MAY', 0, 50],
      ['MAY', 80, null],
      ['NOT', 50, 80],
    ]);
  });

  it('adds a rule of another scope beside the known one', () => {
    const plan = planDuties([{ row: 2, rule: rule('NOT', { tierId: 3 }), from: 0, to: FOREVER }], known);
    expect([plan.closed, dates(plan)]).toEqual([[], [['NOT', 0, null]]]);
  });

  it('is a contradiction where two rows speak of the same dates', () => {
    const wanted = [
      { row: 2, rule: rule('NOT'), from: 0, to: 50 },
      { row: 3, rule: rule('MAY'), from: 50, to: 80 },
      { row: 4, rule: rule('LEADS'), from: 79, to: FOREVER },
    ];
    expect(findContradiction(wanted)).toEqual({ row: 4, earlier: 3 });
    expect(findContradiction(wanted.slice(0, 2))).toBeUndefined();
  });
});
