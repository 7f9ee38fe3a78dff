import { describe, expect, it } from 'vitest';
import { rankCandidates } from '../../src/addresses/match/rankCandidates.ts';
import { nameSimilarity } from '../../src/addresses/match/similarity.ts';
import { parseAddress, readingsOf } from '../../src/addresses/text/parseAddress.ts';

const rank = (asked: string, ...texts: string[]) =>
  rankCandidates(
    readingsOf(asked),
    texts.map((text) => ({ candidate: text, texts: [parseAddress(text)] })),
  );
const score = (asked: string, text: string) => rank(asked, text)[0]?.score ?? 0;
const words = (list: readonly { text: string }[]) => list.map(({ text }) => text);

describe('the score of a match', () => {
  it('is near 1 for the same address however it is written', () => {
    const text = '福建省泉州市丰泽区东湖街道中山路12号幸福小区3号楼2单元501室';
    for (const asked of [
      text,
      '幸福小区3-2-501',
      '泉州豐澤區幸福小區三棟二單元５０１',
      '501室，3幢，幸福小区，中山路12号',
    ]) {
      expect(score(asked, text), asked).toBeGreaterThan(0.9);
    }
  });

  it('is shared by those that fit equally well', () => {
    const [first, second] = rank('人民路5号', '丰泽区人民路5号', '鲤城区人民路5号');
    expect(first.score).toBeCloseTo(second.score, 6);
    expect(first.score).toBeLessThanOrEqual(0.5);
  });

  it('sums to no more than 1', () => {
    const all = rank('人民路5号', ...Array.from({ length: 40 }, (_, i) => `第${i}区人民路5号${i}栋`));
    expect(all.reduce((sum, each) => sum + each.score, 0)).toBeLessThanOrEqual(1);
  });

  it('is low where one number is another, whatever else agrees', () => {
    const text = '泉州市丰泽区中山路12号幸福小区3号楼2单元501室';
    for (const asked of ['泉州市丰泽区中山路12号幸福小区4号楼2单元501室', '泉州市丰泽区幸福小区3号楼2单元601室']) {
      expect(score(asked, text), asked).toBeLessThan(0.2);
    }
    expect(score('中山路13号', '中山路12号')).toBeLessThan(0.05);
  });

  it('is lower for a misspelt name, and none for a name of another direction or number', () => {
    expect(score('幸富小区3号楼', '幸福小区3号楼')).toBeGreaterThan(0.3);
    expect(score('幸富小区3号楼', '幸福小区3号楼')).toBeLessThan(score('幸福小区3号楼', '幸福小区3号楼'));
    expect(score('中山北路12号', '中山南路12号')).toBe(0);
    expect(nameSimilarity('建设一路', '建设二路')).toBeLessThan(0.5);
  });

  it('prefers the building to its rooms when the building is what was said', () => {
    const [best] = rank('幸福小区3号楼', '幸福小区3号楼1单元101室', '幸福小区3号楼', '幸福小区3号楼1单元102室');
    expect(best.candidate).toBe('幸福小区3号楼');
    expect(best.score).toBeGreaterThan(0.9);
  });

  it('finds a number in a range, and a hundred block by a number', () => {
    expect(score('中山路15号', '中山路1~30号')).toBeGreaterThan(0.8);
    expect(score('中山路31号', '中山路1~30号')).toBeLessThan(0.1);
    expect(score('8512 Aurora Ave N', '85XX BLOCK OF AURORA AV N')).toBeGreaterThan(0.8);
  });
});

describe('what a match says', () => {
  it('names the elements that are so, that are otherwise, and that were assumed', () => {
    const [match] = rank('丰泽区中山路12号3号楼901室', '泉州市丰泽区中山路12号3号楼');
    expect(words(match.matched)).toEqual(['丰泽区', '中山路', '12号', '3栋']);
    expect(words(match.unmatched)).toEqual(['901室']);
    expect(words(match.assumed)).toEqual(['泉州市']);
  });

  it('says nothing of an address that shares only numbers and divisions', () => {
    expect(rank('丰泽区胜利街12号', '丰泽区中山路12号')).toEqual([]);
  });
});
