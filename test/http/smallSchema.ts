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
import type { Action } from '../../src/access/rights.ts';
import { listOf, oneForEach, pageSized } from '../../src/api/listSize.ts';
import { DomainError } from '../../src/errors.ts';

/** A schema with every feature that compiled queries might get wrong, and nothing of Wangge's own. */
export function smallSchema(): GraphQLSchema {
  return new GraphQLSchema({ query, mutation, subscription });
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
const needs = (right: Action) => ({ right });

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
      extensions: { complexity: listOf(2) },
      resolve: ({ id }) => [makeGrid(id * 2), makeGrid(id * 2 + 1)],
    },
    holders: { type: new nonNull(new GraphQLList(holder)), extensions: { complexity: listOf(3) } },
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
    page: {
      type: new nonNull(new GraphQLList(grid)),
      args: { first: { type: GraphQLInt } },
      extensions: { complexity: pageSized() },
      resolve: (_root, { first }) => Array.from({ length: Math.min(3, first ?? 50) }, (_, i) => makeGrid(i + 1)),
    },
    many: {
      type: new nonNull(new GraphQLList(grid)),
      args: { at: { type: new nonNull(new GraphQLList(new nonNull(GraphQLInt))) } },
      extensions: { complexity: oneForEach('at') },
      resolve: (_root, { at }) => at.map(makeGrid),
    },
    wait: {
      type: GraphQLString,
      args: { ms: { type: new nonNull(GraphQLInt) } },
      resolve: (_root, { ms }) => new Promise((resolve) => setTimeout(() => resolve('waited'), ms)),
    },
    secret: { type: GraphQLString, extensions: needs('staff.read'), resolve: () => fail(new Error('must not run')) },
    who: {
      type: GraphQLString,
      resolve: (_root, _args, { viewer, purpose }) => `${viewer.subject}${purpose ? ` for ${purpose}` : ''}`,
    },
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
/** Feeds that were opened and not yet closed. */
export const openFeeds = { count: 0 };

/** Counts up by itself, `everyMs` apart; without a number it says nothing for ever. */
class Ticks implements AsyncIterableIterator<number> {
  #n = 0;
  #closed = false;
  #end = () => {};
  readonly #ended = new Promise<void>((resolve) => {
    this.#end = resolve;
  });
  readonly #many: number;
  readonly #everyMs: number;

  constructor(many: number, everyMs: number) {
    this.#many = many;
    this.#everyMs = everyMs;
    openFeeds.count += 1;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<number, undefined>> {
    let timer: NodeJS.Timeout | undefined;
    const tick = new Promise<boolean>((resolve) => {
      if (this.#many > 0) timer = setTimeout(() => resolve(true), this.#everyMs);
    });
    const goesOn = this.#n < this.#many || this.#many === 0;
    const ticked = goesOn && (await Promise.race([tick, this.#ended.then(() => false)]));
    clearTimeout(timer);
    this.#n += 1;
    if (!ticked) this.#close();
    return ticked ? { done: false, value: this.#n } : { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<number, undefined>> {
    this.#close();
    return { done: true, value: undefined };
  }

  #close(): void {
    if (!this.#closed) openFeeds.count -= 1;
    this.#closed = true;
    this.#end();
  }
}

const subscription = new GraphQLObjectType({
  name: 'Subscription',
  fields: {
    ticks: {
      type: new nonNull(GraphQLInt),
      args: { many: { type: GraphQLInt, defaultValue: 3 }, everyMs: { type: GraphQLInt, defaultValue: 1 } },
      subscribe: (_root, { many, everyMs }) => new Ticks(many, everyMs),
      resolve: (n) => n,
    },
    secretTicks: {
      type: new nonNull(GraphQLInt),
      extensions: needs('editions.follow'),
      subscribe: () => new Ticks(1e6, 5),
      resolve: (n) => n,
    },
    brokenFeed: { type: GraphQLInt, subscribe: () => fail(new Error('secret of the house')) },
    refusedFeed: {
      type: GraphQLInt,
      subscribe: () => fail(new DomainError('BAD_INPUT', 'after: not yet.', { field: 'after' })),
    },
    large: {
      type: GraphQLString,
      subscribe: () => new Ticks(1e6, 0),
      resolve: () => 'x'.repeat(100_000),
    },
  },
});
const mutation = new GraphQLObjectType({
  name: 'Mutation',
  fields: { count: { type: GraphQLInt, resolve: () => 1 } },
});
