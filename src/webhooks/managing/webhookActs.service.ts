import type { Transaction } from 'kysely';
import type { RequestContext } from '../../access/requestContext.ts';
import type { ActDetails } from '../../audit/act.ts';
import type { Database } from '../../db/tables.ts';
import { DomainError } from '../../errors.ts';
import type { WebhookRoom } from './webhookMaking.service.ts';
import type { ShownWebhook, WebhookRecord } from './webhookRecord.ts';
import type { SecretMint } from './wishes/secretMint.ts';
import { readOverlap, readParkedIds } from './wishes/webhookWish.ts';

const HOUR_MS = 3_600_000;

/** Changes a webhook that nobody else changes meanwhile; gives what is recorded of it. */
type Change = (trx: Transaction<Database>, webhook: WebhookRecord) => Promise<ActDetails>;

/** A secret just made. Nobody can read it again. */
export interface RotatedSecret {
  readonly webhook: ShownWebhook;
  readonly secret: string;
  /** When the one before stops signing. */
  readonly oldEndsAt: Date;
}

/** Rotates secrets, stops and resumes webhooks, and has sent again what was given up. */
export class WebhookActsService {
  readonly #room: WebhookRoom;
  readonly #secrets: SecretMint;

  constructor(room: WebhookRoom, secrets: SecretMint) {
    this.#room = room;
    this.#secrets = secrets;
  }

  /**
   * Both secrets sign until the older ends; 0 hours ends every older one now. Throws CONFLICT where two are in use, BAD_CONFIG
   * without a SECRET_KEY, BAD_INPUT, NOT_FOUND, FORBIDDEN, UNAUTHENTICATED.
   */
  async rotate(by: RequestContext, id: string, overlapHours?: number | null): Promise<RotatedSecret> {
    const { repository } = this.#room;
    let secret = '';
    let oldEndsAt = repository.now();
    const webhook = await this.#change(
      by,
      { field: 'Mutation.rotateWebhookSecret', id },
      async (trx, { id: endpointId }) => {
        const hours = readOverlap(overlapHours);
        const { text, row } = this.#secrets.mint(endpointId, repository.now());
        oldEndsAt = new Date(row.createdAt.getTime() + hours * HOUR_MS);
        await repository.endSecrets(trx, endpointId, oldEndsAt);
        await repository.insertSecret(trx, row);
        secret = text;
        return { did: 'rotated', oldEndsAt: oldEndsAt.toISOString() };
      },
    );
    return { webhook, secret, oldEndsAt };
  }

  /** One that is stopped stays as it is. Throws NOT_FOUND; CONFLICT for a removed one; FORBIDDEN, UNAUTHENTICATED. */
  pause(by: RequestContext, id: string): Promise<ShownWebhook> {
    return this.#change(by, { field: 'Mutation.pauseWebhook', id }, async (trx, webhook) => {
      if (webhook.status === 'ACTIVE') await this.#stop(trx, webhook.id, 'PAUSED', 'ASKED');
      return { did: 'paused', was: standingOf(webhook) };
    });
  }

  /**
   * Goes on where it stopped. Where the log has lost the place: CONFLICT, unless `skip`, which goes on from now and leaves
   * out what is in between. Throws as `pause` does.
   */
  resume(by: RequestContext, id: string, skip?: boolean | null): Promise<ShownWebhook> {
    const { repository } = this.#room;
    return this.#change(by, { field: 'Mutation.resumeWebhook', id }, async (trx, webhook) => {
      const did = { did: 'resumed', was: standingOf(webhook) };
      if (webhook.status === 'ACTIVE') return did;
      const { purgedThrough, lastPosition } = await repository.readLogEnds(trx);
      if (webhook.position >= purgedThrough) {
        await repository.setStatus(trx, webhook.id, { status: 'ACTIVE', reason: null });
        return did;
      }
      if (!skip) throw placeLost();
      await repository.skipToEnd(trx, webhook.id);
      return { ...did, skippedFrom: webhook.position, skippedTo: lastPosition };
    });
  }

  /** Stops it for ever and ends its secrets; what was sent stays on record. Removing it again changes nothing. */
  remove(by: RequestContext, id: string): Promise<ShownWebhook> {
    const { repository } = this.#room;
    return this.#change(
      by,
      { field: 'Mutation.removeWebhook', id },
      async (trx, webhook) => {
        if (webhook.reason !== 'REMOVED') {
          await this.#stop(trx, webhook.id, 'DISABLED', 'REMOVED');
          await repository.endSecrets(trx, webhook.id, repository.now());
        }
        return { did: 'removed', was: standingOf(webhook) };
      },
      'ANY',
    );
  }

  /** How many parked events are sent again that did not wait for it before: all, or those of the ids. Throws as `pause`. */
  async replay(by: RequestContext, id: string, parked?: readonly string[] | null): Promise<number> {
    let count = 0;
    await this.#change(by, { field: 'Mutation.replayWebhook', id }, async (trx, webhook) => {
      const positions = readParkedIds(parked);
      count = await this.#room.repository.replay(trx, webhook.id, positions);
      return { did: 'replayed', asked: positions === null ? 'all' : positions.length, count };
    });
    return count;
  }

  #stop(trx: Transaction<Database>, id: string, status: 'PAUSED' | 'DISABLED', reason: 'ASKED' | 'REMOVED') {
    return this.#room.repository.setStatus(trx, id, { status, reason });
  }

  /** One act: find, lock, change, show, record. */
  #change(
    by: RequestContext,
    act: { readonly field: string; readonly id: string },
    change: Change,
    which: 'LIVE' | 'ANY' = 'LIVE',
  ): Promise<ShownWebhook> {
    const { desk, repository, reading } = this.#room;
    return desk.attempt(by, act, (areas) =>
      repository.seeing(areas, async (trx) => {
        const webhook = await (which === 'ANY' ? desk.lockAny(trx, areas, act.id) : desk.lockLive(trx, areas, act.id));
        const details = await change(trx, webhook);
        const shown = await reading.showChanged(trx, webhook.id);
        await desk.recordDone(trx, by, webhook, details);
        return shown;
      }),
    );
  }
}

const standingOf = ({ status, reason }: WebhookRecord) => (reason === null ? status : `${status} ${reason}`);

function placeLost(): DomainError {
  const message =
    'id: the log no longer holds what is next for this webhook, so events were lost to it. Let the receiver read the incidents anew, then resume with `skip: true`: it goes on from now.';
  return new DomainError('CONFLICT', message, { field: 'skip' });
}
