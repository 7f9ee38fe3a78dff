import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normaliseText } from '../../src/addresses/text/normalise.ts';
import { settleNumerals } from '../../src/addresses/text/numerals.ts';
import { parseAddress, readingsOf } from '../../src/addresses/text/parseAddress.ts';
import { makeAddressBook, standardText } from './generator/addressBook.ts';

const elementsOf = (text: string) => parseAddress(text).elements.map(({ kind, value }) => `${kind} ${value}`);

describe('a text as it is compared', () => {
  it.each([
    ['full width and plain', '中山路１２号', '中山路12号'],
    ['traditional and simplified', '臺北市中正區重慶南路一段122號', '台北市中正区重庆南路一段122号'],
    ['numbers in words', '幸福小区三号楼二单元五〇一室', '幸福小区3号楼2单元501室'],
    ['hundreds in words', '一百零五号', '105号'],
    ['dashes of all kinds', '中山路1～30号', '中山路1-30号'],
    ['a range in words', '中山路1至30号', '中山路1-30号'],
    ['upper and lower case', '3栋A座', '3栋a座'],
    ['a number apart from its unit', '中山路 12 号', '中山路 12号'],
    ['a numeral apart from its unit by several signs', '中山路三， 栋', '中山路三栋'],
    ['digits in the name of a street', '中山3路', '中山三路'],
  ])('%s are the same', (_, a, b) => {
    expect(normaliseText(a)).toBe(normaliseText(b));
  });

  it('keeps numerals that are part of a name', () => {
    for (const name of ['五一路', '八一七路', '三元里', '第二中学']) expect(settleNumerals(name)).toBe(name);
  });

  it('stays what it is when it is normalised again', () => {
    const signs = fc.constantFrom(...'中山路１２3號栋单元 -—,室三十A');
    fc.assert(
      fc.property(fc.array(signs, { maxLength: 20 }), (list) => {
        const once = normaliseText(list.join(''));
        expect(normaliseText(once)).toBe(once);
      }),
    );
  });
});

describe('elements of a Chinese address', () => {
  it('are those of GA/T 2000.32', () => {
    expect(elementsOf('福建省泉州市丰泽区东湖街道东湖社区3组中山路12号幸福小区3号楼2单元5层501室')).toEqual([
      'PROVINCE 福建省',
      'CITY 泉州市',
      'COUNTY 丰泽区',
      'TOWN 东湖街道',
      'VILLAGE 东湖社区',
      'GROUP 3',
      'STREET 中山路',
      'DOOR_NUMBER 12',
      'COMPOUND 幸福小区',
      'BUILDING 3',
      'UNIT 2',
      'FLOOR 5',
      'ROOM 501',
    ]);
  });

  it.each([
    [
      'divisions without their 省, 市 and 区',
      '湖北随州曾都东城街道花园路5号',
      'PROVINCE 湖北省, CITY 随州市, COUNTY 曾都区, TOWN 东城街道, STREET 花园路, DOOR_NUMBER 5',
    ],
    ['a prefecture by its short name', '黔西南安龙县龙广镇', 'CITY 黔西南布依族苗族自治州, COUNTY 安龙县, TOWN 龙广镇'],
    [
      'a city that the city does not lie in',
      '上海市南京东路1234弄56号',
      'PROVINCE 上海市, STREET 南京东路, DOOR_NUMBER 1234, BUILDING 56',
    ],
    [
      'a place that no list has',
      '万格市曾都区淅河镇寨湾村3组12号',
      'CITY 万格市, COUNTY 曾都区, TOWN 淅河镇, VILLAGE 寨湾村, GROUP 3, DOOR_NUMBER 12',
    ],
    ['building, unit and room by dashes', '幸福小区3-2-501', 'COMPOUND 幸福小区, BUILDING 3, UNIT 2, ROOM 501'],
    ['幢, 栋, 座 and 号楼', '幸福小区3幢', 'COMPOUND 幸福小区, BUILDING 3'],
    ['a building by a letter', '幸福小区B座1203', 'COMPOUND 幸福小区, BUILDING b, ROOM 1203'],
    ['a number without 号', '中山路12', 'STREET 中山路, DOOR_NUMBER 12'],
    ['a sub-number', '东大街35号之2', 'STREET 东大街, DOOR_NUMBER 35-2'],
    ['无 for what is missing', '中山路无号', 'STREET 中山路'],
    [
      'the other way round',
      '501室，3号楼，幸福小区，中山路12号，丰泽区',
      'COUNTY 丰泽区, STREET 中山路, DOOR_NUMBER 12, COMPOUND 幸福小区, BUILDING 3, ROOM 501',
    ],
    ['a place by its use', '老供销社', 'COMPOUND 老供销社'],
    ['a street called after a garden', '花园路3号', 'STREET 花园路, DOOR_NUMBER 3'],
  ])('understand %s', (_, text, elements) => {
    expect(elementsOf(text).join(', ')).toBe(elements);
  });

  it('give a range its ends', () => {
    expect(parseAddress('中山路1~30号').elements[1]).toMatchObject({ kind: 'DOOR_NUMBER', from: 1, to: 30 });
  });

  it('read a blank within a name as nothing, and one between names as their border', () => {
    expect(readingsOf('中 山路 12号').map(({ elements }) => elements.map(({ value }) => value))).toContainEqual([
      '中山路',
      '12',
    ]);
  });

  it('are all found in the standard texts of a made-up book', () => {
    const wrong = makeAddressBook(2000).entries.filter(({ parts }) => {
      const found = new Set(parseAddress(standardText(parts)).elements.map(({ value }) => value));
      return !Object.values(parts).every((part) => part === undefined || found.has(part));
    });
    expect(wrong.map(({ parts }) => standardText(parts))).toEqual([]);
  });
});

describe('elements of an English-style address', () => {
  it.each([
    ['a number and a street', '1420 5th Avenue', 'STREET 5 av, DOOR_NUMBER 1420'],
    ['a room', '1420 Fifth Ave., Apt 3B', 'STREET 5 av, DOOR_NUMBER 1420, ROOM 3b'],
    ['a street with a direction', '9012 Aurora Ave North', 'STREET aurora av n, DOOR_NUMBER 9012'],
    ['a street called by a number', '1 AV N', 'STREET 1 av n'],
    ['a crossing', '1 AV N / JOHN ST', 'STREET 1 av n, STREET john st'],
    ['a crossing in other words', 'John Street & 1st Avenue North', 'STREET john st, STREET 1 av n'],
    ['a hundred block', '85XX BLOCK OF AURORA AV N', 'STREET aurora av n, DOOR_NUMBER 8500-8599'],
    ['a hundred block in other words', '8500 block of Aurora Avenue N', 'STREET aurora av n, DOOR_NUMBER 8500-8599'],
    ['the first hundred', 'XX BLOCK OF PINE ST', 'STREET pine st, DOOR_NUMBER 0-99'],
  ])('understand %s', (_, text, elements) => {
    expect(elementsOf(text).join(', ')).toBe(elements);
  });
});
