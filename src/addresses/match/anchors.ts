import {
  coreOf,
  type Element,
  type ElementKind,
  isDivision,
  isPlaceName,
  type ParsedAddress,
} from '../text/element.ts';
import { spacedName } from '../text/normalise.ts';

/** A name that an address is found by, with the number that goes with it. */
export interface Anchor {
  /** For trigrams: characters as words. */
  readonly name: string;
  readonly number: string | null;
  readonly from: number | null;
  readonly to: number | null;
}

/** What an address is found by in the database. */
export interface SearchKeys {
  readonly anchors: readonly Anchor[];
  /** Numbers with their kinds, such as B3 and R501: they tell doors of one name apart. */
  readonly numbers: readonly string[];
  /** Names of divisions without 市, 镇 …: they tell names of different towns apart. */
  readonly divisions: readonly string[];
}

/** The number that tells apart what a name holds: on a street the door, in a compound the building. */
const NUMBERS_OF: Partial<Record<ElementKind, readonly ElementKind[]>> = {
  STREET: ['DOOR_NUMBER', 'BUILDING'],
  COMPOUND: ['BUILDING', 'DOOR_NUMBER'],
  VILLAGE: ['DOOR_NUMBER', 'BUILDING'],
};

/** The keys under which a text is filed. */
export function filedUnder(text: ParsedAddress): SearchKeys {
  const anchors =
    streetPair(text) ??
    text.elements.filter(isPlaceName).map((name) => anchorOf(name, text, NUMBERS_OF[name.kind]!.slice(0, 2)));
  return { ...tagsOf(text), anchors };
}

/** The keys by which a question is looked up: each name with each number that it may go with. */
export function lookedUpBy(text: ParsedAddress): SearchKeys {
  const anchors =
    streetPair(text) ??
    names(text).flatMap((name) => {
      const numbers = NUMBERS_OF[name.kind]!.filter((kind) => find(text, kind));
      const kinds = numbers.length > 0 ? numbers.map((kind) => [kind]) : [[]];
      return kinds.map((each) => anchorOf(name, text, each));
    });
  return { ...tagsOf(text), anchors };
}

// A village without a number is a division where something within it is named: it would bring all its addresses.
function names({ elements }: ParsedAddress): Element[] {
  const all = elements.filter(isPlaceName);
  const within = all.filter(({ kind }) => kind !== 'VILLAGE');
  const hasNumber = elements.some(({ kind }) => kind === 'DOOR_NUMBER' || kind === 'BUILDING');
  return within.length > 0 && !hasNumber ? within : all;
}

/** Two streets that cross, in one name whatever their order. */
function streetPair({ elements }: ParsedAddress): Anchor[] | undefined {
  const streets = elements.filter(({ kind }) => kind === 'STREET').map(({ value }) => value);
  if (streets.length !== 2 || elements.some(({ kind }) => kind === 'DOOR_NUMBER' || kind === 'COMPOUND'))
    return undefined;
  return [{ name: spacedName(streets.sort().join(' ')), number: null, from: null, to: null }];
}

function anchorOf(name: Element, text: ParsedAddress, kinds: readonly ElementKind[]): Anchor {
  const number = kinds.map((kind) => find(text, kind)).find((element) => element !== undefined);
  const from = number ? (number.from ?? Number.parseInt(number.value, 10)) : null;
  const whole = from !== null && Number.isSafeInteger(from) && from < 2 ** 31 ? from : null;
  return { name: spacedName(name.value), number: number?.value ?? null, from: whole, to: number?.to ?? whole };
}

function find({ elements }: ParsedAddress, kind: ElementKind): Element | undefined {
  return elements.find((element) => element.kind === kind);
}

const TAGS: Partial<Record<ElementKind, string>> = {
  GROUP: 'G',
  DOOR_NUMBER: 'D',
  BUILDING: 'B',
  UNIT: 'U',
  ROOM: 'R',
};

function tagsOf({ elements }: ParsedAddress): Omit<SearchKeys, 'anchors'> {
  return {
    numbers: elements.flatMap(({ kind, value }) => (TAGS[kind] ? [`${TAGS[kind]}${value}`] : [])),
    divisions: elements.filter(isDivision).map(({ value }) => coreOf(value)),
  };
}
