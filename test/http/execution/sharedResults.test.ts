import fc from 'fast-check';
import {
  execute,
  GraphQLFloat,
  GraphQLInt,
  GraphQLList,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
  Kind,
  parse,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { type KeyOf, keyOfQuestion, SharedResults } from '../../../src/http/execution/sharedResults.ts';
import type { Admitted } from '../../../src/http/guard/guard.ts';

const RUNS = Number(process.env.SHARED_RESULTS_RUNS ?? 30);

const place = new GraphQLObjectType({
  name: 'Place',
  fields: () => ({
    name: { type: GraphQLString },
    size: { type: GraphQLFloat },
    parent: { type: place },
    times: {
      type: GraphQLInt,
      args: { by: { type: GraphQLInt } },
      extensions: { plain: true },
      resolve: ({ size }, { by }) => Math.round(size) * (by ?? 1),
    },
  }),
}) as GraphQLObjectType;
const told = new GraphQLObjectType({
  name: 'Told',
  fields: {
    id: { type: GraphQLString },
    at: { type: GraphQLInt },
    place: { type: place },
    places: { type: new GraphQLList(place) },
    who: { type: GraphQLString, resolve: (_event, _args, { who }) => who },
    method: { type: GraphQLString },
  },
});
const schema = new GraphQLSchema({
  query: told,
  subscription: new GraphQLObjectType({
    name: 'Subscription',
    fields: { told: { type: told, extensions: { plain: true }, resolve: (event) => event } },
  }),
});

function eventOf(n: number, shareKey?: string) {
  const parent = { name: `parent ${n}`, size: n / 3, parent: null };
  const inner = { name: `网格 ${n}`, size: n, parent };
  return {
    id: `e${n}`,
    at: n,
    place: inner,
    places: [inner, parent],
    shareKey,
    method: (_args: unknown, { who }: { who: string }) => `asked by ${who}`,
  };
}
type Event = ReturnType<typeof eventOf>;

function questionOf(source: string, variables: Record<string, unknown> = {}): Admitted {
  const document = parse(source);
  const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION)!;
  return { source, document, operation, operationName: operation.name?.value, variables, rights: new Map() };
}

let executed = 0;
/** What a subscriber is given for an event. */
function shown(shared: SharedResults | undefined, question: Admitted, event: Event, who: string): unknown {
  const run: Parameters<ReturnType<SharedResults['executing']>>[1] = (fieldResolver) => {
    executed += 1;
    const { document, variables: variableValues } = question;
    return execute({ schema, document, variableValues, rootValue: event, contextValue: { who }, fieldResolver });
  };
  return JSON.stringify(shared ? shared.executing(question)(event, run) : run(undefined as never));
}

const leaf = fc.constantFrom(
  'id',
  'at',
  '__typename',
  'who',
  'method',
  'a: id',
  'at @include(if: $yes)',
  'id @skip(if: $yes)',
  '... on Told { at }',
  '...F',
);
const inPlace = fc.constantFrom(
  'name',
  'size',
  'times(by: $by)',
  'b: times(by: 2)',
  'name @include(if: $yes)',
  'parent { name times(by: $by) }',
);
const field = fc.oneof(
  leaf,
  fc
    .tuple(fc.constantFrom('place', 'places', 'c: place'), fc.array(inPlace, { minLength: 1, maxLength: 3 }))
    .map(([name, inner]) => `${name} { ${inner.join(' ')} }`),
);
const HEAD = 'subscription ($yes: Boolean = true, $by: Int) { told {';
const document = fc
  .array(field, { minLength: 1, maxLength: 4 })
  .map((fields) => `${HEAD} ${fields.join(' ')} } } fragment F on Told { at place { size } }`);
const asked = fc.record({
  document: fc.nat(2),
  event: fc.nat(2),
  who: fc.constantFrom('a', 'b'),
  variables: fc.record({ yes: fc.boolean(), by: fc.option(fc.integer({ min: 0, max: 3 })) }, { requiredKeys: [] }),
});

