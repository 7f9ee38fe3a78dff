import { geodesicMetres } from '../../../src/geometry/distance.ts';
import type { WarningMatter } from '../../../src/incidents/warnings/warningRules.ts';
import type { WarningPractice } from '../../../src/practice/practice.type.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Distances this near the limit are judged by rounding, and are no test. */
const isPlain = (metres: number, limit: number) => Math.abs(metres - limit) > 0.01 * limit;

/** Whether two matters are surely at one place, or surely not; undefined: too near the limit to say. */
export function samePlace(rule: WarningPractice, a: WarningMatter, b: WarningMatter): boolean | undefined {
  if (rule.same === 'GRID') return a.gridIds[0] === b.gridIds[0];
  if (rule.same === 'ADDRESS' && a.addressId && b.addressId) return a.addressId === b.addressId;
  const limit = rule.same === 'NEARBY' ? rule.metres! : 15;
  const metres = geodesicMetres(a.x, a.y, b.x, b.y);
  return isPlain(metres, limit) ? metres < limit : undefined;
}

/** Hours of Shanghai, which has been eight ahead of Greenwich since 1991. */
function isInHours({ fromHour, toHour }: WarningPractice, at: Date): boolean {
  if (fromHour === null || toHour === null) return true;
  const hour = Math.floor(((at.getTime() + 8 * HOUR_MS) % DAY_MS) / HOUR_MS);
  for (let h = fromHour; h % 24 !== toHour % 24; h++) if (h % 24 === hour) return true;
  return toHour % 24 === fromHour % 24;
}

const isMeant = (rule: WarningPractice, { category, occurredAt }: WarningMatter) =>
  (rule.categories.length === 0 || rule.categories.includes(category)) && isInHours(rule, occurredAt);

/** Every choice of so many of a list. */
function choices<T>(list: readonly T[], count: number): T[][] {
  if (count === 0) return [[]];
  return list.flatMap((first, i) => choices(list.slice(i + 1), count - 1).map((rest) => [first, ...rest]));
}

/**
 * By trying every choice: which of the matters, in the order in which they were reported, make an instruction. Undefined
 * where two are too near the limit of one place.
 */
export function slowly(rule: WarningPractice, matters: readonly WarningMatter[]): boolean[] | undefined {
  const span = rule.withinDays * DAY_MS;
  const apart = (a: WarningMatter, b: WarningMatter) => Math.abs(a.occurredAt.getTime() - b.occurredAt.getTime());
  const made: boolean[] = [];
  for (const [i, matter] of matters.entries()) {
    const near = matters.slice(0, i).map((other) => samePlace(rule, matter, other));
    if (near.includes(undefined)) return undefined;
    const alike = matters
      .slice(0, i)
      .map((other, n) => ({ other, wasTold: made[n] }))
      .filter(({ other }, n) => near[n] && isMeant(rule, other) && apart(matter, other) <= span);
    const isRepeated = choices(alike, rule.count - 1).some((chosen) => {
      const all = [matter, ...chosen.map(({ other }) => other)];
      return all.every((a) => all.every((b) => apart(a, b) <= span));
    });
    made.push(isMeant(rule, matter) && isRepeated && !alike.some(({ wasTold }) => wasTold));
  }
  return made;
}
