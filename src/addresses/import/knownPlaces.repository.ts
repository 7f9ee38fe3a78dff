import { type Kysely, sql } from 'kysely';
import type { Database } from '../../db/tables.ts';
import type { AddressState, BuildingState, KnownPlaces } from './addressPlan.ts';
import type { Span } from './timeline.ts';

const BATCH = 5000;

interface VersionRow {
  readonly id: string;
  readonly version_id: number;
  readonly lon: number;
  readonly lat: number;
  readonly valid_from: Date;
  readonly valid_to: Date | null;
}

/** Reads what an edition holds of the addresses and buildings that a file names, on all dates. */
export class KnownPlacesRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async read(addressIds: readonly string[], buildingIds: readonly string[], edition: number): Promise<KnownPlaces> {
    const addresses = new Map<string, Span<AddressState>[]>();
    for (const ids of batches([...new Set(addressIds)])) {
      const { rows } = await sql<VersionRow & { text: string; aliases: string[]; building_id: string | null }>`
        select address_id as id, main_text as text, aliases, building_id, ${DATES}
        from address_version where address_id = any(${ids}::uuid[]) and ${isKnown(edition)}
        order by address_id, lower(valid)`.execute(this.#db);
      for (const row of rows) {
        const { text, aliases, lon, lat, building_id: buildingId } = row;
        enter(addresses, row, { text, aliases, point: { lon, lat }, buildingId });
      }
    }
    const buildings = new Map<string, Span<BuildingState>[]>();
    for (const ids of batches([...new Set(buildingIds)])) {
      const { rows } = await sql<VersionRow & { name: string }>`
        select building_id as id, name, ${DATES}
        from building_version where building_id = any(${ids}::uuid[]) and ${isKnown(edition)}
        order by building_id, lower(valid)`.execute(this.#db);
      for (const row of rows) enter(buildings, row, { name: row.name, point: { lon: row.lon, lat: row.lat } });
    }
    return { addresses, buildings };
  }
}

const DATES = sql`id as version_id, ST_X(point) as lon, ST_Y(point) as lat, lower(valid) as valid_from,
  case when upper_inf(valid) then null else upper(valid) end as valid_to`;

function isKnown(edition: number) {
  return sql`edition_from <= ${edition}::int and (edition_to is null or edition_to > ${edition}::int)`;
}

function enter<State>(map: Map<string, Span<State>[]>, row: VersionRow, state: State): void {
  const span = {
    state,
    from: row.valid_from.getTime(),
    to: row.valid_to?.getTime() ?? Number.POSITIVE_INFINITY,
    versionId: Number(row.version_id),
  };
  const spans = map.get(row.id);
  if (spans) spans.push(span);
  else map.set(row.id, [span]);
}

function* batches<T>(list: readonly T[]): Generator<readonly T[]> {
  for (let i = 0; i < list.length; i += BATCH) yield list.slice(i, i + BATCH);
}
