import type { RequestContext } from '../access/requestContext.ts';
import type { Action } from '../access/rights.ts';
import { type Areas, areasOf, assertMay, type Viewer } from '../access/viewer.ts';
import { type FeedEvent, isOfTypes } from './feedEvent.ts';
import type { Listener } from './feeds.ts';

/**
 * Judges each event by the rights that the reader has then: those of an area that were told of it, and of a key the
 * types it may receive. Throws UNAUTHENTICATED or FORBIDDEN from the event on at which the right is gone.
 */
export class ListenerWith implements Listener {
  readonly by: RequestContext;
  readonly #right: Action;
  readonly #field: string;
  #judged: Viewer | undefined;
  #areas: Areas = [];

  /** `field`: what refusals name. */
  constructor(right: Action, by: RequestContext, field: string) {
    this.by = by;
    this.#right = right;
    this.#field = field;
  }

  sees(event: FeedEvent): boolean {
    const { viewer } = this.by;
    // Viewers are never changed but replaced, so where one has the right is worked out once.
    if (this.#judged !== viewer) {
      assertMay(viewer, this.#right, this.#field);
      this.#areas = areasOf(viewer, this.#right);
      this.#judged = viewer;
    }
    const areas = this.#areas;
    if (!isOfTypes(event, viewer.eventTypes)) return false;
    return areas === 'everywhere' || areas.some((area) => event.areaIds.includes(area));
  }
}
