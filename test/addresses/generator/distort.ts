import { Random } from '../../../seeds/terrain/random.ts';
import type { AddressBook, BookEntry, PartKey, Parts } from './addressBook.ts';

/** A question as a caller may put it, and the one address it means; null where the book does not have it. */
export interface DistortedQuestion {
  readonly text: string;
  readonly meant: string | null;
  /** What was done to the text. */
  readonly how: readonly string[];
}

const ORDER: readonly PartKey[] = [
  'province',
  'city',
  'county',
  'town',
  'community',
  'group',
  'street',
  'door',
  'compound',
  'building',
  'unit',
  'room',
];
const TRADITIONAL: Readonly<Record<string, string>> = Object.fromEntries(
  '号號 楼樓 区區 县縣 东東 龙龍 凤鳳 银銀 广廣 园園 华華 义義 阳陽 门門 兴興 长長 万萬 双雙 庄莊 红紅 乡鄉 镇鎮 单單 丽麗 锦錦 书書 云雲 杨楊 关關 坝壩 岛島 团團 结結 设設 荣榮 风風 桥橋 岭嶺 国國 贵貴 苏蘇 广廣 岗崗 盛盛 泽澤 鲤鯉 随隨'
    .split(' ')
    .map((pair) => [...pair]),
);
const HOMOPHONES =
  '东冬 中终 山杉 路陆 安按 福富 阳洋 河合 江将 新欣 明名 光广 华花 金今 水税 和禾 平萍 石时 林临 红宏 湖胡 溪西 家佳 景井 泉全 田甜 兴星 春纯 月悦 书舒 文闻 人仁 民明 建见 胜圣 团抟 前钱 学雪 康慷 海孩 世事 紫子 梅煤 松宋 柳刘 杨扬 云芸 白百 清青 龙隆 凤奉'.split(
    ' ',
  );
const TELLING = /[东西南北中上下前后一二三四五六七八九十大小新老]/;

/** Questions about a book, the same for the same seed; one in twenty means an address that the book does not have. */
export function* distortedQuestions(book: AddressBook, count: number, seed = 7): Generator<DistortedQuestion> {
  const random = new Random(seed);
  const distorter = new Distorter(book, random);
  for (let made = 0; made < count; ) {
    const question = random.below(20) === 0 ? distorter.absent() : distorter.present();
    if (!question) continue;
    made += 1;
    yield question;
  }
}

type Kept = Partial<Record<PartKey, string>>;

class Distorter {
  readonly #book: AddressBook;
  readonly #random: Random;
  readonly #byName = new Map<string, BookEntry[]>();

  constructor(book: AddressBook, random: Random) {
    this.#book = book;
    this.#random = random;
    for (const entry of book.entries) {
      const { street, compound, community } = entry.parts;
      for (const name of [street, compound, community]) if (name) this.#enter(name, entry);
    }
  }

