import { ArgsType, Field, ID, InputType } from 'type-graphql';
import { PageArgs } from '../../api/page.type.ts';
import { WebhookTopic } from './webhookState.type.ts';

@InputType({ description: 'A new webhook. It is sent what happens from now on.' })
export class WebhookInput {
  @Field(() => ID, {
    description: 'The integrator that it is for. What its keys may not do and see, the webhook is not sent either.',
  })
  readonly clientId!: string;

  @Field(() => ID, {
    description:
      'The grid, by id or code, whose events it is sent, with those of all grids below: within the areas of the integrator.',
  })
  readonly within!: string;

  @Field(() => WebhookTopic, { defaultValue: WebhookTopic.INCIDENT, description: 'What the events are about.' })
  readonly topic!: WebhookTopic;

  @Field(() => String, {
    description: 'Where to: an https address on the public internet, without user and password.',
  })
  readonly url!: string;

  @Field(() => [String], {
    defaultValue: [],
    description:
      'Kinds of events of the topic, such as incident.closed, of those that the integrator may have; none named is all of them.',
  })
  readonly eventTypes!: string[];

  @Field(() => [String], { nullable: true, description: 'Only incidents of these categories; left out for all.' })
  readonly categories?: string[] | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Your own name for this wish, such as a UUID, 8 to 200 characters: a retry with it makes no second webhook.',
  })
  readonly clientKey?: string | null;
}

@ArgsType()
export class WebhooksArgs extends PageArgs {
  @Field(() => ID, {
    nullable: true,
    description: 'Only those of this grid and the grids below it, by id or code. Outside your area: none.',
  })
  within?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Those that were removed too.' })
  removed?: boolean | null;
}
