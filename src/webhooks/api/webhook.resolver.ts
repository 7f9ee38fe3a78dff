import { Arg, Args, Ctx, ID, Query, Resolver } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import type { RequestContext } from '../../access/requestContext.ts';
import { pageSized } from '../../api/listSize.ts';
import { readNumberedPart } from '../../api/lists/numberedPage.ts';
import type { WebhookReadingService } from '../managing/webhookReading.service.ts';
import {
  WebhookDeliveryArgs,
  WebhookDeliveryConnection,
  WebhookParkedArgs,
  WebhookParkedEventConnection,
} from './delivery.type.ts';
import { DELIVERIES, deliveryPage, PARKED, parkedPage, shownWebhook } from './showWebhook.ts';
import { WebhooksArgs } from './webhook.input.ts';
import { Webhook, WebhookConnection } from './webhook.type.ts';

/** Webhooks and what was sent to them. */
@Resolver()
export class WebhookResolver {
  private readonly reading: WebhookReadingService;

  constructor(reading: WebhookReadingService) {
    this.reading = reading;
  }

  @Right('webhooks.read')
  @Query(() => WebhookConnection, {
    complexity: pageSized(1_000),
    description:
      'The webhooks of integrators whose every area lies within your own, in the order in which they were made. Reading them is recorded.',
  })
  async webhooks(
    @Args(() => WebhooksArgs) args: WebhooksArgs,
    @Ctx() context: RequestContext,
  ): Promise<WebhookConnection> {
    const page = await this.reading.list(context, args);
    return { ...page, edges: page.edges.map(({ node, cursor }) => ({ node: shownWebhook(node), cursor })) };
  }

  @Right('webhooks.read')
  @Query(() => Webhook, {
    nullable: true,
    complexity: ({ childComplexity }) => 1_000 + childComplexity,
    description: 'One webhook. Null: none of that id within your areas. Reading it is recorded.',
  })
  async webhook(
    @Arg('id', () => ID, { description: 'The stable id.' }) id: string,
    @Ctx() context: RequestContext,
  ): Promise<Webhook | null> {
    const found = await this.reading.find(context, id);
    return found ? shownWebhook(found) : null;
  }

  @Right('webhooks.read')
  @Query(() => WebhookDeliveryConnection, {
    complexity: pageSized(1_000),
    description: 'What was sent to a webhook and how it was taken, newest first. Reading it is recorded.',
  })
  async webhookDeliveries(
    @Args(() => WebhookDeliveryArgs) { id, outcome, ...page }: WebhookDeliveryArgs,
    @Ctx() context: RequestContext,
  ): Promise<WebhookDeliveryConnection> {
    const part = readNumberedPart(DELIVERIES, page);
    return deliveryPage(await this.reading.listAttempts(context, { id, outcome, part }), part);
  }

  @Right('webhooks.read')
  @Query(() => WebhookParkedEventConnection, {
    complexity: pageSized(1_000),
    description:
      'The events that a webhook did not take and that were given up, newest first. Reading them is recorded.',
  })
  async webhookParkedEvents(
    @Args(() => WebhookParkedArgs) { id, delivered, ...page }: WebhookParkedArgs,
    @Ctx() context: RequestContext,
  ): Promise<WebhookParkedEventConnection> {
    const part = readNumberedPart(PARKED, page);
    return parkedPage(await this.reading.listParked(context, { id, delivered, part }), part);
  }
}
