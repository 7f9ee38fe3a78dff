import { getIntrospectionQuery } from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import { afterEach, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { firstResult, type OpenDoors, openDoors, type Reply } from './openDoors.ts';

let doors: OpenDoors;
afterEach(() => doors.close());

type Ask = (payload: SubscribePayload) => Promise<Reply>;
const DOORS: [string, Ask][] = [
  ['HTTP', (payload) => doors.http(payload)],
  ['WebSocket', (payload) => doors.socket(payload)],
  ['SSE', (payload) => doors.stream(payload)],
];
const times = (n: number, text: (i: number) => string) => Array.from({ length: n }, (_, i) => text(i)).join(' ');

/** Each makes a document that has exactly n of what is limited, and little of everything else. */
const DOCUMENTS: [string, number, (n: number) => string][] = [
  ['fields deep', 10, (n) => `{ grid ${'{ parent '.repeat(n - 2)}{ id }${' }'.repeat(n - 2)} }`],
  [
    'fields deep below __schema',
    15,
    (n) =>
      `{ __schema { types { fields { args { type ${'{ ofType '.repeat(n - 6)}{ name }${' }'.repeat(n - 6)} } } } } }`,
  ],
  ['aliases', 15, (n) => `{ grid { ${times(n, (i) => `a${i}: id`)} } }`],
  ['directives', 50, (n) => `{ ping ${times(n, () => '... @include(if: true) { ping }')} }`],
  [
    'selections',
    10_000,
    (n) =>
      `{ ${'ping '.repeat(n - 9900)} ${'...F '.repeat(99)} } fragment F on Query { ${'...{'.repeat(98)} ping ${'}'.repeat(98)} }`,
  ],
  ['fields asked for again', 500, (n) => `{ ping ${'ping '.repeat(n)}}`],
  [
    'fragments',
    200,
    (n) => `{ ${times(n, (i) => `...F${i}`)} } ${times(n, (i) => `fragment F${i} on Query { ping }`)}`,
  ],
  ['tokens', 20_000, (n) => `{many(at:[${'1 '.repeat(n - 12)}]){id}}`],
];
const PING = { query: '{ping}' };
const codeOf = ({ errors }: Reply) => errors?.[0].extensions.code;

describe.each(DOORS)('over %s', (_door, ask) => {
  it.each(DOCUMENTS)('a document may have so many %s, and not one more: %i', async (_what, limit, make) => {
    doors = await openDoors();
    expect((await ask({ query: make(limit) })).errors).toBeUndefined();
    const { errors } = await ask({ query: make(limit + 1) });
    expect(errors).toMatchObject([{ extensions: { code: 'TOO_LARGE', limit } }]);
  });

  it('fragments that unfold without end, and brackets without end, are refused as fast', async () => {
    doors = await openDoors();
    const doubling = times(
      60,
      (i) => `fragment F${i} on Grid { a: parent { ...F${i + 1} } b: parent { ...F${i + 1} } }`,
    );
    for (const query of [
      `{ grid { ...F0 } } ${doubling} fragment F60 on Grid { id }`,
      `{ grid ${'{ parent '.repeat(6000)}`,
      `{ many(at: ${'['.repeat(19_000)}) }`,
    ]) {
      const began = performance.now();
      expect(codeOf(await ask({ query }))).toMatch(/TOO_LARGE|GRAPHQL_PARSE_FAILED/);
      expect(performance.now() - began).toBeLessThan(2000);
    }
  });

  it('an operation may cost the limit, and not one more', async () => {
    doors = await openDoors({ costLimit: 100 });
    const query = 'query ($at: [Int!]!) { many(at: $at) { id } }';
    const of = (n: number) => ask({ query, variables: { at: Array.from({ length: n }, () => 1) } });
    // Twice, so that a cost remembered for another length would be noticed.
    for (let time = 0; time < 2; time++) {
      expect((await of(100)).errors).toBeUndefined();
      expect((await of(101)).errors).toMatchObject([
        { extensions: { code: 'TOO_COSTLY', cost: 101, limit: 100 }, message: expect.stringContaining('fewer') },
      ]);
    }
    expect(codeOf(await ask({ query: '{ page(first: 99) { parent { id } } }' }))).toBeUndefined();
    expect(codeOf(await ask({ query: '{ page(first: 100) { parent { id } } }' }))).toBe('TOO_COSTLY');
    expect(
      codeOf(await ask({ query: 'query ($n: Int) { page(first: $n) { parent { id } } }', variables: { n: 100 } })),
    ).toBe('TOO_COSTLY');
  });

  it('an operation may take as long as the limit', async () => {
    doors = await openDoors({ operationTimeoutMs: 500 });
    expect((await ask({ query: '{ wait(ms: 100) }' })).data).toEqual({ wait: 'waited' });
    const { errors } = await ask({ query: '{ wait(ms: 60000) }' });
    expect(errors).toMatchObject([{ extensions: { code: 'TIMED_OUT', limitMs: 500 } }]);
  });

  it('"Did you mean" and the schema itself are told by setting', async () => {
    const wrong = {
      query: 'query ($p: PointInput!) { at(point: $p) }',
      variables: { p: { lon: 1, lat: 2, datum: 'GCJ01' } },
    };
    doors = await openDoors();
    expect((await ask({ query: '{ pings }' })).errors?.[0].message).toContain('Did you mean');
    expect((await ask(wrong)).errors?.[0].message).toContain('Did you mean');
    expect((await ask({ query: getIntrospectionQuery() })).data.__schema.types.length).toBeGreaterThan(5);
    await doors.close();
    doors = await openDoors({ suggestions: false, introspection: false });
    for (const payload of [{ query: '{ pings }' }, { query: '{ grid { idd } }' }, wrong]) {
      const { errors } = await ask(payload);
      expect(errors).toHaveLength(1);
      expect(JSON.stringify(errors)).not.toContain('Did you mean');
    }
    expect(codeOf(await ask({ query: getIntrospectionQuery() }))).toBe('GRAPHQL_VALIDATION_FAILED');
    expect(codeOf(await ask({ query: '{ __type(name: "Grid") { name } }' }))).toBe('GRAPHQL_VALIDATION_FAILED');
    expect((await ask({ query: '{ __typename }' })).data).toEqual({ __typename: 'Query' });
  });
});

describe('the rate', () => {
  /** How many pass before the first is refused; a new document of six characters costs seven. */
  async function passing(ask: Ask): Promise<number> {
    for (let passed = 0; ; passed++) {
      const reply = await ask(PING);
      if (!reply.errors) continue;
      expect(reply.errors).toMatchObject([
        { extensions: { code: 'RATE_LIMITED', limit: 50, retryAfterSeconds: expect.any(Number) } },
      ]);
      return passed;
    }
  }

  it('is counted to the point over HTTP, with status 429 and Retry-After', async () => {
    doors = await openDoors({ rateLimit: 50 });
    expect(await passing((payload) => doors.http(payload))).toBe(44);
    const { status, headers } = await doors.http(PING);
    expect(status).toBe(429);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(10);
  });

  it('is counted to the point over WebSocket, where the connection costs one', async () => {
    doors = await openDoors({ rateLimit: 50 });
    const client = doors.socketClient();
    const hold = client.subscribe(FOREVER, silent);
    expect(await passing((payload) => firstResult(client, payload))).toBe(50 - 1 - (1 + FOREVER.query.length) - 6);
    hold();
    await client.dispose();
  });

  it('is counted to the point over SSE, with status 429', async () => {
    doors = await openDoors({ rateLimit: 50 });
    expect(await passing((payload) => doors.stream(payload))).toBe(44);
    expect((await doors.stream(PING)).status).toBe(429);
  });

  it('is one for all doors, and each signed-in caller has one of its own', async () => {
    doors = await openDoors({ rateLimit: 50 });
    await passing((payload) => doors.http(payload));
    expect(codeOf(await doors.stream(PING))).toBe('RATE_LIMITED');
    await expect(doors.socket(PING)).rejects.toMatchObject({ code: 4429 });
    const signedIn = { authorization: 'Bearer good' };
    expect((await doors.http(PING, signedIn)).data).toEqual({ ping: 'pong' });
    // A bad token from the same address is not a way around.
    expect(codeOf(await doors.http(PING, { authorization: 'Bearer bad' }))).toBe('UNAUTHENTICATED');
    expect(codeOf(await doors.http(PING, { authorization: 'Bearer bad' }))).toBe('RATE_LIMITED');
  });

  it('is charged by cost, and for documents that fail by their length', async () => {
    doors = await openDoors({ rateLimit: 1000 });
    const query = 'query ($at: [Int!]!) { many(at: $at) { id } }';
    const at = Array.from({ length: 300 }, () => 1);
    for (let i = 0; i < 3; i++) expect((await doors.http({ query, variables: { at } })).errors).toBeUndefined();
    expect(codeOf(await doors.http({ query, variables: { at } }))).toBe('RATE_LIMITED');
    await doors.close();
    doors = await openDoors({ rateLimit: 1000 });
    for (let i = 0; i < 3; i++)
      expect(codeOf(await doors.http({ query: `{ nothing }#${'x'.repeat(300)}` }))).toBe('GRAPHQL_VALIDATION_FAILED');
    expect(codeOf(await doors.http({ query: `{ nothing }#${'x'.repeat(300)}` }))).toBe('RATE_LIMITED');
  });

  it('believes X-Forwarded-For of the proxies named, and of nobody else', async () => {
    for (const [trustProxy, codes] of [
      ['127.0.0.1', [undefined, undefined, 'RATE_LIMITED']],
      [undefined, [undefined, 'RATE_LIMITED', 'RATE_LIMITED']],
    ] as const) {
      doors = await openDoors({ rateLimit: 100, trustProxy });
      const from = (address: string) =>
        doors.http({ query: `{ping}#${'x'.repeat(52)}` }, { 'x-forwarded-for': address });
      const answers = [await from('2001:db8:1:2::1'), await from('2001:db8:1:3::1')];
      for (let i = 0; i < 60; i++) await from('2001:db8:1:2::9');
      // Another address of the same /64.
      answers.push(await from('2001:db8:1:2:ffff::'));
      expect(answers.map(codeOf)[2]).toBe(codes[2]);
      expect(codeOf(await from('2001:db8:1:3::2'))).toBe(trustProxy ? undefined : 'RATE_LIMITED');
      await doors.close();
    }
    doors = await openDoors();
  });
});

const silent = { next: () => {}, error: () => {}, complete: () => {} };
const FOREVER = { query: 'subscription { ticks(many: 0) }' };
const closeOf = (socket: WebSocket) => new Promise<number>((resolve) => socket.once('close', resolve));
const opened = (socket: WebSocket) => new Promise((resolve) => socket.once('open', resolve));

describe('what stays open', () => {
  it('is limited for each caller, sockets and streams together', async () => {
    doors = await openDoors({ socketsPerCaller: 3 });
    const clients = [doors.socketClient(), doors.socketClient()];
    for (const client of clients) {
      client.subscribe(FOREVER, silent);
      expect((await firstResult(client, PING)).data).toEqual({ ping: 'pong' });
    }
    const abort = new AbortController();
    const stream = await fetch(`${doors.url}/stream`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify(FOREVER),
      signal: abort.signal,
    });
    expect(stream.status).toBe(200);
    await expect(doors.socket(PING)).rejects.toMatchObject({ code: 4429 });
    const refused = await doors.stream(PING);
    expect(refused.status).toBe(429);
    expect(refused.errors).toMatchObject([{ extensions: { code: 'RATE_LIMITED', limit: 3 } }]);
    // Others, and those who ask briefly, are not concerned.
    expect((await doors.http(PING)).status).toBe(200);
    expect((await doors.socket(PING, { authorization: 'Bearer good' })).data).toEqual({ ping: 'pong' });
    abort.abort();
    await expect.poll(async () => (await doors.stream(PING)).status).toBe(200);
    for (const client of clients) await client.dispose();
  });

  it('carries 50 operations on one socket, and not one more', async () => {
    doors = await openDoors();
    const client = doors.socketClient();
    for (let i = 0; i < 49; i++) client.subscribe(FOREVER, silent);
    expect((await firstResult(client, PING)).data).toEqual({ ping: 'pong' });
    const last = client.subscribe(FOREVER, silent);
    expect((await firstResult(client, PING)).errors).toMatchObject([
      { extensions: { code: 'RATE_LIMITED', limit: 50 } },
    ]);
    last();
    await expect.poll(async () => (await firstResult(client, PING)).data).toEqual({ ping: 'pong' });
    await client.dispose();
  });

  it('waits for connection_init on 50 sockets of an address, and on each for five seconds', async () => {
    doors = await openDoors();
    const sockets = Array.from({ length: 50 }, () => doors.rawSocket());
    await Promise.all(sockets.map(opened));
    const refused = doors.rawSocket();
    const status = await new Promise((resolve) =>
      refused.once('unexpected-response', (_request, response) => resolve(response.statusCode)),
    );
    refused.once('error', () => {});
    refused.terminate();
    expect(status).toBe(429);
    expect(await Promise.all(sockets.map(closeOf))).toEqual(Array(50).fill(4408));
    expect((await doors.socket(PING)).data).toEqual({ ping: 'pong' });
  });
});

