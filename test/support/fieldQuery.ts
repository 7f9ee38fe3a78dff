import {
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isObjectType,
  isRequiredArgument,
  isUnionType,
} from 'graphql';

/** Arguments as GraphQL text for each root field, and for every other field that cannot do without any. */
export type SampleArguments = (field: string) => string | undefined;

interface Step {
  readonly type: GraphQLObjectType;
  readonly field: GraphQLField<unknown, unknown>;
}

/** The shortest ways from the roots of a schema to each of its fields, as documents that ask for just that field. */
export class FieldQueries {
  readonly #schema: GraphQLSchema;
  readonly #ways = new Map<string, readonly Step[]>();

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
    const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
    let front = roots.flatMap((type) => (type ? [{ type, way: [] as readonly Step[] }] : []));
    const reached = new Set<string>(front.map(({ type }) => type.name));
    while (front.length > 0) {
      const next: typeof front = [];
      for (const { type, way } of front) {
        for (const field of Object.values(type.getFields())) {
          const steps = [...way, { type, field }];
          this.#ways.set(`${type.name}.${field.name}`, steps);
          for (const target of this.#objectsOf(field)) {
            if (reached.has(target.name)) continue;
            reached.add(target.name);
            next.push({ type: target, way: steps });
          }
        }
      }
      front = next;
    }
  }

  /** Every field that can be reached, as `Type.field`. */
  get fields(): string[] {
    return [...this.#ways.keys()];
  }

  /** The root field through which a field is asked, as `Type.field`. */
  rootOf(field: string): string {
    const [{ type, field: root }] = this.#ways.get(field)!;
    return `${type.name}.${root.name}`;
  }

  /** The document that asks for one field. Throws where an argument is required and no sample is given. */
  documentFor(field: string, sample: SampleArguments): string {
    const steps = this.#ways.get(field)!;
    const operation = { Mutation: 'mutation', Subscription: 'subscription' }[steps[0].type.name] ?? 'query';
    const last = steps.at(-1)!;
    let text = isCompositeType(getNamedType(last.field.type)) ? ' { __typename }' : '';
    for (const { type, field: each } of [...steps].reverse()) {
      const name = `${type.name}.${each.name}`;
      const given = sample(name);
      if (given === undefined && each.args.some(isRequiredArgument)) throw new Error(`No sample arguments for ${name}`);
      text = ` { ... on ${type.name} { ${each.name}${given ? `(${given})` : ''}${text} } }`;
    }
    return operation + text;
  }

  #objectsOf(field: GraphQLField<unknown, unknown>): readonly GraphQLObjectType[] {
    const type = getNamedType(field.type);
    if (isUnionType(type)) return this.#schema.getPossibleTypes(type);
    return isObjectType(type) ? [type] : [];
  }
}
