import { createHash } from 'node:crypto';
import {
  type DocumentNode,
  defaultFieldResolver,
  type ExecutionResult,
  type FragmentDefinitionNode,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isLeafType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import type { Admitted } from '../guard/guard.ts';

/** Results kept, of all events together: those of the last moments, which is when others ask for the same. */
const MOST_KEPT = 1024;
const RESULTS = Symbol('results');

/** An event whose plain fields are the same for everybody who is given the object and knows the key. */
interface Sharable {
  readonly shareKey: string;
  /** Results by operation and key. With the event rather than in a weak map, which is dear at thousands of events a second. */
  [RESULTS]?: Map<string, ExecutionResult>;
}

export type Execute = (read: GraphQLFieldResolver<unknown, unknown>) => ExecutionResult | Promise<ExecutionResult>;
type Result = ReturnType<Execute>;

/** Tells operations apart whose results may differ; undefined where that cannot be told. */
export type KeyOf = (question: Admitted) => string | undefined;

/**
 * Executes an event once for all who asked in the same words with the same variables. Only where the answer can depend on
 * nothing but the event: its source says so (`shareKey`), and every field selected reads a property. A result lives no
 * longer than its event.
 */
export class SharedResults {
  readonly #schema: GraphQLSchema;
  readonly #keyOf: KeyOf;
  readonly #sharable = new WeakMap<OperationDefinitionNode, boolean>();
  readonly #recent: { readonly results: Map<string, ExecutionResult>; readonly key: string }[] = [];
  #next = 0;

  constructor(schema: GraphQLSchema, keyOf: KeyOf = keyOfQuestion) {
    this.#schema = schema;
    this.#keyOf = keyOf;
  }

  /** How the events of an operation are executed; asked once for each operation. */
  executing(question: Admitted): (item: unknown, execute: Execute) => Result {
    const key = this.#isSharable(question) ? this.#keyOf(question) : undefined;
    if (key === undefined) return (_item, execute) => execute(defaultFieldResolver);
    return (item, execute) => (isSharable(item) ? this.#shared(item, key, execute) : execute(defaultFieldResolver));
  }

  #shared(event: Sharable, operationKey: string, execute: Execute): Result {
    const key = `${operationKey} ${event.shareKey}`;
    const known = event[RESULTS]?.get(key);
    if (known) return known;
    let called = false;
    const result = execute((source, args, context, info) => {
      // A method is given the context, and may answer by who asks.
      called ||= typeof (source as Record<string, unknown>)?.[info.fieldName] === 'function';
      return defaultFieldResolver(source, args, context, info);
    });
    if (!called && !(result instanceof Promise) && !result.errors) this.#keep(event, key, result);
    return result;
  }

  #keep(event: Sharable, key: string, result: ExecutionResult): void {
    event[RESULTS] ??= new Map();
    const results = event[RESULTS];
    results.set(key, result);
    const oldest = this.#recent[this.#next];
    oldest?.results.delete(oldest.key);
    this.#recent[this.#next] = { results, key };
    this.#next = (this.#next + 1) % MOST_KEPT;
  }

  #isSharable({ document, operation }: Admitted): boolean {
    const known = this.#sharable.get(operation);
    if (known !== undefined) return known;
    const fragments = new Map<string, FragmentDefinitionNode>();
    for (const node of document.definitions)
      if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
    const root = this.#schema.getRootType(operation.operation);
    const sharable = isObjectType(root) && readsPropertiesOnly(operation.selectionSet, root, fragments);
    this.#sharable.set(operation, sharable);
    return sharable;
  }
}

function isSharable(item: unknown): item is Sharable {
  return typeof item === 'object' && item !== null && typeof (item as Partial<Sharable>).shareKey === 'string';
}

/**
 * The document, the operation of it and the values of the variables that its events are shown by, in 44 characters. What only
 * opened the feed is left out: readers who resume differ by their cursors, and are shown the same.
 */
export function keyOfQuestion({ source, document, operation, variables }: Admitted): string | undefined {
  let exact = true;
  const used = Object.entries(variables).filter(([name]) => showingVariables(document, operation).has(name));
  const text = JSON.stringify([source, operation.name?.value ?? null, used], (_name, value) => {
    // JSON has one word for all of these, clients have several.
    if (typeof value === 'number' && !Number.isFinite(value)) exact = false;
    if (typeof value === 'bigint' || value === undefined) exact = false;
    return typeof value === 'bigint' ? null : value;
  });
  return exact ? createHash('sha256').update(text).digest('base64') : undefined;
}

/** Names of variables that stand anywhere but in the arguments of the fields at the root. */
function showingVariables(document: DocumentNode, operation: OperationDefinitionNode): ReadonlySet<string> {
  const names = new Set<string>();
  const roots = new Set<unknown>(operation.selectionSet.selections);
  visit(document, {
    VariableDefinition: () => false,
    Argument: (_node, _key, _parent, _path, ancestors) => (roots.has(ancestors.at(-1)) ? false : undefined),
    Variable: ({ name }) => void names.add(name.value),
  });
  return names;
}

/**
 * Fields without a resolver, or with one that declares (`extensions.plain`) that it takes nothing but its object and its
 * arguments. A type of several members is told by a function that sees the context, so it is left alone.
 */
function readsPropertiesOnly(
  set: SelectionSetNode,
  type: GraphQLObjectType,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): boolean {
  return set.selections.every((node) => {
    if (node.kind !== Kind.FIELD) {
      const inner = node.kind === Kind.INLINE_FRAGMENT ? node : fragments.get(node.name.value);
      const condition = inner?.typeCondition?.name.value ?? type.name;
      return inner !== undefined && condition === type.name && readsPropertiesOnly(inner.selectionSet, type, fragments);
    }
    if (node.name.value === '__typename') return true;
    const field = type.getFields()[node.name.value];
    if (!field || (field.resolve && field.extensions.plain !== true)) return false;
    const given = getNamedType(field.type);
    if (isLeafType(given)) return true;
    if (!isObjectType(given) || given.isTypeOf || !node.selectionSet) return false;
    return readsPropertiesOnly(node.selectionSet, given, fragments);
  });
}
