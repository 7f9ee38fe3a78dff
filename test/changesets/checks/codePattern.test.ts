import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCodePattern } from '../../../src/changesets/checks/grids/codePattern.ts';
import { refusalOf } from '../../geometry/refusal.ts';

describe('a pattern for codes', () => {
  it.each([
    ['[0-9]{6}[A-Z]?', '440309A', '44030'],
    ['^(GD|GX)-\\d+$', 'GX-17', 'GX-'],
    ['网格.{2}', '网格一号', '网格一'],
    ['a(b|c)*d', 'abcbd', 'abe'],
    ['[^-]+(-[^-]+){2,3}', 'a-b-c', 'a-b'],
    ['[\\w.\\-]+', 'a.b-c_1', 'a b'],
    ['', '', 'a'],
  ])('%s takes %s and not %s', (pattern, good, bad) => {
    expect(readCodePattern(pattern)(good)).toBe(true);
    expect(readCodePattern(pattern)(bad)).toBe(false);
  });

  it('answers as the engine of JavaScript does', () => {
    const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\d', '(a|bc)', '(?:ab)');
    const times = fc.constantFrom('', '', '?', '*', '+', '{2}', '{1,3}', '{0,}');
    const pattern = fc.array(fc.tuple(atom, times), { maxLength: 6 }).map((parts) => parts.flat().join(''));
    const code = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '1'), maxLength: 8 });
    const runs = Number(process.env.PATTERNS ?? 500);
    fc.assert(
      fc.property(pattern, fc.array(code, { maxLength: 8 }), (text, codes) => {
        const [ours, theirs] = [readCodePattern(text), new RegExp(`^(?:${text})$`, 'u')];
        for (const each of codes) expect([text, each, ours(each)]).toEqual([text, each, theirs.test(each)]);
      }),
      { seed: 5, numRuns: runs },
    );
  });

  it('takes no longer for a pattern that is meant to take long', () => {
    const start = process.cpuUsage();
    for (const text of ['(a+)+', '(a|a)*', '(a|aa)+b', '((a?){20}){20}']) readCodePattern(text)(`${'a'.repeat(190)}!`);
    const { user, system } = process.cpuUsage(start);
    expect(user + system).toBeLessThan(2_000_000);
  });

  it.each([
    '(',
    ')',
    'a)',
    '[',
    '[]',
    '[z-a]',
    'a{2',
    'a{3,2}',
    'a{1000}',
    '*a',
    'a|*',
    '(?=a)',
    '\\b',
    '\\1',
    'a\\',
    'a$b',
    '((a{99}){99}){99}',
    'a'.repeat(300),
  ])('is refused when it is %s', (pattern) => {
    expect(refusalOf(() => readCodePattern(pattern)).code).toBe('BAD_INPUT');
  });
});
