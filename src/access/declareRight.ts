import {
  type DocumentNode,
  type GraphQLSchema,
  isIntrospectionType,
  isObjectType,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { Extensions } from 'type-graphql';
import { type Action, isAction } from './rights.ts';

/**
 * Declares the right that a field, query, mutation or subscription takes. Every field needs one: a schema with a field
 * that declares none does not build.
 */
export function Right(action: Action): MethodDecorator & PropertyDecorator {
  return Extensions({ right: action }) as MethodDecorator & PropertyDecorator;
}

/** The declared right of a field of the schema. */
function declaredRight(extensions: Readonly<Record<string, unknown>>): Action | undefined {
  const { right } = extensions;
  return typeof right === 'string' && isAction(right) ? right : undefined;
}

/** Every field as `Type.field` with its right, in the schema's order. Throws, naming all fields that declare none. */
export function listRights(schema: GraphQLSchema): ReadonlyMap<string, Action> {
  const rights = new Map<string, Action>();
  const undeclared: string[] = [];
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || isIntrospectionType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const right = declaredRight(field.extensions);
      if (right) rights.set(`${type.name}.${field.name}`, right);
      else undeclared.push(`${type.name}.${field.name}`);
    }
  }
  if (undeclared.length > 0) {
    throw new Error(
      `Without a declared right: ${undeclared.join(', ')}. Put @Right('…') above each; src/access/rights.ts lists them.`,
    );
  }
  return rights;
}

/** The rights that a document takes, each with the first field that takes it, as `Type.field`. */
export function rightsOf(schema: GraphQLSchema, document: DocumentNode): ReadonlyMap<Action, string> {
  const rights = new Map<Action, string>();
  const types = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(types, {
      Field() {
        const field = types.getFieldDef();
        const right = field && declaredRight(field.extensions);
        if (right && !rights.has(right)) rights.set(right, `${types.getParentType()?.name}.${field.name}`);
      },
    }),
  );
  return rights;
}
