import { Arg, Ctx, ID, Int, Mutation, Resolver } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import type { RequestContext } from '../../access/requestContext.ts';
import type { WebhookActsService } from '../managing/webhookActs.service.ts';
import type { WebhookMakingService } from '../managing/webhookMaking.service.ts';
import type { WebhookTestService } from '../managing/webhookTest.service.ts';
import { NewWebhook, RotatedWebhookSecret, WebhookTest } from './newWebhook.type.ts';
import { shownWebhook } from './showWebhook.ts';
import { WebhookInput } from './webhook.input.ts';
import { Webhook } from './webhook.type.ts';

const WRITES = ({ childComplexity }: { childComplexity: number }) => 1_000 + childComplexity;
const WHICH = { description: 'The webhook.' };

/** Making, stopping and mending webhooks. */
@Resolver()
export class WebhookActsResolver {
  private readonly making: WebhookMakingService;
  private readonly acts: WebhookActsService;
  private readonly tests: WebhookTestService;

  constructor(making: WebhookMakingService, acts: WebhookActsService, tests: WebhookTestService) {
    this.making = making;
    this.acts = acts;
    this.tests = tests;
  }

  @Right('webhooks.manage')
  @Mutation(() => NewWebhook, {
    complexity: WRITES,
    description: 'Makes a webhook for an integrator of your area. It is sent what happens from now on.',
  })
  async createWebhook(
    @Arg('input', () => WebhookInput, { description: 'What to send, and where.' }) input: WebhookInput,
    @Ctx() context: RequestContext,
  ): Promise<NewWebhook> {
    const { webhook, secret } = await this.making.create(context, input);
    return { webhook: shownWebhook(webhook), secret };
  }

  @Right('webhooks.manage')
  @Mutation(() => Webhook, {
    complexity: WRITES,
    description: 'Sends to another address, from where the webhook stands; the secret stays the same.',
  })
  async moveWebhook(
    @Arg('id', () => ID, WHICH) id: string,
    @Arg('url', () => String, { description: 'An https address on the public internet, without user and password.' })
    url: string,
    @Ctx() context: RequestContext,
  ): Promise<Webhook> {
    return shownWebhook(await this.making.move(context, id, url));
  }

  @Right('webhooks.manage')
  @Mutation(() => RotatedWebhookSecret, {
    complexity: WRITES,
    description:
      'Makes a second secret beside the one in use. Both sign until the older ends; CONFLICT where two are in use, unless `overlapHours` is 0.',
  })
  async rotateWebhookSecret(
    @Arg('id', () => ID, WHICH) id: string,
    @Arg('overlapHours', () => Int, {
      nullable: true,
      description:
        'For how many hours the older signs too: 0 to 168, else 24. 0 ends every older one now, as after a leak.',
    })
    overlapHours: number | null | undefined,
    @Ctx() context: RequestContext,
  ): Promise<RotatedWebhookSecret> {
    const { webhook, ...rotated } = await this.acts.rotate(context, id, overlapHours);
    return { ...rotated, webhook: shownWebhook(webhook) };
  }

  @Right('webhooks.manage')
  @Mutation(() => Webhook, {
    complexity: WRITES,
    description: 'Sends nothing until it is resumed. Its place in the log stays, for as long as the log is kept.',
  })
  async pauseWebhook(@Arg('id', () => ID, WHICH) id: string, @Ctx() context: RequestContext): Promise<Webhook> {
    return shownWebhook(await this.acts.pause(context, id));
  }

  @Right('webhooks.manage')
  @Mutation(() => Webhook, {
    complexity: WRITES,
    description:
      'Sends again what a paused or disabled webhook has missed, in order. CONFLICT where the log no longer holds it: then resume with `skip`.',
  })
  async resumeWebhook(
    @Arg('id', () => ID, WHICH) id: string,
    @Arg('skip', () => Boolean, {
      nullable: true,
      description:
        'Go on from now where the log has lost the place; what is in between is never sent, and the skip is recorded. Elsewhere nothing is left out.',
    })
    skip: boolean | null | undefined,
    @Ctx() context: RequestContext,
  ): Promise<Webhook> {
    return shownWebhook(await this.acts.resume(context, id, skip));
  }

  @Right('webhooks.manage')
  @Mutation(() => Webhook, {
    complexity: WRITES,
    description: 'Stops a webhook for ever and ends its secrets. What was sent stays on record.',
  })
  async removeWebhook(@Arg('id', () => ID, WHICH) id: string, @Ctx() context: RequestContext): Promise<Webhook> {
    return shownWebhook(await this.acts.remove(context, id));
  }

  @Right('webhooks.manage')
  @Mutation(() => WebhookTest, {
    complexity: WRITES,
    description:
      'Sends a signed ping now, whatever waits, also where the webhook is paused, and says how it was taken.',
  })
  async testWebhook(@Arg('id', () => ID, WHICH) id: string, @Ctx() context: RequestContext): Promise<WebhookTest> {
    const { httpStatus, milliseconds, error } = await this.tests.test(context, id);
    return { delivered: error === null, httpStatus, milliseconds, error };
  }

  @Right('webhooks.manage')
  @Mutation(() => Int, {
    complexity: 1_000,
    description:
      'Has parked events sent again, beside what is new; gives how many wait for it now that did not before. Receivers see the same ids as before.',
  })
  replayWebhook(
    @Arg('id', () => ID, WHICH) id: string,
    @Arg('parked', () => [ID], {
      nullable: true,
      description: 'Ids of webhookParkedEvents, at most 200; left out for all that are parked.',
    })
    parked: string[] | null | undefined,
    @Ctx() context: RequestContext,
  ): Promise<number> {
    return this.acts.replay(context, id, parked);
  }
}
