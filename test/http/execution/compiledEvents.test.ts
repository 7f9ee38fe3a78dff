import fc from 'fast-check';
import {
  GraphQLError,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
} from 'graphql';
import { expect, it } from 'vitest';
import { listOf } from '../../../src/api/listSize.ts';
import { Executor } from '../../../src/http/execution/executor.ts';
import { FeedEvents } from '../../../src/http/execution/feedEvents.ts';
import { Guard } from '../../../src/http/guard/guard.ts';
import { STAFF } from '../openDoors.ts';

const RUNS = Number(process.env.COMPILED_EVENTS_RUNS ?? 200);

interface Told {
  readonly n: number;
  readonly name?: string;
}

const method = () => 'called';

const part = new GraphQLObjectType<Told>({
  name: 'Part',
  fields: {
    name: { type: GraphQLString },
    size: { type: new GraphQLNonNull(GraphQLInt), resolve: ({ n }) => (n % 5 === 0 ? null : n) },
  },
});
const told = new GraphQLObjectType<Told, { requestId: string }>({
  name: 'Told',
  fields: {
    n: { type: new GraphQLNonNull(GraphQLInt) },
    name: { type: GraphQLString },
    times: {
      type: GraphQLInt,
      args: { by: { type: GraphQLInt, defaultValue: 2 } },
      resolve: ({ n }, { by }) => n * by,
    },
    /** Without a resolver, which compiled code does not call; ours has one for each (`readPropertiesDirectly`). */
    method: { type: GraphQLString },
    who: { type: GraphQLString, resolve: (_event, _args, { requestId }) => requestId },
    late: { type: GraphQLInt, resolve: ({ n }) => Promise.resolve(n) },
    fails: {
      type: GraphQLInt,
      resolve({ n }) {
        if (n % 2 === 0) throw new GraphQLError('even', { extensions: { code: 'BAD_INPUT' } });
        return n;
      },
    },
    part: { type: part, resolve: (event) => event },
    parts: {
      type: new GraphQLList(part),
      extensions: { complexity: listOf(3) },
      resolve: (event) => [event, null, { n: event.n + 1 }],
    },
  },
});
const schema = new GraphQLSchema({
  query: new GraphQLObjectType({ name: 'Query', fields: { n: { type: GraphQLInt } } }),
  subscription: new GraphQLObjectType({
    name: 'Subscription',
    fields: {
      told: {
        type: told,
        args: { upTo: { type: GraphQLInt } },
        extensions: { right: 'editions.follow', plain: true },
        async *subscribe(_root, { upTo }) {
          for (let n = 1; n <= upTo; n++) yield { n, method, ...(n % 3 === 0 ? {} : { name: `网格 ${n}` }) };
        },
        resolve: (event) => event,
      },
    },
  }),
});

const limits = { introspection: true, suggestions: true, costLimit: 1e6, rateLimit: 1e12, operationTimeoutMs: 1000 };

/** Asks the same three times, of which the last two are compiled. */
async function askedThrice(source: string, variables: Record<string, unknown>): Promise<string[]> {
  const [guard, executor] = [new Guard(schema, limits), new Executor(schema, limits)];
  const answers: string[] = [];
  for (let time = 0; time < 3; time++) {
    const question = await guard.admit({ source, variables }, { viewer: STAFF, address: '127.0.0.1' });
    const log = { error() {}, warn() {} };
    const context = { viewer: STAFF, requestId: 'r', purpose: undefined, log, question };
    const opened = await executor.subscribe(context);
    if (!(opened instanceof FeedEvents)) return [`not opened: ${JSON.stringify(opened)}`];
    const events: string[] = [];
    for await (const event of opened) events.push(JSON.stringify(sorted(event)));
    answers.push(events.join('\n'));
  }
  return answers;
}

/** Errors in the order of their places, which is nobody's promise. */
function sorted({ data, errors }: { data?: unknown; errors?: readonly GraphQLError[] }) {
  const told = errors?.map(({ message, path, extensions }) => JSON.stringify([path, message, extensions])).sort();
  return { data, errors: told };
}

const field = fc.constantFrom(
  'n',
  'name',
  '__typename',
  'a: n',
  'times',
  'times(by: $by)',
  'b: times(by: 3)',
  'who',
  'late',
  'fails',
  'part { name size }',
  'c: part { size: name }',
  'parts { size name }',
  '... on Told { n part { name } }',
  '...F',
);
const document = fc
  .uniqueArray(field, { minLength: 1, maxLength: 6, selector: (each) => each.split(/[ (]/)[0] })
  .map((fields) => {
    const body = fields.join(' ');
    const fragment = body.includes('...F') ? ' fragment F on Told { d: name parts { name } }' : '';
    return `subscription ($upTo: Int!, $by: Int = 4) { told(upTo: $upTo) { ${body}${body.includes('$by') ? '' : ' z: times(by: $by)'} } }${fragment}`;
  });

it('an event is shown alike once its document is compiled, errors and all', async () => {
  await fc.assert(
    fc.asyncProperty(document, fc.option(fc.integer({ min: -3, max: 9 }), { nil: undefined }), async (source, by) => {
      const answers = await askedThrice(source, by === undefined ? { upTo: 6 } : { upTo: 6, by });
      expect(answers[0].split('\n')).toHaveLength(6);
      expect(answers).toEqual([answers[0], answers[0], answers[0]]);
    }),
    { numRuns: RUNS },
  );
});

it('a difference between both would be found, and the second time is compiled', async () => {
  const answers = await askedThrice('subscription { told(upTo: 1) { n method } }', {});
  expect(answers[0]).toBe('{"data":{"told":{"n":1,"method":"called"}}}');
  expect(answers[1]).toContain('"method":null');
  expect(answers[2]).toBe(answers[1]);
});
