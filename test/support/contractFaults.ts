import { readFileSync } from 'node:fs';
import {
  buildSchema,
  type FragmentDefinitionNode,
  type GraphQLOutputType,
  isCompositeType,
  isEnumType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
} from 'graphql';

const contract = buildSchema(readFileSync('test/support/contract.graphql', 'utf8'));

/** Fields of the contract, as Type.field, that answers have shown so far with a value. */
export const answeredFields = new Set<string>();

const ROOTS = { query: 'Query', mutation: 'Mutation', subscription: 'Subscription' } as const;

const SCALARS: Readonly<Record<string, (value: unknown) => boolean>> = {
  ID: (value) => typeof value === 'string' && value.length > 0,
  String: (value) => typeof value === 'string',
  Int: (value) => Number.isInteger(value),
  Float: (value) => typeof value === 'number' && Number.isFinite(value),
  Boolean: (value) => typeof value === 'boolean',
  DateTime: (value) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(String(value)),
  GeoJSON: (value) => /^(Multi)?(Polygon|LineString|Point)$/.test((value as { type: string })?.type),
};

/**
 * What in the answer to a query is not of the type that the contract promises. Fields that the contract does not
 * have are passed over; members of a union are told apart by `__typename` where the query asks for it.
 */
export function contractFaults(query: string, data: unknown): string[] {
  const document = parse(query);
  const [operation] = document.definitions.filter(
    (each): each is OperationDefinitionNode => each.kind === Kind.OPERATION_DEFINITION,
  );
  const fragments = new Map(
    document.definitions
      .filter((each): each is FragmentDefinitionNode => each.kind === Kind.FRAGMENT_DEFINITION)
      .map((fragment) => [fragment.name.value, fragment]),
  );
  const faults: string[] = [];

  const check = (value: unknown, type: GraphQLOutputType, selection: SelectionSetNode | undefined, path: string) => {
    if (isNonNullType(type)) {
      if (value === null || value === undefined) faults.push(`${path} is null`);
      else check(value, type.ofType, selection, path);
    } else if (value === null || value === undefined) {
      return;
    } else if (isListType(type)) {
      if (!Array.isArray(value)) faults.push(`${path} is no list`);
      else for (const [i, item] of value.entries()) check(item, type.ofType, selection, `${path}[${i}]`);
    } else if (isCompositeType(type)) {
      descend(value as Record<string, unknown>, type.name, selection!, path);
    } else if (isEnumType(type)) {
      if (!type.getValue(String(value))) faults.push(`${path} is ${value}, which ${type.name} has not`);
    } else if (!SCALARS[type.name](value)) {
      faults.push(`${path} is ${JSON.stringify(value)}, no ${type.name}`);
    }
  };

  const descend = (
    value: Record<string, unknown>,
    typeName: string,
    { selections }: SelectionSetNode,
    path: string,
  ) => {
    const actual = typeof value.__typename === 'string' ? value.__typename : typeName;
    const type = contract.getType(actual);
    for (const selection of selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD || selection.kind === Kind.INLINE_FRAGMENT) {
        const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value)!;
        const on = fragment.typeCondition?.name.value ?? actual;
        if (on === actual) descend(value, actual, fragment.selectionSet, path);
        continue;
      }
      if (!isObjectType(type) && !isInterfaceType(type)) continue;
      const field = type.getFields()[selection.name.value];
      if (!field) continue;
      const shown = value[selection.alias?.value ?? selection.name.value];
      if (shown !== null && shown !== undefined) answeredFields.add(`${actual}.${field.name}`);
      check(shown, field.type, selection.selectionSet, `${path}.${field.name}`);
    }
  };

  const root = ROOTS[operation.operation];
  descend(data as Record<string, unknown>, root, operation.selectionSet, root);
  return faults;
}
