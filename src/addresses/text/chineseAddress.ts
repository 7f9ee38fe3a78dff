import { splitNames } from './chineseNames.ts';
import type { Element, ElementKind } from './element.ts';

const LETTER = '[a-z甲乙丙丁戊]';
/** Numbers with their units, the more particular first. */
const NUMBERS = new RegExp(
  [
    String.raw`(?<tripleBuilding>\d+)-(?<tripleUnit>\d+)-(?<tripleRoom>\d+[a-z]?)(?:号房|室|号|房)?`,
    `(?<building>\\d+${LETTER}?|${LETTER}\\d*|[东南西北](?=[栋幢座]))(?:号楼|#楼|号住宅楼|栋楼?|幢楼?|座)`,
    `(?<unit>\\d+|${LETTER})(?:单元|门洞|门|梯)`,
    String.raw`(?<group>\d+)(?:村民小组|小组|组|队)`,
    String.raw`(?<lane>\d+)弄`,
    String.raw`(?<floor>\d+)(?:层|楼|f(?![a-z]))`,
    `(?<door>\\d+(?:-\\d+)?${LETTER}?)(?:号院|号大院|号|#)(?:之(?<sub>\\d+))?`,
    String.raw`(?<room>\d+[a-z]?)(?:室|房间?|户)`,
    String.raw`(?<first>\d+)-(?<second>\d+[a-z]?)`,
    String.raw`(?<bare>\d+[a-z]?)(?![\p{Script=Han}a-z0-9])`,
  ].join('|'),
  'gu',
);

/** Reads a normalised Chinese text: numbers by their units, what lies between them as names. */
export function readChinese(normalised: string): Element[] {
  const reader = new ChineseReader();
  let end = 0;
  for (const match of normalised.matchAll(NUMBERS)) {
    reader.names(normalised.slice(end, match.index));
    reader.number(match.groups ?? {});
    end = match.index + match[0].length;
  }
  reader.names(normalised.slice(end));
  return reader.elements;
}

class ChineseReader {
  readonly elements: Element[] = [];

  names(text: string): void {
    for (const piece of text.split(/[ \-#]+/)) if (piece) this.elements.push(...splitNames(piece, this.elements));
  }

  number(groups: Readonly<Record<string, string | undefined>>): void {
    const { building, unit, group, lane, floor, door, sub, room, first, second, bare } = groups;
    if (groups.tripleBuilding) {
      this.#add('BUILDING', groups.tripleBuilding);
      this.#add('UNIT', groups.tripleUnit!);
      this.#add('ROOM', groups.tripleRoom!);
    } else if (building) this.#add('BUILDING', building);
    else if (unit) this.#add('UNIT', unit);
    else if (group) this.#add('GROUP', group);
    else if (lane) this.#add('DOOR_NUMBER', lane, `${lane}弄`);
    else if (floor) this.#add('FLOOR', floor);
    else if (door) this.#door(sub ? `${door}-${sub}` : door);
    else if (room) this.#add('ROOM', room);
    else if (first) this.#pair(first, second!);
    else if (bare) this.#bare(bare);
  }

  /** 12号 is a door, unless it comes right after a building, where it is a room, or after a door or lane, where it is a building. */
  #door(value: string): void {
    const before = this.elements.at(-1)?.kind;
    if (before === 'BUILDING' || before === 'UNIT' || before === 'FLOOR') this.#add('ROOM', value);
    else if (this.#has('DOOR_NUMBER')) this.#add('BUILDING', value);
    else this.#add('DOOR_NUMBER', value);
  }

  /** 3-501 is a building and a room in a compound, a door with a sub-number or a range on a street. */
  #pair(first: string, second: string): void {
    if (this.#has('BUILDING')) {
      this.#add('UNIT', first);
      this.#add('ROOM', second);
    } else if (this.#has('COMPOUND') || this.#has('DOOR_NUMBER')) {
      this.#add('BUILDING', first);
      this.#add('ROOM', second);
    } else this.#add('DOOR_NUMBER', `${first}-${second}`);
  }

  #bare(value: string): void {
    if (this.#has('BUILDING') || this.#has('UNIT') || this.#has('FLOOR')) this.#add('ROOM', value);
    else if (this.#has('DOOR_NUMBER')) this.#add(value.length > 2 ? 'ROOM' : 'BUILDING', value);
    else if (this.elements.at(-1)?.kind === 'COMPOUND' && value.length <= 2) this.#add('BUILDING', value);
    else this.#add('DOOR_NUMBER', value);
  }

  #has(kind: ElementKind): boolean {
    return this.elements.some((element) => element.kind === kind);
  }

  #add(kind: ElementKind, given: string, text = given + UNIT_WORD[kind]): void {
    // Of two numbers of one kind the first stands; the second is told nowhere else.
    const value = given.replace(/^0+(?=\d)/, '');
    if (this.#has(kind)) {
      if (kind === 'BUILDING' && !this.#has('ROOM')) this.elements.push({ kind: 'ROOM', text: `${value}室`, value });
      return;
    }
    const range = /^(\d+)-(\d+)$/.exec(value);
    const [from, to] = range ? [Number(range[1]), Number(range[2])] : [0, 0];
    this.elements.push(kind === 'DOOR_NUMBER' && from < to ? { kind, text, value, from, to } : { kind, text, value });
  }
}

const UNIT_WORD: Readonly<Record<ElementKind, string>> = {
  PROVINCE: '',
  CITY: '',
  COUNTY: '',
  TOWN: '',
  VILLAGE: '',
  STREET: '',
  COMPOUND: '',
  GROUP: '组',
  DOOR_NUMBER: '号',
  BUILDING: '栋',
  UNIT: '单元',
  FLOOR: '层',
  ROOM: '室',
};
