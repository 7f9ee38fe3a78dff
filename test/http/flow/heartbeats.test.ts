import { afterEach, describe, expect, it } from 'vitest';
import { feedSchema, type ToldReader } from '../feedSchema.ts';
import { FakeTokens, type OpenDoors, openDoors } from '../openDoors.ts';

let doors: OpenDoors;
afterEach(() => doors.close());

const GOOD = { authorization: 'Bearer good' };
const BEATING = { heartbeatMs: 10, keepAliveMs: 30 };
const SLOWLY = 'subscription { told { n slow } }';
const nth = (cursor: string) => Number(cursor.slice(1));

interface Frame {
  readonly type: string;
  readonly id?: string;
  // biome-ignore lint/suspicious/noExplicitAny: a frame has the form of its type.
  readonly payload?: any;
}

/** A WebSocket that has signed in, and all that it was sent. */
async function listening(): Promise<{ frames: Frame[]; send: (frame: object) => void; close: () => void }> {
  const socket = doors.rawSocket();
  const frames: Frame[] = [];
  socket.on('message', (data) => frames.push(JSON.parse(String(data))));
  await new Promise((resolve) => socket.once('open', resolve));
  const send = (frame: object) => socket.send(JSON.stringify(frame));
  send({ type: 'connection_init', payload: GOOD });
  await expect.poll(() => frames[0]?.type).toBe('connection_ack');
  return { frames, send, close: () => socket.terminate() };
}

describe('a heartbeat over WebSocket', () => {
  it('tells in one ping the cursors that moved on, each once', async () => {
    const { schema, readers } = feedSchema();
    doors = await openDoors({}, { schema, timing: BEATING });
    const { frames, send, close } = await listening();
    for (const id of ['a', 'b', '__proto__'])
      send({ id, type: 'subscribe', payload: { query: 'subscription { told { n } }' } });
    await expect.poll(() => readers.length).toBe(3);
    const pings = () => frames.filter(({ type }) => type === 'ping').map(({ payload }) => payload.cursors);
    for (const reader of readers) reader.position = 'c1';
    await expect.poll(pings).toEqual([JSON.parse('{"a":"c1","b":"c1","__proto__":"c1"}')]);
    readers[1].position = 'c2';
    await expect.poll(pings).toHaveLength(2);
    expect(pings()[1]).toEqual({ b: 'c2' });
    // The cursor of an event that was sent needs no heartbeat.
    readers[0].give({ n: 3, cursor: 'c3' });
    readers[1].position = 'c4';
    await expect.poll(pings).toHaveLength(3);
    expect(pings()[2]).toEqual({ b: 'c4' });
    send({ id: 'b', type: 'complete' });
    await expect.poll(() => readers[1].closed).toBe(true);
    readers[1].position = 'c5';
    readers[0].position = 'c6';
    await expect.poll(pings).toHaveLength(4);
    expect(pings()[3]).toEqual({ a: 'c6' });
    close();
  });

  it('never overtakes an event that is still being made', async () => {
    const { schema, readers } = feedSchema();
    doors = await openDoors({}, { schema, timing: { ...BEATING, heartbeatMs: 1 } });
    const { frames, send, close } = await listening();
    for (const id of ['a', 'b']) send({ id, type: 'subscribe', payload: { query: SLOWLY } });
    await expect.poll(() => readers.length).toBe(2);
    for (let n = 1; n <= 40; n += 2) {
      for (const reader of readers) {
        const gate = new Promise((resolve) => setTimeout(resolve, n % 5));
        reader.give({ n, cursor: `c${n}`, gate });
      }
      if (n % 3 === 0) await quiet(readers, n + 1);
    }
    await expect.poll(() => frames.filter(({ type }) => type === 'next').length).toBe(40);
    expect(overtaken(frames)).toEqual([]);
    expect(frames.filter(({ type }) => type === 'ping').length).toBeGreaterThan(5);
    // A server that beats at any time would be found out.
    const careless = frames.flatMap((frame, at) =>
      at % 3 === 0 && frame.type === 'next'
        ? [{ type: 'ping', payload: { cursors: { [frame.id!]: 'c39' } } }, frame]
        : [frame],
    );
    expect(overtaken(careless)).not.toEqual([]);
    close();
  });

  it('is answered by the client for nothing', async () => {
    const { schema, readers } = feedSchema();
    doors = await openDoors({ rateLimit: 60 }, { schema, timing: { heartbeatMs: 1 } });
    const client = doors.socketClient(GOOD);
    const beats: string[] = [];
    client.on('ping', (received, payload) => {
      if (received) beats.push(...Object.values(payload?.cursors as Record<string, string>));
    });
    const events = client.iterate({ query: 'subscription { told { n } }' });
    const first = events.next();
    await expect.poll(() => readers.length).toBe(1);
    for (let n = 1; n <= 100; n++) {
      readers[0].position = `c${n}`;
      await expect.poll(() => beats.at(-1), { interval: 1 }).toBe(`c${n}`);
    }
    readers[0].give({ n: 101, cursor: 'c101' });
    expect(await first).toEqual({ done: false, value: { data: { told: { n: 101 } } } });
    await client.dispose();
  });
});

