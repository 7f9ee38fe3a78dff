import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { FakeTokens, firstResult, type OpenDoors, openDoors, type Reply, STAFF } from './openDoors.ts';
import { openFeeds } from './smallSchema.ts';

let doors: OpenDoors;
afterEach(async () => {
  await doors.close();
  await expect.poll(() => openFeeds.count).toBe(0);
});

const GOOD = { authorization: 'Bearer good' };
const SECRET = { query: 'subscription { secretTicks }' };
const codeOf = ({ errors }: Reply) => errors?.[0].extensions.code;
const closed = (socket: WebSocket) =>
  new Promise<{ code: number; reason: string }>((resolve) =>
    socket.once('close', (code, reason) => resolve({ code, reason: String(reason) })),
  );

/** Everything an operation gives, over each door that has subscriptions. */
const FEEDS = {
  async socket(query: string, init?: Record<string, unknown>): Promise<unknown[]> {
    const client = doors.socketClient(init);
    const events: unknown[] = [];
    for await (const event of client.iterate({ query })) events.push(event);
    await client.dispose();
    return events;
  },
  async stream(query: string, headers?: Record<string, string>): Promise<unknown[]> {
    const client = doors.streamClient(headers);
    const events: unknown[] = [];
    for await (const event of client.iterate({ query })) events.push(event);
    client.dispose();
    return events;
  },
};

describe.each(['socket', 'stream'] as const)('over %s', (door) => {
  it('subscriptions, queries and mutations are answered and completed', async () => {
    doors = await openDoors();
    expect(await FEEDS[door]('subscription { ticks(many: 4) }')).toEqual(
      [1, 2, 3, 4].map((ticks) => ({ data: { ticks } })),
    );
    for (let time = 0; time < 3; time++)
      expect(await FEEDS[door]('{ grid { id } }')).toEqual([{ data: { grid: { id: '3' } } }]);
    expect(await FEEDS[door]('mutation { count }')).toEqual([{ data: { count: 1 } }]);
  });

  it('errors are as over HTTP', async () => {
    doors = await openDoors();
    for (const query of ['{ grid { refused } }', '{ nothing }', '{ ping', '{ grid(id: "x") { id } }', '{ secret }']) {
      const expected = await doors.http({ query });
      const { data, errors } = await doors[door]({ query });
      expect({ data, errors }).toEqual({ data: expected.data, errors: expected.errors });
    }
    for (const query of ['query A { ping } query B { ping }', 'fragment F on Query { ping } { ...F }']) {
      const operationName = 'C';
      const expected = await doors.http({ query, operationName });
      const { errors } = await doors[door]({ query, operationName });
      expect(errors).toEqual(expected.errors);
      expect(errors?.[0].extensions.code).toBe('OPERATION_RESOLUTION_FAILURE');
    }
  });

  it('a fault of the server shows nothing but a request id that the log knows', async () => {
    doors = await openDoors();
    for (const query of ['{ grid { brokenLater } }', 'subscription { brokenFeed }']) {
      const { errors } = await doors[door]({ query });
      expect(errors).toMatchObject([{ extensions: { code: 'INTERNAL', requestId: expect.any(String) } }]);
      expect(JSON.stringify(errors)).not.toContain('secret');
      const line = doors.logged.find((text) => text.includes(errors?.[0].extensions.requestId));
      expect(line).toContain('secret of the house');
    }
    expect(codeOf(await doors[door]({ query: 'subscription { refusedFeed }' }))).toBe('BAD_INPUT');
  });

  it('a feed that its reader leaves is closed', async () => {
    doors = await openDoors();
    const client = door === 'socket' ? doors.socketClient() : doors.streamClient();
    const events = client.iterate({ query: 'subscription { ticks(many: 0) }' });
    const next = events.next();
    await expect.poll(() => openFeeds.count).toBe(1);
    client.dispose();
    await events.return?.();
    await next.catch(() => {});
    await expect.poll(() => openFeeds.count).toBe(0);
  });

  it('a right is asked for before anything executes', async () => {
    doors = await openDoors();
    expect(codeOf(await doors[door]({ query: '{ ping secret }' }))).toBe('UNAUTHENTICATED');
    expect(codeOf(await doors[door](SECRET))).toBe('UNAUTHENTICATED');
  });

  it('a viewer who is no longer good is cut off within a second, and hears nothing afterwards', async () => {
    for (const loss of [
      { good: false },
      { viewer: { ...STAFF, expiresAt: Date.now() - 1 } },
      { viewer: { ...STAFF, grants: [] } },
    ]) {
      const tokens = new FakeTokens();
      doors = await openDoors({}, { authenticate: tokens.authenticate });
      const seen: number[] = [];
      let ended: { at: number; why: unknown } | undefined;
      const client = door === 'socket' ? doors.socketClient(GOOD) : doors.streamClient(GOOD);
      client.subscribe(SECRET, {
        next(event: { errors?: unknown }) {
          if (event.errors) ended = { at: performance.now(), why: event.errors };
          else seen.push(performance.now());
        },
        error(why) {
          ended ??= { at: performance.now(), why };
        },
        complete: () => {},
      });
      await expect.poll(() => seen.length).toBeGreaterThan(3);
      Object.assign(tokens, loss);
      const lost = performance.now();
      await expect.poll(() => ended, { timeout: 3000, interval: 5 }).toBeDefined();
      expect(ended!.at - lost).toBeLessThan(1000);
      expect(`${(ended!.why as { code?: number }).code} ${JSON.stringify(ended!.why)}`).toMatch(
        /4403|UNAUTHENTICATED|FORBIDDEN/,
      );
      await expect.poll(() => openFeeds.count).toBe(0);
      expect(seen.at(-1)).toBeLessThanOrEqual(ended!.at);
      await client.dispose();
      await doors.close();
    }
    doors = await openDoors();
  });

  it('a reader who reads nothing does not fill the memory', async () => {
    doors = await openDoors();
    const payload = { query: 'subscription { large }' };
    const before = process.memoryUsage();
    const slow = door === 'socket' ? await slowSocket(payload) : await slowStream(payload);
    await expect.poll(() => openFeeds.count).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const after = process.memoryUsage();
    // At a thousand events of 100 kB a second it would be hundreds.
    expect(
      (after.arrayBuffers + after.external + after.heapUsed - before.arrayBuffers - before.external - before.heapUsed) /
        1e6,
    ).toBeLessThan(40);
    slow();
    await expect.poll(() => openFeeds.count, { timeout: 5000 }).toBe(0);
  });
});

