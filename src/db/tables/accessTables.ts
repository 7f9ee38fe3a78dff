import type { ColumnType } from 'kysely';

/** Columns that the database alone writes. */
type Computed<T> = ColumnType<T, never, never>;

export interface ApiClientTable {
  id: string;
  name: string;
  area_ids: string[];
  everywhere: boolean;
  actions: string[];
  event_types: string[];
  created_at: Date;
  created_by: string;
}

export interface ApiKeyTable {
  id: string;
  client_id: string;
  secret_hash: Buffer;
  created_at: Date;
  expires_at: Date;
  revoked_at: Date | null;
}

export interface AuditEntryTable {
  seq: Computed<number>;
  at: Date;
  subject: string;
  role: string;
  action: string;
  object_kind: string;
  object_id: string;
  grid_id: string | null;
  result: 'DONE' | 'READ' | 'REFUSED';
  purpose: string | null;
  request_id: string | null;
  details: ColumnType<Record<string, unknown>, string, never>;
  prev_hash: Computed<Buffer>;
  hash: Computed<Buffer>;
}
