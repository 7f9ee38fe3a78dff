import type { Transaction } from 'kysely';
import type { AreaTree } from '../../access/areaTree.ts';
import type { RequestContext } from '../../access/requestContext.ts';
import type { Areas } from '../../access/viewer.ts';
import type { ActDetails } from '../../audit/act.ts';
import type { AuditLog } from '../../audit/auditLog.ts';
import { type RefusalBook, recordingRefusal } from '../../audit/refusal.ts';
import type { Database } from '../../db/tables.ts';
import { DomainError } from '../../errors.ts';
import { isUuid } from '../../ids.ts';
import { commonGrid, isClientWithin } from '../../keys/clientScope.ts';
import type { ManagingRepository } from './managing.repository.ts';
import type { WebhookClient, WebhookRecord } from './webhookRecord.ts';

const MANAGE = 'webhooks.manage';
const READ = 'webhooks.read';

/** Which webhook somebody acts on, and at which field of GraphQL. */
export interface WebhookAct {
  readonly field: string;
  readonly id: string;
}

/**
 * What all acts on webhooks have in common: a webhook is there for whoever has the right in each area of its client, judged
 * by the tree in memory and again by row security; every act is recorded in its own transaction, every refusal in another.
 */
export class WebhookDesk {
  readonly #repository: ManagingRepository;
  readonly #audit: Pick<AuditLog, 'record'>;
  readonly #tree: AreaTree;

  constructor(repository: ManagingRepository, audit: Pick<AuditLog, 'record'>, tree: AreaTree) {
    this.#repository = repository;
    this.#audit = audit;
    this.#tree = tree;
  }

  get tree(): AreaTree {
    return this.#tree;
  }

  /** Runs an act of somebody who may act somewhere, told where. Throws UNAUTHENTICATED, FORBIDDEN and what the act throws. */
  attempt<T>(by: RequestContext, { field, id }: WebhookAct, act: (areas: Areas) => Promise<T>): Promise<T> {
    const book: RefusalBook = {
      audit: this.#audit,
      within: (areas, work) => this.#repository.seeing(areas, work),
    };
    const object = { kind: 'webhook', id: isUuid(id) ? id.toLowerCase() : 'unknown' };
    return recordingRefusal(book, by, { right: MANAGE, field, object, details: { field } }, act);
  }

  /** Undefined for one of a client outside the areas just as for none. */
  async findWithin(trx: Transaction<Database>, areas: Areas, id: string): Promise<WebhookRecord | undefined> {
    const webhook = isUuid(id) ? await this.#repository.findWebhook(trx, id) : undefined;
    return webhook && this.isWithin(areas, webhook.client) ? webhook : undefined;
  }

  /** As it stands when nobody else changes it any more, a removed one too. Throws NOT_FOUND. */
  async lockAny(trx: Transaction<Database>, areas: Areas, id: string): Promise<WebhookRecord> {
    const seen = await this.findWithin(trx, areas, id);
    if (!seen) throw noWebhook();
    await this.#repository.lockWebhook(trx, seen.id);
    return (await this.#repository.findWebhook(trx, seen.id)) ?? seen;
  }

  /** The same; throws CONFLICT for one that was removed. */
  async lockLive(trx: Transaction<Database>, areas: Areas, id: string): Promise<WebhookRecord> {
    const webhook = await this.lockAny(trx, areas, id);
    if (webhook.reason !== 'REMOVED') return webhook;
    const message = 'id: this webhook was removed for ever. Make another with createWebhook.';
    throw new DomainError('CONFLICT', message, { field: 'id' });
  }

  isWithin(areas: Areas, client: Pick<WebhookClient, 'areas'>): boolean {
    return isClientWithin(this.#tree, areas, client);
  }

  /** The last statement of the transaction of an act. */
  recordDone(trx: Transaction<Database>, by: RequestContext, webhook: WebhookRecord, details: ActDetails) {
    const object = { kind: 'webhook', id: webhook.id };
    const gridId = commonGrid(this.#tree, webhook.client.areas);
    return this.#audit.record(trx, by, { action: MANAGE, object, gridId, result: 'DONE', details });
  }

  /** That one was looked at; null: none of that id was there for the one who asked. */
  recordRead(
    trx: Transaction<Database>,
    by: RequestContext,
    { id, field }: WebhookAct,
    webhook: WebhookRecord | undefined,
  ) {
    const object = { kind: 'webhook', id: isUuid(id) ? id.toLowerCase() : 'unknown' };
    const gridId = webhook ? commonGrid(this.#tree, webhook.client.areas) : null;
    const result = webhook ? 'READ' : 'REFUSED';
    return this.#audit.record(trx, by, { action: READ, object, gridId, result, details: { field } });
  }

  /** That a list was read. */
  recordList(trx: Transaction<Database>, by: RequestContext, areas: Areas, count: number) {
    const object = { kind: 'webhook', id: 'list' };
    const gridId = commonGrid(this.#tree, areas);
    return this.#audit.record(trx, by, { action: READ, object, gridId, result: 'READ', details: { count } });
  }
}

/** The same words for what does not exist and for what is another's; what was asked is not repeated: it may be a secret. */
export function noWebhook(): DomainError {
  const message = 'id: there is no webhook of this id; `webhooks` lists those that you may see.';
  return new DomainError('NOT_FOUND', message, { field: 'id' });
}
