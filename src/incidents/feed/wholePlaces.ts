import type { Kysely } from 'kysely';
import { inEveryArea } from '../../db/areas.ts';
import type { Database } from '../../db/tables.ts';
import type { IncidentRepository } from '../incident.repository.ts';
import type { IncidentRecord } from '../incident.type.ts';
import type { ToldIncident } from './toldIncident.ts';

/** Where incidents are whose place is an area, which their events do not take along. */
export class WholePlaces {
  readonly #db: Kysely<Database>;
  readonly #repository: Pick<IncidentRepository, 'find'>;

  constructor(db: Kysely<Database>, repository: Pick<IncidentRepository, 'find'>) {
    this.#db = db;
    this.#repository = repository;
  }

  /**
   * The incident as the event tells it, with its whole place, which never changes: so whoever was told of the event is
   * told who answers there even if the incident has left his area since. Never to be shown exactly.
   */
  async of({ record, hasArea }: ToldIncident): Promise<IncidentRecord> {
    if (!hasArea) return record;
    const found = await inEveryArea(this.#db, (trx) => this.#repository.find(trx, record.id));
    if (!found) throw new Error(`Incident ${record.id} has an event and no row.`);
    return { ...record, place: found.place };
  }
}
