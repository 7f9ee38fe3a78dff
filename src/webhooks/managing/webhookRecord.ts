import type { Areas } from '../../access/viewer.ts';
import type { AttemptRecord, EndpointRecord, ParkedRecord } from '../endpoint.type.ts';

/** The client that a webhook belongs to, as far as it decides. */
export interface WebhookClient {
  readonly id: string;
  readonly name: string;
  readonly areas: Areas;
  readonly actions: readonly string[];
  /** Kinds of events that it may receive; empty is all. */
  readonly eventTypes: readonly string[];
}

/** A webhook with whose it is. */
export interface WebhookRecord extends EndpointRecord {
  readonly client: WebhookClient;
}

/** When a secret began and when it ends. Nothing of the secret itself. */
export interface SecretDates {
  readonly createdAt: Date;
  /** Null: until it is replaced. */
  readonly expiresAt: Date | null;
}

/** How the sending stands, read when somebody looks. */
export interface WebhookStanding {
  /** Events of the log behind the place of the webhook, those for others too. */
  readonly behind: number;
  /** When the first of the next 1,000 that may be for it came into the log; null where none waits there. */
  readonly waitingSince: Date | null;
  /** Of the last seven days. */
  readonly week: { readonly delivered: number; readonly failed: number; readonly parked: number };
  /** Given up and not delivered since. */
  readonly parkedNow: number;
  /** Those in use, newest first. */
  readonly secrets: readonly SecretDates[];
}

export type ShownWebhook = WebhookRecord & WebhookStanding;

/** A line of the log of deliveries by its number. */
export type NumberedAttempt = AttemptRecord & { readonly id: number };

/** What a webhook did not take; the topic tells the kinds of its events. */
export interface ParkedOf {
  readonly topic: EndpointRecord['topic'];
  readonly parked: readonly ParkedRecord[];
}

/** A secret as it is written. */
export interface SealedRow {
  readonly id: string;
  readonly endpointId: string;
  readonly sealed: Buffer;
  readonly createdAt: Date;
}

/** From where to where the log reaches. */
export interface LogEnds {
  readonly lastPosition: number;
  /** Everything up to here was purged. */
  readonly purgedThrough: number;
}
