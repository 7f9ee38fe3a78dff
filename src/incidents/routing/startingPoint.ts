import type { LadderPractice, Practice } from '../../practice/practice.type.ts';
import type { IncidentNotice, Rung } from '../course/state.ts';
import { ladderOf, nameOf, routeOf, rungsIn } from './practiceChoice.ts';
import type { RoutedMatter } from './route.type.ts';

export interface StartingPoint {
  readonly ladder: LadderPractice | null;
  readonly rung: Rung | null;
  readonly notices: readonly IncidentNotice[];
}

type Where = Pick<RoutedMatter, 'category' | 'chains'>;

const notConfigured = (message: string): IncidentNotice => ({ code: 'NOT_CONFIGURED', message });

/**
 * Where a matter begins: on the lowest rung of its ladder that has a grid and a route; where no rung of it has, or there
 * is no ladder, by a route outside of every ladder. Whatever is left out below is told.
 */
export function startingPoint(practice: Practice, matter: Where): StartingPoint {
  const { category, chains } = matter;
  const notices = unknownCategory(practice, category);
  const ladder = ladderOf(practice, category) ?? null;
  if (ladder) {
    const { rungs, missing } = rungsIn(ladder, chains);
    notices.push(...missing.map((rung) => missingRung(ladder, rung)));
    for (const rung of rungs) {
      if (missing.includes(rung)) continue;
      if (routeOf(practice, rung, category)) return { ladder, rung, notices };
      const message = `route: no route on ${nameOf(rung)} names the category ${category} or serves the rest, so that rung is left out; set one in the practice of the area.`;
      notices.push(notConfigured(message));
    }
  }
  const rung = rungOutside(practice, matter);
  if (!rung) {
    const message = `route: no route of the practice here serves the category ${category} on any grid of the place; nobody is told of it. Set a route, or issue tasks by hand.`;
    return { ladder, rung: null, notices: [...notices, notConfigured(message)] };
  }
  const message = ladder
    ? `ladder: no rung of ${ladder.code} here has a route for the category ${category}; it begins beside the ladder, by the route on ${nameOf(rung)}.`
    : `ladder: none serves the category ${category}; it begins by the route on ${nameOf(rung)} and cannot climb.`;
  return { ladder: null, rung, notices: [...notices, notConfigured(message)] };
}

export function unknownCategory(practice: Practice, category: string): IncidentNotice[] {
  const known = practice.categories;
  if (known.length === 0 || known.some(({ code }) => code === category)) return [];
  const message = `category: the practice here does not know ${category}; only what serves every category applies.`;
  return [notConfigured(message)];
}

export function missingRung(ladder: LadderPractice, rung: Rung): IncidentNotice {
  const message = `rung: ladder ${ladder.code} goes over ${nameOf(rung)}, of which no grid holds the place.`;
  return { code: 'MISSING_TIER', message };
}

/**
 * The smallest grid's tier with a route. Of several layers the first whose route names the category, else the first
 * with one that serves the rest.
 */
function rungOutside(practice: Practice, { category, chains }: Where): Rung | null {
  const layers = [...new Set(chains.flatMap((chain) => chain.slice(0, 1).map(({ grid }) => grid.layer)))];
  const found = layers.flatMap((layer) => {
    const tiers = new Set(chains.flat().map(({ grid }) => grid.tier));
    const upwards = [...tiers].filter((tier) => tier.layer === layer).sort((a, b) => b.rank - a.rank);
    const rungs = upwards.map((tier) => ({ layer: layer.code, tier: tier.code }));
    return rungs.filter((rung) => routeOf(practice, rung, category)).slice(0, 1);
  });
  const names = (rung: Rung) => routeOf(practice, rung, category)!.categories.includes(category);
  return found.find(names) ?? found.at(0) ?? null;
}
