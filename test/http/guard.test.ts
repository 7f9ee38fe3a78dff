import {
  type GraphQLObjectType,
  getNamedType,
  isCompositeType,
  isObjectType,
  isRequiredArgument,
  parse,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { emptyApiSchema } from '../../schema/apiText.ts';
import { PUBLIC } from '../../src/access/viewer.ts';
import { networkOf } from '../../src/http/guard/callers.ts';
import { CostMeter } from '../../src/http/guard/costMeter.ts';
import { repeatedFields } from '../../src/http/guard/documentShape.ts';
import { Guard } from '../../src/http/guard/guard.ts';
import { settings } from './openDoors.ts';
import { smallSchema } from './smallSchema.ts';

const LIMIT = settings().costLimit;

/** Every field of a type without needs, with what lies below its objects so many levels down. */
function everything(type: GraphQLObjectType, levels: number): string {
  const fields = Object.values(type.getFields()).flatMap((field) => {
    const below = getNamedType(field.type);
    if (field.args.some(isRequiredArgument)) return [];
    if (!isCompositeType(below)) return [field.name];
    if (levels === 0) return [];
    if (isObjectType(below)) return [`${field.name} ${everything(below, levels - 1)}`];
    return [`${field.name} { ... on Person { name officePhone body { name } } ... on Body { name officePhone } }`];
  });
  return `{ __typename ${fields.join(' ')} }`;
}

describe('the cost', () => {
  const schema = emptyApiSchema();
  const meter = new CostMeter(schema, true);
  const costOf = (query: string, variables = {}) => {
    const document = parse(query);
    const operation = document.definitions.find((node) => node.kind === 'OperationDefinition')!;
    return meter.costOf(document, operation, variables);
  };
  const at = Array.from({ length: 1000 }, () => ({ point: { lon: 105.2, lat: 25.1 } }));

  it('of 1,000 ownerships as the README and the bench ask them is far below the limit', () => {
    const bench = `query ($at: [PlaceInput!]!) { ownerships(at: $at) { edition
      layers { layer { code } status grid { id name } chain { id name code tier { code } } }
      officer { ...H } gridWorker { ...H } mediationTeam { ...H } } }
      fragment H on Holding { holder { ... on Person { name officePhone } ... on Body { name officePhone } } }`;
    expect(costOf(bench, { at })).toBe(82_000);
    const readme = `query ($at: [PlaceInput!]!) { ownerships(at: $at) {
      officer { holder { ... on Person { name officePhone } } grid { name } reason }
      mediationTeam { holder { ... on Body { name } } reason }
      layers { layer { code } status chain { name } } validUntil notices { code message } } }`;
    expect(costOf(readme, { at })).toBeLessThan(LIMIT / 8);
  });

  it('of 1,000 ownerships with every field, and every field of the objects in them, is below the limit', () => {
    const ownership = schema.getType('Ownership') as GraphQLObjectType;
    const cost = costOf(
      `query ($at: [PlaceInput!]!) { ownerships(at: $at) ${everything(ownership, 2).replaceAll(' boundary', '')} }`,
      { at },
    );
    expect(cost).toBeLessThan(LIMIT * 0.7);
    expect(cost).toBeGreaterThan(100_000);
  });

  it('of what nobody asks in earnest is above it', () => {
    const page = (of: string, below: string) => `${of}(first: 200) { edges { node { ${below} } } }`;
    expect(costOf(`{ ${page('grids', page('children', page('children', 'id')))} }`)).toBeGreaterThan(LIMIT);
    expect(
      costOf('query ($at: [PlaceInput!]!) { ownerships(at: $at) { layers { chain { boundary } } } }', { at }),
    ).toBeGreaterThan(LIMIT);
  });

  it('is the same however the size is given, and follows each value', () => {
    const query =
      'query ($n: Int = 7, $yes: Boolean!) { grids(first: $n) { edges { node { id parent @include(if: $yes) { id } } } } }';
    const literal = (n: number, rest: string) => costOf(`{ grids(first: ${n}) { edges { node { id ${rest} } } } }`);
    for (let time = 0; time < 2; time++) {
      expect(costOf(query, { yes: false })).toBe(literal(7, ''));
      expect(costOf(query, { yes: true, n: 3 })).toBe(literal(3, 'parent { id }'));
      expect(costOf(query, { yes: false, n: 3 })).toBe(literal(3, ''));
      expect(costOf(query, { yes: false, n: null })).toBe(costOf('{ grids { edges { node { id } } } }'));
    }
  });

  it('is known of each list, or the server does not start', () => {
    const lacking = smallSchema();
    const { children, holders } = (lacking.getType('Grid') as GraphQLObjectType).getFields();
    // The types of the small schema are shared, so what is taken from them is given back.
    const declared = [children.extensions, holders.extensions];
    children.extensions = {};
    holders.extensions = {};
    expect(() => new Guard(lacking, settings())).toThrow(/Without a declared size: Grid\.children, Grid\.holders\./);
    [children.extensions, holders.extensions] = declared;
  });
});

describe('the guard', () => {
  it('refuses variables and operation names that are none, whatever the door lets through', async () => {
    const guard = new Guard(smallSchema(), settings());
    const asker = { viewer: PUBLIC, address: '127.0.0.1' };
    for (const question of [{ variables: [] }, { variables: 'x' }, { operationName: {} }, { operationName: 7 }])
      await expect(guard.admit({ source: '{ping}', ...question }, asker)).rejects.toThrow(/variables|operationName/);
    await expect(
      guard.admit({ source: 'query ($at: [Int!]!) { many(at: $at) { id } }', variables: { at: ['x'] } }, asker),
    ).rejects.toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  });

  it('counts as repeated what is asked for twice at one place, by whichever fragments', () => {
    const repeats = (query: string) => repeatedFields(parse(query));
    expect(repeats('{ a { b c } d { b } }')).toBe(0);
    expect(repeats('{ a { b ...F } ...{ a { b } } } fragment F on T { b c }')).toBe(3);
    expect(repeats('{ a: x b: x c: a }')).toBe(0);
    expect(repeats('{ ...F } fragment F on T { a ...G } fragment G on T { a ...F }')).toBe(1);
  });
});

describe('a caller without a name', () => {
  it.each([
    ['203.0.113.9', 'address:203.0.113.9'],
    ['::ffff:203.0.113.9', 'address:203.0.113.9'],
    ['2001:db8:1:2:3:4:5:6', 'address:2001:db8:1:2::/64'],
    ['2001:db8:1:2::', 'address:2001:db8:1:2::/64'],
    ['2001:DB8:1:2::9', 'address:2001:db8:1:2::/64'],
    ['::1', 'address:0:0:0:0::/64'],
    ['fe80::1%eth0', 'address:fe80:0:0:0::/64'],
    ['', 'address:unknown'],
  ])('%s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
