import { GraphQLInt, GraphQLNonNull, GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql';
import type { RequestContext } from '../../src/access/requestContext.ts';

/** An event as a feed gives it. */
export interface Told {
  readonly cursor: string;
  readonly n: number;
  readonly text?: string;
  readonly shareKey?: string;
  /** What its slow field waits for. */
  readonly gate?: Promise<unknown>;
}

/** A reader of a feed that does what the test says. */
export class ToldReader implements AsyncIterableIterator<Told> {
  readonly after: string | null;
  readonly by: RequestContext;
  closed = false;
  /** Where it stands while nothing is to be given. */
  position: string | undefined;
  readonly #items: (Told | Error)[] = [];
  #wake = () => {};
  #waiting = false;

  constructor(after: string | null, by: RequestContext) {
    this.after = after;
    this.by = by;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  give(item: Told | Error): void {
    this.#items.push(item);
    this.#wake();
  }

  heartbeat(): string | undefined {
    return this.#waiting && this.#items.length === 0 ? this.position : undefined;
  }

  /** How many it was given that nobody took yet. */
  get left(): number {
    return this.#items.length;
  }

  async next(): Promise<IteratorResult<Told, undefined>> {
    while (this.#items.length === 0 && !this.closed) {
      this.#waiting = true;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#waiting = false;
    const item = this.#items.shift();
    if (this.closed || !item) return { done: true, value: undefined };
    if (item instanceof Error) throw item;
    this.position = item.cursor;
    return { done: false, value: item };
  }

  async return(): Promise<IteratorResult<Told, undefined>> {
    this.closed = true;
    this.#wake();
    return { done: true, value: undefined };
  }
}

/** A schema with one feed, and the readers that were opened, the newest last. */
export function feedSchema(open?: (reader: ToldReader) => Promise<ToldReader>) {
  const readers: ToldReader[] = [];
  const told = new GraphQLObjectType<Told, RequestContext>({
    name: 'Told',
    fields: {
      n: { type: new GraphQLNonNull(GraphQLInt) },
      cursor: { type: new GraphQLNonNull(GraphQLString) },
      text: { type: GraphQLString },
      slow: { type: GraphQLInt, resolve: ({ n, gate }) => Promise.resolve(gate).then(() => n) },
      who: { type: GraphQLString, resolve: (_event, _args, { viewer }) => viewer.subject },
    },
  });
  const schema = new GraphQLSchema({
    query: new GraphQLObjectType({ name: 'Query', fields: { ping: { type: GraphQLString, resolve: () => 'pong' } } }),
    subscription: new GraphQLObjectType<unknown, RequestContext>({
      name: 'Subscription',
      fields: {
        told: {
          type: new GraphQLNonNull(told),
          args: { after: { type: GraphQLString }, within: { type: GraphQLString } },
          extensions: { right: 'editions.follow', plain: true },
          subscribe: (_root, { after }, context) => {
            const reader = new ToldReader(after ?? null, context);
            readers.push(reader);
            return open ? open(reader) : reader;
          },
          resolve: (event) => event,
        },
        untold: { type: GraphQLInt, subscribe: () => new ToldReader(null, {} as RequestContext), resolve: () => 1 },
      },
    }),
  });
  return { schema, readers };
}
