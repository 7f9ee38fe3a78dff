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
