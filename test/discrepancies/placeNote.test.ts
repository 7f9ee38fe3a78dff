import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPlaceNote } from '../../src/discrepancies/placeNote.ts';

const refused = (text: string) => {
  try {
    readPlaceNote('note', text);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
};

describe('a text about a place', () => {
  it.each([
    '界碑往北 30 米，12 栋和 13 栋之间没人管',
    '编码 522323001001001 的网格画错了',
    '一、二、三号楼归谁？',
    '省道 S212 与 G320 交叉口',
    '新D座三楼',
    '电话亭旁边',
    '桥下 0859-3223344 牌子处',
    '云南路 A12 号院',
    '二〇二六年一月一日起换了派出所',
    'Between block 4 and block 5, at 40.7128, -74.0060',
  ])('is taken: %s', (text) => {
    expect(refused(text)).toBeUndefined();
  });

  it.each([
    ['a mobile phone number', '13800001234'],
    ['a mobile phone number', '１３８　００００　１２３４'],
    ['a mobile phone number', '138\u200b0000\u200b1234'],
    ['a mobile phone number', '+86 138-0000-1234'],
    ['a mobile phone number', '幺三八零零零零幺二三四'],
    ['an identity card number', '52232319900101123X'],
    ['a licence plate', '贵A12345'],
    ['a licence plate', '贵A·D12345'],
    ['a licence plate', '沪a 88z99'],
    ['a licence plate', '粤Z1234港'],
    ['a licence plate', '苏A-1234学'],
  ])('is refused for %s: %s', (what, text) => {
    expect(refused(`看 ${text} 这里`)).toBe(
      `note: this looks like ${what}. Describe the place and what is wrong with it, never a person.`,
    );
  });

  it('is one line without invisible signs, null where nothing is said, and at most 500 characters', () => {
    expect(readPlaceNote('note', ' 桥\r\n 南\t\u200b\u0000侧 ')).toBe('桥 南 侧');
    for (const nothing of [null, undefined, '', ' \n\u200b']) expect(readPlaceNote('note', nothing)).toBeNull();
    expect(readPlaceNote('note', '𠮷'.repeat(500))).toHaveLength(1000);
    expect(refused('𠮷'.repeat(501))).toMatch(/at most 500 characters/);
  });

  it('never holds a mobile phone number, however it is spaced and whatever stands around it', () => {
    const spaced = fc
      .tuple(
        fc.integer({ min: 3, max: 9 }),
        fc.array(fc.nat(9), { minLength: 9, maxLength: 9 }),
        fc.constantFrom('', ' ', '-', '.', '\u200b', '\n'),
      )
      .map(([second, rest, gap]) => [1, second, ...rest].join(gap));
    fc.assert(
      fc.property(spaced, fc.constantFrom('', '桥南', 'call ', '（'), (number, before) => {
        expect(refused(`${before}${number} 楼`)).toMatch(/a mobile phone number/);
      }),
      { seed: 16, numRuns: 300 },
    );
  });
});
