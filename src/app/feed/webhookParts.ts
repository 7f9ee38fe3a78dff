import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import type { AreaTree } from '../../access/areaTree.ts';
import { deriveKey } from '../../access/secret.ts';
import type { AuditLog } from '../../audit/auditLog.ts';
import type { Clock } from '../../clock.ts';
import type { Config } from '../../config.ts';
import type { Database } from '../../db/tables.ts';
import { WebhookResolver } from '../../webhooks/api/webhook.resolver.ts';
import { WebhookActsResolver } from '../../webhooks/api/webhookActs.resolver.ts';
import { type EventLog, openOffice } from '../../webhooks/delivery/office.ts';
import { ReplayRepository } from '../../webhooks/delivery/replay.repository.ts';
import { systemTiming } from '../../webhooks/delivery/sending/retrySchedule.ts';
import { Sender } from '../../webhooks/delivery/sending/sender.ts';
import { WebhookDelivery } from '../../webhooks/delivery/webhookDelivery.ts';
import { WebhookPing } from '../../webhooks/delivery/webhookPing.ts';
import { TargetGuard } from '../../webhooks/guard/targetGuard.ts';
import { ManagingRepository } from '../../webhooks/managing/managing.repository.ts';
import { WebhookActsService } from '../../webhooks/managing/webhookActs.service.ts';
import { WebhookDesk } from '../../webhooks/managing/webhookDesk.ts';
import { WebhookLogRepository } from '../../webhooks/managing/webhookLog.repository.ts';
import { WebhookMakingService } from '../../webhooks/managing/webhookMaking.service.ts';
import { WebhookReadingService } from '../../webhooks/managing/webhookReading.service.ts';
import { WebhookTestService } from '../../webhooks/managing/webhookTest.service.ts';
import { SecretMint } from '../../webhooks/managing/wishes/secretMint.ts';
import { WebhookRepository } from '../../webhooks/webhook.repository.ts';

export interface WebhookNeeds {
  readonly config: Config;
  /** Undefined where no SECRET_KEY is set: then none is made, and none is sent. */
  readonly secret: Buffer | undefined;
  readonly tree: AreaTree;
  readonly audit: Pick<AuditLog, 'record'>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Webhooks: made and looked after by administrators, and sent. */
export function buildWebhooks(db: Kysely<Database>, events: EventLog, needs: WebhookNeeds) {
  const { config, secret, tree, audit, clock, log } = needs;
  const key = secret && deriveKey(secret, 'webhooks');
  const guard = new TargetGuard(config.webhookPrivateNetworks ?? []);
  const endpoints = new WebhookRepository(db);
  const sender = key && new Sender(guard, key);
  const office =
    sender &&
    openOffice({
      source: config.webhookSource,
      log: events,
      endpoints,
      replays: new ReplayRepository(db),
      sender,
      timing: systemTiming(clock),
    });
  const repository = new ManagingRepository(db, clock);
  const desk = new WebhookDesk(repository, audit, tree);
  const reading = new WebhookReadingService(desk, repository, new WebhookLogRepository());
  const room = { desk, repository, reading };
  const secrets = new SecretMint(key);
  return {
    resolvers: [
      new WebhookResolver(reading),
      new WebhookActsResolver(
        new WebhookMakingService(room, secrets, guard),
        new WebhookActsService(room, secrets),
        new WebhookTestService(room, office && new WebhookPing(office)),
      ),
    ],
    /** From `follow` to `close`. */
    running: office ? [new WebhookDelivery(office, log), { start() {}, close: () => sender?.close() }] : [],
  };
}
