import type { ColumnType, Generated } from 'kysely';

type Json = ColumnType<unknown, string, string>;

interface TierRuleTable {
  tier_id: number;
  made_of: 'CHILDREN' | 'MEMBERS' | null;
  member_tier_id: number | null;
  code_pattern: string | null;
  least_square_metres: Generated<number>;
  least_width_metres: Generated<number>;
  load_measure: string | null;
  load_least: number | null;
  load_most: number | null;
}

interface GridMemberTable {
  id: Generated<number>;
  grid_id: string;
  layer_id: number;
  tier_id: number;
  member_id: string;
  valid: string;
  edition_from: number;
  edition_to: number | null;
}

interface GridLineageTable {
  id: Generated<number>;
  from_id: string;
  to_id: string;
  how: 'MERGED' | 'SPLIT' | 'RETIRED';
  at: Date;
  edition_from: number;
}

export interface ChangesetTable {
  id: string;
  title: string;
  status: Generated<'DRAFT' | 'SUBMITTED' | 'APPROVED' | 'PUBLISHED' | 'DISCARDED'>;
  revision: Generated<number>;
  author: string;
  base_edition: number;
  base_as_of: Date;
  reverts: number | null;
  grid_ids: Generated<string[]>;
  opened_at: Date;
  changed_at: Date;
  submitted_at: Date | null;
  approved_at: Date | null;
  approved_by: string | null;
  edition: number | null;
  effective_at: Date | null;
}

interface ChangesetStepTable {
  changeset_id: string;
  position: number;
  ops: Json;
  patch: Json;
  lineage: Json;
  undone: Generated<boolean>;
  dropped: string | null;
  made_at: Date;
}

interface ChangesetWaiverTable {
  changeset_id: string;
  issue_id: string;
  reason: string;
  waived_by: string;
  waived_at: Date;
}

export interface ChangesetTables {
  tier_rule: TierRuleTable;
  grid_member: GridMemberTable;
  grid_lineage: GridLineageTable;
  changeset: ChangesetTable;
  changeset_step: ChangesetStepTable;
  changeset_waiver: ChangesetWaiverTable;
}
