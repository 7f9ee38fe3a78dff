import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { buildServer } from '../../../src/http/server.ts';
import { FeedWorld } from './feedWorld.ts';

let world: FeedWorld;
let server: FastifyInstance;
let line: Awaited<ReturnType<typeof breakableLine>>;
const folder = mkdtempSync(join(tmpdir(), 'follow-'));
const [cursorFile, eventsFile] = [join(folder, 'cursor.json'), join(folder, 'events.ndjson')];
const running = new Set<ChildProcess>();

beforeAll(async () => {
  world = await FeedWorld.open();
  const { app } = world.matters.api;
  server = await buildServer({
    schema: app.schema,
    log: pino({ level: 'silent' }),
    settings: app.config,
    // Open connections are ended by the clock of the machine, which is not that of the test.
    authenticate: async (token) => ({ ...(await app.authenticate(token)), expiresAt: undefined }),
    status: () => ({ ready: true, edition: 1, followedAt: null, firstQuery: () => undefined }),
    timing: { heartbeatMs: 50 },
  });
  await server.listen({ port: 0, host: '127.0.0.1' });
  line = await breakableLine((server.server.address() as AddressInfo).port);
});
afterAll(async () => {
  for (const client of running) client.kill('SIGKILL');
  line?.close();
  await server?.close();
  await world?.matters.api.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A way to a port of this machine that can be cut. */
async function breakableLine(port: number) {
  const sockets = new Set<Socket>();
  const proxy = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ]) {
      sockets.add(from);
      from.pipe(to);
      from
        .on('error', () => {})
        .once('close', () => {
          sockets.delete(from);
          to.destroy();
        });
    }
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return {
    url: `ws://127.0.0.1:${(proxy.address() as AddressInfo).port}/graphql`,
    connections: () => sockets.size,
    cut: () => [...sockets].forEach((socket) => void socket.destroy()),
    close: () => proxy.close(),
  };
}

async function start(within: string): Promise<{ client: ChildProcess; ended: Promise<string> }> {
  const { authorization } = await world.matters.api.as('officer', within);
  const token = authorization.replace('Bearer ', '');
  const client = spawn(process.execPath, [
    'examples/follow-incidents.mjs',
    line.url,
    token,
    within,
    cursorFile,
    eventsFile,
  ]);
  running.add(client);
  let said = '';
  client.stderr!.on('data', (text) => {
    said += text;
  });
  const ended = once(client, 'exit').then(([code]) => {
    running.delete(client);
    return `${code} ${said}`;
  });
  return { client, ended };
}

async function happen(...columns: readonly number[]): Promise<void> {
  for (const column of columns) await world.report(column, 7);
  await show();
}

/** Shown to the house behind the doors as to the test's own. */
async function show(): Promise<void> {
  await world.show();
  await world.matters.api.app.feed.memory.catchUp();
}

const dealtWith = (): string[] =>
  existsSync(eventsFile)
    ? [...readFileSync(eventsFile, 'utf8').matchAll(/.+/g)].map(([text]) => JSON.parse(text).id)
    : [];
const cursor = () => JSON.parse(readFileSync(cursorFile, 'utf8')).after as string;
const soon = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 10 });

describe('the example of a client', () => {
  it('has every event once and in order though it is killed, cut off and sent some twice, and says when it was away too long', async () => {
    const first = await start('A');
    // From its first sign of life on nothing is lost.
    await soon(() => expect(existsSync(cursorFile)).toBe(true));
    const begin = cursor();
    const told = async () => (await world.replay('A', { after: begin })).map(({ id }) => id);
    await happen(2, 12, 2);
    const three = await told();
    await soon(() => expect(dealtWith()).toEqual(three));
    copyFileSync(cursorFile, `${cursorFile}.old`);
    await happen(2);
    const four = await told();
    await soon(() => expect(dealtWith()).toEqual(four));

    first.client.kill('SIGKILL');
    await first.ended;
    // As if it had been killed before it kept its last cursors.
    copyFileSync(`${cursorFile}.old`, cursorFile);
    await happen(2, 12);
    const second = await start('A');
    const more = await told();
    await soon(() => expect(dealtWith()).toEqual(more));

    line.cut();
    await happen(2);
    const all = await told();
    await soon(() => expect(dealtWith()).toEqual(all));
    expect(new Set(all).size).toBe(all.length);

    // Nothing happens in A, and its cursor moves on.
    const quiet = cursor();
    await happen(12);
    await soon(() => expect(cursor()).not.toBe(quiet));
    expect(dealtWith()).toEqual(all);

    second.client.kill('SIGKILL');
    await second.ended;
    await sql`select open_feed(true)`.execute(world.matters.db);
    const third = await start('A');
    expect(await third.ended).toMatch(/^1 CURSOR_EXPIRED .*\nRead `incidents` anew/);
  });
});
