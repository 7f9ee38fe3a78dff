import type { Element } from './element.ts';

const SUFFIXES: Readonly<Record<string, string>> = {
  street: 'st',
  str: 'st',
  st: 'st',
  avenue: 'av',
  ave: 'av',
  av: 'av',
  aven: 'av',
  road: 'rd',
  rd: 'rd',
  boulevard: 'bv',
  blvd: 'bv',
  bv: 'bv',
  drive: 'dr',
  dr: 'dr',
  lane: 'ln',
  ln: 'ln',
  place: 'pl',
  pl: 'pl',
  court: 'ct',
  ct: 'ct',
  way: 'wy',
  wy: 'wy',
  parkway: 'pkwy',
  pkwy: 'pkwy',
  highway: 'hwy',
  hwy: 'hwy',
  terrace: 'ter',
  ter: 'ter',
  square: 'sq',
  sq: 'sq',
  circle: 'cir',
  cir: 'cir',
  alley: 'aly',
  aly: 'aly',
};
const DIRECTIONS: Readonly<Record<string, string>> = {
  north: 'n',
  n: 'n',
  south: 's',
  s: 's',
  east: 'e',
  e: 'e',
  west: 'w',
  w: 'w',
  northeast: 'ne',
  ne: 'ne',
  northwest: 'nw',
  nw: 'nw',
  southeast: 'se',
  se: 'se',
  southwest: 'sw',
  sw: 'sw',
};
const ORDINALS: Readonly<Record<string, string>> = {
  first: '1',
  second: '2',
  third: '3',
  fourth: '4',
  fifth: '5',
  sixth: '6',
  seventh: '7',
  eighth: '8',
  ninth: '9',
  tenth: '10',
};
const ROOM = /\b(?:apt|apartment|unit|suite|ste|room|rm)\s*#?\s*([0-9]+[a-z]?|[a-z])\b|#\s*([0-9]+[a-z]?)/;
const BLOCK = /\b(\d+)(xx|00)\s+(?:block|blk)(?:\s+of)?\b|\b(\d*)xx\b(?:\s+block)?(?:\s+of)?/;
const STREETS = /\s*(?:\/|&|\band\b|\bat\b)\s*/;

/** Reads a normalised English-style text: number or hundred block, street, room; or two streets that cross. */
export function readEnglish(normalised: string): Element[] {
  const room = ROOM.exec(normalised);
  let rest = room ? normalised.replace(room[0], ' ') : normalised;
  const elements: Element[] = [];
  const block = BLOCK.exec(rest);
  if (block) {
    elements.push(hundredBlock(Number(block[1] ?? (block[3] || '0'))));
    rest = rest.replace(block[0], ' ');
  } else {
    // A number that leads, unless it is itself the name of a street: 5 AV.
    const number = /^\s*(\d+)(?:\s*-\s*(\d+))?[a-z]?\s+(?=\S+\s+\S)/.exec(rest);
    if (number && !STREETS.test(rest) && !isStreetName(rest.trim())) {
      elements.push(doorNumber(number[1], number[2]));
      rest = rest.slice(number[0].length);
    }
  }
  for (const street of rest.split(STREETS)) {
    const value = streetName(street);
    if (value) elements.push({ kind: 'STREET', text: value.toUpperCase(), value });
  }
  if (room) {
    const value = room[1] ?? room[2];
    elements.push({ kind: 'ROOM', text: `#${value}`, value });
  }
  return elements;
}

function hundredBlock(hundreds: number): Element {
  const from = hundreds * 100;
  return { kind: 'DOOR_NUMBER', text: `${hundreds}XX BLOCK`, value: `${from}-${from + 99}`, from, to: from + 99 };
}

function doorNumber(first: string, last: string | undefined): Element {
  if (!last || Number(last) <= Number(first)) return { kind: 'DOOR_NUMBER', text: first, value: first };
  const value = `${first}-${last}`;
  return { kind: 'DOOR_NUMBER', text: value, value, from: Number(first), to: Number(last) };
}

// 1 AV N and 5TH AVENUE: a number, then only the word for its kind and directions.
function isStreetName(text: string): boolean {
  const [first, ...words] = text.split(/\s+/);
  return (
    /^\d+(st|nd|rd|th)?$/.test(first) &&
    words.length > 0 &&
    words.every((word) => word in SUFFIXES || word in DIRECTIONS)
  );
}

/** One spelling for each street: numbers without st and th, short words for kinds and directions. */
function streetName(text: string): string {
  const words = text.split(/[\s-]+/).filter((word) => word !== '' && word !== '#');
  return words
    .map((word, index) => {
      const ordinal = /^(\d+)(?:st|nd|rd|th)$/.exec(word)?.[1];
      if (ordinal) return ordinal;
      if (word in DIRECTIONS) return DIRECTIONS[word];
      if (index > 0 && word in SUFFIXES) return SUFFIXES[word];
      return ORDINALS[word] ?? word;
    })
    .join(' ');
}
