import { LRUCache } from 'lru-cache';
import { readChinese } from './chineseAddress.ts';
import { type Element, inOrder, isDivision, isNumber, isPlaceName, type ParsedAddress } from './element.ts';
import { readEnglish } from './englishAddress.ts';
import { isChinese, normaliseText, withoutBlanks } from './normalise.ts';

// The texts of addresses that are asked for often are candidates again and again.
const parsedTexts = new LRUCache<string, readonly ParsedAddress[]>({ max: 20_000 });

/** How a text is read: its elements after GA/T 2000.32, whatever way it is written. */
export function parseAddress(text: string): ParsedAddress {
  return readingsOf(text)[0];
}

/**
 * Every way in which a text may be read, the likeliest first. A blank may part two names or stand within one, so a
 * Chinese text with blanks is read with them and without.
 */
export function readingsOf(text: string): readonly ParsedAddress[] {
  const kept = parsedTexts.get(text);
  if (kept) return kept;
  const normalised = normaliseText(text);
  const folded = normalised.replace(/[ \-#&/]/g, '');
  const forms = isChinese(normalised) ? [...new Set([normalised, withoutBlanks(normalised)])] : [normalised];
  const read = isChinese(normalised) ? readChinese : readEnglish;
  const readings = forms.map((form) => ({ folded, elements: inOrder(withName(read(form))) }));
  parsedTexts.set(text, readings);
  return readings;
}

/**
 * 丰泽区长集区26号 names no place that could have a door but 长集区, the one beside the number: a village whose ending was
 * misspelt.
 */
function withName(elements: readonly Element[]): readonly Element[] {
  const first = elements.findIndex(isNumber);
  if (first < 0 || elements.some(isPlaceName)) return elements;
  const beside = first > 0 ? elements[first - 1] : elements.find(isDivision);
  return elements.map((element) => (element === beside ? { ...element, kind: 'VILLAGE' } : element));
}
