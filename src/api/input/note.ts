import { DomainError } from '../../errors.ts';

const IDENTITY_CARD = /(^|\D)\d{17}[\dXx](\D|$)/;
/** Of mainland China, with or without +86, 0086 or a trunk 0. A number that begins with another country's +code is none. */
const MOBILE = /(^|[^\d+])(?:(?:\+|00)?86|0)?1[3-9]\d{9}(?!\d)/;
const DASHES = /[\s()\-.·\u2010-\u2015]/g;
/** Plates of mainland China (GA 36-2018): a province, an office, five or six signs of which one is a digit. */
const PLATE =
  /[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z](?=[A-Z]{0,5}\d)[A-Z0-9]{4,5}[A-Z0-9挂学警港澳使领]/i;
const SPACING = /[\s\-.·•_/]/gu;
const MAIL = /[^\s@<>,;，；。]@[a-z0-9-]+(\.[a-z0-9-]+)+/i;
const NUMERALS = '〇一二三四五六七八九';

/** Says what private thing a text looks like, if any: nothing about a person is kept but the office contact. */
export function privateThingIn(text: string): 'an identity card number' | 'a mobile phone number' | undefined {
  const plain = text.normalize('NFKC');
  if (IDENTITY_CARD.test(plain)) return 'an identity card number';
  if (MOBILE.test(plain.replace(DASHES, ''))) return 'a mobile phone number';
  return undefined;
}

/** What a text holds that says who somebody is, if any. Numbers written out in Chinese count too. */
function personalThingIn(text: string): string | undefined {
  const plain = text.normalize('NFKC');
  const digits = plain.replace(/[〇零○一幺二三四五六七八九]/gu, digitOf);
  const found = privateThingIn(text) ?? privateThingIn(digits);
  if (found) return found;
  if (MAIL.test(plain)) return 'an e-mail address';
  return PLATE.test(plain.replace(SPACING, '')) ? 'a licence plate' : undefined;
}

function digitOf(numeral: string): string {
  if (numeral === '幺') return '1';
  return String(Math.max(0, NUMERALS.indexOf(numeral)));
}

const OF_A_MATTER = 'Say what happened and what was done, never who a person is.';

/**
 * A text as people write it, on one line and without invisible signs; null where nothing is said. Throws BAD_INPUT for
 * more than `longest` characters, and for one that tells who somebody is, without repeating it; `wayOut` says what to
 * write instead.
 */
export function readNote(
  field: string,
  text: string | null | undefined,
  longest: number,
  wayOut = OF_A_MATTER,
): string | null {
  const note = (text ?? '').replace(/\s+/gu, ' ').replace(/\p{C}/gu, '').trim();
  if (note === '') return null;
  if ([...note].length > longest) {
    throw new DomainError('BAD_INPUT', `${field}: give at most ${longest} characters.`, { field });
  }
  const found = personalThingIn(note);
  if (found === undefined) return note;
  throw new DomainError('BAD_INPUT', `${field}: this looks like ${found}. ${wayOut}`, { field });
}
