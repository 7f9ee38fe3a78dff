import { Field, Int, ObjectType } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { DateTimeScalar } from '../../api/scalars.ts';
import { Webhook } from './webhook.type.ts';

@ObjectType({ description: 'A webhook just made.', simpleResolvers: true })
export class NewWebhook {
  @Right('webhooks.manage')
  @Field(() => Webhook, { description: 'The webhook.' })
  readonly webhook!: Webhook;

  @Right('webhooks.manage')
  @Field(() => String, {
    nullable: true,
    description:
      'whsec_…: hand it to the receiver over a safe way; it proves who sends. Shown once. Null for a retry under the same `clientKey`: if the first answer was lost, rotate the secret.',
  })
  readonly secret!: string | null;
}

@ObjectType({ description: 'A secret just made for a webhook.', simpleResolvers: true })
export class RotatedWebhookSecret {
  @Right('webhooks.manage')
  @Field(() => Webhook, { description: 'The webhook.' })
  readonly webhook!: Webhook;

  @Right('webhooks.manage')
  @Field(() => String, {
    description: 'whsec_…: hand it to the receiver over a safe way. Shown once; it can never be read again.',
  })
  readonly secret!: string;

  @Right('webhooks.manage')
  @Field(() => DateTimeScalar, { description: 'Until when the secret before signs too.' })
  readonly oldEndsAt!: Date;
}

@ObjectType({ description: 'How a receiver took a ping.', simpleResolvers: true })
export class WebhookTest {
  @Right('webhooks.manage')
  @Field(() => Boolean, { description: 'Whether it took it: answered 2xx in time.' })
  readonly delivered!: boolean;

  @Right('webhooks.manage')
  @Field(() => Int, { nullable: true, description: 'The HTTP status of the answer; null: there was none.' })
  readonly httpStatus!: number | null;

  @Right('webhooks.manage')
  @Field(() => Int, { description: 'How long it took, in milliseconds.' })
  readonly milliseconds!: number;

  @Right('webhooks.manage')
  @Field(() => String, {
    nullable: true,
    description: 'Why it was not taken, such as HTTP_500, TIMED_OUT or ADDRESS_REFUSED; null where it was.',
  })
  readonly error!: string | null;
}
