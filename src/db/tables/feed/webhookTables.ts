import type { ColumnType, Generated } from 'kysely';

interface WebhookEndpointTable {
  id: string;
  client_id: string;
  grid_id: string;
  topic: 'INCIDENT' | 'BOUNDARY' | 'OWNERSHIP';
  url: string;
  event_types: string[];
  categories: string[] | null;
  status: Generated<'ACTIVE' | 'PAUSED' | 'DISABLED'>;
  reason: 'ASKED' | 'NO_KEY' | 'CURSOR_EXPIRED' | 'GONE' | 'FAILING' | 'REMOVED' | null;
  status_at: Date;
  position: number;
  attempt: Generated<number>;
  next_attempt_at: Date | null;
  failing_since: Date | null;
  delivered_at: Date | null;
  delivered: Generated<number>;
  parked: Generated<number>;
  failed: Generated<number>;
  leased_by: string | null;
  leased_until: Date | null;
  created_at: Date;
  created_by: string;
}

interface WebhookSecretTable {
  id: string;
  endpoint_id: string;
  sealed: Buffer;
  created_at: Date;
  expires_at: Date | null;
}

interface WebhookParkedTable {
  endpoint_id: string;
  position: number;
  event_id: string;
  kind: string;
  area_ids: string[];
  body: string;
  reason: string;
  attempts: number;
  parked_at: Date;
  replayed_at: Date | null;
  replay_attempt: Generated<number>;
  next_attempt_at: Date | null;
  delivered_at: Date | null;
}

interface WebhookAttemptTable {
  id: ColumnType<number, never, never>;
  endpoint_id: string;
  event_id: string;
  position: number | null;
  attempt: number;
  at: Date;
  milliseconds: number;
  http_status: number | null;
  error: string | null;
  outcome: 'DELIVERED' | 'FAILED' | 'PARKED' | 'PING';
}

/** Webhooks; migrations/ is the truth. */
export interface FeedTables {
  webhook_endpoint: WebhookEndpointTable;
  webhook_secret: WebhookSecretTable;
  webhook_parked: WebhookParkedTable;
  webhook_attempt: WebhookAttemptTable;
}
