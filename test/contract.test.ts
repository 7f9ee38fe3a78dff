import { existsSync, readFileSync } from 'node:fs';
import {
  buildASTSchema,
  type DocumentNode,
  findBreakingChanges,
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
  Kind,
  parse,
  visit,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { apiText, emptyApiSchema } from '../schema/apiText.ts';

const CONTRACT = 'test/support/contract.graphql';
const SHARED = '../shared/contract.graphql';
const contract = parse(readFileSync(CONTRACT, 'utf8'));
/** What later issues bring: types, and fields or enum values as Type.name. The list only shrinks. */
const pending: string[] = JSON.parse(readFileSync('test/support/pending.json', 'utf8'));
const schema = emptyApiSchema();

describe('the contract', () => {
  it('is kept: nothing is missing, renamed, retyped or stricter but what is pending', () => {
    const due = buildASTSchema(without(contract, pending));
    expect(findBreakingChanges(due, schema).map((change) => change.description)).toEqual([]);
  });

  it('has every pending name, and the schema has none of them', () => {
    const promised = new Set(coordinatesOf(buildASTSchema(contract)));
    const kept = new Set(coordinatesOf(schema));
    expect(pending.filter((name) => !promised.has(name))).toEqual([]);
    expect(pending.filter((name) => kept.has(name))).toEqual([]);
  });

  it('would notice a field that is gone, another type and a stricter argument', () => {
    const breach = (from: string, to: string) => {
      const wanted = buildASTSchema(parse(from));
      return findBreakingChanges(wanted, buildASTSchema(parse(to))).length;
    };
    expect(breach('type Query { a: Int b: Int }', 'type Query { a: Int }')).toBe(1);
    expect(breach('type Query { a: Int b: Int }', 'type Query { a: String b: Int }')).toBe(1);
    expect(breach('type Query { a(b: Int): Int }', 'type Query { a(b: Int!): Int }')).toBe(1);
    expect(breach('type Query { a: Int }', 'type Query { a(b: Int): Int! c: Int }')).toBe(0);
  });

  it.runIf(existsSync(SHARED))('is the one that clients were given', () => {
    expect(readFileSync(CONTRACT, 'utf8')).toBe(readFileSync(SHARED, 'utf8'));
  });
});

describe('the schema', () => {
  it('explains every type, field, argument and value', () => {
    expect(unexplained(schema)).toEqual([]);
  });

  it('is committed as it is: run `npm run schema`', () => {
    expect(readFileSync('schema/api.graphql', 'utf8')).toBe(apiText());
  });
});

/** The document without the types and fields named. */
function without(document: DocumentNode, names: readonly string[]): DocumentNode {
  const gone = new Set(names);
  let owner = '';
  const dropMember = (node: { name: { value: string } }) =>
    gone.has(`${owner}.${node.name.value}`) ? null : undefined;
  return visit(document, {
    enter(node) {
      if (node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION)
        owner = node.name.value;
      if (node.kind === Kind.ENUM_TYPE_DEFINITION) owner = node.name.value;
      if ('name' in node && node.kind.endsWith('TypeDefinition') && gone.has(node.name!.value)) return null;
      if (node.kind === Kind.FIELD_DEFINITION || node.kind === Kind.ENUM_VALUE_DEFINITION) return dropMember(node);
      // An argument is an input value too, but never stands directly below an input type.
      if (node.kind === Kind.INPUT_VALUE_DEFINITION) return dropMember(node);
      return undefined;
    },
  });
}

function ownTypes(of: GraphQLSchema): GraphQLNamedType[] {
  return Object.values(of.getTypeMap()).filter((type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type));
}

interface Described {
  readonly name: string;
  readonly description?: string | null;
  readonly args?: readonly Described[];
}

function membersOf(type: GraphQLNamedType): readonly Described[] {
  if (isObjectType(type) || isInputObjectType(type)) return Object.values(type.getFields());
  return isEnumType(type) ? type.getValues() : [];
}

function coordinatesOf(of: GraphQLSchema): string[] {
  return ownTypes(of).flatMap((type) => [type.name, ...membersOf(type).map((member) => `${type.name}.${member.name}`)]);
}

function unexplained(of: GraphQLSchema): string[] {
  const silent: string[] = [];
  const note = (coordinate: string, { description }: Described) => {
    if (!description?.trim()) silent.push(coordinate);
  };
  const roots: unknown[] = [of.getQueryType(), of.getMutationType(), of.getSubscriptionType()];
  for (const type of ownTypes(of)) {
    // The root types are explained by their fields.
    if (!roots.includes(type)) note(type.name, type);
    for (const member of membersOf(type)) {
      note(`${type.name}.${member.name}`, member);
      for (const arg of member.args ?? []) note(`${type.name}.${member.name}(${arg.name}:)`, arg);
    }
  }
  return silent;
}
