import {
  type GraphQLInputType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
} from 'graphql';

/** Seeded, so that what fails can be asked again. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 up to but without `sides`. */
  roll(sides: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * sides);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.roll(list.length)];
  }

  chance(percent: number): boolean {
    return this.roll(100) < percent;
  }
}

const NASTY_TOKENS = ['{', '}', '(', ')', '[', ']', ':', '!', '$', '@', '...', '|', '=', '&', '"', '"""', '#', '\u0000', '\ufeff', '\u202e', '𠮷', '网格', 'on', 'fragment', 'query', 'mutation', 'subscription', 'null', 'true', '__typename', '__schema', '-', '1e999', '0x10', '00', '\\u{110000}', '@skip(if: $x)', '@include', '$x', '🙂']; // biome-ignore format: a list
const NASTY_VALUES = ['null', '0', '-1', '2147483647', '2147483648', '-2147483649', '1e308', '1e400', '99999999999999999999', '""', '"\\u0000"', '"𠮷网格"', '"%s%n"', "\"' or 1=1 --\"", '[]', '[[[]]]', '{}', '{a: {b: []}}', 'true', 'NOBODY', '$missing', '"2024-02-30T25:61:00Z"', '"9999-12-31T23:59:59Z"', '"-000001-01-01T00:00:00Z"', `"${'x'.repeat(3000)}"`]; // biome-ignore format: a list

/** Makes GraphQL documents: valid ones of a schema, nearly valid ones, and floods of one kind. */
export class DocumentMaker {
  readonly #schema: GraphQLSchema;
  readonly #dice: Dice;

  constructor(schema: GraphQLSchema, dice: Dice) {
    this.#schema = schema;
    this.#dice = dice;
  }

  make(): string {
    const dice = this.#dice;
    if (dice.chance(10)) return this.#flood();
    const document = this.#operation();
    return dice.chance(45) ? this.#mutated(document) : document;
  }

