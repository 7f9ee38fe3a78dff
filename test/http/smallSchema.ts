import {
  GraphQLEnumType,
  GraphQLError,
  GraphQLFloat,
  GraphQLID,
  GraphQLInputObjectType,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLScalarType,
  GraphQLSchema,
  GraphQLString,
  GraphQLUnionType,
} from 'graphql';
import { DomainError } from '../../src/errors.ts';

/** A schema with every feature that compiled queries might get wrong, and nothing of Wangge's own. */
export function smallSchema(): GraphQLSchema {
  return new GraphQLSchema({ query, mutation });
}

class Person {
  constructor(
    readonly id: string,
    readonly name: string,
  ) {}
}
class Body {
  constructor(
    readonly id: string,
    readonly kind: string,
  ) {}
}

const Instant = new GraphQLScalarType<Date, string>({
  name: 'Instant',
  serialize(value) {
    if (!(value instanceof Date)) throw new GraphQLError('Instant serialises dates only');
    return value.toISOString();
  },
  parseValue(value) {
    const date = new Date(String(value));
    if (Number.isNaN(date.getTime())) throw new DomainError('BAD_INPUT', `${value} is no instant`, { field: 'asOf' });
    return date;
  },
});
const Datum = new GraphQLEnumType({ name: 'Datum', values: { WGS84: { value: 'wgs' }, GCJ02: { value: 'gcj' } } });
const nonNull = GraphQLNonNull;

const person = new GraphQLObjectType({
  name: 'Person',
  fields: { id: { type: new nonNull(GraphQLID) }, name: { type: new nonNull(GraphQLString) } },
});
const body = new GraphQLObjectType({
  name: 'Body',
  fields: { id: { type: new nonNull(GraphQLID) }, kind: { type: new nonNull(GraphQLString) } },
});
const holder = new GraphQLUnionType({
  name: 'Holder',
  types: [person, body],
  resolveType(value) {
    if (value instanceof Person) return 'Person';
    if (value instanceof Body) return 'Body';
    throw new Error('neither a person nor a body');
  },
});

const grid: GraphQLObjectType = new GraphQLObjectType({
  name: 'Grid',
  fields: () => ({
    id: { type: new nonNull(GraphQLID) },
    since: { type: Instant },
    datum: { type: Datum },
    parent: { type: grid, resolve: async ({ id }) => (id > 1 ? makeGrid(id - 1) : null) },
    children: {
      type: new nonNull(new GraphQLList(new nonNull(grid))),
      resolve: ({ id }) => [makeGrid(id * 2), makeGrid(id * 2 + 1)],
    },
    holders: { type: new nonNull(new GraphQLList(holder)) },
    strange: { type: holder, resolve: async () => ({}) },
    broken: { type: GraphQLString, resolve: () => fail(new Error('secret of the house')) },
    brokenLater: { type: new nonNull(GraphQLString), resolve: async () => fail(new Error('secret of the house')) },
    missing: { type: new nonNull(GraphQLString) },
    refused: {
      type: GraphQLString,
      resolve: () => fail(new DomainError('NOT_FOUND', 'Grid 7 is not known.', { grid: '7' })),
    },
  }),
});

function makeGrid(id: number) {
  const holders = [new Person('p1', '王'), new Body('b1', 'STATION'), null];
  return { id, since: new Date(id * 1e12), datum: id % 2 ? 'wgs' : 'gcj', holders };
}
function fail(error: Error): never {
  throw error;
}

const point = new GraphQLInputObjectType({
  name: 'PointInput',
  fields: {
    lon: { type: new nonNull(GraphQLFloat) },
    lat: { type: new nonNull(GraphQLFloat) },
    datum: { type: Datum, defaultValue: 'wgs' },
  },
});

const query = new GraphQLObjectType({
  name: 'Query',
  fields: {
    ping: { type: new nonNull(GraphQLString), resolve: () => 'pong' },
    grid: { type: grid, args: { id: { type: GraphQLInt, defaultValue: 3 } }, resolve: (_root, { id }) => makeGrid(id) },
    say: { type: GraphQLString, args: { text: { type: GraphQLString } }, resolve: (_root, { text }) => text },
    at: {
      type: GraphQLString,
      args: {
        point: { type: new nonNull(point) },
        asOf: { type: Instant },
        many: { type: new GraphQLList(GraphQLInt) },
      },
      resolve: (_root, args) => JSON.stringify(args, Object.keys({ ...args, ...args.point }).sort()),
    },
  },
});
const mutation = new GraphQLObjectType({
  name: 'Mutation',
  fields: { count: { type: GraphQLInt, resolve: () => 1 } },
});
