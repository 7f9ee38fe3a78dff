import { type Kysely, sql } from 'kysely';
import { inEveryArea } from '../../db/areas.ts';
import type { Database } from '../../db/tables.ts';
import type { Position } from '../../geometry/lattice.ts';
import { type DatedRow, readTable, type Slice, type TableLog } from '../../grids/log/datedLog.ts';
import type {
  BaseState,
  BuildingState,
  ChannelState,
  HonourState,
  HousedState,
  LineState,
  PremisesState,
  RatingState,
  ServiceState,
  SiteState,
} from '../site.type.ts';

/** What some editions said of places. */
export interface SiteLog {
  readonly sites: TableLog<SiteState>;
  readonly housed: TableLog<HousedState>;
  readonly services: TableLog<ServiceState>;
  readonly ratings: TableLog<RatingState>;
  readonly honours: TableLog<HonourState>;
  readonly premises: TableLog<PremisesState>;
  readonly lines: TableLog<LineState>;
  readonly buildings: TableLog<BuildingState>;
  readonly channels: TableLog<ChannelState>;
  readonly bases: TableLog<BaseState>;
}

const POINT = sql`ST_X(r.point) as lon, ST_Y(r.point) as lat`;

/** Reads what the SiteBook holds, by the log of editions. */
export class SiteLogRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** What the editions in (after, upTo] opened and closed, for all areas. */
  readLog(after: number, upTo: number): Promise<SiteLog> {
    return inEveryArea(this.#db, async (trx) => {
      const slice = { trx, after, upTo };
      return { ...(await readSites(slice)), ...(await readOthers(slice)) };
    });
  }
}

async function readSites(
  slice: Slice,
): Promise<Omit<SiteLog, 'premises' | 'lines' | 'buildings' | 'channels' | 'bases'>> {
  return {
    sites: placed<SiteState>(
      await readTable(
        slice,
        sql`site_version r`,
        sql`r.site_id as id, r.name, r.kind, ${POINT}, r.building_id as "buildingId",
          r.radius_metres as "radiusMetres", r.response_class as "responseClass", r.time_zone as "timeZone"`,
      ),
    ),
    housed: await readTable(slice, sql`site_body r`, sql`r.site_id as "siteId", r.body_id as "bodyId"`),
    services: await readTable(slice, sql`site_service r`, sql`r.site_id as "siteId", r.code, r.name, r.hours`),
    ratings: await readTable(slice, sql`site_rating r`, sql`r.site_id as "siteId", r.scheme, r.stars, r.most`),
    honours: await readTable(
      slice,
      sql`site_honour r`,
      sql`r.site_id as "siteId", r.name, r.given_on::text as "givenOn"`,
    ),
  };
}

async function readOthers(slice: Slice) {
  return {
    premises: placed<PremisesState>(
      await readTable(
        slice,
        sql`premises_version r`,
        sql`r.premises_id as id, r.name, r.kind, ${POINT}, r.radius_metres as "radiusMetres"`,
      ),
    ),
    lines: mapRows(
      await readTable<Omit<LineState, 'path'> & { path: string }>(
        slice,
        sql`line_version r`,
        sql`r.line_id as id, r.name, r.kind, ST_AsGeoJSON(r.path, 7) as path, r.tolerance_metres as "toleranceMetres"`,
      ),
      ({ path, ...line }): LineState => ({ ...line, path: positionsOf(path) }),
    ),
    buildings: placed<BuildingState>(
      await readTable(slice, sql`building_version r`, sql`r.building_id as id, r.name, ${POINT}`),
    ),
    channels: await readTable<ChannelState>(
      slice,
      sql`channel_version r`,
      sql`r.channel_id as id, r.name, r.kind, r.link, r.members, r.counted_on::text as "countedOn",
        r.grid_id as "gridId", r.building_id as "buildingId"`,
    ),
    bases: await readTable<BaseState>(
      slice,
      sql`post_base r`,
      sql`r.post_id as "postId", r.appointment_id as "appointmentId", r.site_id as "siteId"`,
    ),
  };
}

function positionsOf(geoJson: string): Position[] {
  const { coordinates } = JSON.parse(geoJson) as { coordinates: [number, number][] };
  return coordinates.map(([lon, lat]) => ({ lon, lat }));
}

type Flat<T> = Omit<T, 'point'> & Position;

function placed<T extends { readonly point: Position }>(log: TableLog<Flat<T>>): TableLog<T> {
  return mapRows(log, ({ lon, lat, ...state }) => ({ ...state, point: { lon, lat } }) as unknown as T);
}

function mapRows<S, T>({ opened, closed }: TableLog<S>, map: (value: S) => T): TableLog<T> {
  return { opened: opened.map((row): DatedRow<T> => ({ ...row, value: map(row.value) })), closed };
}
