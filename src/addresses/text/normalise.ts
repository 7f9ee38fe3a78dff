import { Converter } from 'opencc-js/t2cn';
import { settleNumerals } from './numerals.ts';

const toSimplified = Converter({ from: 't', to: 'cn' });

const HAN = /\p{Script=Han}/u;
const DASHES = /[‐‑‒–—―−－~∼〜～]+/g;
// What is said where something is missing: 无, 无门牌, 不详.
const NOTHING = /(?:无|没有|不详|未知)(?:门牌号?|号牌?|楼栋|单元|室号)|(?<=^| )(?:无|不详|n\/a)(?= |$)/g;
const SIGNS = /[^\p{L}\p{N}\-#&/ ]+/gu;

/** Whether a text is written in Chinese; else it is read as an English-style address. */
export function isChinese(text: string): boolean {
  return HAN.test(text);
}

/**
 * A text as it is compared: full-width signs as plain ones (NFKC), traditional and variant characters as simplified
 * ones (OpenCC), lower case, one kind of dash, blanks for all other signs, numbers as digits. Only for comparing: what
 * people read is the text as it was given.
 */
export function normaliseText(given: string): string {
  const text = given.normalize('NFKC').toLowerCase();
  if (!isChinese(text))
    return text.replace(DASHES, '-').replace(/[.'’]/g, '').replace(SIGNS, ' ').replace(/ +/g, ' ').trim();
  const plain = toSimplified(text)
    .replace(DASHES, '-')
    .replace(/(?<=[0-9])[至到](?=[0-9])/g, '-')
    .replace(NOTHING, ' ')
    .replace(SIGNS, ' ')
    .replace(/[&/]/g, ' ')
    .replace(/ *- */g, '-')
    .replace(/ +/g, ' ')
    // 三 十一号 is one number.
    .replace(/(?<=[二三四五六七八九十百]) (?=十?[零一二三四五六七八九十]*(?:号|栋|幢|单元|层|室|组))/g, '')
    // 12 号 is one thing.
    .replace(/(?<=[0-9a-z]) (?=号|#|栋|幢|座|单元|层|楼|室|组|弄)/g, '')
    .trim();
  return settleNumerals(plain);
}

/** Without blanks, but for those behind a number or a Latin word, which would run into what follows. */
export function withoutBlanks(normalised: string): string {
  return settleNumerals(normalised.replace(/(?<![0-9a-z]) /g, ''));
}

/** Every character of a name as a word of its own, so that trigrams of the database compare characters: 中山路 → 中 山 路. */
export function spacedName(name: string): string {
  return isChinese(name) ? [...name.replace(/ /g, '')].join(' ') : name;
}
