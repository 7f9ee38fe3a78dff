import type { Database } from '../../db/tables.ts';

/** What a task is for: mechanisms, not local practice, which says when and to whom each is issued. */
export type Purpose = Database['task']['purpose'];
/** Why a task was issued: by the route, on climbing, by a warning rule, because another is late, after the end, or by hand. */
export type Cause = Database['task']['cause'];
export type TaskStatus = 'ISSUED' | 'ACKNOWLEDGED' | 'HANDLED' | 'VERIFIED' | 'CLOSED' | 'DECLINED' | 'WITHDRAWN';
export type Outcome = NonNullable<Database['incident']['outcome']>;
export type Origin = Database['incident']['origin'];
export type EventKind = Database['incident_event']['kind'];
export type PartyReason = Database['incident_party']['reason'];

/** Somewhere in a layer's tree, by codes. */
export interface Rung {
  readonly layer: string;
  readonly tier: string;
}

/** A post that is to do something: named by role and grid, so that the task outlives whoever holds it. */
export interface Recipient extends Rung {
  /** As it was when the task was issued; `vacant~…` of a post that was never made. */
  readonly postId: string;
  readonly role: string;
  readonly gridId: string;
}

/** A task that is to be issued. Ids are made by whoever asks, so that `decide` stays pure. */
export interface NewTask extends Recipient {
  readonly id: string;
  readonly purpose: Purpose;
  readonly cause: Cause;
  readonly dueAt: Date | null;
  /** Not before then is it anybody's turn; null: at once. */
  readonly startsAt: Date | null;
  readonly batchId: string | null;
  readonly aboutId: string | null;
  readonly note: string | null;
}

export interface TaskState extends NewTask {
  readonly status: TaskStatus;
  readonly issuedAt: Date;
  readonly issuedBy: string;
  readonly acknowledgedAt: Date | null;
  readonly acknowledgedBy: string | null;
  readonly arrivedAt: Date | null;
  readonly handledAt: Date | null;
  readonly handledBy: string | null;
  /** The member of staff who handled it, and the unit he or she comes from, where the login says who it is. */
  readonly handlerId: string | null;
  readonly handlerBodyId: string | null;
  readonly result: 'DONE' | 'FAILED' | null;
  readonly answer: string | null;
  readonly verifiedAt: Date | null;
  readonly verifiedBy: string | null;
  readonly closedAt: Date | null;
  readonly closedBy: string | null;
  readonly endedReason: string | null;
  /** "Not ours": whose it is, as whoever declined it said. */
  readonly belongsTo: string | null;
  readonly overdueAt: Date | null;
}

/** One attempt at mediation. Numbers follow one another from 1; only the last can have settled the matter. */
export interface AttemptState {
  readonly number: number;
  readonly at: Date;
  readonly taskId: string;
  readonly by: string;
  readonly mediatorId: string | null;
  readonly result: 'FAILED' | 'SETTLED';
  /** Where the agreement lies: a number of the local archive. */
  readonly agreement: string | null;
  readonly note: string | null;
}

export interface PushState {
  readonly id: string;
  readonly fromLayer: string;
  readonly fromGridId: string;
  readonly toLayer: string;
  readonly toGridId: string;
  readonly message: string | null;
  readonly sentAt: Date;
  readonly sentBy: string;
  readonly acknowledgedAt: Date | null;
  readonly acknowledgedBy: string | null;
  readonly answeredAt: Date | null;
  readonly answeredBy: string | null;
  readonly answer: string | null;
}

/** A grid that has to do with the incident now. */
export interface PartyState {
  readonly gridId: string;
  readonly reason: PartyReason;
  readonly layerId: number;
  readonly share: number;
}

export interface LinkState {
  readonly otherId: string;
  /** ROOT: the other one is what this one came out of. BRANCH: the other way round, as read from the other's link. */
  readonly kind: 'ROOT' | 'RELATED' | 'BRANCH';
  /** Whether the other one is open still. */
  readonly open: boolean;
}

/** Told to whoever reads the incident; codes are NOT_CONFIGURED, MISSING_TIER, VACANT, FINDER_EXCLUDED, LANGUAGE_NOT_SERVED … */
export interface IncidentNotice {
  readonly code: string;
  readonly message: string;
}

/** An incident with everything that belongs to it, as `decide` reads it. */
export interface IncidentState {
  readonly id: string;
  readonly category: string;
  readonly severity: string | null;
  readonly origin: Origin;
  readonly language: string | null;
  readonly responseClass: string | null;
  readonly occurredAt: Date;
  readonly reportedAt: Date;
  /** Owners are those of this instant in this edition. */
  readonly ownedAt: Date;
  readonly edition: number;
  readonly ladder: string | null;
  /** The rung that it has reached; null where no ladder is configured. */
  readonly rung: Rung | null;
  readonly notices: readonly IncidentNotice[];
  readonly status: 'OPEN' | 'CLOSED';
  readonly reportedBy: string;
  readonly finderId: string | null;
  readonly version: number;
  readonly outcome: Outcome | null;
  readonly result: string | null;
  readonly closedAt: Date | null;
  readonly closedBy: string | null;
  readonly closedTier: string | null;
  /** Those of now. */
  readonly parties: readonly PartyState[];
  /** In the order in which they were issued. */
  readonly tasks: readonly TaskState[];
  readonly attempts: readonly AttemptState[];
  readonly pushes: readonly PushState[];
  readonly links: readonly LinkState[];
}

/** Tasks of these purposes may outlast the incident: somebody looks again after its end. */
export const AFTER_THE_END: ReadonlySet<Purpose> = new Set<Purpose>(['FOLLOW_UP', 'RECHECK']);

export const hasEnded = ({ status }: Pick<TaskState, 'status'>) =>
  status === 'CLOSED' || status === 'DECLINED' || status === 'WITHDRAWN';

/** A task as it is the moment it is issued. */
export function issuedTask(task: NewTask, by: string, at: Date): TaskState {
  return {
    ...task,
    status: 'ISSUED',
    issuedAt: at,
    issuedBy: by,
    acknowledgedAt: null,
    acknowledgedBy: null,
    arrivedAt: null,
    handledAt: null,
    handledBy: null,
    handlerId: null,
    handlerBodyId: null,
    result: null,
    answer: null,
    verifiedAt: null,
    verifiedBy: null,
    closedAt: null,
    closedBy: null,
    endedReason: null,
    belongsTo: null,
    overdueAt: null,
  };
}
