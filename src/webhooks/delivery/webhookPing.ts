import { randomUUID } from 'node:crypto';
import { DomainError } from '../../errors.ts';
import type { AttemptRecord } from '../endpoint.type.ts';
import { attemptOf } from './courier/judging.ts';
import { mayReceive } from './courier/standing.ts';
import type { Office } from './office.ts';
import { pingBody } from './sending/cloudEvent.ts';

/** Sends a test to a receiver, beside the events: it moves nothing, and is in the log of deliveries. */
export class WebhookPing {
  readonly #office: Pick<Office, 'endpoints' | 'sender' | 'timing' | 'source'>;

  constructor(office: Pick<Office, 'endpoints' | 'sender' | 'timing' | 'source'>) {
    this.#office = office;
  }

  /**
   * Gives how it went, also where it failed. Throws NOT_FOUND for an endpoint that does not exist or was removed, CONFLICT
   * where its client may be sent nothing.
   */
  async ping(endpointId: string): Promise<AttemptRecord> {
    const { endpoints, sender, timing, source } = this.#office;
    const at = timing.clock();
    const standing = await endpoints.findStanding(endpointId, at);
    if (!standing || standing.endpoint.reason === 'REMOVED') {
      throw new DomainError('NOT_FOUND', 'There is no such webhook. `webhooks` lists those that are there.');
    }
    if (!mayReceive(standing, at)) {
      const message = 'The client of this webhook has no live key with the right to its events. Issue one first.';
      throw new DomainError('CONFLICT', message);
    }
    const eventId = randomUUID();
    const body = pingBody(eventId, at, standing.endpoint.gridId, source);
    const parcel = { url: standing.endpoint.url, secrets: standing.secrets, id: eventId, body, at };
    const result = await sender.withRoom(() => sender.send(parcel, new AbortController().signal));
    const attempt = attemptOf({ eventId, position: null }, 1, at, result, 'PING');
    await endpoints.insertAttempt(endpointId, attempt);
    return attempt;
  }
}
