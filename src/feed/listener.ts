import type { RequestContext } from '../access/requestContext.ts';
import type { Action } from '../access/rights.ts';
import { areasOf, assertMay, type Viewer } from '../access/viewer.ts';
import { type FeedEvent, isOfTypes } from './feedEvent.ts';
import type { Listener } from './feeds.ts';

/**
 * Judges each event by the rights that the reader has then: those of an area that were told of it, and of a key the
 * types it may receive. Throws UNAUTHENTICATED or FORBIDDEN from the event on at which the right is gone.
 */
export function listenerWith(right: Action, by: RequestContext, field: string): Listener {
  let judged: Viewer | undefined;
  let sees: (event: FeedEvent) => boolean = () => false;
  return {
    by,
    sees(event) {
      // Viewers are never changed but replaced, so what one may see is worked out once.
      if (judged !== by.viewer) {
        sees = sightOf(by.viewer, right, field);
        judged = by.viewer;
      }
      return sees(event);
    },
  };
}

function sightOf(viewer: Viewer, right: Action, field: string): (event: FeedEvent) => boolean {
  assertMay(viewer, right, field);
  const areas = areasOf(viewer, right);
  const { eventTypes } = viewer;
  return (event) =>
    isOfTypes(event, eventTypes) && (areas === 'everywhere' || areas.some((area) => event.areaIds.includes(area)));
}
