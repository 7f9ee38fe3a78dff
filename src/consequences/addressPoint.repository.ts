import { type Kysely, sql } from 'kysely';
import type { Database } from '../db/tables.ts';
import { fromLattice, toLattice } from '../geometry/lattice.ts';
import { type Box, joinBoxes } from '../geometry/polygon.ts';
import type { Moment } from '../grids/moment.ts';

/** Where an address is, on the lattice. */
export interface AddressPoint {
  readonly id: string;
  readonly x: number;
  readonly y: number;
}

/** With more boxes than this the query would take longer than looking at what lies between them. */
const MOST_BOXES = 64;

/** Reads where addresses are. */
export class AddressPointRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** Addresses of the moment in one of the boxes or between them, by id; at most so many. */
  async listWithin(boxes: readonly Box[], { asOf, edition }: Moment, limit: number) {
    const all = joinBoxes(boxes);
    const parts = boxes.length <= MOST_BOXES ? boxes : [all];
    const sides = (side: keyof Box) => parts.map((box) => fromLattice(box[side]));
    const instant = new Date(asOf).toISOString();
    const { rows } = await sql<{ id: string; lon: number; lat: number }>`
      select v.address_id as id, ST_X(v.point) as lon, ST_Y(v.point) as lat from address_version v
      where v.valid @> ${instant}::timestamptz and v.edition_from <= ${edition}::int
        and (v.edition_to is null or v.edition_to > ${edition}::int)
        and v.point && ST_MakeEnvelope(${fromLattice(all.minX)}::float8, ${fromLattice(all.minY)}::float8,
          ${fromLattice(all.maxX)}::float8, ${fromLattice(all.maxY)}::float8, 4326)
        and exists (
          select from unnest(${sides('minX')}::float8[], ${sides('maxX')}::float8[], ${sides('minY')}::float8[],
            ${sides('maxY')}::float8[]) as b (west, east, south, north)
          where ST_X(v.point) between b.west and b.east and ST_Y(v.point) between b.south and b.north)
      order by v.address_id limit ${limit}::int`.execute(this.#db);
    return rows.map(({ id, lon, lat }): AddressPoint => ({ id, x: toLattice(lon), y: toLattice(lat) }));
  }
}
