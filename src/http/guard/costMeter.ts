import {
  type DocumentNode,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  getVariableValues,
  isCompositeType,
  isIntrospectionType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  visit,
} from 'graphql';
import { type ComplexityEstimator, fieldExtensionsEstimator, getComplexity } from 'graphql-query-complexity';
import { LRUCache } from 'lru-cache';
import { refuseAs } from '../refusal.ts';

/** What introspection costs, which has no sizes: of the whole schema, of one type. */
const INTROSPECTION: Readonly<Record<string, number>> = { __schema: 20_000, __type: 500 };
/** The library counts selections in its own way; the guard has bounded them before. */
const MOST_NODES = 1_000_000;
const MOST_KNOWN = 10_000;

type Variables = Readonly<Record<string, unknown>>;

/** A variable on whose value the size of an answer depends. */
interface SizingVariable {
  readonly name: string;
  readonly isList: boolean;
}

const bySize = fieldExtensionsEstimator();

/**
 * Sizes may depend on `first` and on the lengths of lists, on nothing else: costs are remembered by these. So an
 * estimator is shown nothing else.
 */
const estimateDeclared: ComplexityEstimator = (asked) => {
  const args = Object.fromEntries(
    Object.entries(asked.args).filter(([name, value]) => name === 'first' || Array.isArray(value)),
  );
  return bySize({ ...asked, args });
};

/** One for each object; scalars come with it. */
const estimateObjects: ComplexityEstimator = ({ field, childComplexity }) => {
  const base = INTROSPECTION[field.name] ?? (isCompositeType(getNamedType(field.type)) ? 1 : 0);
  return base + childComplexity;
};

/** Says what an operation costs: about one for each object of its answer, by the sizes that fields declare. */
export class CostMeter {
  readonly #schema: GraphQLSchema;
  readonly #hideSuggestions: boolean;
  readonly #known = new LRUCache<string, number>({ max: MOST_KNOWN });
  readonly #plans = new WeakMap<OperationDefinitionNode, { key: string; sizing: readonly SizingVariable[] }>();
  #plansMade = 0;

  /** Throws where a field gives a list of objects and declares no size, naming all such fields. */
  constructor(schema: GraphQLSchema, suggestions: boolean) {
    const unsized = unsizedFields(schema);
    if (unsized.length > 0) {
      throw new Error(
        `Without a declared size: ${unsized.join(', ')}. Give each a complexity by src/api/listSize.ts in its @Field.`,
      );
    }
    this.#schema = schema;
    this.#hideSuggestions = !suggestions;
  }

  /** Throws a Refusal where the variables are not of their types. */
  costOf(document: DocumentNode, operation: OperationDefinitionNode, variables: Variables): number {
    let plan = this.#plans.get(operation);
    if (!plan) {
      plan = { key: String(++this.#plansMade), sizing: sizingVariables(document, operation) };
      this.#plans.set(operation, plan);
    }
    let key = plan.key;
    for (const variable of plan.sizing) key += `;${sizeIn(variables[variable.name], variable)}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const cost = this.#measure(document, operation, variables);
    this.#known.set(key, cost);
    return cost;
  }

  #measure(query: DocumentNode, operation: OperationDefinitionNode, variables: Variables): number {
    const declared = operation.variableDefinitions ?? [];
    // The library would name only the last fault.
    const { errors } = getVariableValues(this.#schema, declared, variables, {
      maxErrors: 50,
      hideSuggestions: this.#hideSuggestions,
    });
    if (errors) throw refuseAs('BAD_USER_INPUT', errors);
    return getComplexity({
      schema: this.#schema,
      query,
      variables: { ...variables },
      operationName: operation.name?.value,
      estimators: [estimateDeclared, estimateObjects],
      maxQueryNodes: MOST_NODES,
    });
  }
}

function sizeIn(value: unknown, { isList }: SizingVariable): string {
  if (isList)
    return Array.isArray(value) ? String(value.length) : value === undefined ? '' : value === null ? '0' : '1';
  return typeof value === 'number' || typeof value === 'boolean' || value === null ? String(value) : typeof value;
}

/** Lists, and what is given to `first` or to a directive. Fragments may use the variables of each operation. */
function sizingVariables(document: DocumentNode, { variableDefinitions = [] }: OperationDefinitionNode) {
  const deciding = new Set<string>();
  visit(document, {
    Argument(node, _key, _parent, _path, ancestors) {
      const owner = ancestors.at(-1);
      const above = Array.isArray(owner) ? ancestors.at(-2) : owner;
      const inDirective = above && 'kind' in above && above.kind === Kind.DIRECTIVE;
      if (node.value.kind === Kind.VARIABLE && (inDirective || node.name.value === 'first'))
        deciding.add(node.value.name.value);
    },
  });
  return variableDefinitions.flatMap(({ variable, type }): SizingVariable[] => {
    const name = variable.name.value;
    const isList = (type.kind === Kind.NON_NULL_TYPE ? type.type : type).kind === Kind.LIST_TYPE;
    return isList || deciding.has(name) ? [{ name, isList }] : [];
  });
}

/** Lists of scalars come with their object and cost nothing. */
function unsizedFields(schema: GraphQLSchema): string[] {
  const unsized: string[] = [];
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || isIntrospectionType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const given = getNullableType(field.type);
      const isMany = isListType(given)
        ? isCompositeType(getNamedType(given))
        : getNamedType(given).name.endsWith('Connection');
      if (isMany && field.extensions.complexity === undefined) unsized.push(`${type.name}.${field.name}`);
    }
  }
  return unsized;
}