describe('sizes', () => {
  /** A request of exactly so many bytes. */
  const sized = (bytes: number, around: object, key: string) => {
    const empty = JSON.stringify({ ...around, [key]: '' }).length;
    return JSON.stringify({ ...around, [key]: 'x'.repeat(bytes - empty) });
  };

  it('of a document: 256,000 characters over HTTP', async () => {
    doors = await openDoors();
    expect((await doors.http({ query: `{ping}#${'x'.repeat(255_993)}` })).data).toEqual({ ping: 'pong' });
    const { errors } = await doors.http({ query: `{ping}#${'x'.repeat(255_994)}` });
    expect(errors).toMatchObject([{ extensions: { code: 'TOO_LARGE', limit: 256_000 } }]);
  });

  it('of a body over HTTP, and of a question over SSE', async () => {
    doors = await openDoors({ bodyLimitBytes: 100_000 });
    for (const [path, limit] of [
      ['', 100_000],
      ['/stream', 65_536],
    ] as const) {
      const send = (bytes: number) =>
        fetch(`${doors.url}${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', accept: path ? 'text/event-stream' : 'application/json' },
          body: sized(bytes, PING, 'extra'),
        });
      expect((await send(limit)).status).toBe(200);
      const refused = await send(limit + 1);
      expect(refused.status).toBe(413);
      expect(await refused.json()).toMatchObject({ errors: [{ extensions: { code: 'TOO_LARGE', limit } }] });
    }
  });

  it('of a message over WebSocket: 65,536 bytes', async () => {
    doors = await openDoors();
    const socket = doors.rawSocket();
    await opened(socket);
    const said: string[] = [];
    socket.on('message', (data) => said.push(String(data)));
    socket.send(sized(65_536, { type: 'ping' }, 'extra'));
    await expect.poll(() => said).toEqual(['{"type":"pong"}']);
    const closed = closeOf(socket);
    socket.send(sized(65_537, { type: 'ping' }, 'extra'));
    expect(await closed).toBe(1009);
  });
});
