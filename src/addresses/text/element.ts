/** The kinds of elements of a standard address after GA/T 2000.32, from the whole country down to a door. */
export const ELEMENT_KINDS = [
  'PROVINCE',
  'CITY',
  'COUNTY',
  'TOWN',
  'VILLAGE',
  'GROUP',
  'STREET',
  'DOOR_NUMBER',
  'COMPOUND',
  'BUILDING',
  'UNIT',
  'FLOOR',
  'ROOM',
] as const;
export type ElementKind = (typeof ELEMENT_KINDS)[number];

/** One part of an address text. */
export interface Element {
  readonly kind: ElementKind;
  /** As it is shown: 中山路, 12号. */
  readonly text: string;
  /** As it is compared: a name, or a number without its unit. */
  readonly value: string;
  /** For numbers that stand for several: 1~30号, a hundred block. */
  readonly from?: number;
  readonly to?: number;
}

export interface ParsedAddress {
  /** Without blanks and signs, for telling whether two texts are the same but for the way they are written. */
  readonly folded: string;
  /** In the order of their kinds. */
  readonly elements: readonly Element[];
}

const ORDER = new Map(ELEMENT_KINDS.map((kind, index) => [kind, index]));

/** How deep a kind lies: a door is deeper than a street. */
export function depthOf(kind: ElementKind): number {
  return ORDER.get(kind)!;
}

export function inOrder(elements: readonly Element[]): Element[] {
  return [...elements].sort((a, b) => depthOf(a.kind) - depthOf(b.kind));
}

const DIVISIONS: ReadonlySet<ElementKind> = new Set(['PROVINCE', 'CITY', 'COUNTY', 'TOWN', 'VILLAGE']);
const NAMES: ReadonlySet<ElementKind> = new Set(['VILLAGE', 'STREET', 'COMPOUND']);

export function isDivision({ kind }: Element): boolean {
  return DIVISIONS.has(kind);
}

/** Whether the element is a name that an address may be looked up by. */
export function isPlaceName({ kind }: Element): boolean {
  return NAMES.has(kind);
}

export function isNumber({ kind }: Element): boolean {
  return !DIVISIONS.has(kind) && !NAMES.has(kind);
}

const SUFFIX =
  /(特别行政区|维吾尔自治区|壮族自治区|回族自治区|自治区|自治州|自治县|地区|街道办事处|街道|居民委员会|村民委员会|居委会|村委会|行政村|自然村|社区|新区|省|市|盟|县|区|旗|镇|乡|村|屯|寨)$/;

// 黔西南布依族苗族自治州 is called 黔西南.
const PEOPLES =
  /(?:(?:布依|苗|土家|侗|彝|藏|羌|壮|瑶|回|满|蒙古|朝鲜|傣|景颇|白|哈尼|傈僳|水|黎|畲|仡佬|仫佬|毛南|拉祜|佤|纳西|独龙|怒|普米|维吾尔|哈萨克|柯尔克孜|塔吉克|锡伯|达斡尔|鄂温克|鄂伦春|裕固|保安|东乡|撒拉|土|各)族)+(?=自治[州县旗]$)/;

/** The name of a division without the word for its kind: 东湖街道 and 东湖 are the same. */
export function coreOf(name: string): string {
  const core = name.replace(PEOPLES, '').replace(SUFFIX, '');
  return core.length >= 2 ? core : name;
}
