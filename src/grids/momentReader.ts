import type { Clock } from '../clock.ts';
import { DomainError } from '../errors.ts';
import type { EditionService } from './edition.service.ts';
import type { Moment } from './moment.ts';

/** Turns the instants and editions that clients ask for into moments. */
export class MomentReader {
  readonly #editions: EditionService;
  readonly #clock: Clock;

  constructor(editions: EditionService, clock: Clock) {
    this.#editions = editions;
    this.#clock = clock;
  }

  /** Now and the newest edition where nothing is asked. Throws BAD_INPUT for an edition that was never published. */
  read(asOf?: Date | null, edition?: number | null): Moment {
    const latest = this.#editions.latest;
    if (edition != null && (edition < 1 || edition > latest)) {
      const range = latest === 0 ? 'none is published yet' : `the registry holds 1 to ${latest}`;
      throw new DomainError('BAD_INPUT', `edition: there is no edition ${edition}; ${range}.`, {
        field: 'edition',
        latest,
      });
    }
    return { asOf: (asOf ?? this.#clock()).getTime(), edition: edition ?? latest };
  }
}
