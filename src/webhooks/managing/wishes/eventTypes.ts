import type { WebhookTopic } from './webhookWish.ts';

const OF_EDITIONS = ['published', 'planned', 'effective'];
const OF_INCIDENTS = ['reported', 'entered', 'left', 'assigned', 'changed', 'escalated', 'closed'];

/** Every kind of event that a webhook may be for, by topic, as integrators name them. */
export const EVENT_TYPES: Readonly<Record<WebhookTopic, readonly string[]>> = {
  INCIDENT: OF_INCIDENTS.map((kind) => `incident.${kind}`),
  BOUNDARY: OF_EDITIONS.map((kind) => `boundary.${kind}`),
  OWNERSHIP: OF_EDITIONS.map((kind) => `ownership.${kind}`),
};
