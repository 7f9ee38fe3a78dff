import { metricAt } from '../../geometry/distance.ts';
import type { WarningPractice } from '../../practice/practice.type.ts';

const DAY_MS = 86_400_000;
/** Points this near each other are one address, where either has none in the book. */
export const SAME_ADDRESS_METRES = 15;

/** A matter as rules see it: what, when and where; nobody is in it. */
export interface WarningMatter {
  readonly category: string;
  readonly occurredAt: Date;
  /** On the lattice. */
  readonly x: number;
  readonly y: number;
  readonly addressId: string | null;
  /** The grids that count as its place for a rule of GRID. */
  readonly gridIds: readonly string[];
}

/** One that was reported before, and by which rules, by their codes, it made an instruction. */
export interface EarlierMatter extends WarningMatter {
  readonly warned: readonly string[];
}

type Rule = Pick<
  WarningPractice,
  'code' | 'categories' | 'same' | 'metres' | 'count' | 'withinDays' | 'fromHour' | 'toHour'
>;

/** How far apart two matters may be to be at one place; undefined where it is not a matter of metres alone. */
export function reachOf({ same, metres }: Pick<Rule, 'same' | 'metres'>): number | undefined {
  if (same === 'GRID') return undefined;
  return same === 'NEARBY' ? (metres ?? 0) : SAME_ADDRESS_METRES;
}

/** Whether the rule is about such a matter at all, wherever it is. `timeZone`: an IANA name; hours are of the day there. */
export function isAbout(rule: Rule, { category, occurredAt }: WarningMatter, timeZone: string): boolean {
  if (rule.categories.length > 0 && !rule.categories.includes(category)) return false;
  const { fromHour, toHour } = rule;
  if (fromHour === null || toHour === null) return true;
  const hour = localHour(occurredAt, timeZone);
  return fromHour < toHour ? fromHour <= hour && hour < toHour : hour >= fromHour || hour < toHour;
}

/**
 * Whether a new matter makes an instruction: with earlier ones of its kind at its place it is the so-maniest within some
 * span of so many days, and no earlier one so near in time has made one already.
 */
export function makesInstruction(
  rule: Rule,
  matter: WarningMatter,
  earlier: readonly EarlierMatter[],
  timeZone: string,
): boolean {
  if (!isAbout(rule, matter, timeZone)) return false;
  const span = rule.withinDays * DAY_MS;
  const time = matter.occurredAt.getTime();
  const alike = earlier.filter(
    (each) =>
      Math.abs(each.occurredAt.getTime() - time) <= span &&
      isAbout(rule, each, timeZone) &&
      isSamePlace(rule, matter, each),
  );
  if (alike.some(({ warned }) => warned.includes(rule.code))) return false;
  const times = [time, ...alike.map(({ occurredAt }) => occurredAt.getTime())].sort((a, b) => a - b);
  // Some run of so many that holds the new one fits into the span.
  return times.some((first, i) => {
    const last = times[i + rule.count - 1];
    return last !== undefined && first <= time && time <= last && last - first <= span;
  });
}

function isSamePlace(rule: Rule, a: WarningMatter, b: WarningMatter): boolean {
  if (rule.same === 'GRID') return a.gridIds.some((id) => b.gridIds.includes(id));
  if (rule.same === 'ADDRESS' && a.addressId !== null && b.addressId !== null) return a.addressId === b.addressId;
  return metresBetween(a, b) <= reachOf(rule)!;
}

/** In the plane of the metric half-way between: the same both ways. */
function metresBetween(a: WarningMatter, b: WarningMatter): number {
  const { metresPerX, metresPerY } = metricAt((a.y + b.y) / 2);
  return Math.hypot((a.x - b.x) * metresPerX, (a.y - b.y) * metresPerY);
}

const formats = new Map<string, Intl.DateTimeFormat>();

function localHour(at: Date, timeZone: string): number {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en', { timeZone, hour: '2-digit', hourCycle: 'h23' });
    formats.set(timeZone, format);
  }
  return Number(format.format(at));
}