  #operation(): string {
    const dice = this.#dice;
    const kind = dice.chance(90) ? 'query' : dice.pick(['mutation', 'subscription', 'query'] as const);
    const root = {
      query: this.#schema.getQueryType(),
      mutation: this.#schema.getMutationType(),
      subscription: this.#schema.getSubscriptionType(),
    }[kind];
    const name = dice.chance(30) ? ` Q${dice.roll(9)}` : '';
    const fields = root ? this.#selection(root, 1 + dice.roll(5)) : '{ __typename }';
    return `${kind}${name} ${fields}`;
  }

  #selection(type: GraphQLOutputType, depth: number): string {
    const dice = this.#dice;
    const named = getNamedType(type);
    if (isUnionType(named))
      return `{ __typename ${named
        .getTypes()
        .map((member) => `... on ${member.name} ${this.#selection(member, depth - 1)}`)
        .join(' ')} }`;
    if (!isObjectType(named)) return '';
    const fields = Object.values(named.getFields());
    const chosen = Array.from({ length: 1 + dice.roll(4) }, () => dice.pick(fields)).flatMap((field) => {
      const below = getNamedType(field.type);
      const inner = isObjectType(below) || isUnionType(below);
      if (inner && depth <= 0) return [];
      const args = field.args.filter((arg) => isNonNullType(arg.type) || dice.chance(25));
      const given = args.map((arg) => `${arg.name}: ${this.#value(arg.type, 3)}`).join(', ');
      const alias = dice.chance(8) ? `a${dice.roll(20)}: ` : '';
      const directive = dice.chance(4)
        ? ` @${dice.pick(['skip', 'include', 'deprecated'])}(if: ${dice.pick(['true', 'false', '1'])})`
        : '';
      return [
        `${alias}${field.name}${given && `(${given})`}${directive} ${inner ? this.#selection(field.type, depth - 1) : ''}`,
      ];
    });
    return `{ __typename ${chosen.join(' ')} }`;
  }

  #value(type: GraphQLInputType, depth: number): string {
    const dice = this.#dice;
    if (dice.chance(8)) return dice.pick(NASTY_VALUES);
    if (isNonNullType(type)) return this.#value(type.ofType, depth);
    if (isListType(type))
      return `[${Array.from({ length: dice.roll(4) }, () => this.#value(type.ofType, depth)).join(', ')}]`;
    if (isEnumType(type)) return dice.pick(type.getValues()).name;
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields()).filter((field) => isNonNullType(field.type) || dice.chance(40));
      return `{${fields.map((field) => `${field.name}: ${depth > 0 ? this.#value(field.type, depth - 1) : 'null'}`).join(', ')}}`;
    }
    return (
      {
        Int: `${dice.roll(300) - 10}`,
        Float: `${(dice.roll(3600) - 1800) / 10}`,
        Boolean: dice.pick(['true', 'false']),
        DateTime: dice.pick(['"2024-03-01T00:00:00+08:00"', '"2030-01-01T00:00:00Z"', '"yesterday"']),
        GeoJSON: dice.pick([
          '{type: "Point", coordinates: [1, 2]}',
          '{type: "Polygon", coordinates: [[[1,1],[2,1],[2,2],[1,1]]]}',
          '{type: "Polygon", coordinates: [[[1,1],[1,1]]]}',
        ]),
      }[getNamedType(type).name] ??
      dice.pick(['"421303187"', '"governance"', '"police"', '"micro"', '"officer"', '"x"', '"1"', '"王"'])
    );
  }

  #mutated(document: string): string {
    const dice = this.#dice;
    const tokens = document.split(/(?<=[\s{}()[\]:,])|(?=[\s{}()[\]:,])/);
    for (let times = 1 + dice.roll(3); times > 0; times--) {
      const at = dice.roll(tokens.length);
      const change = dice.roll(5);
      if (change === 0) tokens.splice(at, 1);
      else if (change === 1) tokens.splice(at, 0, tokens[dice.roll(tokens.length)]);
      else if (change === 2) tokens[at] = dice.pick(NASTY_TOKENS);
      else if (change === 3) tokens[at] = dice.pick(NASTY_VALUES);
      else tokens.splice(at, 0, dice.pick(NASTY_TOKENS));
    }
    return tokens.join('');
  }

  #flood(): string {
    const dice = this.#dice;
    const n = 1 + dice.roll(dice.pick([20, 300, 3000]));
    const many = (text: (i: number) => string) => Array.from({ length: n }, (_, i) => text(i)).join(' ');
    return dice.pick([
      () => `{ ${'layers { tiers { layer '.repeat(n % 800)}`,
      () => `{ layers { code ${many((i) => `a${i}: code`)} } }`,
      () => `{ layers { ${many(() => 'code')} } }`,
      () => `{ ${many(() => '@include(if: true)')} }`,
      () => `{ layers ${many(() => '@skip(if: false)')} { code } }`,
      () => `{ ...F0 } ${many((i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`)}`,
      () => `{ ...F0 } fragment F0 on Query { ...F1 } fragment F1 on Query { ...F0 layers { code } }`,
      () => `query (${many((i) => `$v${i}: Int = ${i}`)}) { layers { code } }`,
      () => `{ grids(filter: ${'{within: '.repeat(n % 900)}`,
      () => `{ ownerships(at: [${many(() => '{point: {lon: 1, lat: 2}}')}]) { edition } }`,
      () => `{ grids(first: ${'9'.repeat(n)}) { totalCount } }`,
      () => `{ grid(id: "${'\\u0041'.repeat(n)}") { id } }`,
      () => `# ${'网格𠮷'.repeat(n)}\n{ layers { code } }`,
      () => many(() => 'query { layers { code } }'),
      () => many((i) => `query Q${i} { layers { code } }`),
      () =>
        `{ grids(first: 200) { edges { node { children(first: 200) { edges { node { children(first: 200) { totalCount } } } } } } } }`,
      () => `{ __schema { types { fields { type { fields { type { name } } } } } } }`,
    ])();
  }
}