async function slowSocket(payload: object): Promise<() => void> {
  const socket = doors.rawSocket();
  await new Promise((resolve) => socket.once('open', resolve));
  socket.send('{"type":"connection_init"}');
  await new Promise((resolve) => socket.once('message', resolve));
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload }));
  socket.pause();
  return () => socket.terminate();
}

async function slowStream(payload: object): Promise<() => void> {
  const abort = new AbortController();
  await fetch(`${doors.url}/stream`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify(payload),
    signal: abort.signal,
  });
  return () => abort.abort();
}

describe('signing in', () => {
  it('over HTTP goes by the header alone', async () => {
    doors = await openDoors();
    const who = { query: '{ who }' };
    expect((await doors.http(who)).data).toEqual({ who: 'public' });
    expect((await doors.http(who, GOOD)).data).toEqual({ who: STAFF.subject });
    expect((await doors.http(who, { cookie: 'authorization=Bearer good' })).data).toEqual({ who: 'public' });
    const byQuery = await fetch(`${doors.url}?query={who}&authorization=Bearer%20good&access_token=good`, {
      headers: { 'apollo-require-preflight': '1' },
    });
    expect(await byQuery.json()).toEqual({ data: { who: 'public' } });
  });

  it('with what is not good is refused over HTTP and SSE by status 401', async () => {
    doors = await openDoors();
    for (const ask of [doors.http, doors.stream]) {
      const reply = await ask({ query: '{ who }' }, { authorization: 'Bearer bad' });
      expect(reply.status).toBe(401);
      expect(reply.headers.get('www-authenticate')).toBe('Bearer');
      expect(reply.data).toBeUndefined();
      expect(reply.errors).toEqual([
        { message: 'authorization: this token is not good.', extensions: { code: 'UNAUTHENTICATED' } },
      ]);
    }
    const missing = await doors.http({ query: '{ secret }' });
    expect([missing.status, missing.headers.get('www-authenticate'), codeOf(missing)]).toEqual([
      401,
      'Bearer',
      'UNAUTHENTICATED',
    ]);
    await doors.close();
    doors = await openDoors({}, { authenticate: async () => ({ ...STAFF, grants: [] }) });
    const forbidden = await doors.http({ query: '{ secret }' }, GOOD);
    expect([forbidden.status, codeOf(forbidden)]).toEqual([403, 'FORBIDDEN']);
  });

  it('over WebSocket goes by connection_init or by the header of the upgrade', async () => {
    doors = await openDoors();
    const who = { query: '{ who }' };
    expect((await doors.socket(who)).data).toEqual({ who: 'public' });
    expect((await doors.socket(who, { ...GOOD, purpose: 'a 查询' })).data).toEqual({
      who: `${STAFF.subject} for a 查询`,
    });
    await expect(doors.socket(who, { authorization: 'Bearer bad' })).rejects.toMatchObject({ code: 4403 });
    await expect(doors.socket(who, { authorization: 7 })).rejects.toMatchObject({ code: 4400 });
    const raw = doors.rawSocket({ headers: { authorization: 'Bearer bad' } });
    raw.once('open', () => raw.send('{"type":"connection_init"}'));
    expect((await closed(raw)).code).toBe(4403);
    const early = doors.rawSocket();
    early.once('open', () => early.send('{"type":"subscribe","id":"1","payload":{"query":"{ping}"}}'));
    expect((await closed(early)).code).toBe(4401);
  });

  it('fails as a fault of the server where the authenticator fails', async () => {
    const authenticate = () => {
      throw new Error('secret of the house');
    };
    doors = await openDoors({}, { authenticate });
    const { status, errors, headers } = await doors.http({ query: '{ ping }' });
    expect(status).toBe(500);
    expect(errors).toMatchObject([{ extensions: { code: 'INTERNAL', requestId: headers.get('x-request-id') } }]);
    expect(doors.logged.join('')).toContain('secret of the house');
    await expect(doors.socket({ query: '{ ping }' })).rejects.toMatchObject({ code: 4500 });
  });

  it('takes a purpose of 200 characters, percent-encoded, in one line', async () => {
    doors = await openDoors();
    const ask = (purpose: string) => doors.http({ query: '{ who }' }, { 'x-purpose': purpose });
    const words = '群众报案核实'.repeat(40).slice(0, 200);
    expect((await ask(encodeURIComponent(words))).data.who).toBe(`public for ${words}`);
    for (const wrong of [encodeURIComponent(`${words}案`), '%', '%FF', 'a%0Ab', 'x'.repeat(201)]) {
      const reply = await ask(wrong);
      expect([reply.status, codeOf(reply)]).toEqual([400, 'BAD_INPUT']);
    }
    const { url } = doors;
    const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws', { headers: { 'x-purpose': '%' } });
    const status = await new Promise((resolve) =>
      socket.once('unexpected-response', (_request, response) => resolve(response.statusCode)),
    );
    socket.once('error', () => {});
    socket.terminate();
    expect(status).toBe(400);
  });
});

