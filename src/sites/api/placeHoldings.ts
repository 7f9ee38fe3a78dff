import { type Holding, HoldingReason, holdingsOf } from '../../posts/api/holding.type.ts';
import type { HoldingPlace } from '../../posts/api/holdingPlace.type.ts';
import type { Directory } from '../../posts/directory.ts';

/** Who holds the posts of a place, vacant ones too, in the order of their roles. */
export function holdingsOfPlace(place: HoldingPlace, directory: Pick<Directory, 'postsOn'>): Holding[] {
  return directory
    .postsOn(place.id, place.moment)
    .flatMap((entry) => holdingsOf(entry, null, HoldingReason.DIRECT, place));
}
