import type { Kysely } from 'kysely';
import type { RequestContext } from '../../access/requestContext.ts';
import { areasOf, assertMay } from '../../access/viewer.ts';
import type { Database } from '../../db/tables.ts';
import { DomainError } from '../../errors.ts';
import type { Atlas } from '../../grids/atlas/atlas.ts';
import type { MomentReader } from '../../grids/momentReader.ts';
import { isUuid } from '../../ids.ts';
import type { ReadPlace } from '../../ownership/place.ts';
import type { IncidentPlaces } from '../../ownership/places/incidentPlaces.ts';
import { seenBy } from '../desk/seenBy.ts';
import type { IncidentRepository } from '../incident.repository.ts';
import type { IncidentRecord } from '../incident.type.ts';
import { placeAgain } from './frozen/keptPlace.ts';

/** In one request: each is read by itself. */
const MOST = 200;

/** Tells which incidents somebody handles: they alone are seen where they are exactly. */
export interface ExactSight {
  handled(by: RequestContext, ids: readonly string[]): Promise<ReadonlySet<string>>;
}

interface PlacesRoom {
  readonly db: Kysely<Database>;
  readonly repository: Pick<IncidentRepository, 'find'>;
}

/** Where incidents are, for the question who answers there now. */
export class PlacesOfIncidents implements IncidentPlaces {
  readonly #room: PlacesRoom;
  readonly #sight: ExactSight;
  readonly #atlas: Pick<Atlas, 'findGrid'>;
  readonly #moments: Pick<MomentReader, 'read'>;

  constructor(
    room: PlacesRoom,
    sight: ExactSight,
    atlas: Pick<Atlas, 'findGrid'>,
    moments: Pick<MomentReader, 'read'>,
  ) {
    this.#room = room;
    this.#sight = sight;
    this.#atlas = atlas;
    this.#moments = moments;
  }

  async find(by: RequestContext, ids: readonly string[]): Promise<ReadonlyMap<string, ReadPlace>> {
    assertMay(by.viewer, 'incidents.read', 'incidentId');
    if (ids.length > MOST) {
      const message = `at: ${ids.length} incidents; one request takes at most ${MOST}. Send several.`;
      throw new DomainError('TOO_MANY_PLACES', message, { field: 'at', places: ids.length, allowed: MOST });
    }
    const moment = this.#moments.read();
    const records = await this.#read(by, new Set(ids.filter(isUuid)), new Date(moment.asOf));
    const exact = await this.#sight.handled(by, [...records.keys()]);
    return new Map([...records].map(([id, { place }]) => [id, placeAgain(place, this.#atlas, moment, !exact.has(id))]));
  }

  #read({ viewer }: RequestContext, ids: ReadonlySet<string>, now: Date): Promise<Map<string, IncidentRecord>> {
    const look = { viewer, areas: areasOf(viewer, 'incidents.read'), now };
    return seenBy(this.#room.db, look, async (trx) => {
      const found = new Map<string, IncidentRecord>();
      for (const id of ids) {
        const record = await this.#room.repository.find(trx, id);
        if (record) found.set(id, record);
      }
      return found;
    });
  }
}
