import { randomUUID } from 'node:crypto';
import type { LogSource } from '../../feed/reading/logReader.ts';
import type { WebhookRepository } from '../webhook.repository.ts';
import { DeliveryLedger } from './ledger.ts';
import type { ReplayRepository } from './replay.repository.ts';
import type { Timing } from './sending/retrySchedule.ts';
import type { Sender } from './sending/sender.ts';

/** The log of events as couriers read it. */
export type EventLog = Pick<LogSource, 'read' | 'join' | 'leave' | 'head'>;

/** What all couriers of a server share. */
export interface Office {
  /** The name of this run of the server in leases; another each time it starts. */
  readonly server: string;
  readonly leaseMs: number;
  /** CloudEvents `source`: who sends. */
  readonly source: string;
  readonly log: EventLog;
  readonly endpoints: WebhookRepository;
  readonly replays: ReplayRepository;
  readonly ledger: Pick<DeliveryLedger, 'write'>;
  readonly sender: Pick<Sender, 'send' | 'withRoom'>;
  readonly timing: Timing;
}

const LEASE_MS = 15_000;

/** An office under a name of its own. */
export function openOffice(
  parts: Pick<Office, 'source' | 'log' | 'endpoints' | 'replays' | 'sender' | 'timing'>,
  leaseMs = LEASE_MS,
): Office {
  const server = randomUUID();
  return { ...parts, server, leaseMs, ledger: new DeliveryLedger(parts.endpoints, server) };
}