describe('a WebSocket of a web page', () => {
  const statusOf = (origin: string) =>
    new Promise<number>((resolve) => {
      const socket = doors.rawSocket({ headers: { origin } });
      socket.once('open', () => resolve(101));
      socket.once('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
      socket.once('error', () => {});
    });

  it('is made only for origins that may ask', async () => {
    doors = await openDoors({ corsOrigins: ['https://map.example.org'] });
    expect(await statusOf('https://map.example.org')).toBe(101);
    expect(await statusOf('https://elsewhere.example.org')).toBe(403);
    await doors.close();
    doors = await openDoors({ corsOrigins: '*' });
    expect(await statusOf('https://elsewhere.example.org')).toBe(101);
    await doors.close();
    doors = await openDoors();
    expect(await statusOf('https://elsewhere.example.org')).toBe(403);
  });

  it('is nowhere but at /graphql', async () => {
    doors = await openDoors();
    const socket = new WebSocket(`${doors.url.replace('http', 'ws')}/other`, 'graphql-transport-ws');
    socket.once('error', () => {});
    const status = await new Promise((resolve) =>
      socket.once('unexpected-response', (_request, response) => resolve(response.statusCode)),
    );
    expect(status).toBe(404);
  });
});

describe('a stream', () => {
  it('is opened by POST of JSON for who takes events', async () => {
    doors = await openDoors();
    const send = (init: RequestInit) => fetch(`${doors.url}/stream`, init).then((response) => response.status);
    const body = '{"query":"{ping}"}';
    expect(await send({ method: 'POST', body, headers: { 'content-type': 'application/json' } })).toBe(400);
    expect(
      await send({ method: 'POST', body, headers: { accept: 'text/event-stream', 'content-type': 'text/csv' } }),
    ).toBe(415);
    expect(await send({ headers: { accept: 'text/event-stream' } })).toBe(404);
    expect(codeOf(await doors.stream([] as never))).toBe('BAD_INPUT');
    expect(codeOf(await doors.stream({ query: '{ping}', variables: [] as never }))).toBe('BAD_INPUT');
  });
});

describe('closing down', () => {
  it('ends sockets with 1001 and streams with complete, well within the time to drain', async () => {
    doors = await openDoors();
    const socket = doors.rawSocket();
    const talking = doors.socketClient();
    talking.subscribe({ query: 'subscription { ticks(many: 0) }' }, { next() {}, error() {}, complete() {} });
    await firstResult(talking, { query: '{ ping }' });
    const streamed = FEEDS.stream('subscription { ticks(many: 0) }');
    // It never answers a farewell.
    const deaf = doors.rawSocket();
    await new Promise((resolve) => deaf.once('open', resolve));
    deaf.pause();
    await expect.poll(() => openFeeds.count).toBe(2);
    const running = doors.http({ query: '{ wait(ms: 300) }' });
    await expect.poll(() => socket.readyState).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const began = performance.now();
    const ended = closed(socket);
    await doors.server.close();
    expect(performance.now() - began).toBeLessThan(5000);
    expect((await ended).code).toBe(1001);
    expect(await streamed).toEqual([]);
    expect((await running).data).toEqual({ wait: 'waited' });
    expect(openFeeds.count).toBe(0);
    deaf.terminate();
    await talking.dispose();
  });
});
