import type { ColumnType, Generated } from 'kysely';
import type { ApiClientTable, ApiKeyTable, AuditEntryTable } from './tables/accessTables.ts';
import type { AddressTables } from './tables/addressTables.ts';
import type { ChangesetTables } from './tables/changesetTables.ts';
import type { DiscrepancyTables } from './tables/discrepancyTables.ts';
import type { FeedTables } from './tables/feed/webhookTables.ts';
import type { IncidentTables } from './tables/incidents/incidentTables.ts';
import type { PracticeTables } from './tables/incidents/practiceTables.ts';
import type { VisitTables } from './tables/incidents/visitTables.ts';
import type { RosterTables } from './tables/rosterTables.ts';
import type { SiteTables } from './tables/siteTables.ts';
import type { PostTable, RoleTable, RoleTierTable, StaffingTables } from './tables/staffingTables.ts';
import type { BodyParentTable, TeamCoverageTable, TeamVersionTable } from './tables/teamTables.ts';

/** Columns that the database alone writes. */
type Computed<T> = ColumnType<T, never, never>;
/** A PostGIS value: written through fragments of postgis.ts, read as WKB bytes where a query selects it so. */
type Geometry = ColumnType<Uint8Array, unknown, never>;
/** tstzrange in PostgreSQL's text form, `["2020-01-01 00:00:00+00",)`; read its bounds with lower() and upper(). */
type InstantRange = string;

interface Dated {
  edition_from: number;
  edition_to: number | null;
}

interface EditionTable {
  number: number;
  published_at: Date;
  effective_at: Date;
  title: string;
  /** Subject of the one who published it; null for editions from before it was kept. */
  published_by: ColumnType<string | null, string | undefined, never>;
  transaction: Computed<string>;
}

interface SchemeTable {
  id: Generated<number>;
  code: string;
  name: string;
  family: string | null;
  edition_from: number;
}

interface LayerTable {
  id: Generated<number>;
  code: string;
  name: string;
  kind: 'PARTITION' | 'OVERLAY';
  position: number;
  edition_from: number;
}

interface TierTable {
  id: Generated<number>;
  layer_id: number;
  code: string;
  name: string;
  rank: number;
  scheme_id: number | null;
  edition_from: number;
}

interface GridTable {
  id: string;
  layer_id: number;
  tier_id: number;
  edition_from: number;
}

interface GridCodeTable extends Dated {
  id: Generated<number>;
  grid_id: string;
  scheme_id: number;
  code: string;
  main: boolean;
}

export interface LoadFigureJson {
  measure: string;
  value: number;
  date: string;
  source: string;
}

interface GridVersionTable extends Dated {
  id: Generated<number>;
  grid_id: string;
  layer_id: number;
  tier_id: number;
  parent_id: string | null;
  name: string;
  kind: string;
  manager_id: string | null;
  boundary: Geometry;
  area_square_metres: Computed<number>;
  loads: ColumnType<LoadFigureJson[], string, never>;
  valid: InstantRange;
}

interface GapTable extends Dated {
  id: Generated<number>;
  layer_id: number;
  name: string;
  status: 'GAP' | 'NOT_SERVED';
  boundary: Geometry;
  valid: InstantRange;
}

interface AnchorTable {
  id: string;
  edition_from: number;
}

interface BodyVersionTable extends Dated {
  id: Generated<number>;
  body_id: string;
  name: string;
  kind: string;
  office_phone: string | null;
  languages: string[];
  categories: string[];
  valid: InstantRange;
}

interface PersonVersionTable extends Dated {
  id: Generated<number>;
  person_id: string;
  name: string;
  office_phone: string | null;
  body_id: string | null;
  languages: string[];
  valid: InstantRange;
}

interface PostVersionTable extends Dated {
  id: Generated<number>;
  post_id: string;
  valid: InstantRange;
}

interface AppointmentTable extends Dated {
  id: Generated<number>;
  appointment_id: string;
  post_id: string;
  person_id: string | null;
  body_id: string | null;
  rank: 'PRIMARY' | 'DEPUTY' | 'REINFORCEMENT' | 'SUPPORT';
  home_body_id: string | null;
  valid: InstantRange;
}

/** Every table as Kysely sees it; migrations/ is the truth. */
export interface Database
  extends AddressTables,
    ChangesetTables,
    DiscrepancyTables,
    FeedTables,
    IncidentTables,
    PracticeTables,
    VisitTables,
    SiteTables,
    RosterTables,
    StaffingTables {
  edition: EditionTable;
  scheme: SchemeTable;
  layer: LayerTable;
  tier: TierTable;
  grid: GridTable;
  grid_code: GridCodeTable;
  grid_version: GridVersionTable;
  gap: GapTable;
  body: AnchorTable;
  body_version: BodyVersionTable;
  person: AnchorTable;
  person_version: PersonVersionTable;
  role: RoleTable;
  role_tier: RoleTierTable;
  post: PostTable;
  post_version: PostVersionTable;
  appointment: AppointmentTable;
  team_version: TeamVersionTable;
  body_parent: BodyParentTable;
  team_coverage: TeamCoverageTable;
  api_client: ApiClientTable;
  api_key: ApiKeyTable;
  audit_entry: AuditEntryTable;
}
