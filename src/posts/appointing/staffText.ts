import { privateThingIn } from '../../api/input/note.ts';
import { DomainError } from '../../errors.ts';

/** The form of a phone number of an office: digits, blanks, an extension. */
export const PHONE_FORM = /^[+(\d][\d ()+\-,;#*extEXT转]*$/;
export const LANGUAGE_TAG = /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/;
/** Control and format characters, line ends and halves of signs: what could hide in a list or in a log. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

function refuse(field: string, words: string): never {
  throw new DomainError('BAD_INPUT', `${field}: ${words}`, { field });
}

function assertOfficial(field: string, text: string, longest: number): void {
  if (UNSEEN.test(text)) refuse(field, 'leave out control characters, line ends and invisible signs.');
  if ([...text].length > longest) refuse(field, `give at most ${longest} characters.`);
  const found = privateThingIn(text);
  if (found) refuse(field, `this looks like ${found}; Wangge keeps the office contact only.`);
}

/** A name without blanks around it. Throws BAD_INPUT. */
export function readStaffName(field: string, text: string | null | undefined, longest: number): string {
  const name = (text ?? '').trim();
  if (name === '') refuse(field, 'give the name.');
  assertOfficial(field, name, longest);
  return name;
}

/** The number of an office; null for none. Throws BAD_INPUT, without repeating the number. */
export function readOfficePhone(field: string, text: string | null | undefined): string | null {
  const phone = (text ?? '').trim();
  if (phone === '') return null;
  assertOfficial(field, phone, 40);
  if (!PHONE_FORM.test(phone))
    refuse(field, 'this is not a phone number; write it like 0859-3223344 or +1 416 3922489.');
  return phone;
}

/** BCP 47 tags, each once. Throws BAD_INPUT. */
export function readLanguages(field: string, tags: readonly string[] | null | undefined): string[] {
  const wanted = [...new Set(tags ?? [])];
  if (wanted.length > 20) refuse(field, 'name at most 20 languages.');
  if (!wanted.every((tag) => LANGUAGE_TAG.test(tag))) refuse(field, 'write language tags such as zh or pcc.');
  return wanted;
}

/** Words of local practice, such as categories, each once. Throws BAD_INPUT. */
export function readWords(field: string, words: readonly string[] | null | undefined): string[] {
  const wanted = [...new Set((words ?? []).map((word) => word.trim()))];
  if (wanted.length > 100) refuse(field, 'name at most 100.');
  for (const word of wanted) {
    if (word === '') refuse(field, 'one of them is empty.');
    assertOfficial(field, word, 64);
  }
  return wanted;
}
