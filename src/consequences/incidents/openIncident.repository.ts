import { sql, type Transaction } from 'kysely';
import type { Database } from '../../db/tables.ts';
import { type Box, joinBoxes } from '../../geometry/polygon.ts';

type Trx = Transaction<Database>;

/** An open incident at a point, and the grids that own it, whatever they are by now. */
export interface OpenIncident {
  readonly id: string;
  /** On the lattice. */
  readonly x: number;
  readonly y: number;
  readonly owners: readonly { readonly layer: string; readonly gridId: string }[];
}

/** What a preview shows of an incident to those who may see it. */
export interface SeenIncident {
  readonly id: string;
  readonly category: string;
  readonly severity: string | null;
  readonly reportedAt: Date;
}

/** With more boxes than this the query would take longer than looking at what lies between them. */
const MOST_BOXES = 64;

/** A step of the lattice to the north, at least. */
const STEP_METRES = 0.011;

/** Reads where open incidents are. Every method sees what its transaction's areas show. */
export class OpenIncidentRepository {
  /** Those at points in one of the boxes or between them, by id; at most so many. */
  async listWithin(trx: Trx, boxes: readonly Box[], limit: number): Promise<OpenIncident[]> {
    const all = joinBoxes(boxes);
    const parts = boxes.length <= MOST_BOXES ? boxes : [all];
    const sides = (side: keyof Box) => parts.map((box) => box[side]);
    const { rows } = await sql<OpenIncident>`
      select i.id, i.x, i.y, coalesce((
          select jsonb_agg(jsonb_build_object('layer', l.code, 'gridId', p.grid_id))
          from incident_party p join layer l on l.id = p.layer_id
          where p.incident_id = i.id and p.reason = 'OWNER' and p.to_version is null), '[]'::jsonb) as owners
      from incident i
      where i.status = 'OPEN' and i.area is null and i.x between ${all.minX}::int and ${all.maxX}::int
        and i.y between ${all.minY}::int and ${all.maxY}::int
        and exists (
          select from unnest(${sides('minX')}::int[], ${sides('maxX')}::int[], ${sides('minY')}::int[],
            ${sides('maxY')}::int[]) as b (west, east, south, north)
          where i.x between b.west and b.east and i.y between b.south and b.north)
      order by i.id limit ${limit}::int`.execute(trx);
    return rows;
  }

  /** How many open ones at areas reach into one of the boxes; a circle around the area counts, a little wide. */
  async countAreas(trx: Trx, boxes: readonly Box[]): Promise<number> {
    const sides = (side: keyof Box) => boxes.map((box) => box[side]);
    const { rows } = await sql<{ count: number }>`
      select count(*) as count from incident i, lateral (
        select i.accuracy_metres / ${STEP_METRES}::float8 as up,
          i.accuracy_metres / (${STEP_METRES}::float8 * greatest(cos(radians(i.y / 1e7)), 0.001)) as across) r
      where i.status = 'OPEN' and i.area is not null and exists (
        select from unnest(${sides('minX')}::int[], ${sides('maxX')}::int[], ${sides('minY')}::int[],
          ${sides('maxY')}::int[]) as b (west, east, south, north)
        where i.x + r.across >= b.west and i.x - r.across <= b.east and i.y + r.up >= b.south and i.y - r.up <= b.north)
      `.execute(trx);
    return rows[0].count;
  }

  /** Of these, those that the areas show. */
  async listSeen(trx: Trx, ids: readonly string[]): Promise<SeenIncident[]> {
    const { rows } = await sql<SeenIncident>`
      select i.id, i.category, i.severity, i.reported_at as "reportedAt" from incident i
      where i.id = any (${ids}::uuid[]) order by i.id`.execute(trx);
    return rows;
  }
}
