import { DomainError } from '../../errors.ts';
import type { Command } from '../course/command.ts';
import type { IncidentState, Rung } from '../course/state.ts';
import type { RoutedMatter, Routing, Rungs } from '../routing/route.type.ts';

type Climb = Extract<Command, { do: 'CLIMB' }>;

export const isSameRung = (a: Rung, b: Rung): boolean => a.layer === b.layer && a.tier === b.tier;

/** The nearest rung above the one that the incident has reached which has a grid here; undefined at the top. */
export function nextRung({ rung }: Pick<IncidentState, 'rung'>, { rungs, missing }: Rungs): Rung | undefined {
  const reached = rung ? rungs.findIndex((each) => isSameRung(each, rung)) : -1;
  return rungs.slice(reached + 1).find((each) => !missing.some((gone) => isSameRung(gone, each)));
}

/** The climb of an incident to a rung, with those who take it over there. */
export function climbTo(
  to: Rung,
  { rungs, missing }: Rungs,
  matter: RoutedMatter,
  routing: Pick<Routing, 'at'>,
  why: Pick<Climb, 'cause' | 'reason'>,
): Climb {
  const { tasks, notices } = routing.at(matter, to, 'LADDER');
  return { do: 'CLIMB', to, rungs, missing, ...why, tasks, notices };
}

/** The ladder of a matter. Throws CONFLICT where none is configured. */
export function getRungs(matter: RoutedMatter, routing: Pick<Routing, 'rungsOf'>): Rungs {
  const ladder = routing.rungsOf(matter);
  if (ladder) return ladder;
  const message = `id: no ladder is configured here for ${matter.category}; move the incident, or set a ladder in the local practice.`;
  throw new DomainError('CONFLICT', message, { field: 'id', category: matter.category });
}

/**
 * The rung of a tier of the ladder, or where none is named the next above. Throws BAD_INPUT for a tier that the ladder
 * does not have, CONFLICT at the top.
 */
export function getTarget(incident: IncidentState, ladder: Rungs, tier: string | null): Rung {
  const to = tier === null ? nextRung(incident, ladder) : ladder.rungs.find((rung) => rung.tier === tier);
  if (to) return to;
  const field = 'toTier';
  const tiers = ladder.rungs.map((rung) => rung.tier);
  if (tier === null) {
    const message = `${field}: there is no tier above on the ladder ${ladder.ladder.code}; push the incident, or close it.`;
    throw new DomainError('CONFLICT', message, { field, tiers });
  }
  const message = `${field}: the ladder ${ladder.ladder.code} has no tier ${tier}; it has ${tiers.join(', ')}.`;
  throw new DomainError('BAD_INPUT', message, { field, tiers });
}
