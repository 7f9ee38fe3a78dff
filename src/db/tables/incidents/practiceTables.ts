import type { ColumnType, Generated } from 'kysely';

interface PracticeTable {
  id: Generated<number>;
  /** Null: everywhere. */
  grid_id: string | null;
  valid_from: Date;
  edition_from: number;
  /** One JSON member for each section that the area sets from then on. */
  sections: ColumnType<Readonly<Record<string, unknown>>, string, never>;
}

/** Local practice of areas; migrations/0018 says what each column means. */
export interface PracticeTables {
  practice: PracticeTable;
}
