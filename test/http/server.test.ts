import type { FastifyInstance } from 'fastify';
import { execute, parse } from 'graphql';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PUBLIC } from '../../src/access/viewer.ts';
import { buildServer } from '../../src/http/server.ts';
import { settings } from './openDoors.ts';
import { smallSchema } from './smallSchema.ts';

const schema = smallSchema();
const logged: string[] = [];
let server: FastifyInstance;

beforeAll(async () => {
  server = await buildServer({
    schema,
    log: pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) }),
    settings: settings({ bodyLimitBytes: 200_000, corsOrigins: ['https://map.example.org'] }),
    authenticate: () => PUBLIC,
    status: () => ({ ready: true, edition: 4, followedAt: null, firstQuery: () => '{ say(text: "it\'s") }' }),
  });
});
afterAll(() => server.close());

async function ask(query: string, variables?: object, operationName?: string) {
  const response = await server.inject({
    method: 'POST',
    url: '/graphql',
    payload: { query, variables, operationName },
  });
  return { status: response.statusCode, headers: response.headers, ...response.json() };
}

/** The second and third time the query is compiled, the first time it is not. */
async function askThrice(query: string, variables?: object, operationName?: string) {
  const answers = [];
  for (let i = 0; i < 3; i++) answers.push(await ask(query, variables, operationName));
  return answers;
}

describe('compiled queries', () => {
  const queries: [string, object?, string?][] = [
    ['{ ping }'],
    ['query ($id: Int) { grid(id: $id) { id since datum parent { id parent { id } } children { id } } }', { id: 5 }],
    ['query ($id: Int = 9) { grid(id: $id) { id } }'],
    ['{ grid { holders { __typename ... on Person { id name } ... on Body { id kind } } } }'],
    ['fragment G on Grid { id parent { id } } { a: grid { ...G children { ...G } } b: grid(id: 8) { ...G } }'],
    [
      'query ($p: PointInput!, $many: [Int]) { at(point: $p, many: $many) }',
      { p: { lon: 1, lat: 2 }, many: [1, null] },
    ],
    ['query ($p: PointInput!) { at(point: $p) }', { p: { lon: 1, lat: 2, datum: 'GCJ02' } }],
    ['query ($t: Instant) { at(point: {lon: 1, lat: 2}, asOf: $t) }', { t: '2024-03-01T00:00:00Z' }],
    ['query ($yes: Boolean!) { grid { id @include(if: $yes) datum @skip(if: $yes) } }', { yes: true }],
    ['query A { grid { id ...F } } query B { grid { ...F } } fragment F on Grid { datum }', {}, 'B'],
    ['mutation { count }'],
    ['{ __schema { queryType { name } } }'],
  ];
  it.each(queries)('answer as graphql-js does: %s', async (query, variables, operationName) => {
    const expected = await execute({
      schema,
      document: parse(query),
      variableValues: variables as never,
      operationName,
    });
    for (const { data, errors } of await askThrice(query, variables, operationName)) {
      expect(errors).toBeUndefined();
      expect(data).toEqual(JSON.parse(JSON.stringify(expected.data)));
    }
  });

  it.each([
    ['{ grid { id refused } }'],
    ['{ grid { id broken } }'],
    ['{ grid { id brokenLater } }'],
    ['{ grid { id missing } }'],
    ['{ grid { id strange { ... on Person { id } } } }'],
    ['{ grid { children { id parent { brokenLater } } } }'],
  ])('put errors and nulls where graphql-js puts them: %s', async (query) => {
    const expected = await execute({ schema, document: parse(query) });
    for (const { data, errors } of await askThrice(query)) {
      expect(data).toEqual(JSON.parse(JSON.stringify(expected.data)));
      const places = (list: readonly { path?: unknown; locations?: unknown }[]) =>
        list.map(({ path, locations }) => ({ path, locations }));
      expect(places(errors)).toEqual(JSON.parse(JSON.stringify(places(expected.errors!))));
    }
  });

  it('never run a string of a client as program text', async () => {
    // graphql-jit 0.8.9 writes this literal into the program as `new Date(…)`.
    const text = '__MAGIC_DATE__33a9e76d_02e0_4128_8e92_3530ad3da74dglobalThis.intruder=1';
    for (const literal of [`"${text}"`, `"\\u005f${text.slice(1)}"`, `"""${text}"""`]) {
      for (const { data } of await askThrice(`{ say(text: ${literal}) }`)) expect(data).toEqual({ say: text });
    }
    for (const { data } of await askThrice(`query ($t: String = "${text}") { say(text: $t) }`))
      expect(data).toEqual({ say: text });
    for (const { data } of await askThrice('query ($t: String) { say(text: $t) }', { t: text }))
      expect(data).toEqual({ say: text });
    expect(globalThis).not.toHaveProperty('intruder');
  });
});

