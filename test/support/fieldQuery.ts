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

/** A field of a document, and what is asked below it, as `Type.field`. The roots stand below none. */
interface Asked {
  readonly field: Step['field'] | undefined;
  readonly below: Map<string, Asked>;
}

function selected({ field, below }: Asked, sample: SampleArguments): string {
  if (below.size === 0) return field && isCompositeType(getNamedType(field.type)) ? ' { __typename }' : '';
  const parts = [...below].map(([name, asked]) => {
    const given = sample(name);
    if (given === undefined && asked.field!.args.some(isRequiredArgument)) {
      throw new Error(`No sample arguments for ${name}`);
    }
    const [type, each] = name.split('.');
    return `... on ${type} { ${each}${given ? `(${given})` : ''}${selected(asked, sample)} }`;
  });
  return ` { ${parts.join(' ')} }`;
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

  /**
   * The document that asks for some fields, all through one root field, each by its own way. Throws where an argument is
   * required and no sample is given.
   */
  documentFor(fields: readonly string[], sample: SampleArguments): string {
    const root: Asked = { field: undefined, below: new Map() };
    for (const field of fields) {
      let at = root;
      for (const step of this.#ways.get(field)!) {
        const name = `${step.type.name}.${step.field.name}`;
        const next = at.below.get(name) ?? { field: step.field, below: new Map() };
        at.below.set(name, next);
        at = next;
      }
    }
    const [{ type }] = this.#ways.get(fields[0])!;
    const operation = { Mutation: 'mutation', Subscription: 'subscription' }[type.name] ?? 'query';
    return operation + selected(root, sample);
  }

  #objectsOf(field: GraphQLField<unknown, unknown>): readonly GraphQLObjectType[] {
    const type = getNamedType(field.type);
    if (isUnionType(type)) return this.#schema.getPossibleTypes(type);
    return isObjectType(type) ? [type] : [];
  }
}
