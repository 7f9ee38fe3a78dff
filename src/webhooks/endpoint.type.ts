import type { FeedFilter } from '../feed/feedFilter.ts';

/** ACTIVE is sent to; PAUSED goes on where it stopped when it is resumed; DISABLED needs somebody to look at the receiver. */
export type EndpointStatus = 'ACTIVE' | 'PAUSED' | 'DISABLED';

/**
 * Why nothing is sent. ASKED: somebody wished it. NO_KEY: its client has no live key, or not the right any more.
 * CURSOR_EXPIRED: the log no longer holds what is next. GONE: the receiver answered 410. FAILING: it took nothing for days.
 * REMOVED: for ever.
 */
export type StopReason = 'ASKED' | 'NO_KEY' | 'CURSOR_EXPIRED' | 'GONE' | 'FAILING' | 'REMOVED';

/** An address to which the feed of an area is sent; the row of `webhook_endpoint` without its lease. */
export interface EndpointRecord {
  readonly id: string;
  readonly clientId: string;
  /** The area: what it and all below it are told. */
  readonly gridId: string;
  readonly topic: FeedFilter['topic'];
  readonly url: string;
  /** Such as incident.reported; empty is all that its client may have. */
  readonly eventTypes: readonly string[];
  /** Of incidents; null is all. */
  readonly categories: readonly string[] | null;
  readonly status: EndpointStatus;
  /** Null while it is ACTIVE. */
  readonly reason: StopReason | null;
  readonly statusAt: Date;
  /** Everything up to here was delivered, was parked, or was not for it. */
  readonly position: number;
  /** Failed attempts at the event in front. */
  readonly attempt: number;
  readonly nextAttemptAt: Date | null;
  /** Since when every attempt has failed. */
  readonly failingSince: Date | null;
  readonly deliveredAt: Date | null;
  /** Events delivered, events parked, attempts that failed. */
  readonly delivered: number;
  readonly parked: number;
  readonly failed: number;
  readonly createdAt: Date;
}

/** An event that was given up, until it is replayed. */
export interface ParkedRecord {
  readonly endpointId: string;
  readonly position: number;
  readonly eventId: string;
  readonly kind: string;
  /** How the last attempt failed: HTTP_500, TIMED_OUT … */
  readonly reason: string;
  readonly attempts: number;
  readonly parkedAt: Date;
  /** When somebody asked for it; null again when it was tried in vain. */
  readonly replayedAt: Date | null;
  readonly deliveredAt: Date | null;
}

export type AttemptOutcome = 'DELIVERED' | 'FAILED' | 'PARKED' | 'PING';

/** One line of the log of deliveries. */
export interface AttemptRecord {
  readonly eventId: string;
  /** Null: a ping. */
  readonly position: number | null;
  readonly attempt: number;
  readonly at: Date;
  readonly milliseconds: number;
  readonly httpStatus: number | null;
  /** Null where it was taken. */
  readonly error: string | null;
  readonly outcome: AttemptOutcome;
}