  /** Undefined where what is left of the address would mean several: nobody could tell which. */
  present(): DistortedQuestion | undefined {
    const entry = this.#random.pick(this.#book.entries);
    const how: string[] = [];
    if (entry.aliases.length > 0 && this.#chance(30)) {
      // A building known by its use is told with its county, since every town has one.
      const text = entry.parts.county + entry.aliases[0];
      return { text: this.#write(text, how), meant: entry.id, how: ['alias', ...how] };
    }
    const kept = this.#leaveOut(entry.parts, how);
    if (this.#meantBy(kept).length !== 1) return undefined;
    const misspelt = this.#chance(30) ? this.#misspell(kept, how) : kept;
    return { text: this.#write(this.#compose(misspelt, how), how), meant: entry.id, how };
  }

  /** An address with one number changed to one that is not there. */
  absent(): DistortedQuestion | undefined {
    const { parts } = this.#random.pick(this.#book.entries);
    const key = (['building', 'door'] as const).find((each) => parts[each] !== undefined)!;
    const changed: Parts = { ...parts, [key]: String(Number.parseInt(parts[key]!, 10) + 300) };
    const how = ['absent'];
    const kept = this.#leaveOut(changed, how);
    if (kept[key] === undefined || this.#meantBy(kept).length > 0) return undefined;
    return { text: this.#write(this.#compose(kept, how), how), meant: null, how };
  }

  #leaveOut(parts: Parts, how: string[]): Kept {
    const kept: Kept = { ...parts };
    const drop = (...keys: PartKey[]) => {
      for (const key of keys) delete kept[key];
      how.push(`without ${keys.join(', ')}`);
    };
    if (this.#chance(60)) drop(...(['province', 'city', 'county'] as const).slice(0, 1 + this.#random.below(3)));
    if (this.#chance(40)) drop('town');
    if (parts.community && parts.street && this.#chance(50)) drop('community');
    if (parts.compound && this.#chance(50)) drop('street', 'door');
    else if (parts.compound && this.#chance(30)) drop('door');
    if (parts.unit && this.#chance(20)) drop('unit');
    return kept;
  }

  #meantBy(kept: Kept): BookEntry[] {
    const name = kept.compound ?? kept.street ?? kept.community!;
    const keys = ORDER.filter((key) => kept[key] !== undefined);
    // Who says 3号楼 means the building, not each of its rooms.
    const deepest = (['room', 'unit', 'building', 'door'] as const).find((key) => kept[key] !== undefined);
    return this.#byName.get(name)!.filter(({ parts }) => {
      if (!keys.every((key) => parts[key] === kept[key])) return false;
      return deepest === 'room' || parts.room === undefined;
    });
  }

  #misspell(kept: Kept, how: string[]): Kept {
    const keys = (['compound', 'street', 'community', 'town'] as const).filter((key) => (kept[key]?.length ?? 0) >= 3);
    if (keys.length === 0) return kept;
    const key = this.#random.pick(keys);
    const name = kept[key]!;
    // Only within the name: a slip in a direction or number makes another name, which nobody could see through.
    const at = this.#random.below(Math.min(name.length - 1, 3));
    if (TELLING.test(name[at])) return kept;
    const wrong = this.#slip(name, at);
    if (this.#book.names.has(wrong)) return kept;
    how.push(`${name} as ${wrong}`);
    return { ...kept, [key]: wrong };
  }

  #slip(name: string, at: number): string {
    const others = HOMOPHONES.find((pair) => pair.startsWith(name[at]));
    const kind = this.#random.below(10);
    if (others || kind < 6)
      return name.slice(0, at) + (others?.[1] ?? this.#random.pick([...'恒翔瑞嘉和晟宜彤'])) + name.slice(at + 1);
    if (kind < 8 && name.length > 3) return name.slice(0, at) + name.slice(at + 1);
    const next = name[at + 1];
    return next && !TELLING.test(next) && at + 2 < name.length
      ? name.slice(0, at) + next + name[at] + name.slice(at + 2)
      : name;
  }

  #compose(kept: Kept, how: string[]): string {
    const pieces = this.#pieces(kept);
    const chance = this.#random.below(100);
    if (chance < 8) {
      how.push('reversed');
      return pieces.reverse().join(this.#random.pick([', ', '，', ' ']));
    }
    if (chance < 16 && kept.compound && kept.street) {
      how.push('compound first');
      const tail = pieces.splice(pieces.findIndex((piece) => piece.startsWith(kept.compound!)));
      return `${tail.join('')} ${pieces.join('')}`;
    }
    return pieces.join(chance < 26 ? ' ' : '');
  }

  #pieces(kept: Kept): string[] {
    const { street = '', door, compound = '', building, unit, room, group } = kept;
    const short = this.#chance(25);
    const divisions = [kept.province, kept.city, kept.county].map((name) => name && (short ? shortName(name) : name));
    const doorWord = this.#chance(10) && !compound ? '' : '号';
    const rooms = [building, unit, room];
    const dashed = this.#chance(20) && rooms.every((each) => each !== undefined);
    const inside = dashed
      ? rooms.join('-')
      : [
          building && building + this.#random.pick(['号楼', '栋', '幢', '号楼', '座']),
          unit && `${unit}单元`,
          room && room + this.#random.pick(['室', '室', '', '房']),
        ].join('');
    const streetPart = street + (door ? door + doorWord : '');
    return [...divisions, kept.town, kept.community, group && `${group}组`, streetPart, compound + inside].filter(
      (piece) => !!piece,
    ) as string[];
  }

  /** How it is written: traditional characters, full width, numbers in words, blanks where none belong. */
  #write(given: string, how: string[]): string {
    let text = given;
    if (this.#chance(15)) {
      how.push('traditional');
      text = [...text].map((sign) => TRADITIONAL[sign] ?? sign).join('');
    }
    if (this.#chance(15)) {
      how.push('in words');
      text = text.replace(/(?<![\d-])(\d{1,2})(?=号|號|栋|幢|单元|單元|组)/g, (_, digits: string) =>
        inWords(Number(digits)),
      );
    }
    if (this.#chance(15)) {
      how.push('full width');
      text = text.replace(/[0-9-]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0));
    }
    if (this.#chance(10)) {
      how.push('a blank');
      const at = 1 + this.#random.below(text.length - 1);
      // A blank between two digits makes two numbers.
      if (!/[\d０-９]/.test(text[at - 1]) || !/[\d０-９]/.test(text[at]))
        text = `${text.slice(0, at)} ${text.slice(at)}`;
    }
    return text;
  }

  #enter(name: string, entry: BookEntry): void {
    const list = this.#byName.get(name);
    if (list) list.push(entry);
    else this.#byName.set(name, [entry]);
  }

  #chance(percent: number): boolean {
    return this.#random.below(100) < percent;
  }
}

function shortName(name: string): string {
  return name.length > 2 ? name.replace(/(?:布依族苗族自治州|省|市|区|县)$/, '') : name;
}

function inWords(number: number): string {
  const words = '零一二三四五六七八九';
  const tens = Math.floor(number / 10);
  const ones = number % 10 === 0 && tens > 0 ? '' : words[number % 10];
  return tens === 0 ? ones : `${tens === 1 ? '' : words[tens]}十${ones}`;
}
