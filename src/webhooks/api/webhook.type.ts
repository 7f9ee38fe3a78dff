import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { listOf } from '../../api/listSize.ts';
import { PageInfo } from '../../api/page.type.ts';
import { DateTimeScalar } from '../../api/scalars.ts';
import { WebhookStatus, WebhookStopReason, WebhookTopic } from './webhookState.type.ts';

@ObjectType({ description: 'When a secret of a webhook began and ends; never the secret.', simpleResolvers: true })
export class WebhookSecretDates {
  @Right('webhooks.read')
  @Field(() => DateTimeScalar, { description: 'From when on it signs.' })
  readonly createdAt!: Date;

  @Right('webhooks.read')
  @Field(() => DateTimeScalar, { nullable: true, description: 'Until when; null: until it is rotated.' })
  readonly expiresAt!: Date | null;
}

@ObjectType({ description: 'What a webhook did in the last seven days.', simpleResolvers: true })
export class WebhookWeek {
  @Right('webhooks.read')
  @Field(() => Int, { description: 'Events that the receiver took.' })
  readonly delivered!: number;

  @Right('webhooks.read')
  @Field(() => Int, { description: 'Attempts that failed; each event is tried several times.' })
  readonly failed!: number;

  @Right('webhooks.read')
  @Field(() => Int, { description: 'Events that were given up after the last attempt.' })
  readonly parked!: number;
}

@ObjectType({
  description:
    'An address of an integrator to which the events of an area are posted, in their order. docs/webhooks.md says what is sent.',
  simpleResolvers: true,
})
export class Webhook {
  @Right('webhooks.read')
  @Field(() => ID, { description: 'The stable id.' })
  readonly id!: string;

  @Right('webhooks.read')
  @Field(() => ID, { description: 'The integrator that it belongs to, as in `apiClient`.' })
  readonly clientId!: string;

  @Right('webhooks.read')
  @Field(() => String, { description: 'The name of that integrator.' })
  readonly clientName!: string;

  @Right('webhooks.read')
  @Field(() => ID, { description: 'The grid whose events it is sent, with those of all grids below it.' })
  readonly areaId!: string;

  @Right('webhooks.read')
  @Field(() => WebhookTopic, { description: 'What the events are about.' })
  readonly topic!: WebhookTopic;

  @Right('webhooks.read')
  @Field(() => String, { description: 'Where to. Treat it as internal: a path may hold a token of the receiver.' })
  readonly url!: string;

  @Right('webhooks.read')
  @Field(() => [String], {
    description: 'Kinds of events such as incident.closed; empty for all of the topic that the integrator may have.',
  })
  readonly eventTypes!: readonly string[];

  @Right('webhooks.read')
  @Field(() => [String], { nullable: true, description: 'Categories of incidents; null for all.' })
  readonly categories!: readonly string[] | null;

  @Right('webhooks.read')
  @Field(() => WebhookStatus, { description: 'Whether it is sent to.' })
  readonly status!: WebhookStatus;

  @Right('webhooks.read')
  @Field(() => WebhookStopReason, { nullable: true, description: 'Why nothing is sent; null while it is ACTIVE.' })
  readonly reason!: WebhookStopReason | null;

  @Right('webhooks.read')
  @Field(() => DateTimeScalar, { description: 'Since when it has this status.' })
  readonly statusAt!: Date;

  @Right('webhooks.read')
  @Field(() => Int, {
    description:
      'How far it is behind the end of the log, in events, those for others included; 0: it has everything. So many wait at most.',
  })
  readonly behind!: number;

  @Right('webhooks.read')
  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'Since when the first event that waits for it has waited; null where none of the next 1,000 of the log is for it.',
  })
  readonly waitingSince!: Date | null;

  @Right('webhooks.read')
  @Field(() => DateTimeScalar, { nullable: true, description: 'When the receiver last took an event; null: never.' })
  readonly lastDeliveredAt!: Date | null;

  @Right('webhooks.read')
  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Since when every attempt has failed; null while all is well.',
  })
  readonly failingSince!: Date | null;

  @Right('webhooks.read')
  @Field(() => DateTimeScalar, { nullable: true, description: 'When it is tried again; null where nothing failed.' })
  readonly nextAttemptAt!: Date | null;

  @Right('webhooks.read')
  @Field(() => WebhookWeek, { description: 'Counts of the last seven days.' })
  readonly lastWeek!: WebhookWeek;

  @Right('webhooks.read')
  @Field(() => Int, { description: 'Events given up that were not delivered since: see webhookParkedEvents.' })
  readonly parked!: number;

  @Right('webhooks.read')
  @Field(() => [WebhookSecretDates], {
    complexity: listOf(2),
    description: 'The secrets that sign now, newest first: two while one replaces the other.',
  })
  readonly secrets!: readonly WebhookSecretDates[];

  @Right('webhooks.read')
  @Field(() => DateTimeScalar, { description: 'When it was made; it is sent what happened from then on.' })
  readonly createdAt!: Date;
}

@ObjectType({ description: 'A webhook in a list.', simpleResolvers: true })
export class WebhookEdge {
  @Right('webhooks.read')
  @Field(() => Webhook, { description: 'The webhook.' })
  readonly node!: Webhook;

  @Right('webhooks.read')
  @Field(() => String, { description: 'Pass it as `after` to go on behind this webhook.' })
  readonly cursor!: string;
}

@ObjectType({ description: 'A page of webhooks, in the order in which they were made.', simpleResolvers: true })
export class WebhookConnection {
  @Right('webhooks.read')
  @Field(() => [WebhookEdge], { complexity: listOf(1), description: 'The webhooks of this page.' })
  readonly edges!: readonly WebhookEdge[];

  @Right('webhooks.read')
  @Field(() => PageInfo, { description: 'Where the page begins and ends.' })
  readonly pageInfo!: PageInfo;

  @Right('webhooks.read')
  @Field(() => Int, { description: 'How many there are on all pages that you may see.' })
  readonly totalCount!: number;
}
