import { type NumberedPart, numberedPage } from '../../api/lists/numberedPage.ts';
import { typeOf } from '../../feed/feedEvent.ts';
import type { ParkedRecord } from '../endpoint.type.ts';
import type { NumberedAttempt, ParkedOf, ShownWebhook } from '../managing/webhookRecord.ts';
import type {
  WebhookDelivery,
  WebhookDeliveryConnection,
  WebhookParkedEvent,
  WebhookParkedEventConnection,
} from './delivery.type.ts';
import type { Webhook } from './webhook.type.ts';
import {
  ParkedEventState,
  WebhookDeliveryOutcome,
  WebhookStatus,
  WebhookStopReason,
  WebhookTopic,
} from './webhookState.type.ts';

/** The kinds of numbered lists, in their cursors. */
export const [DELIVERIES, PARKED] = ['webhookDelivery', 'webhookParked'];

/** A webhook as clients see it. */
export function shownWebhook(record: ShownWebhook): Webhook {
  const { id, clientId, url, eventTypes, categories, statusAt, behind, waitingSince, createdAt, secrets } = record;
  return {
    ...{ id, clientId, url, eventTypes, categories, statusAt, behind, waitingSince, createdAt },
    clientName: record.client.name,
    areaId: record.gridId,
    topic: WebhookTopic[record.topic],
    status: WebhookStatus[record.status],
    reason: record.reason && WebhookStopReason[record.reason],
    lastDeliveredAt: record.deliveredAt,
    failingSince: record.failingSince,
    nextAttemptAt: record.nextAttemptAt,
    lastWeek: record.week,
    parked: record.parkedNow,
    secrets,
  };
}

/** A page of attempts, of which one more was read if there is one. */
export function deliveryPage(attempts: readonly NumberedAttempt[], part: NumberedPart): WebhookDeliveryConnection {
  // Numbered by the log of deliveries here, not by that of events.
  const numbered = attempts.map((attempt) => ({ ...attempt, position: attempt.id }));
  return numberedPage(DELIVERIES, numbered, part, shownDelivery);
}

function shownDelivery({ position: _, id, outcome, ...attempt }: NumberedAttempt): WebhookDelivery {
  return { ...attempt, id: String(id), outcome: WebhookDeliveryOutcome[outcome] };
}

/** A page of what was parked, of which one more was read if there is one. */
export function parkedPage({ topic, parked }: ParkedOf, part: NumberedPart): WebhookParkedEventConnection {
  return numberedPage(PARKED, parked, part, (record): WebhookParkedEvent => {
    const { position, kind, eventId, reason, attempts, parkedAt, deliveredAt } = record;
    const eventType = typeOf({ topic, kind });
    return {
      id: String(position),
      eventId,
      eventType,
      reason,
      attempts,
      parkedAt,
      deliveredAt,
      state: stateOf(record),
    };
  });
}

function stateOf({ replayedAt, deliveredAt }: ParkedRecord): ParkedEventState {
  if (deliveredAt !== null) return ParkedEventState.DELIVERED;
  return replayedAt === null ? ParkedEventState.PARKED : ParkedEventState.REPLAYING;
}
