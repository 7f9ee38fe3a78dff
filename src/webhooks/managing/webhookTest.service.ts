import type { RequestContext } from '../../access/requestContext.ts';
import type { AttemptRecord } from '../endpoint.type.ts';
import type { WebhookRoom } from './webhookMaking.service.ts';
import { noSecretKey } from './wishes/secretMint.ts';

/** Sends a ping now, whatever waits, and writes it to the log of deliveries: WebhookPing. */
export interface Pinger {
  ping(id: string): Promise<AttemptRecord>;
}

/** Tries whether a receiver takes what is sent to it. */
export class WebhookTestService {
  readonly #room: WebhookRoom;
  readonly #pinger: Pinger | undefined;

  /** `pinger` is undefined where no SECRET_KEY is set, and nothing is sent at all. */
  constructor(room: WebhookRoom, pinger: Pinger | undefined) {
    this.#room = room;
    this.#pinger = pinger;
  }

  /**
   * Also of one that is paused or disabled. Throws NOT_FOUND; CONFLICT for a removed one and where its client may be sent
   * nothing; BAD_CONFIG without a SECRET_KEY; FORBIDDEN, UNAUTHENTICATED.
   */
  test(by: RequestContext, id: string): Promise<AttemptRecord> {
    const { desk, repository } = this.#room;
    return desk.attempt(by, { field: 'Mutation.testWebhook', id }, async (areas) => {
      const pinger = this.#pinger;
      if (!pinger) throw noSecretKey('Webhooks are not sent');
      // Recorded before, because it is done outside: nothing is sent of which the audit does not know.
      const webhook = await repository.seeing(areas, async (trx) => {
        const found = await desk.lockLive(trx, areas, id);
        await desk.recordDone(trx, by, found, { did: 'tested' });
        return found;
      });
      return pinger.ping(webhook.id);
    });
  }
}
