import type { VersionEntry } from '../../grids/atlas/rows.ts';
import { chainOf } from '../../grids/atlas/rows.ts';
import type { GridFinder } from '../../grids/gridFinder.ts';
import type { Moment } from '../../grids/moment.ts';
import type { Directory } from '../../posts/directory.ts';
import type { PracticeReader, ResponsePractice } from '../../practice/practice.type.ts';

/** A grid that nobody answers in a response class; without `response` the practice there knows no such class. */
export interface ResponseGap {
  readonly version: VersionEntry;
  readonly response: ResponsePractice | null;
}

export interface ResponseSources {
  readonly finder: Pick<GridFinder, 'list' | 'findNamed'>;
  readonly directory: Pick<Directory, 'postsOn'>;
  readonly practice: PracticeReader;
}

/** Which grids are asked about. */
export interface ResponseQuestion {
  readonly layer: string;
  readonly tier: string;
  readonly within: string | null;
  readonly responseClass: string;
}

/**
 * The grids of a tier, in listing order, on which and below which no post of a role of the class is held. From who holds
 * posts and what the practice says, never from where anybody is. Throws NOT_FOUND for an unknown layer, tier or grid.
 */
export function listResponseGaps(sources: ResponseSources, question: ResponseQuestion, moment: Moment): ResponseGap[] {
  const { finder, practice } = sources;
  const { layer, tier, within, responseClass } = question;
  const top = within === null ? undefined : finder.findNamed(within, moment);
  const ofLayer = finder.list({ layer, within }, moment);
  // A tier that there is none of is refused by name.
  finder.list({ layer, tier, within }, moment);
  const all = top && top.grid.layer.code === layer ? [top, ...ofLayer] : ofLayer;
  const held = heldRoles(sources.directory, all, moment);
  return all
    .filter(({ grid }) => grid.tier.code === tier)
    .flatMap((version): ResponseGap[] => {
      const chain = chainOf(version, moment).map(({ grid }) => grid.id);
      const response = practice.practiceAt(chain, moment).responses.find(({ code }) => code === responseClass);
      if (!response) return [{ version, response: null }];
      const roles = held.get(version.grid.id);
      return response.roles.some((role) => roles?.has(role)) ? [] : [{ version, response }];
    });
}

/** By grid, the roles of posts that are held on it or below it. */
function heldRoles(
  directory: ResponseSources['directory'],
  versions: readonly VersionEntry[],
  moment: Moment,
): Map<string, Set<string>> {
  const held = new Map<string, Set<string>>();
  for (const version of versions) {
    const roles = directory.postsOn(version.grid.id, moment).filter(({ post }) => !post.vacant);
    if (roles.length === 0) continue;
    for (const { grid } of chainOf(version, moment)) {
      const known = held.get(grid.id) ?? new Set();
      for (const { role } of roles) known.add(role.code);
      held.set(grid.id, known);
    }
  }
  return held;
}
