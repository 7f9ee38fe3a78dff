import { Agent, request } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildCity } from '../../seeds/city.ts';
import { loadCity } from '../../seeds/load.ts';
import { ERROR_CODES } from '../../src/errors.ts';
import { type Api, openApi } from '../support/api.ts';
import { emptyTables, openTestDatabase } from '../support/database.ts';
import { Dice, DocumentMaker } from './fuzzedDocument.ts';
import { type OpenDoors, openDoors } from './openDoors.ts';

/** Documents for each door; 20,000 for a release. */
const MANY = Number(process.env.FUZZ ?? 1000);
const AT_ONCE = 16;
const CODES = new Set([
  ...Object.keys(ERROR_CODES).filter((code) => code !== 'INTERNAL'),
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_REQUEST',
  'PERSISTED_QUERY_NOT_SUPPORTED',
]);
/** A stack, a path of ours, or what PostgreSQL says. */
const TELLTALE =
  /\bat (file:|\/(?!graphql)|async |\S+ \()|\.[tj]s:\d|node_modules|\/work\/|relation "|syntax error at|pg_|select .* from |duplicate key/i;

let api: Api;
let doors: OpenDoors;
const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });

beforeAll(async () => {
  await emptyTables((await openTestDatabase()).db);
  api = await openApi();
  await loadCity({ editions: api.app.editions, ...api.app.writers }, buildCity('town'), () => {});
  doors = await openDoors({ socketsPerCaller: 1000, corsOrigins: '*' }, { schema: api.app.schema, level: 'error' });
});
afterAll(async () => {
  agent.destroy();
  await doors?.close();
  await api?.close();
});

interface Fault {
  readonly seed: number;
  readonly sent: string;
  readonly got: string;
}
const faults: Fault[] = [];

