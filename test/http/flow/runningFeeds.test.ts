import { afterEach, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { PUBLIC } from '../../../src/access/viewer.ts';
import { DomainError, type ErrorCode } from '../../../src/errors.ts';
import { feedSchema } from '../feedSchema.ts';
import { FakeTokens, type OpenDoors, openDoors, STAFF } from '../openDoors.ts';

let doors: OpenDoors;
afterEach(() => doors.close());

const GOOD = { authorization: 'Bearer good' };
const TOLD = { query: 'subscription { told { n } }' };
const LARGE = 'x'.repeat(4_000_000);
const closeOf = (socket: WebSocket) =>
  new Promise<{ code: number; reason: string; at: number }>((resolve) =>
    socket.once('close', (code, reason) => resolve({ code, reason: String(reason), at: performance.now() })),
  );

/** A WebSocket that runs one operation, and what it was sent. */
async function subscribed(payload: object = TOLD) {
  const socket = doors.rawSocket();
  const frames: { type: string; id?: string; payload?: unknown }[] = [];
  socket.on('message', (data) => frames.push(JSON.parse(String(data))));
  await new Promise((resolve) => socket.once('open', resolve));
  socket.send(JSON.stringify({ type: 'connection_init', payload: GOOD }));
  await expect.poll(() => frames.length, { interval: 2 }).toBe(1);
  socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload }));
  return { socket, frames };
}

async function streamed(payload: object = TOLD) {
  const abort = new AbortController();
  const response = await fetch(`${doors.url}/stream`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...GOOD },
    body: JSON.stringify(payload),
    signal: abort.signal,
  });
  return { response, close: () => abort.abort() };
}

describe('a reader who takes nothing', () => {
  it('is cut off a WebSocket with 4413, has one event at a time on its way, and others go on', async () => {
    const { schema, readers } = feedSchema();
    doors = await openDoors({}, { schema, timing: { stallMs: 200, leastBytesASecond: 1e9, keepAliveMs: 60_000 } });
    const slow = await subscribed({ query: 'subscription { told { text } }' });
    await expect.poll(() => readers.length).toBe(1);
    slow.socket.pause();
    const other = await subscribed();
    await expect.poll(() => readers.length).toBe(2);
    for (let n = 1; n <= 20; n++) readers[0].give({ n, cursor: `c${n}`, text: LARGE });
    await expect.poll(() => readers[0].left, { interval: 2 }).toBeLessThan(20);
    for (let n = 1; n <= 20; n++) readers[1].give({ n, cursor: `c${n}` });
    await expect.poll(() => other.frames.length, { interval: 2 }).toBe(21);
    // The kernel takes some megabytes; the rest was never asked for.
    expect(readers[0].left).toBeGreaterThan(10);
    await expect.poll(() => readers[0].closed, { timeout: 5000 }).toBe(true);
    expect(other.socket.readyState).toBe(other.socket.OPEN);
    // Nothing is left of it but what the kernel holds, and the farewell did not fit in.
    slow.socket.resume();
    expect([1006, 4413]).toContain((await closeOf(slow.socket)).code);
    other.socket.terminate();
  });

  it('hears why where the line still takes the farewell', async () => {
    const { schema, readers } = feedSchema();
    doors = await openDoors({}, { schema, timing: { keepAliveMs: 100 } });
    const { socket } = await subscribed();
    await expect.poll(() => readers.length).toBe(1);
    const closed = closeOf(socket);
    socket.pause();
    await expect.poll(() => readers[0].closed, { timeout: 5000 }).toBe(true);
    socket.resume();
    expect(await closed).toMatchObject({ code: 4413, reason: 'Too slow: subscribe again after your last cursor' });
  });

  it('is cut off an event stream', async () => {
    const { schema, readers } = feedSchema();
    doors = await openDoors({}, { schema, timing: { stallMs: 200, leastBytesASecond: 1e9 } });
    const { response } = await streamed({ query: 'subscription { told { text } }' });
    await expect.poll(() => readers.length).toBe(1);
    for (let n = 1; n <= 20; n++) readers[0].give({ n, cursor: `c${n}`, text: LARGE });
    await expect.poll(() => readers[0].closed, { timeout: 5000 }).toBe(true);
    expect(readers[0].left).toBeGreaterThan(10);
    await expect(response.text()).rejects.toThrow();
  });

  it('is waited for as long as it takes what it is sent', async () => {
    const { schema, readers } = feedSchema();
    doors = await openDoors({}, { schema, timing: { stallMs: 150, leastBytesASecond: 1e9, keepAliveMs: 60_000 } });
    const { socket, frames } = await subscribed({ query: 'subscription { told { n text } }' });
    await expect.poll(() => readers.length).toBe(1);
    for (let n = 1; n <= 6; n++) {
      readers[0].give({ n, cursor: `c${n}`, text: LARGE });
      socket.pause();
      await new Promise((resolve) => setTimeout(resolve, 60));
      socket.resume();
      await expect.poll(() => frames.length, { interval: 2 }).toBe(n + 1);
    }
    socket.terminate();
  });
});

