import type { ColumnType, Generated } from 'kysely';

interface BuildingVersionTable {
  id: Generated<number>;
  edition_from: number;
  edition_to: number | null;
  building_id: string;
  name: string;
  /** A PostGIS point. */
  point: ColumnType<Uint8Array, unknown, never>;
  /** tstzrange in PostgreSQL's text form. */
  valid: string;
}

interface AddressVersionTable {
  id: Generated<number>;
  edition_from: number;
  edition_to: number | null;
  address_id: string;
  main_text: string;
  aliases: string[];
  /** A PostGIS point. */
  point: ColumnType<Uint8Array, unknown, never>;
  building_id: string | null;
  /** tstzrange in PostgreSQL's text form. */
  valid: string;
}

interface AddressNameTable {
  id: Generated<number>;
  spaced: string;
}

interface AddressAnchorTable {
  version_id: number;
  name_id: number;
  number: string | null;
  number_from: number | null;
  number_to: number | null;
  numbers: string[];
  divisions: string[];
  edition_from: number;
}

interface AnchorTable {
  id: string;
  edition_from: number;
}

export interface AddressTables {
  building: AnchorTable;
  building_version: BuildingVersionTable;
  address: AnchorTable;
  address_version: AddressVersionTable;
  address_name: AddressNameTable;
  address_anchor: AddressAnchorTable;
}
