import { DomainError } from '../errors.ts';
import { privateThingIn } from '../posts/appointing/staffText.ts';

const LONGEST_NOTE = 500;

/** Plates of mainland China (GA 36-2018): a province, an office, five or six signs of which one is a digit. */
const PLATE =
  /[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z](?=[A-Z]{0,5}\d)[A-Z0-9]{4,5}[A-Z0-9挂学警港澳使领]/i;
const SPACING = /[\s\-.·•_/]/gu;
const NUMERALS = '〇一二三四五六七八九';

/** What a text holds that says who somebody is, if any. Numbers written out in Chinese count too. */
function personalThingIn(text: string): string | undefined {
  const digits = text.normalize('NFKC').replace(/[〇零○一幺二三四五六七八九]/gu, digitOf);
  const found = privateThingIn(text) ?? privateThingIn(digits);
  if (found) return found;
  return PLATE.test(text.normalize('NFKC').replace(SPACING, '')) ? 'a licence plate' : undefined;
}

function digitOf(numeral: string): string {
  if (numeral === '幺') return '1';
  return String(Math.max(0, NUMERALS.indexOf(numeral)));
}

/**
 * A text about a place, on one line and without invisible signs; null where nothing is said. Throws BAD_INPUT for more
 * than 500 characters, and for one that tells who somebody is, without repeating it.
 */
export function readPlaceNote(field: string, text: string | null | undefined): string | null {
  const note = (text ?? '').replace(/\s+/gu, ' ').replace(/\p{C}/gu, '').trim();
  if (note === '') return null;
  if ([...note].length > LONGEST_NOTE) {
    throw new DomainError('BAD_INPUT', `${field}: give at most ${LONGEST_NOTE} characters.`, { field });
  }
  const found = personalThingIn(note);
  if (found === undefined) return note;
  const message = `${field}: this looks like ${found}. Describe the place and what is wrong with it, never a person.`;
  throw new DomainError('BAD_INPUT', message, { field });
}