describe('who asks', () => {
  it.each(['socket', 'stream'] as const)('is known anew to what runs over %s', async (door) => {
    const tokens = new FakeTokens();
    const { schema, readers } = feedSchema();
    doors = await openDoors({}, { schema, authenticate: tokens.authenticate });
    const client = door === 'socket' ? doors.socketClient(GOOD) : doors.streamClient(GOOD);
    const events = client.iterate({ query: 'subscription { told { who } }' });
    const first = events.next();
    await expect.poll(() => readers.length).toBe(1);
    tokens.viewer = { ...STAFF, subject: 'issuer|moved' };
    await expect.poll(() => readers[0].by.viewer.subject, { timeout: 2000 }).toBe('issuer|moved');
    readers[0].give({ n: 1, cursor: 'c1' });
    expect((await first).value).toEqual({ data: { told: { who: 'issuer|moved' } } });
    await client.dispose();
  });
});

describe('a feed that ends itself', () => {
  const fault = (code: ErrorCode) => new DomainError(code, `${code}: so it is.`, { field: 'after' });

  it.each(['FORBIDDEN', 'CURSOR_EXPIRED'] as const)('says %s once over each door, and is completed', async (code) => {
    const { schema, readers } = feedSchema();
    doors = await openDoors({}, { schema });
    const told = [
      { data: { told: { n: 1 } } },
      { errors: [{ message: `${code}: so it is.`, extensions: { code, field: 'after' } }] },
    ];
    for (const client of [doors.socketClient(GOOD), doors.streamClient(GOOD)]) {
      const seen: unknown[] = [];
      const done = (async () => {
        for await (const event of client.iterate(TOLD)) seen.push(event);
      })();
      await expect.poll(() => readers.length).toBe(1);
      const [reader] = readers.splice(0);
      reader.give({ n: 1, cursor: 'c1' });
      reader.give(fault(code));
      reader.give({ n: 2, cursor: 'c2' });
      await done;
      expect(seen).toEqual(told);
      expect(reader.closed).toBe(true);
      await client.dispose();
    }
  });

  it('hides a fault of the server, and the log has it', async () => {
    const { schema, readers } = feedSchema();
    doors = await openDoors({}, { schema });
    const { socket, frames } = await subscribed();
    await expect.poll(() => readers.length).toBe(1);
    readers[0].give(new Error('secret of the house'));
    await expect.poll(() => frames.map(({ type }) => type)).toEqual(['connection_ack', 'next', 'complete']);
    expect(JSON.stringify(frames)).toContain('INTERNAL');
    expect(JSON.stringify(frames)).not.toContain('secret');
    expect(doors.logged.join('')).toContain('secret of the house');
    socket.terminate();
  });

  it('closes the whole socket at once for who is not known any more', async () => {
    const { schema, readers } = feedSchema();
    doors = await openDoors({}, { schema });
    const { socket, frames } = await subscribed();
    socket.send(JSON.stringify({ type: 'subscribe', id: '2', payload: TOLD }));
    await expect.poll(() => readers.length).toBe(2);
    const closed = closeOf(socket);
    const revoked = performance.now();
    readers[0].give(fault('UNAUTHENTICATED'));
    readers[0].give({ n: 1, cursor: 'c1' });
    readers[1].give({ n: 1, cursor: 'c1' });
    const { code, reason, at } = await closed;
    expect([code, reason]).toEqual([4403, 'UNAUTHENTICATED: so it is.']);
    // Without waiting for the look twice a second.
    expect(at - revoked).toBeLessThan(400);
    // The feed that had not ended yet may have been faster than the end of the other.
    expect(frames.slice(1).every(({ type, id }) => type === 'next' && id === '2')).toBe(true);
    await expect.poll(() => readers.every((reader) => reader.closed)).toBe(true);
  });

  it('ends an event stream at once', async () => {
    const { schema, readers } = feedSchema();
    doors = await openDoors({}, { schema });
    const { response } = await streamed();
    await expect.poll(() => readers.length).toBe(1);
    readers[0].give(fault('UNAUTHENTICATED'));
    readers[0].give({ n: 1, cursor: 'c1' });
    const text = await response.text();
    expect(text).toMatch(
      /event: next\ndata: {"errors":\[.*"code":"UNAUTHENTICATED".*\]}\n\nevent: complete\ndata:\n\n$/,
    );
    expect(text).not.toContain('told');
  });

  it('is closed where it opened too late', async () => {
    let open = () => {};
    const { schema, readers } = feedSchema((reader) => new Promise((resolve) => (open = () => resolve(reader))));
    doors = await openDoors({ operationTimeoutMs: 50 }, { schema });
    const { errors } = await doors.socket(TOLD, GOOD);
    expect(errors).toMatchObject([{ extensions: { code: 'TIMED_OUT', limitMs: 50 } }]);
    expect(readers[0].closed).toBe(false);
    open();
    await expect.poll(() => readers[0].closed).toBe(true);
  });
});

describe('an id that a client uses again', () => {
  it('does not hide what still runs under it', async () => {
    const tokens = new FakeTokens();
    const { schema, readers } = feedSchema();
    doors = await openDoors({}, { schema, authenticate: tokens.authenticate });
    const { socket } = await subscribed();
    await expect.poll(() => readers.length).toBe(1);
    socket.send(JSON.stringify({ type: 'complete', id: '1' }));
    socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: TOLD }));
    await expect.poll(() => readers.length).toBe(2);
    await expect.poll(() => readers[0].closed).toBe(true);
    const closed = closeOf(socket);
    tokens.viewer = { ...PUBLIC, kind: 'person', grants: [] };
    expect(await closed).toMatchObject({ code: 4403 });
  });
});
