import type { AttemptRecord, StopReason } from '../endpoint.type.ts';

/** An event that is given up, with all that it takes to send it later. */
export interface ParkedEvent {
  readonly position: number;
  readonly eventId: string;
  readonly kind: string;
  readonly areaIds: readonly string[];
  readonly body: string;
  readonly reason: string;
  readonly attempts: number;
  readonly at: Date;
}

/** Why nothing more is sent, from when on. */
export interface Stop {
  readonly status: 'PAUSED' | 'DISABLED';
  readonly reason: StopReason;
  readonly at: Date;
}

/** How an endpoint stands after something happened. */
export interface Outcome {
  readonly endpointId: string;
  readonly position: number;
  readonly attempt: number;
  readonly nextAttemptAt: Date | null;
  readonly failingSince: Date | null;
  /** When something was last taken; null where nothing was. */
  readonly deliveredAt: Date | null;
  /** Left out where it goes on. */
  readonly stopped?: Stop;
  readonly attempts: readonly AttemptRecord[];
  readonly parked: readonly ParkedEvent[];
}

/** How far an endpoint was read. */
export interface ReadMark {
  readonly id: string;
  readonly position: number;
}

/** A parked event that somebody asked for, and how often it was tried since. */
export type Replay = Pick<ParkedEvent, 'position' | 'eventId' | 'kind' | 'areaIds' | 'body'> & {
  readonly attempt: number;
};

/** How a replay went. */
export interface ReplayOutcome {
  /** Undefined where it was not sent, because the client may not be told of it. */
  readonly attempt?: AttemptRecord;
  readonly reason: string;
  /** When it is tried again; null: not without being asked for anew. */
  readonly again: Date | null;
}

export const countOf = (attempts: readonly AttemptRecord[], outcome: AttemptRecord['outcome']) =>
  attempts.filter((attempt) => attempt.outcome === outcome).length;