describe('errors', () => {
  it('of the domain keep code, message, details and path', async () => {
    for (const { errors } of await askThrice('{ grid { refused } }')) {
      expect(errors).toEqual([
        expect.objectContaining({
          message: 'Grid 7 is not known.',
          path: ['grid', 'refused'],
          extensions: { code: 'NOT_FOUND', grid: '7' },
        }),
      ]);
    }
  });

  it('of the server show nothing but a request id that the log knows', async () => {
    for (const { errors, headers } of await askThrice('{ grid { brokenLater } }')) {
      expect(JSON.stringify(errors)).not.toContain('secret');
      expect(errors[0].extensions).toEqual({ code: 'INTERNAL', requestId: headers['x-request-id'] });
      expect(
        logged.some((line) => line.includes(String(headers['x-request-id'])) && line.includes('secret of the house')),
      ).toBe(true);
    }
  });

  it('in a document or its variables keep the codes that clients of Apollo know', async () => {
    expect((await ask('{ nothing }')).errors[0].extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
    expect((await ask('{ ping')).errors[0].extensions.code).toBe('GRAPHQL_PARSE_FAILED');
    for (const wrong of [{ id: 'x' }, { id: 1.5 }, { id: [] }]) {
      for (const { status, errors } of await askThrice('query ($id: Int) { grid(id: $id) { id } }', wrong)) {
        expect(status).toBe(400);
        expect(errors[0].extensions.code).toBe('BAD_USER_INPUT');
      }
    }
  });

  it('of a scalar reach the client with their own code, as variable and as literal', async () => {
    const wanted = {
      status: 400,
      errors: [{ message: 'never is no instant', extensions: { code: 'BAD_INPUT', field: 'asOf' } }],
    };
    const byVariable = await askThrice('query ($t: Instant) { at(point: {lon: 1, lat: 2}, asOf: $t) }', { t: 'never' });
    for (const answer of byVariable) expect(answer).toMatchObject(wanted);
    expect(await ask('{ at(point: {lon: 1, lat: 2}, asOf: "never") }')).toMatchObject(wanted);
  });
});

describe('requests', () => {
  it('refuse a body over the limit and one that is no JSON, in the form of GraphQL', async () => {
    const large = await ask(`{ ping } #${'x'.repeat(200_000)}`);
    expect(large).toMatchObject({ status: 413, errors: [{ extensions: { code: 'TOO_LARGE', limit: 200_000 } }] });
    const headers = { 'content-type': 'application/json' };
    const broken = await server.inject({ method: 'POST', url: '/graphql', headers, payload: '{"query"' });
    expect(broken.statusCode).toBe(400);
    expect(broken.json().errors[0].extensions.code).toBe('BAD_INPUT');
  });

  it('refuse a simple request of a foreign page (CSRF)', async () => {
    const get = await server.inject({ method: 'GET', url: '/graphql?query=%7Bping%7D' });
    expect(get.statusCode).toBe(400);
    const asked = await server.inject({
      method: 'GET',
      url: '/graphql?query=%7Bping%7D',
      headers: { 'apollo-require-preflight': '1' },
    });
    expect(asked.json()).toEqual({ data: { ping: 'pong' } });
  });
});

describe('pages', () => {
  it('tell an operator and a newcomer what they need', async () => {
    expect((await server.inject('/healthz')).json()).toEqual({ alive: true });
    expect((await server.inject('/readyz')).json()).toEqual({ ready: true, edition: 4, followedAt: null });
    const front = await server.inject('/');
    expect(front.body).toContain(`-d '{"query":"{ say(text: \\"it'\\''s\\") }"}'`);
    expect((await server.inject('/nowhere')).json().errors[0].extensions.code).toBe('NOT_FOUND');
  });

  it('log neither queries nor answers', async () => {
    await ask('query ($t: String) { say(text: $t) }', { t: '王小明' });
    const lines = logged.filter((line) => line.includes('Answered'));
    expect(lines.length).toBeGreaterThan(0);
    expect(logged.join('')).not.toContain('王小明');
  });
});

describe('web pages of other origins', () => {
  const preflight = (origin: string) =>
    server.inject({
      method: 'OPTIONS',
      url: '/graphql',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
    });

  it('may ask when their origin is listed', async () => {
    const response = await preflight('https://map.example.org');
    expect(response.statusCode).toBe(204);
    expect(response.headers['access-control-allow-origin']).toBe('https://map.example.org');
    expect(response.headers['access-control-allow-headers']).toBe('content-type');
    expect(response.headers['access-control-allow-credentials']).toBeUndefined();
  });

  it('may not when it is not', async () => {
    const response = await preflight('https://elsewhere.example.org');
    expect(response.headers['access-control-allow-origin']).toBeUndefined();
  });
});

describe('headers', () => {
  it('tell browsers to load, frame and guess nothing', async () => {
    const { headers } = await ask('{ ping }');
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none';base-uri 'none';frame-ancestors 'none'",
      'strict-transport-security': expect.stringContaining('max-age='),
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
    });
  });
});
