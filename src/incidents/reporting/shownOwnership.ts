import type { Atlas } from '../../grids/atlas/atlas.ts';
import type { OwnershipService } from '../../ownership/ownership.service.ts';
import type { Ownership } from '../../ownership/ownership.ts';
import type { IncidentRecord } from '../incident.type.ts';
import { placeAgain } from './frozen/keptPlace.ts';

/**
 * Who answered for the place of an incident on its day: the same for ever, until the matter takes up the owners of a
 * later day. Where a matter was handed to a grid by name, the place keeps its owners here, and the incident's parties
 * say whose it is.
 */
export class OwnersOfDay {
  readonly #ownership: Pick<OwnershipService, 'locate' | 'show'>;
  readonly #atlas: Pick<Atlas, 'findGrid'>;

  constructor(ownership: Pick<OwnershipService, 'locate' | 'show'>, atlas: Pick<Atlas, 'findGrid'>) {
    this.#ownership = ownership;
    this.#atlas = atlas;
  }

  /** From memory for a point; an area costs a query. Unless `exact`, the place is shown to about 100 m. */
  async of(
    {
      place,
      ownedAt,
      edition,
      category,
      language,
    }: Pick<IncidentRecord, 'place' | 'ownedAt' | 'edition' | 'category' | 'language'>,
    exact: boolean,
  ): Promise<Ownership> {
    const moment = { asOf: ownedAt.getTime(), edition };
    const again = placeAgain(place, this.#atlas, moment, !exact);
    return this.#ownership.show(await this.#ownership.locate(again, moment, { category, language }));
  }
}
