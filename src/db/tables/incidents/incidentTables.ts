import type { ColumnType, Generated } from 'kysely';

type Status = 'ISSUED' | 'ACKNOWLEDGED' | 'HANDLED' | 'VERIFIED' | 'CLOSED' | 'DECLINED' | 'WITHDRAWN';
/** jsonb: given as text, read as what it holds. */
type Json<T> = ColumnType<T, string, string>;

interface IncidentTable {
  id: string;
  /** In the order in which they came. */
  position: Generated<number>;
  category: string;
  summary: string | null;
  severity: string | null;
  origin: 'REPORTED' | 'FOUND' | 'PUSHED';
  language: string | null;
  response_class: string | null;
  occurred_at: Date;
  reported_at: Date;
  owned_at: Date;
  edition: number;
  x: number;
  y: number;
  accuracy_metres: number;
  area: Json<object> | null;
  address_id: string | null;
  ladder: string | null;
  layer: string | null;
  tier: string | null;
  notices: Json<readonly { readonly code: string; readonly message: string }[]>;
  status: Generated<'OPEN' | 'CLOSED'>;
  reported_by: string;
  finder_id: string | null;
  version: Generated<number>;
  outcome: 'SETTLED' | 'UNFOUNDED' | 'DUPLICATE' | 'HANDED_OVER' | null;
  result: string | null;
  closed_at: Date | null;
  closed_by: string | null;
  closed_tier: string | null;
}

interface IncidentPartyTable {
  incident_id: string;
  grid_id: string;
  reason: 'OWNER' | 'TASK' | 'PUSH';
  layer_id: number;
  share: Generated<number>;
  from_version: number;
  to_version: number | null;
}

interface IncidentSealedTable {
  incident_id: string;
  narrative: string;
}

interface IncidentRequestTable {
  key_hash: Uint8Array;
  input_hash: Uint8Array;
  incident_id: string;
}

interface IncidentEventTable {
  id: string;
  incident_id: string;
  version: number;
  kind: 'REPORTED' | 'ENTERED' | 'LEFT' | 'ASSIGNED' | 'CHANGED' | 'ESCALATED' | 'CLOSED';
  act: string;
  at: Date;
  by: string;
  grid_ids: string[];
  details: Json<Readonly<Record<string, unknown>>>;
}

interface TaskTable {
  id: string;
  position: Generated<number>;
  incident_id: string;
  purpose: 'HANDLE' | 'JOINT' | 'MEDIATE' | 'ATTEND' | 'SUPERVISE' | 'FOLLOW_UP' | 'RECHECK' | 'WARNING' | 'NOTICE';
  cause: 'ROUTE' | 'LADDER' | 'WARNING' | 'OVERDUE' | 'FOLLOW_UP' | 'HAND';
  post_id: string;
  role: string;
  grid_id: string;
  layer: string;
  tier: string;
  batch_id: string | null;
  about_id: string | null;
  note: string | null;
  status: Generated<Status>;
  issued_at: Date;
  issued_by: string;
  due_at: Date | null;
  starts_at: Date | null;
  acknowledged_at: Date | null;
  acknowledged_by: string | null;
  arrived_at: Date | null;
  handled_at: Date | null;
  handled_by: string | null;
  handler_id: string | null;
  handler_body_id: string | null;
  result: 'DONE' | 'FAILED' | null;
  answer: string | null;
  verified_at: Date | null;
  verified_by: string | null;
  closed_at: Date | null;
  closed_by: string | null;
  ended_reason: string | null;
  belongs_to: string | null;
  overdue_at: Date | null;
}

interface MediationAttemptTable {
  incident_id: string;
  number: number;
  at: Date;
  task_id: string;
  by: string;
  mediator_id: string | null;
  result: 'FAILED' | 'SETTLED';
  agreement: string | null;
  note: string | null;
}

interface IncidentPushTable {
  id: string;
  position: Generated<number>;
  incident_id: string;
  from_layer: string;
  from_grid_id: string;
  to_layer: string;
  to_grid_id: string;
  message: string | null;
  sent_at: Date;
  sent_by: string;
  acknowledged_at: Date | null;
  acknowledged_by: string | null;
  answered_at: Date | null;
  answered_by: string | null;
  answer: string | null;
}

interface IncidentLinkTable {
  incident_id: string;
  other_id: string;
  kind: 'ROOT' | 'RELATED';
  linked_at: Date;
  linked_by: string;
}

/** Matters at places and what became of them; migrations/0019 says what each column means. */
export interface IncidentTables {
  incident: IncidentTable;
  incident_party: IncidentPartyTable;
  incident_sealed: IncidentSealedTable;
  incident_request: IncidentRequestTable;
  incident_event: IncidentEventTable;
  task: TaskTable;
  mediation_attempt: MediationAttemptTable;
  incident_push: IncidentPushTable;
  incident_link: IncidentLinkTable;
}
