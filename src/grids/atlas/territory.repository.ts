import { type Kysely, sql } from 'kysely';
import { wkbToShape } from '../../db/postgis.ts';
import type { Database } from '../../db/tables.ts';
import { FOREVER } from '../moment.ts';
import type { Closing, GapRow, TerritoryLog, Valid, VersionRow } from './territoryLog.ts';

const READ_BATCH = 5000;

/** Reads the territory's part of the log of editions. */
export class TerritoryRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async readLog(after: number, upTo: number): Promise<TerritoryLog> {
    const opened = sql<boolean>`edition_from > ${after} and edition_from <= ${upTo}`;
    const db = this.#db;
    return {
      schemes: await db.selectFrom('scheme').select(['id', 'code', 'name', 'family']).where(opened).execute(),
      layers: await db
        .selectFrom('layer')
        .select(['id', 'code', 'name', 'kind', 'position', 'edition_from as editionFrom'])
        .where(opened)
        .orderBy('position')
        .execute(),
      tiers: await db
        .selectFrom('tier')
        .select([
          'id',
          'layer_id as layerId',
          'code',
          'name',
          'rank',
          'scheme_id as schemeId',
          'edition_from as editionFrom',
        ])
        .where(opened)
        .execute(),
      grids: await db.selectFrom('grid').select(['id', 'tier_id as tierId']).where(opened).execute(),
      codes: await db
        .selectFrom('grid_code')
        .select([
          'id',
          'grid_id as gridId',
          'scheme_id as schemeId',
          'code',
          'main',
          'edition_from as editionFrom',
          'edition_to as editionTo',
        ])
        .where(opened)
        .orderBy('id')
        .execute(),
      versions: await this.#readVersions(after, upTo),
      gaps: await this.#readGaps(after, upTo),
      closed: {
        codes: await this.#readClosings('grid_code', after, upTo),
        versions: await this.#readClosings('grid_version', after, upTo),
        gaps: await this.#readClosings('gap', after, upTo),
      },
    };
  }

  /** In batches by id, so that a registry of a million grids does not pass through one result. */
  async #readVersions(after: number, upTo: number): Promise<VersionRow[]> {
    const versions: VersionRow[] = [];
    for (let lastId = 0; ; ) {
      const rows = await this.#db
        .selectFrom('grid_version')
        .select([
          'id',
          'grid_id',
          'parent_id',
          'name',
          'kind',
          'manager_id',
          'area_square_metres',
          'loads',
          'edition_from',
          'edition_to',
        ])
        .select([sql<Uint8Array>`ST_AsBinary(boundary)`.as('wkb'), ...validColumns])
        .where(sql<boolean>`edition_from > ${after} and edition_from <= ${upTo}`)
        .where('id', '>', lastId)
        .orderBy('id')
        .limit(READ_BATCH)
        .execute();
      for (const row of rows) {
        versions.push({
          id: row.id,
          gridId: row.grid_id,
          parentId: row.parent_id,
          name: row.name,
          kind: row.kind,
          managerId: row.manager_id,
          shape: wkbToShape(row.wkb),
          areaSquareMetres: row.area_square_metres,
          loads: row.loads,
          ...validity(row),
          editionFrom: row.edition_from,
          editionTo: row.edition_to,
        });
      }
      if (rows.length < READ_BATCH) return versions;
      lastId = rows.at(-1)!.id;
    }
  }

  async #readGaps(after: number, upTo: number): Promise<GapRow[]> {
    const rows = await this.#db
      .selectFrom('gap')
      .select(['id', 'layer_id', 'name', 'status', 'edition_from', 'edition_to'])
      .select([sql<Uint8Array>`ST_AsBinary(boundary)`.as('wkb'), ...validColumns])
      .where(sql<boolean>`edition_from > ${after} and edition_from <= ${upTo}`)
      .orderBy('id')
      .execute();
    return rows.map((row) => ({
      id: row.id,
      layerId: row.layer_id,
      name: row.name,
      status: row.status,
      shape: wkbToShape(row.wkb),
      ...validity(row),
      editionFrom: row.edition_from,
      editionTo: row.edition_to,
    }));
  }

  #readClosings(table: 'grid_code' | 'grid_version' | 'gap', after: number, upTo: number): Promise<Closing[]> {
    return this.#db
      .selectFrom(table)
      .select(['id', sql<number>`edition_to`.as('editionTo')])
      .where(sql<boolean>`edition_to > ${after} and edition_to <= ${upTo} and edition_from <= ${after}`)
      .execute();
  }
}

const validColumns = [sql<Date>`lower(valid)`.as('valid_from'), sql<Date | null>`upper(valid)`.as('valid_to')] as const;

function validity(row: { valid_from: Date; valid_to: Date | null }): Valid {
  return { validFrom: row.valid_from.getTime(), validTo: row.valid_to?.getTime() ?? FOREVER };
}