/** Notes what no client may ever see. */
function judge(seed: number, sent: string, got: string, status = 200): void {
  const bad = (why: string) => faults.push({ seed, sent: sent.slice(0, 300), got: `${why}: ${got.slice(0, 300)}` });
  if (status >= 500) bad(`status ${status}`);
  if (TELLTALE.test(got)) bad('telltale');
  const text = got.startsWith(':') ? (/^data: (\{.*)$/m.exec(got)?.[1] ?? '{}') : got;
  if (!text.startsWith('{'))
    return void (
      text === '' ||
      status === 400 ||
      status === 404 ||
      status === 405 ||
      text.startsWith('Wangge') ||
      bad('no JSON')
    );
  const body = JSON.parse(text);
  for (const error of body.errors ?? []) {
    if (typeof error.message !== 'string' || !CODES.has(error.extensions?.code)) bad('a code nobody knows');
  }
}

function heapAfterRubbish(): number {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  for (let i = 0; i < 3; i++) gc();
  return process.memoryUsage().heapUsed / 1e6;
}

/** The heap without the documents that the guard keeps: four large ones drive out all others. */
async function settledHeap(): Promise<number> {
  for (let i = 0; i < 5; i++) {
    const { errors } = await doors.http({ query: `{ layers { code } } #${i}${'x'.repeat(240_000)}` });
    expect(errors).toBeUndefined();
  }
  return heapAfterRubbish();
}

/** Sends that many documents, some at a time, and looks at the heap half-way and at the end. */
async function storm(send: (seed: number) => Promise<void>): Promise<number> {
  const run = async (from: number, to: number) => {
    let next = from;
    const worker = async () => {
      while (next < to) await send(next++);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  };
  await run(0, MANY >> 1);
  const middle = await settledHeap();
  await run(MANY >> 1, MANY);
  const end = await settledHeap();
  process.stdout.write(`heap ${middle.toFixed(1)} → ${end.toFixed(1)} MB\n`);
  return end - middle;
}

async function expectSound(growthMb: number): Promise<void> {
  expect(faults.splice(0).slice(0, 5)).toEqual([]);
  expect(growthMb).toBeLessThan(8);
  const query = '{ layers { code } }';
  for (const ask of [doors.http, doors.socket, doors.stream]) expect((await ask({ query })).data.layers.length).toBe(5);
  expect(doors.logged).toEqual([]);
}

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}

/** What comes back; a stream that stays open is left after its first event. */
function exchange({ method = 'POST', path = '', headers = {}, body }: Sent): Promise<{ status: number; text: string }> {
  return new Promise((resolve) => {
    const asked = request(`${doors.url}${path}`, { method, headers, agent }, (response) => {
      let text = '';
      const done = () => resolve({ status: response.statusCode ?? 0, text });
      response.setEncoding('utf8');
      response.on('data', (chunk) => {
        text += chunk;
        if (text.includes('editionFeed') && !text.includes('event: complete')) asked.destroy();
      });
      response.once('end', done).once('close', done);
      const patience = setTimeout(() => asked.destroy(), 3000);
      response.once('close', () => clearTimeout(patience));
    });
    asked.once('error', (error) => resolve({ status: error.message === 'socket hang up' ? 0 : 599, text: '' }));
    asked.end(body);
  });
}

const BAD_BODIES = ['', '{', '[]', '[{"query":"{layers{code}}"}]', 'null', '"x"', '0', '{"query":7}', '{"query":null}', '{"__proto__":{"a":1},"query":"{ping}"}', '{"query":"{layers{code}}","variables":"x"}', '{"query":"{layers{code}}","variables":[1]}', '{"query":"{layers{code}}","operationName":{}}', '{"query":"{layers{code}}","extensions":{"persistedQuery":{"version":1,"sha256Hash":"x"}}}', `{"query":"{layers{code}}","variables":${'['.repeat(5000)}${']'.repeat(5000)}}`, Buffer.from([0xff, 0xfe, 0x00, 0x7b])]; // biome-ignore format: a list
const TYPES = [
  'application/json',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'application/graphql',
  'application/json; charset=utf-16',
  'x',
  'application/json;',
];
const ACCEPTS = [
  '*/*',
  'text/html',
  'application/graphql-response+json',
  'multipart/mixed',
  'image/png',
  'text/event-stream',
  ',;q=x',
];
const VARIABLES = [
  {},
  { at: 1 },
  { at: [null] },
  { at: { point: { lon: 1e300, lat: 'x' } } },
  { first: -1 },
  { first: 1e99 },
  { x: '𠮷\u0000' },
  null,
];

function payloadOf(dice: Dice) {
  const query = new DocumentMaker(api.app.schema, dice).make();
  return {
    query,
    ...(dice.chance(20) ? { variables: dice.pick(VARIABLES) } : {}),
    ...(dice.chance(10) ? { operationName: dice.pick(['Q1', '', 'x'.repeat(999)]) } : {}),
  };
}

function headersOf(dice: Dice): Record<string, string> {
  const headers: Record<string, string> = { 'content-type': dice.chance(90) ? 'application/json' : dice.pick(TYPES) };
  if (dice.chance(40))
    headers.authorization = dice.chance(70)
      ? 'Bearer good'
      : dice.pick(['Bearer bad', 'Basic eDp5', '', 'x'.repeat(4000)]);
  if (dice.chance(10)) headers.accept = dice.pick(ACCEPTS);
  if (dice.chance(10)) headers['x-purpose'] = dice.pick(['%', '%00', 'why', 'x'.repeat(500)]);
  if (dice.chance(5)) headers.origin = 'https://elsewhere.example.org';
  return headers;
}

describe(`${MANY} documents of a bad mood`, () => {
  it('over HTTP', async () => {
    const growth = await storm(async (seed) => {
      const dice = new Dice(seed);
      const headers = headersOf(dice);
      let sent: Sent = { headers, body: JSON.stringify(payloadOf(dice)) };
      if (dice.chance(10)) sent = { headers, body: dice.pick(BAD_BODIES) };
      if (dice.chance(8)) {
        const path = `?query=${encodeURIComponent(payloadOf(dice).query)}&variables=${dice.pick(['{}', '%7B', '[]', ''])}&query=${dice.pick(['', '{a}'])}`;
        sent = {
          method: dice.pick(['GET', 'PUT', 'DELETE', 'HEAD', 'PATCH', 'OPTIONS']),
          path: path.slice(0, 12_000),
          headers,
        };
      }
      const { status, text } = await exchange(sent);
      judge(seed, `${sent.method} ${sent.path} ${JSON.stringify(headers)} ${sent.body}`, text, status);
    });
    await expectSound(growth);
  });

  it('over SSE', async () => {
    const growth = await storm(async (seed) => {
      const dice = new Dice(seed + 1e6);
      const headers = { accept: 'text/event-stream', ...headersOf(dice) };
      const body = dice.chance(10) ? dice.pick(BAD_BODIES) : JSON.stringify(payloadOf(dice));
      const { status, text } = await exchange({ path: '/stream', headers, body });
      judge(seed + 1e6, `${JSON.stringify(headers)} ${body}`, text, status);
    });
    await expectSound(growth);
  });

  it('over WebSocket', async () => {
    const each = 10;
    const growth = await storm(async (seed) => {
      if (seed % each === 0) await session(seed + 2e6, each);
    });
    await expectSound(growth);
  });
});

const GARBAGE = ['', '{', 'null', '[]', '{"type":"x"}', '{"type":"subscribe"}', '{"type":"subscribe","id":"","payload":{}}', '{"type":"subscribe","id":"z","payload":{"query":7}}', '{"type":"connection_init"}', '{"type":"ping","payload":7}', '{"type":"next","id":"0","payload":{}}', '{"type":"complete","id":"nobody"}', '\u0000', 'x'.repeat(65_537), `${'['.repeat(20_000)}`]; // biome-ignore format: a list

/** One connection with some operations at once, and at its end perhaps something that is no message at all. */
async function session(seed: number, operations: number): Promise<void> {
  const dice = new Dice(seed);
  const socket = doors.rawSocket();
  const sent = new Map<string, string>();
  const ended = new Promise<number>((resolve) => socket.once('close', resolve));
  const answered = new Promise<void>((resolve) => {
    socket.on('message', (data) => {
      const { type, id, payload } = JSON.parse(String(data));
      if (type === 'connection_ack' || type === 'pong') return;
      judge(
        seed,
        sent.get(id) ?? '',
        type === 'error' ? JSON.stringify({ errors: payload }) : JSON.stringify(payload ?? {}),
      );
      if (type === 'next' && JSON.stringify(payload).includes('editionFeed'))
        socket.send(JSON.stringify({ type: 'complete', id }));
      sent.delete(id);
      if (sent.size === 0) resolve();
    });
  });
  await new Promise((resolve) => socket.once('open', resolve));
  const signedIn = dice.chance(40) ? { payload: { authorization: 'Bearer good' } } : {};
  socket.send(JSON.stringify({ type: 'connection_init', ...signedIn }));
  await new Promise((resolve) => socket.once('message', resolve));
  for (let i = 0; i < operations; i++) sent.set(String(i), JSON.stringify(payloadOf(dice)));
  for (const [id, payload] of sent)
    if (payload.length < 65_000) socket.send(`{"id":"${id}","type":"subscribe","payload":${payload}}`);
  const patience = new Promise((resolve) => setTimeout(resolve, 1500));
  await Promise.race([answered, ended, patience]);
  if (dice.chance(50)) socket.send(dice.chance(20) ? Buffer.from([1, 2, 255]) : dice.pick(GARBAGE));
  else socket.close();
  const code = await Promise.race([ended, new Promise<number>((resolve) => setTimeout(resolve, 100, 0))]);
  socket.terminate();
  if (code === 4500 || code === 1011) faults.push({ seed, sent: 'garbage', got: `closed with ${code}` });
}
