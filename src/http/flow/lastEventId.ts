import {
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  Kind,
  OperationTypeNode,
  type SelectionSetNode,
} from 'graphql';
import { DomainError } from '../../errors.ts';
import type { Admitted } from '../guard/guard.ts';

/**
 * The question, begun behind the event that a reader of server-sent events saw last: what its header Last-Event-ID says
 * goes before the variable that the feed takes as `after`. Throws BAD_INPUT where the feed takes `after` and the document gives it no
 * variable: events would be missing without a word.
 */
export function resumedAt(question: Admitted, schema: GraphQLSchema, lastEventId: string | undefined): Admitted {
  const { document, operation } = question;
  if (!lastEventId || operation.operation !== OperationTypeNode.SUBSCRIPTION) return question;
  const root = rootField(document, operation.selectionSet);
  const field = root && schema.getSubscriptionType()?.getFields()[root.name.value];
  if (!field?.args.some(({ name }) => name === 'after')) return question;
  const given = root?.arguments?.find(({ name }) => name.value === 'after')?.value;
  if (given?.kind !== Kind.VARIABLE) {
    const message = `last-event-id: write ${field.name}(after: $after) with a variable, so that it can go on there.`;
    throw new DomainError('BAD_INPUT', message, { field: 'last-event-id' });
  }
  return { ...question, variables: { ...question.variables, [given.name.value]: lastEventId } };
}

/** A subscription has one, perhaps in a fragment. */
function rootField(document: DocumentNode, { selections }: SelectionSetNode): FieldNode | undefined {
  for (const node of selections) {
    if (node.kind === Kind.FIELD) return node;
    const inner = node.kind === Kind.INLINE_FRAGMENT ? node : fragmentOf(document, node.name.value);
    const found = inner && rootField(document, inner.selectionSet);
    if (found) return found;
  }
  return undefined;
}

function fragmentOf(document: DocumentNode, name: string) {
  return document.definitions.find((node) => node.kind === Kind.FRAGMENT_DEFINITION && node.name.value === name) as
    | { readonly selectionSet: SelectionSetNode }
    | undefined;
}