/** Whether sharing by this key ever shows something else than plain execution. */
function differs(keyOf: KeyOf): { readonly failed: boolean } {
  return fc.check(
    fc.property(
      fc.array(document, { minLength: 3, maxLength: 3 }),
      fc.array(asked, { minLength: 8, maxLength: 24 }),
      (documents, asks) => {
        const shared = new SharedResults(schema, keyOf);
        const events = [eventOf(1, 'k'), eventOf(2, 'k'), eventOf(3)];
        return asks.every(({ document: at, event, who, variables }) => {
          const question = questionOf(documents[at], variables);
          return shown(shared, question, events[event], who) === shown(undefined, question, events[event], who);
        });
      },
    ),
    { numRuns: RUNS },
  );
}

describe('a result that is shared', () => {
  it('is what plain execution gives, for whatever is selected', () => {
    expect(differs(keyOfQuestion)).toMatchObject({ failed: false });
  });

  it.each<[string, KeyOf]>([
    ['the variables', ({ source }) => source],
    ['the document', ({ variables }) => JSON.stringify(variables)],
  ])('would be found out if it left out %s', (_what, keyOf) => {
    expect(differs(keyOf)).toMatchObject({ failed: true });
  });

  const count = (source: string, event: Event, many = 100, variables = {}) => {
    const shared = new SharedResults(schema);
    executed = 0;
    for (let n = 0; n < many; n++) shown(shared, questionOf(source, variables), event, `viewer ${n}`);
    return executed;
  };

  it('is made once for all who ask alike, where nothing but the event is read', () => {
    const plain = 'subscription { told { id place { name parent { times(by: 3) } } places { size } } }';
    expect(count(plain, eventOf(1, 'k'))).toBe(1);
    // Its source did not say so; a resolver, and a method, see who asks.
    expect(count(plain, eventOf(1))).toBe(100);
    expect(count('subscription { told { id who } }', eventOf(1, 'k'))).toBe(100);
    expect(count('subscription { told { ...F } } fragment F on Told { method }', eventOf(1, 'k'))).toBe(100);
    // JSON has no word for it.
    const asked = 'subscription ($by: Float) { told { place { name parent { times(by: $by) } } } }';
    expect(count(asked, eventOf(1, 'k'), 100, { by: Number.POSITIVE_INFINITY })).toBe(100);
    expect(count(asked, eventOf(1, 'k'), 100, { by: 3 })).toBe(1);
  });

  it('is the same for those who differ only in how they opened the feed', () => {
    const resumed =
      'subscription ($after: String, $with: Boolean!) { told(after: $after) { id place @include(if: $with) { name } } }';
    const keyOf = (variables: Record<string, unknown>) => keyOfQuestion(questionOf(resumed, variables));
    expect(keyOf({ after: 'a', with: true })).toBe(keyOf({ after: 'b', with: true }));
    expect(keyOf({ after: 'a', with: true })).not.toBe(keyOf({ after: 'a', with: false }));
  });

  it('is not kept where it failed', () => {
    const broken = { ...eventOf(1, 'k'), at: 'no number' as unknown as number };
    expect(count('subscription { told { id at } }', broken)).toBe(100);
  });

  it('is of its key', () => {
    const shared = new SharedResults(schema);
    const question = questionOf('subscription { told { id } }');
    const event = eventOf(1, 'a');
    expect(shown(shared, question, event, 'x')).toBe('{"data":{"told":{"id":"e1"}}}');
    Object.assign(event, { id: 'e2', shareKey: 'b' });
    expect(shown(shared, question, event, 'x')).toBe('{"data":{"told":{"id":"e2"}}}');
  });

  it('is kept for the newest thousand only', () => {
    const shared = new SharedResults(schema);
    const question = questionOf('subscription { told { id } }');
    const [first, ...others] = Array.from({ length: 1025 }, (_, n) => eventOf(n, 'k'));
    shown(shared, question, first, 'x');
    for (const event of others.slice(0, -1)) shown(shared, question, event, 'x');
    executed = 0;
    shown(shared, question, first, 'x');
    expect(executed).toBe(0);
    shown(shared, question, others.at(-1)!, 'x');
    shown(shared, question, first, 'x');
    expect(executed).toBe(2);
  });
});
