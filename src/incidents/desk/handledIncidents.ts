import type { RequestContext } from '../../access/requestContext.ts';
import { may } from '../../access/viewer.ts';
import type { IncidentReaderService } from '../incidentReader.service.ts';
import type { ExactSight } from '../reporting/incidentPlaces.ts';

/** Who sees incidents where they are exactly: whoever may unseal what he or she handles. */
export class HandledIncidents implements ExactSight {
  readonly #reader: Pick<IncidentReaderService, 'handledOf'>;

  constructor(reader: Pick<IncidentReaderService, 'handledOf'>) {
    this.#reader = reader;
  }

  async handled(by: RequestContext, ids: readonly string[]): Promise<ReadonlySet<string>> {
    if (ids.length === 0 || by.viewer.staffId === undefined || !may(by.viewer, 'incidents.unseal')) return new Set();
    return this.#reader.handledOf(by, ids);
  }
}
