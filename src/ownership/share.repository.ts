import { type Kysely, sql } from 'kysely';
import type { Database } from '../db/tables.ts';

/** Asks PostGIS, the judge of areas, how an uncertain area is shared out. One query for all layers. */
export class ShareRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /**
   * The part of a polygon's area, or of a line's length, that lies in each grid version, 0 to 1, by version id.
   * Parts under a billionth, the size of rounding along a border, are left out.
   */
  async readShares(geometry: object, versionIds: readonly number[]): Promise<Map<number, number>> {
    if (versionIds.length === 0) return new Map();
    const { rows } = await sql<{ id: number; share: number }>`
      with place as (select ST_SetSRID(ST_GeomFromGeoJSON(${JSON.stringify(geometry)}::text), 4326) as shape),
      whole as (select shape, ST_Dimension(shape) as dimension, ST_Area(shape::geography) as area, ST_Length(shape::geography) as length from place),
      part as (
        select v.id, w.dimension, w.area, w.length, ST_Intersection(v.boundary, w.shape)::geography as shape
        from grid_version v, whole w where v.id = any(${versionIds}::bigint[]) and v.boundary && w.shape
      ),
      share as (
        select id, case dimension when 2 then ST_Area(shape) / nullif(area, 0) else ST_Length(shape) / nullif(length, 0) end as share
        from part
      )
      select id, share::float8 as share from share where share > 1e-9`.execute(this.#db);
    return new Map(rows.map((row) => [Number(row.id), Math.min(1, row.share)]));
  }
}
