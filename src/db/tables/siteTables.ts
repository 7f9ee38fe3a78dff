import type { ColumnType, Generated } from 'kysely';

/** A PostGIS value: written through fragments of postgis.ts, read as text or numbers where a query selects it so. */
type Geometry = ColumnType<Uint8Array, unknown, never>;
/** tstzrange in PostgreSQL's text form. */
type InstantRange = string;

interface Dated {
  id: Generated<number>;
  valid: InstantRange;
  edition_from: number;
  edition_to: number | null;
}

interface SiteVersionTable extends Dated {
  site_id: string;
  name: string;
  kind: string;
  point: Geometry;
  building_id: string | null;
  radius_metres: number;
  response_class: string | null;
  time_zone: string;
}

interface SiteBodyTable extends Dated {
  site_id: string;
  body_id: string;
}

interface SiteServiceTable extends Dated {
  site_id: string;
  code: string;
  name: string;
  hours: ColumnType<unknown, string, never>;
}

interface SiteRatingTable extends Dated {
  site_id: string;
  scheme: string;
  stars: number;
  most: number;
}

interface SiteHonourTable extends Dated {
  site_id: string;
  name: string;
  given_on: string;
}

interface PremisesVersionTable extends Dated {
  premises_id: string;
  name: string;
  kind: string;
  point: Geometry;
  radius_metres: number;
}

interface LineVersionTable extends Dated {
  line_id: string;
  name: string;
  kind: string;
  path: Geometry;
  tolerance_metres: number;
}

interface ChannelVersionTable extends Dated {
  channel_id: string;
  name: string;
  kind: string;
  link: string | null;
  members: number | null;
  counted_on: string | null;
  grid_id: string | null;
  building_id: string | null;
}

interface PostBaseTable extends Dated {
  post_id: string;
  appointment_id: string | null;
  site_id: string;
}

interface IdentityTable {
  id: string;
  edition_from: number;
}

/** The tables of sites, premises, lines and chat groups. */
export interface SiteTables {
  site: IdentityTable;
  site_version: SiteVersionTable;
  site_body: SiteBodyTable;
  site_service: SiteServiceTable;
  site_rating: SiteRatingTable;
  site_honour: SiteHonourTable;
  premises: IdentityTable;
  premises_version: PremisesVersionTable;
  line: IdentityTable;
  line_version: LineVersionTable;
  channel: IdentityTable;
  channel_version: ChannelVersionTable;
  post_base: PostBaseTable;
}
