import type { Generated } from 'kysely';

/** tstzrange in PostgreSQL's text form; read its bounds with lower() and upper(). */
type InstantRange = string;

interface Dated {
  valid: InstantRange;
  edition_from: number;
  edition_to: number | null;
}

export interface TeamVersionTable extends Dated {
  id: Generated<number>;
  body_id: string;
  standing: string | null;
  member_kinds: string[];
  member_counts: number[];
}

export interface BodyParentTable extends Dated {
  id: Generated<number>;
  body_id: string;
  line: string;
  parent_id: string;
}

export interface TeamCoverageTable extends Dated {
  id: Generated<number>;
  coverage_id: string;
  body_id: string;
  grid_id: string;
  categories: string[];
  weekdays: number[];
  month_days: number[];
  month_weeks: number[];
  time_zone: string | null;
}
