import { ArgsType, Field, ID, Int, ObjectType } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { listOf } from '../../api/listSize.ts';
import { PageArgs, PageInfo } from '../../api/page.type.ts';
import { DateTimeScalar } from '../../api/scalars.ts';
import { ParkedEventState, WebhookDeliveryOutcome } from './webhookState.type.ts';

@ObjectType({ description: 'One attempt to send something to a webhook.', simpleResolvers: true })
export class WebhookDelivery {
  @Right('webhooks.read')
  @Field(() => ID, { description: 'The number of the attempt in the log of deliveries.' })
  readonly id!: string;

  @Right('webhooks.read')
  @Field(() => ID, { description: 'The id of the event, as in the header webhook-id: the same at each attempt.' })
  readonly eventId!: string;

  @Right('webhooks.read')
  @Field(() => Int, { description: 'Which attempt at this event: 1, 2, 3 …' })
  readonly attempt!: number;

  @Right('webhooks.read')
  @Field(() => DateTimeScalar, { description: 'When it was sent.' })
  readonly at!: Date;

  @Right('webhooks.read')
  @Field(() => Int, { description: 'How long it took until the answer, in milliseconds.' })
  readonly milliseconds!: number;

  @Right('webhooks.read')
  @Field(() => Int, { nullable: true, description: 'The HTTP status of the answer; null: there was none.' })
  readonly httpStatus!: number | null;

  @Right('webhooks.read')
  @Field(() => String, {
    nullable: true,
    description: 'Why it was not taken, such as HTTP_500, TIMED_OUT or ADDRESS_REFUSED; null where it was.',
  })
  readonly error!: string | null;

  @Right('webhooks.read')
  @Field(() => WebhookDeliveryOutcome, { description: 'What became of it.' })
  readonly outcome!: WebhookDeliveryOutcome;
}

@ObjectType({ description: 'An attempt in a list.', simpleResolvers: true })
export class WebhookDeliveryEdge {
  @Right('webhooks.read')
  @Field(() => WebhookDelivery, { description: 'The attempt.' })
  readonly node!: WebhookDelivery;

  @Right('webhooks.read')
  @Field(() => String, { description: 'Pass it as `after` to go on behind this attempt.' })
  readonly cursor!: string;
}

@ObjectType({
  description: 'A page of the log of deliveries, newest first; it is kept for some weeks.',
  simpleResolvers: true,
})
export class WebhookDeliveryConnection {
  @Right('webhooks.read')
  @Field(() => [WebhookDeliveryEdge], { complexity: listOf(1), description: 'The attempts of this page.' })
  readonly edges!: readonly WebhookDeliveryEdge[];

  @Right('webhooks.read')
  @Field(() => PageInfo, { description: 'Where the page begins and ends.' })
  readonly pageInfo!: PageInfo;
}

@ObjectType({ description: 'An event that was given up after the last attempt.', simpleResolvers: true })
export class WebhookParkedEvent {
  @Right('webhooks.read')
  @Field(() => ID, { description: 'Pass it to replayWebhook. Good for this webhook only.' })
  readonly id!: string;

  @Right('webhooks.read')
  @Field(() => ID, { description: 'The id of the event, as in the header webhook-id.' })
  readonly eventId!: string;

  @Right('webhooks.read')
  @Field(() => String, { description: 'The kind of the event, such as incident.closed.' })
  readonly eventType!: string;

  @Right('webhooks.read')
  @Field(() => String, { description: 'How the last attempt failed, such as HTTP_500 or TIMED_OUT.' })
  readonly reason!: string;

  @Right('webhooks.read')
  @Field(() => Int, { description: 'How often it was tried.' })
  readonly attempts!: number;

  @Right('webhooks.read')
  @Field(() => DateTimeScalar, { description: 'When it was given up.' })
  readonly parkedAt!: Date;

  @Right('webhooks.read')
  @Field(() => ParkedEventState, { description: 'What becomes of it.' })
  readonly state!: ParkedEventState;

  @Right('webhooks.read')
  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was delivered after all; null: not yet.' })
  readonly deliveredAt!: Date | null;
}

@ObjectType({ description: 'A parked event in a list.', simpleResolvers: true })
export class WebhookParkedEventEdge {
  @Right('webhooks.read')
  @Field(() => WebhookParkedEvent, { description: 'The event.' })
  readonly node!: WebhookParkedEvent;

  @Right('webhooks.read')
  @Field(() => String, { description: 'Pass it as `after` to go on behind this event.' })
  readonly cursor!: string;
}

@ObjectType({ description: 'A page of the parked events of a webhook, newest first.', simpleResolvers: true })
export class WebhookParkedEventConnection {
  @Right('webhooks.read')
  @Field(() => [WebhookParkedEventEdge], { complexity: listOf(1), description: 'The events of this page.' })
  readonly edges!: readonly WebhookParkedEventEdge[];

  @Right('webhooks.read')
  @Field(() => PageInfo, { description: 'Where the page begins and ends.' })
  readonly pageInfo!: PageInfo;
}

@ArgsType()
export class WebhookDeliveryArgs extends PageArgs {
  @Field(() => ID, { description: 'The webhook.' })
  id!: string;

  @Field(() => WebhookDeliveryOutcome, { nullable: true, description: 'Only those that ended so.' })
  outcome?: WebhookDeliveryOutcome | null;
}

@ArgsType()
export class WebhookParkedArgs extends PageArgs {
  @Field(() => ID, { description: 'The webhook.' })
  id!: string;

  @Field(() => Boolean, { nullable: true, description: 'Those that were delivered since too, while they are kept.' })
  delivered?: boolean | null;
}
