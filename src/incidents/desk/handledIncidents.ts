import type { RequestContext } from '../../access/requestContext.ts';
import { may } from '../../access/viewer.ts';
import type { IncidentReaderService } from '../incidentReader.service.ts';
import type { ExactSight } from '../reporting/incidentPlaces.ts';
import type { Hands } from './hands.ts';

/** Who sees incidents where they are exactly: whoever holds a post with a task of it that was not given back. */
export class HandledIncidents implements ExactSight {
  readonly #reader: Pick<IncidentReaderService, 'partsOf'>;
  readonly #hands: Hands;

  constructor(reader: Pick<IncidentReaderService, 'partsOf'>, hands: Hands) {
    this.#reader = reader;
    this.#hands = hands;
  }

  async handled(by: RequestContext, ids: readonly string[]): Promise<ReadonlySet<string>> {
    if (ids.length === 0 || by.viewer.staffId === undefined || !may(by.viewer, 'incidents.unseal')) return new Set();
    const parts = await this.#reader.partsOf(by, ids);
    const isTheirs = (id: string) =>
      parts
        .get(id)
        ?.tasks.some(
          (task) =>
            task.status !== 'DECLINED' &&
            task.status !== 'WITHDRAWN' &&
            this.#hands.mayAct(by.viewer, task) === 'HOLDER',
        );
    return new Set(ids.filter(isTheirs));
  }
}
