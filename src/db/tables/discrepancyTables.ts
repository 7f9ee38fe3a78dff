import type { ColumnType } from 'kysely';

interface DiscrepancyTable {
  id: string;
  /** In the order in which they came. */
  position: number;
  kind: 'GAP' | 'OVERLAP' | 'WRONG_OWNER' | 'BAD_BOUNDARY';
  layer_id: number | null;
  x: number;
  y: number;
  note: string | null;
  edition: number;
  grid_id: string | null;
  manager_id: string | null;
  found: ColumnType<unknown, never, never>;
  confirmed: boolean;
  count: number;
  reported_at: Date;
  status: 'OPEN' | 'ANSWERED';
  outcome: 'FIXED' | 'NOT_A_FAULT' | 'WILL_FIX' | null;
  answer: string | null;
  answered_at: Date | null;
  changeset_id: string | null;
}

/** What the server reads and answers; rows are written by `file_discrepancy` alone. */
export interface DiscrepancyTables {
  discrepancy: DiscrepancyTable;
}
