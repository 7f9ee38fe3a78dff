import { isChinese } from '../text/normalise.ts';

/** Names that differ in one of these are different places, not misspelt ones: 中山北路 and 中山南路. */
const TELLING = /[东南西北中一二三四五六七八九十上下前后大小新老\d]/g;
const ENDING =
  /(?:大道|大街|胡同|路|街|巷|弄|道|小区|社区|花园|花苑|家园|公寓|大厦|广场|新村|新城|山庄|自然村|行政村|居委会|村委会|村|屯|寨)$/;

/** Edits of one character (put in, left out, replaced, two swapped) that make one text the other. */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        row[j] = Math.min(row[j], before[j - 2] + 1);
    }
    before = last;
    last = row;
  }
  return last[b.length];
}

/** How alike two names are: 1 the same, over 0.5 one may be a misspelling of the other. */
export function nameSimilarity(a: string, b: string): number {
  if (a === b) return 1;
  return isChinese(a + b) ? chineseSimilarity(a, b) : streetSimilarity(a, b);
}

function chineseSimilarity(a: string, b: string): number {
  const [coreA, coreB] = [a.replace(ENDING, ''), b.replace(ENDING, '')];
  if (coreA !== '' && coreA === coreB) return coreA === a || coreB === b ? 0.9 : 0.6;
  const longest = Math.max(a.length, b.length);
  const alike = 1 - editDistance(a, b) / longest;
  const contained =
    Math.min(a.length, b.length) >= 3 && (a.endsWith(b) || b.endsWith(a) || a.startsWith(b) || b.startsWith(a));
  const best = contained ? Math.max(alike, 0.75) : alike;
  const [tellingA, tellingB] = [a, b].map((name) => (name.match(TELLING) ?? []).join(''));
  if (tellingA === tellingB) return best;
  return best * (tellingA.length === tellingB.length && isPermuted(a, b) ? 1 : 0.55);
}

// Two characters swapped in typing leave the same characters.
function isPermuted(a: string, b: string): boolean {
  return a.length === b.length && [...a].sort().join('') === [...b].sort().join('');
}

const STREET_KINDS = new Set('st av rd bv dr ln pl ct wy pkwy hwy ter sq cir aly'.split(' '));
const DIRECTIONS = new Set('n s e w ne nw se sw'.split(' '));

/** Streets in their short spelling: what is said of kind and direction must not differ, but may be left out. */
function streetSimilarity(a: string, b: string): number {
  const [x, y] = [streetParts(a), streetParts(b)];
  if (/^\d+$/.test(x.core) || /^\d+$/.test(y.core)) {
    if (x.core !== y.core) return 0;
  }
  const alike = 1 - editDistance(x.core, y.core) / Math.max(1, x.core.length, y.core.length);
  return alike * agreement(x.kind, y.kind) * agreement(x.directions, y.directions);
}

function agreement(a: string, b: string): number {
  if (a === b) return 1;
  return a === '' || b === '' ? 0.85 : 0.4;
}

function streetParts(name: string) {
  const words = name.split(' ');
  const core = words.filter((word, i) => !(DIRECTIONS.has(word) || (i > 0 && STREET_KINDS.has(word))));
  return {
    core: (core.length > 0 ? core : words).join(' '),
    kind: words.filter((word, i) => i > 0 && STREET_KINDS.has(word)).join(' '),
    directions: words.filter((word) => DIRECTIONS.has(word)).join(' '),
  };
}
