import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { Database } from '../../db/tables.ts';
import type { Box } from '../../geometry/polygon.ts';
import type { Frame } from '../frame/frame.ts';
import type { Located } from './placement.ts';

type Spot = Omit<Located, 'box'>;
type Trx = Transaction<Database>;

/** How much of a matter that is an area or a line lies in a version of a grid: square metres or metres. */
export interface PartOf {
  readonly position: number;
  readonly versionId: number;
  readonly size: number;
}

/** Which matters a frame is about, `i` being the incident. */
export function mattersOf({ categories, origin }: Pick<Frame, 'categories' | 'origin'>): RawBuilder<unknown> {
  return sql`(${categories.length === 0}::boolean or i.category = any (${categories}::text[]))
    and (${origin}::text is null or i.origin = ${origin}::text)`;
}

const within = (of: string, { minX, minY, maxX, maxY }: Box) =>
  sql`${sql.ref(`${of}.x`)} between ${minX}::int and ${maxX}::int and ${sql.ref(`${of}.y`)} between ${minY}::int and ${maxY}::int`;

/** Reads where matters and visits are. Every method sees what its transaction's areas show. */
export class PlaceRepository {
  /** Matters of the frame whose place is in the box, and all that are areas or lines. */
  async listMatters(trx: Trx, frame: Frame, box: Box): Promise<Located[]> {
    const points = await sql<Spot>`select i.position, null as "gridId", i.x, i.y from incident i
      where ${mattersOf(frame)} and i.area is null and ${within('i', box)}`.execute(trx);
    const areas = await sql<Spot & Box>`
      select i.position, null as "gridId", i.x, i.y, floor(ST_XMin(m.shape) * 1e7)::int as "minX",
        floor(ST_YMin(m.shape) * 1e7)::int as "minY", ceil(ST_XMax(m.shape) * 1e7)::int as "maxX",
        ceil(ST_YMax(m.shape) * 1e7)::int as "maxY"
      from incident i cross join lateral (select ST_GeomFromGeoJSON(i.area::text) as shape) m
      where ${mattersOf(frame)} and i.area is not null`.execute(trx);
    return [
      ...points.rows.map((each) => ({ ...each, box: null })),
      ...areas.rows.map(({ minX, minY, maxX, maxY, ...spot }) => ({ ...spot, box: { minX, minY, maxX, maxY } })),
    ];
  }

  /** Matters of the frame that count in one of these grids of the layer. */
  async listOwned(trx: Trx, frame: Frame, layerId: number, gridIds: readonly string[]): Promise<Located[]> {
    const { rows } = await sql<Spot>`
      select i.position, o.grid_id as "gridId", i.x, i.y
      from figure_owners(${layerId}::int, ${gridIds}::uuid[]) o join incident i on i.id = o.incident_id
      where o.grid_id = any (${gridIds}::uuid[]) and ${mattersOf(frame)}`.execute(trx);
    return rows.map((each) => ({ ...each, box: null }));
  }

  /** Visits of the period that were accepted and lie in the box. */
  async listVisits(trx: Trx, { from, to }: Pick<Frame, 'from' | 'to'>, box: Box): Promise<Located[]> {
    const { rows } = await sql<Spot>`select v.position, null as "gridId", v.x, v.y from visit v
      where v.state = 'ACCEPTED' and v.visited_at >= ${from.toISOString()}::timestamptz
        and v.visited_at < ${to.toISOString()}::timestamptz and ${within('v', box)}`.execute(trx);
    return rows.map((each) => ({ ...each, box: null }));
  }

  /** What of each matter lies in which version, of the pairs given. */
  async listParts(trx: Trx, pairs: readonly { position: number; versionId: number }[]): Promise<PartOf[]> {
    const { rows } = await sql<PartOf>`
      select p.position, p.version_id as "versionId", case
          when ST_Dimension(m.shape) = 2 then ST_Area(ST_Intersection(m.shape, v.boundary)::geography)
          else ST_Length(ST_Intersection(m.shape, v.boundary)::geography) end::float8 as size
      from unnest(${pairs.map(({ position }) => position)}::bigint[], ${pairs.map(({ versionId }) => versionId)}::bigint[])
          as p (position, version_id)
        join incident i on i.position = p.position
        cross join lateral (select ST_SetSRID(ST_GeomFromGeoJSON(i.area::text), 4326) as shape) m
        join grid_version v on v.id = p.version_id and v.boundary && m.shape`.execute(trx);
    return rows;
  }
}
