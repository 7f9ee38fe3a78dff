import type { Generated } from 'kysely';

interface VisitTable {
  id: string;
  position: Generated<number>;
}

/** Visits to places, and activities on grids; migrations/0020 says what each column means. */
export interface VisitTables {
  visit: VisitTable;
}