/** Until all was given and the heartbeats may have told so. */
async function quiet(readers: readonly ToldReader[], n: number): Promise<void> {
  await expect.poll(() => readers.every((reader) => reader.heartbeat() !== undefined), { interval: 1 }).toBe(true);
  for (const reader of readers) reader.position = `c${n}`;
  await new Promise((resolve) => setTimeout(resolve, 4));
}

/** Events that came behind a heartbeat that said they had come. */
function overtaken(frames: readonly Frame[]): Frame[] {
  const told = new Map<string, number>();
  return frames.filter(({ type, id = '', payload }) => {
    if (type === 'ping')
      for (const [of, cursor] of Object.entries<string>(payload.cursors))
        told.set(of, Math.max(told.get(of) ?? 0, nth(cursor)));
    return type === 'next' && payload.data.told.n <= (told.get(id) ?? 0);
  });
}

describe('a stream of events', () => {
  const open = async (
    headers: Record<string, string> = {},
    body: object = { query: 'subscription { told { n } }' },
  ) => {
    const abort = new AbortController();
    const response = await fetch(`${doors.url}/stream`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...GOOD, ...headers },
      body: JSON.stringify(body),
      signal: abort.signal,
    });
    const seen = { text: '' };
    void (async () => {
      for await (const chunk of response.body!) seen.text += Buffer.from(chunk);
    })().catch(() => {});
    return { seen, status: response.status, close: () => abort.abort() };
  };

  it('names each event and the cursor of a quiet feed by an id, whatever is selected', async () => {
    const { schema, readers } = feedSchema();
    doors = await openDoors({}, { schema, timing: { heartbeatMs: 10 } });
    const { seen, close } = await open();
    await expect.poll(() => readers.length).toBe(1);
    readers[0].give({ n: 1, cursor: 'c1' });
    await expect.poll(() => seen.text).toContain('id: c1\nevent: next\ndata: {"data":{"told":{"n":1}}}\n\n');
    readers[0].position = 'c2';
    await expect.poll(() => seen.text).toMatch(/\n\nid: c2\n\n$/);
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(seen.text.match(/id: /g)).toHaveLength(2);
    // What is no line is left out.
    readers[0].give({ n: 3, cursor: 'c3\ndata: x' });
    await expect.poll(() => seen.text).toMatch(/id: c2\n\nevent: next\ndata: {"data":{"told":{"n":3}}}\n\n$/);
    close();
    await expect.poll(() => readers[0].closed).toBe(true);
  });

  it('is read by the client of graphql-sse with its ids and heartbeats', async () => {
    const { schema, readers } = feedSchema();
    doors = await openDoors({}, { schema, timing: { heartbeatMs: 2, keepAliveMs: 3 } });
    const client = doors.streamClient(GOOD);
    const seen: unknown[] = [];
    const done = (async () => {
      for await (const event of client.iterate({ query: 'subscription { told { n text } }' })) seen.push(event);
    })();
    await expect.poll(() => readers.length).toBe(1);
    const expected = [];
    for (let n = 1; n <= 30; n++) {
      readers[0].give({ n, cursor: `c${n}`, text: `第${n}件: id\n\n` });
      expected.push({ data: { told: { n, text: `第${n}件: id\n\n` } } });
      if (n % 7) continue;
      await expect.poll(() => readers[0].heartbeat()).toBeDefined();
      readers[0].position = `c${n}h`;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await expect.poll(() => seen).toEqual(expected);
    await readers[0].return();
    await done;
    client.dispose();
  });

  it('goes on behind Last-Event-ID where the document has a variable for it, and is refused where it has none', async () => {
    const { schema, readers } = feedSchema();
    doors = await openDoors({}, { schema, authenticate: new FakeTokens().authenticate });
    const resume = { 'last-event-id': 'c7' };
    const query = 'subscription ($cursor: String) { ...F } fragment F on Subscription { told(after: $cursor) { n } }';
    for (const variables of [undefined, { cursor: 'c1' }]) {
      const { close } = await open(resume, { query, variables });
      await expect.poll(() => readers.at(-1)?.after).toBe('c7');
      readers.pop();
      close();
    }
    const { close } = await open({ 'last-event-id': '' }, { query, variables: { cursor: 'c1' } });
    await expect.poll(() => readers.at(-1)?.after).toBe('c1');
    close();
    for (const wrong of ['subscription { told { n } }', 'subscription { told(after: "c1") { n } }']) {
      const { seen } = await open(resume, { query: wrong });
      await expect.poll(() => seen.text).toContain('"code":"BAD_INPUT"');
      expect(seen.text).toContain('told(after: $after)');
    }
    expect(readers).toHaveLength(1);
    // A feed that cannot begin anywhere, and a query, have nothing to do with it.
    expect((await open(resume, { query: 'subscription { untold }' })).status).toBe(200);
    expect((await doors.stream({ query: '{ ping }' }, resume)).data).toEqual({ ping: 'pong' });
  });
});
