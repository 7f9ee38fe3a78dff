import { leadingDivision } from './divisions.ts';
import type { Element, ElementKind } from './element.ts';

/** Where a name of a kind ends, and what must not follow or precede for that. */
interface Ending {
  readonly kind: ElementKind;
  readonly ends: RegExp;
}

// The order is that of trial at one end; each needs at least one character before it.
const ENDINGS: readonly Ending[] = [
  { kind: 'PROVINCE', ends: /(?:省|自治区|特别行政区)$/ },
  { kind: 'TOWN', ends: /(?:街道办事处|街道|镇|乡|苏木|新区|农场|林场|管理区|开发区)$/ },
  { kind: 'CITY', ends: /(?:(?<![城都超菜夜集花鱼])市|自治州|地区|盟)$/ },
  { kind: 'VILLAGE', ends: /(?:社区居委会|社区|居委会|村委会|行政村|自然村|(?<!新)村|屯|寨)$/ },
  {
    kind: 'COMPOUND',
    ends: /(?:小区|花园|花苑|家园|嘉园|公寓|大厦|广场|新村|新城|山庄|公馆|工业园|科技园|园区|大院)$/,
  },
  { kind: 'COUNTY', ends: /(?:(?<![小社园厂校营库山景住新活舍宅业发理])区|县|旗)$/ },
  { kind: 'STREET', ends: /(?:大道|大街|胡同|路|街|巷|弄|国道|省道|县道|环线)$/ },
];
const STREET_GOES_ON =
  /^(?:[东南西北中上下前后]?[一二三四五六七八九十]*(?:段|支路|支巷|横路|横街|横巷|辅路|后街|后巷|巷|弄|里))/;
// 花园路 is a street, 镇海路 no town, 街道 no street.
const NAME_GOES_ON =
  /^(?:[东南西北中]?[一二三四五六七八九十]*(?:路|街|大道|道|巷|弄|胡同|桥|口)|村|社区|小区|新村|居委会|村委会|委会|场|委)/;
const LONGEST_NAME = 16;

/** The names in a piece of text without numbers, such as 丰泽区东湖街道中山路; what has no known ending is a place name. */
export function splitNames(piece: string, known: readonly Element[]): Element[] {
  const found: Element[] = [];
  let rest = piece.replace(/^(?:中国|中华人民共和国)/, '');
  while (rest.length > 0) {
    const above =
      [...found, ...known].find(({ kind }) => kind === 'CITY') ??
      [...found, ...known].find(({ kind }) => kind === 'PROVINCE');
    const isAtTop = found.every(({ kind }) => kind === 'PROVINCE' || kind === 'CITY');
    const next = (isAtTop && leadingDivision(rest, above)) || endingName(rest);
    if (!next) {
      found.push({ kind: 'COMPOUND', text: rest, value: rest });
      break;
    }
    found.push(next.element);
    rest = rest.slice(next.length);
  }
  return found;
}

function endingName(text: string): { element: Element; length: number } | undefined {
  for (let length = 2; length <= Math.min(text.length, LONGEST_NAME); length += 1) {
    const name = text.slice(0, length);
    const rest = text.slice(length);
    const ending = ENDINGS.find(({ ends }) => ends.test(name) && name.replace(ends, '') !== '');
    if (!ending) continue;
    if (ending.kind === 'STREET') {
      if (rest.startsWith('道') || /^(?:社区|居委会|委会|小区|新村|村)/.test(rest)) continue;
      const more = STREET_GOES_ON.exec(rest)?.[0] ?? '';
      return found('STREET', name + more);
    }
    if (NAME_GOES_ON.test(rest) && !name.endsWith('街道')) continue;
    return found(ending.kind, name);
  }
  return undefined;
}

function found(kind: ElementKind, name: string) {
  return { element: { kind, text: name, value: name }, length: name.length };
}
