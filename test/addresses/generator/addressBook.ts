import { idOf, Random } from '../../../seeds/terrain/random.ts';

/**
 * An invented address book, made of parts so that the right answer to a question is known without reading any text.
 * Nothing of src/addresses is used here: the generator must not share the matcher's opinions.
 */
export interface BookEntry {
  readonly id: string;
  readonly parts: Parts;
  readonly aliases: readonly string[];
  readonly lon: number;
  readonly lat: number;
}

/** The parts of one address from the province down; numbers without their units. */
export interface Parts {
  readonly province: string;
  readonly city: string;
  readonly county: string;
  readonly town: string;
  readonly community?: string;
  readonly group?: string;
  readonly street?: string;
  readonly door?: string;
  readonly compound?: string;
  readonly building?: string;
  readonly unit?: string;
  readonly room?: string;
}
export type PartKey = keyof Parts;

const REGIONS: readonly [string, string, readonly string[]][] = [
  ['福建省', '泉州市', ['鲤城区', '丰泽区', '洛江区', '惠安县', '安溪县']],
  ['湖北省', '随州市', ['曾都区', '随县', '广水市']],
  ['江苏省', '苏州市', ['吴中区', '相城区', '常熟市']],
  ['贵州省', '黔西南布依族苗族自治州', ['兴义市', '安龙县', '贞丰县']],
];
const ONES = '东西南北中城石龙凤金银白青红清新安永太长高大双三万福德仁义和兴文武玉泉柳杨桂梅松竹莲荷云霞山河江湖溪';
const TWOS = '阳安宁平山溪河塘桥坡岭湾港浦洲林岗岩泉门兴昌盛和田园庄井店集关口沙坪坝川岛陵原峰';
const STREET_NAMES =
  '人民 解放 中山 建设 和平 新华 文化 胜利 团结 光明 朝阳 友谊 民主 健康 工农 前进 东风 红旗 长江 黄河'.split(' ');
const STREET_ENDS = ['路', '路', '路', '街', '大道', '巷', '东路', '西路', '南路', '北路', '一路', '二路', '中街'];
const COMPOUND_ENDS = ['小区', '花园', '家园', '苑', '公寓', '新村', '山庄', '名邸', '广场', '里', '城', '湾'];
const COMPOUND_FIRST =
  '阳光 幸福 锦绣 翠湖 金色 碧水 书香 丽景 世纪 盛世 御景 春江 秋月 明珠 紫荆 香樟 银杏 梧桐 枫林 海棠 云锦 澜庭 凯旋 华侨 湖畔 滨江 学府 康乐 安居 祥和'.split(
    ' ',
  );
const COMPOUND_LAST = ' 华庭 雅居 天成 水岸 名门 豪庭 春天 国际 新天 丽都 左岸 佳苑'.split(' ');
const PLACES = '供销社 粮站 卫生院 中心小学 第二中学 文化站 农贸市场 老年活动中心 图书馆 汽车站 邮电所 林业站'.split(
  ' ',
);

export interface AddressBook {
  readonly entries: readonly BookEntry[];
  /** Every name of a street, compound or village there is. */
  readonly names: ReadonlySet<string>;
}

/** The same book for the same seed and size. */
export function makeAddressBook(size: number, seed = 41): AddressBook {
  const random = new Random(seed);
  const counties = REGIONS.flatMap(([province, city, list]) => list.map((county) => ({ province, city, county })));
  const townsEach = Math.max(1, Math.round(size / counties.length / 900));
  const entries: BookEntry[] = [];
  counties.forEach((county, c) => {
    const names = distinct(random, townsEach, () => random.pick([...ONES]) + random.pick([...TWOS]));
    names.forEach((name, t) => {
      const town = name + random.pick(['街道', '镇', '镇', '乡']);
      const share = Math.round((size * (c * townsEach + t + 1)) / (counties.length * townsEach)) - entries.length;
      entries.push(...makeTown({ ...county, town }, share, random, entries.length, c * 0.4 + t * 0.03));
    });
  });
  const names = new Set(
    entries.flatMap(({ parts }) => [parts.street, parts.compound, parts.community].filter((n) => n !== undefined)),
  );
  return { entries, names };
}

type TownParts = Pick<Parts, 'province' | 'city' | 'county' | 'town'>;

function makeTown(town: TownParts, size: number, random: Random, first: number, shift: number): BookEntry[] {
  const streets = distinct(random, 9, () => streetName(random));
  const compounds = distinct(random, 7, () => compoundName(random));
  const villages = distinct(
    random,
    6,
    () => `${random.pick([...ONES])}${random.pick([...TWOS])}${random.pick(['村', '村', '社区'])}`,
  );
  const seen = new Set<string>();
  const made: BookEntry[] = [];
  while (made.length < size) {
    const parts: Parts = { ...town, ...inTown(random, streets, compounds, villages) };
    const key = JSON.stringify(parts);
    if (seen.has(key)) continue;
    seen.add(key);
    const place = 'compound' in parts || 'group' in parts || random.below(12) > 0 ? undefined : random.pick(PLACES);
    const alias = place && `${town.town.replace(/街道|镇|乡/, '')}${place}`;
    const free = alias && !seen.has(alias) ? [alias] : [];
    for (const each of free) seen.add(each);
    const lon = 117 + shift + random.next() * 0.02;
    const lat = 25 + random.next() * 0.02;
    made.push({ id: idOf(`address ${first + made.length}`), parts, aliases: free, lon, lat });
  }
  return made;
}

function inTown(random: Random, streets: readonly string[], compounds: readonly string[], villages: readonly string[]) {
  const chance = random.below(100);
  if (chance < 45) {
    // A compound stands at one door of one street.
    const c = random.below(compounds.length);
    const parts = {
      street: streets[c % streets.length],
      door: String(11 + c * 7),
      compound: compounds[c],
      building: String(1 + random.below(12)),
    };
    if (chance < 5) return parts;
    const unit = String(1 + random.below(4));
    return { ...parts, unit, room: `${1 + random.below(11)}0${1 + random.below(4)}` };
  }
  if (chance < 80)
    return {
      community: random.below(2) ? random.pick(villages) : undefined,
      street: random.pick(streets),
      door: doorNumber(random),
    };
  return { community: random.pick(villages), group: String(1 + random.below(9)), door: String(1 + random.below(60)) };
}

function doorNumber(random: Random): string {
  const number = 1 + random.below(240);
  return random.below(20) === 0 ? `${number}-${1 + random.below(Math.min(4, number))}` : String(number);
}

function streetName(random: Random): string {
  const core = random.below(2) ? random.pick(STREET_NAMES) : random.pick([...ONES]) + random.pick([...TWOS]);
  return core + random.pick(STREET_ENDS);
}

function compoundName(random: Random): string {
  return random.pick(COMPOUND_FIRST) + random.pick(COMPOUND_LAST) + random.pick(COMPOUND_ENDS);
}

function distinct(random: Random, count: number, make: () => string): string[] {
  const names = new Set<string>();
  while (names.size < count) names.add(make());
  return random.shuffled([...names]);
}

/** The main text: every part in its order, with its unit. */
export function standardText(parts: Parts): string {
  const {
    province,
    city,
    county,
    town,
    community = '',
    group,
    street = '',
    door,
    compound = '',
    building,
    unit,
    room,
  } = parts;
  const number = (value: string | undefined, word: string) => (value === undefined ? '' : value + word);
  const above = province + city + county + town + community + number(group, '组') + street + number(door, '号');
  return above + compound + number(building, '号楼') + number(unit, '单元') + number(room, '室');
}
