import { randomUUID } from 'node:crypto';
import type { RequestContext } from '../../access/requestContext.ts';
import type { Areas } from '../../access/viewer.ts';
import { readClientKey } from '../../api/input/clientKey.ts';
import { DomainError } from '../../errors.ts';
import { isUuid, stableId } from '../../ids.ts';
import type { TargetGuard } from '../guard/targetGuard.ts';
import type { ManagingRepository } from './managing.repository.ts';
import type { WebhookDesk } from './webhookDesk.ts';
import type { WebhookReadingService } from './webhookReading.service.ts';
import type { SealedRow, ShownWebhook, WebhookClient, WebhookRecord } from './webhookRecord.ts';
import { EVENT_TYPES } from './wishes/eventTypes.ts';
import { hostIn, judgedUrl } from './wishes/receiver.ts';
import type { SecretMint } from './wishes/secretMint.ts';
import { readArea, readCategories, readTypes, type WebhookWish } from './wishes/webhookWish.ts';

/** A webhook with its secret, which nobody can read again. */
export interface MadeWebhook {
  readonly webhook: ShownWebhook;
  /** Null for a retry: it was in the first answer. */
  readonly secret: string | null;
}

/** What the acts of managing work with. */
export interface WebhookRoom {
  readonly desk: WebhookDesk;
  readonly repository: ManagingRepository;
  readonly reading: WebhookReadingService;
}

/** Makes webhooks and moves them to other addresses. */
export class WebhookMakingService {
  readonly #room: WebhookRoom;
  readonly #secrets: SecretMint;
  readonly #guard: TargetGuard;

  constructor(room: WebhookRoom, secrets: SecretMint, guard: TargetGuard) {
    this.#room = room;
    this.#secrets = secrets;
    this.#guard = guard;
  }

  /**
   * A webhook that is sent what happens from now on; a retry under the same `clientKey` gives the one that was made. Throws
   * BAD_INPUT, NOT_FOUND, CONFLICT for another wish under the key of an earlier one, BAD_CONFIG without a SECRET_KEY,
   * FORBIDDEN, UNAUTHENTICATED.
   */
  create(by: RequestContext, wish: WebhookWish): Promise<MadeWebhook> {
    const key = wish.clientKey == null ? undefined : stableId('webhook', by.viewer.subject, wish.clientKey);
    const id = key ?? randomUUID();
    return this.#room.desk.attempt(by, { field: 'Mutation.createWebhook', id }, async (areas) => {
      readClientKey('input.clientKey', wish.clientKey);
      const secret = this.#secrets.mint(id, this.#room.repository.now());
      const client = await this.#getClient(areas, wish.clientId);
      const draft = this.#draft(id, client, wish);
      const url = await judgedUrl(this.#guard, wish.url);
      return this.#insert(by, areas, { ...draft, url, createdAt: secret.row.createdAt }, secret);
    });
  }

  /** Sends to another address from where it stands, what failed so far included. Throws as `create` does. */
  move(by: RequestContext, id: string, to: string): Promise<ShownWebhook> {
    const { desk, repository, reading } = this.#room;
    return desk.attempt(by, { field: 'Mutation.moveWebhook', id }, async (areas) => {
      await repository.seeing(areas, (trx) => desk.lockLive(trx, areas, id));
      const url = await judgedUrl(this.#guard, to);
      return repository.seeing(areas, async (trx) => {
        const webhook = await desk.lockLive(trx, areas, id);
        await repository.setUrl(trx, webhook.id, url);
        const shown = await reading.showChanged(trx, webhook.id);
        await desk.recordDone(trx, by, webhook, { did: 'moved', host: hostIn(url), before: hostIn(webhook.url) });
        return shown;
      });
    });
  }

  #insert(
    by: RequestContext,
    areas: Areas,
    webhook: WebhookRecord,
    { text, row }: { readonly text: string; readonly row: SealedRow },
  ): Promise<MadeWebhook> {
    const { desk, repository, reading } = this.#room;
    return repository.seeing(areas, async (trx) => {
      if (!(await repository.insertWebhook(trx, webhook, by.viewer.subject))) {
        assertSame(await desk.findWithin(trx, areas, webhook.id), webhook);
        return { webhook: await reading.showChanged(trx, webhook.id), secret: null };
      }
      await repository.insertSecret(trx, row);
      const shown = await reading.showChanged(trx, webhook.id);
      const { client, gridId, topic, eventTypes, url } = webhook;
      const details = { did: 'created', client: client.id, within: gridId, topic, eventTypes, host: hostIn(url) };
      await desk.recordDone(trx, by, webhook, details);
      return { webhook: shown, secret: text };
    });
  }

  async #getClient(areas: Areas, id: string): Promise<WebhookClient> {
    const { desk, repository } = this.#room;
    const client = isUuid(id) ? await repository.seeing(areas, (trx) => repository.findClient(trx, id)) : undefined;
    if (client && desk.isWithin(areas, client)) return client;
    const message = 'input.clientId: there is no integrator of this id; `apiClients` lists those that you may see.';
    throw new DomainError('NOT_FOUND', message, { field: 'input.clientId' });
  }

  #draft(id: string, client: WebhookClient, wish: WebhookWish): Omit<WebhookRecord, 'url'> {
    const now = this.#room.repository.now();
    return {
      ...{ id, clientId: client.id, client, topic: wish.topic },
      gridId: readArea(wish.within, client, this.#room.desk.tree),
      eventTypes: readTypes(wish, client, EVENT_TYPES[wish.topic]),
      categories: readCategories(wish),
      ...{ status: 'ACTIVE', reason: null, statusAt: now, createdAt: now, position: 0 },
      ...{ attempt: 0, nextAttemptAt: null, failingSince: null, deliveredAt: null, delivered: 0, parked: 0, failed: 0 },
    };
  }
}

function assertSame(made: WebhookRecord | undefined, wished: WebhookRecord): void {
  const partsOf = ({ clientId, gridId, topic, url, eventTypes, categories }: WebhookRecord) =>
    JSON.stringify([clientId, gridId, topic, url, eventTypes, categories]);
  if (made && partsOf(made) === partsOf(wished)) return;
  const message =
    'input.clientKey: another webhook was made under this key; take a new key for a new one, the same for a retry only.';
  throw new DomainError('CONFLICT', message, { field: 'input.clientKey' });
}
