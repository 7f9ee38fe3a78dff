import type { Generated } from 'kysely';

/** Acts on staff that may be asked again: hashes and ids only. */
interface StaffActTable {
  key_hash: Buffer;
  input_hash: Buffer;
  published_in: number;
  answer: Record<string, unknown>;
}

/** Role × category, for a tier, an area, both or all. `valid` is a tstzrange in PostgreSQL's text form. */
interface DutyTable {
  role_id: number;
  category: string;
  stance: 'MAY' | 'LEADS' | 'SUPPORTS' | 'NOT';
  tier_id: number | null;
  grid_id: string | null;
  valid: string;
  edition_from: number;
  edition_to: number | null;
}

export interface StaffingTables {
  staff_act: StaffActTable;
  duty: DutyTable;
}

export interface RoleTable {
  id: Generated<number>;
  code: string;
  name: string;
  answers_as: 'officer' | 'gridWorker' | 'mediationTeam' | null;
  position: number;
  categories: string[];
  edition_from: number;
}

export interface RoleTierTable {
  role_id: number;
  tier_id: number;
  required: boolean;
  edition_from: number;
}

export interface PostTable {
  id: string;
  role_id: number;
  grid_id: string;
  edition_from: number;
}
