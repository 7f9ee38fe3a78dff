import type { GraphQLSchema } from 'graphql';
import type { PubSub } from 'type-graphql';

/**
 * Lets each subscription be opened by its resolver's method, which gives the events as they are to be shown.
 * type-graphql knows only functions without a resolver for that, and calls the method for each event instead.
 */
export function feedsByMethod(schema: GraphQLSchema): void {
  for (const field of Object.values(schema.getSubscriptionType()?.getFields() ?? {})) {
    field.subscribe = field.resolve;
    field.resolve = (event) => event;
    // Its resolver takes nothing but the event: the doors may execute it once for many who are sent the same.
    field.extensions = { ...field.extensions, plain: true };
  }
}

/** type-graphql builds no subscription without topics; ours have none. */
export const NO_TOPICS: PubSub = { publish: noTopic, subscribe: noTopic };

function noTopic(): never {
  throw new Error('Feeds have no topics; the method of the subscription gives its events.');
}

/** Stands for the opening of a subscription until `feedsByMethod` lets its method do it. */
export function unopened(): never {
  throw new Error('The schema was built without feedsByMethod.');
}
