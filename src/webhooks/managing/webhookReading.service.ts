import type { Transaction } from 'kysely';
import { findWithin, isWithin } from '../../access/areaTree.ts';
import type { RequestContext } from '../../access/requestContext.ts';
import { type Areas, areasOf, assertMay } from '../../access/viewer.ts';
import type { NumberedPart } from '../../api/lists/numberedPage.ts';
import { type Page, type PageRequest, pageOf } from '../../api/page.type.ts';
import type { Database } from '../../db/tables.ts';
import type { AttemptOutcome } from '../endpoint.type.ts';
import type { ManagingRepository } from './managing.repository.ts';
import { noWebhook, type WebhookDesk } from './webhookDesk.ts';
import type { WebhookLogRepository } from './webhookLog.repository.ts';
import type { NumberedAttempt, ParkedOf, ShownWebhook, WebhookRecord } from './webhookRecord.ts';

const READ = 'webhooks.read';
const WEEK_MS = 7 * 86_400_000;

/** Which webhooks are listed. */
export interface WebhookChoice extends PageRequest {
  /** Only those of this grid and all below it, by id or code; of one outside the viewer's areas there are none. */
  readonly within?: string | null;
  /** Those that were removed too. */
  readonly removed?: boolean | null;
}

/** Which of one webhook's deliveries or parked events are listed. */
export interface LogChoice {
  readonly id: string;
  readonly part: NumberedPart;
}

/** Webhooks and what was sent to them, for administrators and auditors of each area of their clients. Looking is recorded. */
export class WebhookReadingService {
  readonly #desk: WebhookDesk;
  readonly #repository: ManagingRepository;
  readonly #log: WebhookLogRepository;

  constructor(desk: WebhookDesk, repository: ManagingRepository, log: WebhookLogRepository) {
    this.#desk = desk;
    this.#repository = repository;
    this.#log = log;
  }

  /** In the order in which they were made. Throws UNAUTHENTICATED, FORBIDDEN, BAD_INPUT. */
  list(by: RequestContext, { within, removed, ...page }: WebhookChoice): Promise<Page<ShownWebhook>> {
    assertMay(by.viewer, READ, 'Query.webhooks');
    const areas = areasOf(by.viewer, READ);
    const { tree } = this.#desk;
    const root = within == null ? undefined : (findWithin(tree, areas, within) ?? null);
    const isMeant = ({ client, gridId }: WebhookRecord) =>
      this.#desk.isWithin(areas, client) && (root === undefined || (root !== null && isWithin(tree, [root], gridId)));
    return this.#repository.seeing(areas, async (trx) => {
      const all = await this.#repository.listWebhooks(trx, removed ?? false);
      const found = pageOf('webhook', all.filter(isMeant), page, listingKey, (webhook) => webhook);
      const shown = await this.#show(
        trx,
        found.edges.map(({ node }) => node),
      );
      await this.#desk.recordList(trx, by, areas, shown.length);
      return { ...found, edges: found.edges.map(({ cursor }, i) => ({ node: shown[i], cursor })) };
    });
  }

  /** Undefined for an unknown id, and just so for a webhook outside the viewer's areas. */
  find(by: RequestContext, id: string): Promise<ShownWebhook | undefined> {
    const field = 'Query.webhook';
    assertMay(by.viewer, READ, field);
    const areas = areasOf(by.viewer, READ);
    return this.#repository.seeing(areas, async (trx) => {
      const webhook = await this.#desk.findWithin(trx, areas, id);
      const [shown] = webhook ? await this.#show(trx, [webhook]) : [];
      await this.#desk.recordRead(trx, by, { id, field }, webhook);
      return shown;
    });
  }

  /** How one stands whom the caller found within his areas: in the transaction that changed it. */
  async showChanged(trx: Transaction<Database>, id: string): Promise<ShownWebhook> {
    const webhook = await this.#repository.findWebhook(trx, id);
    if (!webhook) throw noWebhook();
    return (await this.#show(trx, [webhook]))[0];
  }

  /** Newest first, one more than asked for if there is one. Throws NOT_FOUND, UNAUTHENTICATED, FORBIDDEN. */
  listAttempts(
    by: RequestContext,
    { id, part, outcome }: LogChoice & { readonly outcome?: AttemptOutcome | null },
  ): Promise<NumberedAttempt[]> {
    return this.#readOf(by, { id, field: 'Query.webhookDeliveries' }, (trx, webhook) =>
      this.#log.listAttempts(trx, { id: webhook.id, outcome: outcome ?? undefined }, part),
    );
  }

  /** Newest first, one more than asked for if there is one. Throws NOT_FOUND, UNAUTHENTICATED, FORBIDDEN. */
  listParked(
    by: RequestContext,
    { id, part, delivered }: LogChoice & { readonly delivered?: boolean | null },
  ): Promise<ParkedOf> {
    return this.#readOf(by, { id, field: 'Query.webhookParkedEvents' }, async (trx, { id: webhook, topic }) => ({
      topic,
      parked: await this.#log.listParked(trx, { id: webhook, delivered: delivered ?? false }, part),
    }));
  }

  async #readOf<T>(
    by: RequestContext,
    { id, field }: { readonly id: string; readonly field: string },
    read: (trx: Transaction<Database>, webhook: WebhookRecord) => Promise<T>,
  ): Promise<T> {
    assertMay(by.viewer, READ, field);
    const areas: Areas = areasOf(by.viewer, READ);
    const found = await this.#repository.seeing(areas, async (trx) => {
      const webhook = await this.#desk.findWithin(trx, areas, id);
      const answer = webhook ? { entries: await read(trx, webhook) } : undefined;
      await this.#desk.recordRead(trx, by, { id, field }, webhook);
      return answer;
    });
    if (!found) throw noWebhook();
    return found.entries;
  }

  async #show(trx: Transaction<Database>, webhooks: readonly WebhookRecord[]): Promise<ShownWebhook[]> {
    const now = this.#repository.now();
    const since = new Date(now.getTime() - WEEK_MS);
    const standings = await this.#log.readStandings(trx, webhooks, { now, since });
    return webhooks.map((webhook) => ({ ...webhook, ...standings.get(webhook.id)! }));
  }
}

const listingKey = ({ createdAt, id }: WebhookRecord): string => `${createdAt.toISOString()} ${id}`;
