import { Random } from './terrain/random.ts';
import { apportion, sum } from './terrain/regions.ts';

/** A town of the demo city. Names and codes from the scenarios are borrowed for invented shapes. */
export interface TownSpec {
  readonly name: string;
  /** National code of nine digits; null where the town tier is filled by a body that has none. */
  readonly code: string | null;
  /** What village codes start with: the town's code, or that of the town they were coded under before. */
  readonly codeBase: string;
  readonly villages: number;
  readonly grids: number;
  /** 0: the town has no micro-grids. */
  readonly micros: number;
  readonly faces: number;
  /** Whether leaders answer for villages too: four tiers of 包保 here, three there. */
  readonly villageLeaders: boolean;
  /** Runs the town instead of its own government. */
  readonly manager?: { readonly name: string; readonly kind: string };
  readonly features?: readonly Feature[];
}

/** Peculiarities of a town, each carved once. */
export type Feature = 'enclave' | 'hole' | 'gap' | 'farm' | 'compound' | 'codeConflict' | 'border';

export interface CountySpec {
  readonly name: string;
  readonly code: string;
  readonly towns: readonly TownSpec[];
}

export interface CitySpec {
  readonly counties: readonly CountySpec[];
  /** Straight pieces per side of a mesh face. */
  readonly segments: number;
  readonly stations: number;
  readonly districts: number;
  readonly beats: number;
  readonly policeRooms: number;
  readonly policePosts: number;
}

export const CITY_NAME = '万格市';
export const CITY_CODE = '529900';
export const LIQUE = '李鹊镇';
export const XIHE = '淅河镇';
export const LONGGUANG = '龙广镇';
export const CHENGDONG = '城东新区';
export const HUAGUAN = '花官镇';
const QIFENG = '栖凤街道';

const town = (
  name: string,
  code: string,
  size: readonly [number, number, number, number],
  more: Partial<TownSpec> = {},
): TownSpec => {
  const [villages, grids, micros, faces] = size;
  return { name, code, codeBase: code, villages, grids, micros, faces, villageLeaders: true, ...more };
};

const NAMED: readonly CountySpec[] = [
  {
    name: '曾都区',
    code: '421303',
    towns: [
      town(XIHE, '421303187', [8, 24, 140, 240], {
        manager: { name: '随州高新区管委会', kind: 'DEVELOPMENT_ZONE' },
        features: ['enclave', 'farm', 'border'],
      }),
      town(CHENGDONG, '421303002', [6, 16, 70, 130], {
        code: null,
        manager: { name: '城东新区工作局', kind: 'WORK_BUREAU' },
        features: ['compound', 'codeConflict'],
      }),
    ],
  },
  {
    name: '安龙县',
    code: '522328',
    towns: [
      town(LONGGUANG, '522328103', [7, 20, 120, 220], {
        manager: { name: '义龙新区管委会', kind: 'DEVELOPMENT_ZONE' },
        features: ['hole'],
      }),
      town(QIFENG, '522328001', [6, 14, 60, 110], { features: ['gap'] }),
    ],
  },
  {
    name: '广饶县',
    code: '370523',
    towns: [
      town(HUAGUAN, '370523105', [8, 20, 0, 120], { villageLeaders: false }),
      town(LIQUE, '370523107', [24, 59, 1337, 2040]),
    ],
  },
];

const CITY_GRIDS = 3475;
const CITY_MICROS = 50_000;
const FACES_PER_MICRO = 1.75;
const MORE_COUNTIES = ['云麓县', '石桥县', '青溪区', '望江县', '松岭县'];
const TOWNS_OF_NAMED_COUNTY = 8;
const TOWNS_OF_OTHER_COUNTY = 17;

/** Sizes and names of a demo city. `city` holds all that `town` holds, and 109 more towns. */
export function citySpec(size: 'town' | 'city'): CitySpec {
  if (size === 'town') {
    return { counties: NAMED, segments: 2, stations: 7, districts: 18, beats: 150, policeRooms: 12, policePosts: 14 };
  }
  const counties = [...NAMED, ...MORE_COUNTIES.map((name, i) => ({ name, code: `5299${i + 21}`, towns: [] }))];
  const missing = counties.map((county) => (county.towns.length > 0 ? TOWNS_OF_NAMED_COUNTY : TOWNS_OF_OTHER_COUNTY));
  const towns = inventTowns(sum(missing));
  return {
    counties: counties.map((county, i) => {
      const more = towns.splice(0, missing[i]).map((size, j) => town(size.name, `${county.code}${201 + j}`, size.size));
      return { ...county, towns: [...county.towns, ...more] };
    }),
    segments: 6,
    stations: 44,
    districts: 118,
    beats: 1180,
    policeRooms: 97,
    policePosts: 107,
  };
}

function inventTowns(count: number): { name: string; size: readonly [number, number, number, number] }[] {
  const random = new Random(30);
  const named = NAMED.flatMap((county) => county.towns);
  const sizes = Array.from({ length: count }, () => 0.6 + random.next());
  const grids = apportion(CITY_GRIDS - sum(named.map((known) => known.grids)), sizes);
  const micros = apportion(CITY_MICROS - sum(named.map((known) => known.micros)), sizes);
  const names = random.shuffled(pairs([...'永安长清石白金东南高新大'], [...'河桥塘坪岭溪关口湖阳']));
  return sizes.map((_, i) => ({
    name: `${names[i]}${random.pick(['镇', '镇', '乡', '街道'])}`,
    size: [Math.ceil(grids[i] / 3), grids[i], micros[i], Math.round(micros[i] * FACES_PER_MICRO)],
  }));
}

const FAMILIES = [
  ...'王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫雷龙黎史陶贺毛郝顾龚邵覃武钱戴严莫孔向汤',
];
const GIVEN = [
  ...'伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰建国志文海林春秋云峰宇晨思远佳慧雪梅红卫东晓燕永成立新',
];
const PLACES = ['家村', '家湾村', '家畈村', '家坡村', '家庄村', '家寨村', '家沟村', '家冲村'];

/** Village names, none twice; the renamed village is not among them. */
export function villageNames(count: number, random: Random): string[] {
  return random.shuffled(pairs(FAMILIES, PLACES)).slice(0, count);
}

/** An invented name of two or three characters. */
export function personName(random: Random): string {
  const second = random.below(4) > 0 ? random.pick(GIVEN) : '';
  return random.pick(FAMILIES) + random.pick(GIVEN) + second;
}

/** Cannot be dialled: no local number in China starts with 0. */
export function officePhone(random: Random): string {
  return `0859-0${String(random.below(1_000_000)).padStart(6, '0')}`;
}

function pairs(first: readonly string[], second: readonly string[]): string[] {
  return first.flatMap((a) => second.map((b) => a + b));
}
