const DIGITS = '零一二三四五六七八九';
const VALUE: Readonly<Record<string, number>> = {
  零: 0,
  〇: 0,
  一: 1,
  二: 2,
  两: 2,
  三: 3,
  四: 4,
  五: 5,
  六: 6,
  七: 7,
  八: 8,
  九: 9,
};
const SCALE: Readonly<Record<string, number>> = { 十: 10, 百: 100, 千: 1000 };

/** 十二 → 12, 一百零五 → 105; read digit by digit where there is no 十 or 百: 二〇三 → 203. */
export function fromChineseNumeral(text: string): string {
  if (![...text].some((sign) => sign in SCALE)) return [...text].map((sign) => VALUE[sign]).join('');
  let sum = 0;
  let digit = 0;
  for (const sign of text) {
    if (sign in SCALE) {
      sum += (digit || 1) * SCALE[sign];
      digit = 0;
    } else digit = VALUE[sign];
  }
  return String(sum + digit);
}

/** 12 → 十二, up to 99. */
function toChineseNumeral(number: number): string {
  const tens = Math.floor(number / 10);
  const ones = number % 10 === 0 ? '' : DIGITS[number % 10];
  if (tens === 0) return ones || DIGITS[0];
  return `${tens === 1 ? '' : DIGITS[tens]}十${ones}`;
}

const BEFORE_UNIT =
  /第?([零〇一二两三四五六七八九十百千]+)(?=号|栋|幢|单元|层|室|组|村民小组|弄|楼(?:[0-9零一二三四五六七八九室]|$))/g;
// 2单元五〇一: what ends a text behind a building, unit or floor is a room.
const AT_THE_END = /(?<=(?:栋|幢|座|楼|单元|层)-?)[零〇一二三四五六七八九十百]{2,}$/g;
const IN_A_NAME = /(?<=\p{Script=Han})([1-9][0-9]?)(?=路|街|巷|村|里|坊|条|期|段|环路)/gu;

/**
 * Numbers of doors, buildings and rooms as digits, numbers within names in Chinese: 三号楼 → 3号楼, 中山3路 → 中山三路.
 * Names such as 五一路 stay as they are.
 */
export function settleNumerals(text: string): string {
  return text
    .replace(BEFORE_UNIT, (_, numeral: string) => fromChineseNumeral(numeral))
    .replace(AT_THE_END, fromChineseNumeral)
    .replace(/第(?=[0-9]+(?:号|栋|幢|单元|层|室|组))/g, '')
    .replace(IN_A_NAME, (digits: string) => toChineseNumeral(Number(digits)));
}
