import type { RequestContext } from '../../access/requestContext.ts';
import type { ReadPlace } from '../place.ts';

/** Where incidents are, as the one who asks may know it. Implemented in incidents/, which stands above. */
export interface IncidentPlaces {
  /**
   * By id, all in one look; without those that do not exist or are not for the viewer. Vague unless the viewer handles
   * the incident. Throws UNAUTHENTICATED for the public and FORBIDDEN without the right to read incidents.
   */
  find(by: RequestContext, ids: readonly string[]): Promise<ReadonlyMap<string, ReadPlace>>;
}
