import type { Moment } from '../../grids/moment.ts';
import { type Holding, HoldingReason, holdingsOf } from '../../posts/api/holding.type.ts';
import type { Directory } from '../../posts/directory.ts';
import { Window } from '../../posts/timeline.ts';
import type { SiteBook } from '../../sites/siteBook.ts';
import { competentIn, type Matter } from '../owners.ts';
import type { ReadPlace } from '../place.ts';

/** The memories that posts on places are read from. */
interface PlaceSources {
  readonly sites: SiteBook;
  readonly directory: Directory;
}

/**
 * Who answers for the building, premises, site or line that the place is at: they come before the posts of grids, since
 * they are nearer still. An area is at none of these, and of a vague place they
 * would tell where it is. With a category, only roles and bodies that answer for it.
 */
export function placeHoldings(
  { sites, directory }: PlaceSources,
  place: ReadPlace,
  moment: Moment,
  matter: Matter,
): Holding[] {
  if (place.area || place.vague) return [];
  return sites.placesAt(place, moment).flatMap((at) =>
    directory.postsOn(at.id, moment).flatMap((entry) => {
      const competent = competentIn(entry, matter.category);
      return competent ? holdingsOf(competent, null, HoldingReason.DIRECT, at) : [];
    }),
  );
}

/** The earliest known instant after `asOf` at which that may change; Infinity if none is known. */
export function placesChangeAt({ sites, directory }: PlaceSources, place: ReadPlace, moment: Moment): number {
  const window = new Window(moment);
  if (place.area || place.vague) return window.until;
  const ids = sites.placesAt(place, moment, window).map(({ id }) => id);
  return Math.min(window.until, directory.nextChange(ids, moment));
}
