import type { ColumnType, Generated } from 'kysely';

/** Written by triggers and defaults alone. */
type Computed<T> = ColumnType<T, never, never>;

interface VisitTable {
  id: string;
  /** In the order in which they were recorded. */
  position: Generated<number>;
  kind: string;
  contact_kind: string | null;
  post_id: string;
  role: string;
  staff_id: string | null;
  post_grid_id: string;
  grid_id: string;
  grid_ids: string[];
  site_id: string | null;
  premises_id: string | null;
  place_id: Computed<string | null>;
  address_id: string | null;
  /** On the lattice. */
  x: number;
  y: number;
  visited_at: Date;
  recorded_at: Date;
  recorded_by: string;
  recorder_id: string | null;
  note: string | null;
  flags: Computed<('STALE' | 'TWICE')[]>;
  key_hash: Uint8Array | null;
  input_hash: Uint8Array | null;
  state: Generated<'UNREVIEWED' | 'ACCEPTED' | 'REFUSED'>;
  reviewed_at: Date | null;
  reviewed_by: string | null;
  reviewer_id: string | null;
  review_reason: string | null;
}

interface ActivityTable {
  id: string;
  position: Generated<number>;
  class: string;
  title: string;
  grid_ids: string[];
  campaign: string | null;
  from_at: Date;
  to_at: Date | null;
  recorded_at: Date;
  recorded_by: string;
  key_hash: Uint8Array | null;
  input_hash: Uint8Array | null;
  ended_at: Date | null;
  ended_by: string | null;
}

/** Visits to places, and activities on grids; migrations/0020 says what each column means. */
export interface VisitTables {
  visit: VisitTable;
  activity: ActivityTable;
}
