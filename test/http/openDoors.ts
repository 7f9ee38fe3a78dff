import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { createClient as createStreamClient } from 'graphql-sse';
import { type Client, createClient, type SubscribePayload } from 'graphql-ws';
import { pino } from 'pino';
import { WebSocket } from 'ws';
import { PUBLIC, type Viewer } from '../../src/access/viewer.ts';
import { DomainError } from '../../src/errors.ts';
import { buildServer, type Served, type ServerSettings } from '../../src/http/server.ts';
import { smallSchema } from './smallSchema.ts';

export function settings(wanted: Partial<ServerSettings> = {}): ServerSettings {
  return {
    bodyLimitBytes: 4_194_304,
    introspection: true,
    suggestions: true,
    operationTimeoutMs: 15_000,
    costLimit: 500_000,
    rateLimit: 1e12,
    socketsPerCaller: 20,
    ...wanted,
  };
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: an answer has the form of its query.
  readonly data?: any;
  // biome-ignore lint/suspicious/noExplicitAny: so have the extensions of errors.
  readonly errors?: any[];
}

/** The doors of a server that listens on a free port of this machine, and how clients come in by each. */
export interface OpenDoors {
  readonly server: FastifyInstance;
  readonly url: string;
  readonly logged: string[];
  http(payload: SubscribePayload, headers?: Record<string, string>): Promise<Reply>;
  /** One operation over a WebSocket of its own. */
  socket(payload: SubscribePayload, init?: Record<string, unknown>): Promise<Reply>;
  /** One operation as an event stream. */
  stream(payload: SubscribePayload, headers?: Record<string, string>): Promise<Reply>;
  socketClient(init?: Record<string, unknown>): Client;
  streamClient(headers?: Record<string, string>): ReturnType<typeof createStreamClient>;
  /** A WebSocket without a client's manners. */
  rawSocket(options?: { headers?: Record<string, string>; protocol?: string }): WebSocket;
  close(): Promise<void>;
}

export const STAFF: Viewer = {
  kind: 'person',
  subject: 'issuer|staff',
  grants: [{ role: 'officer', areas: 'everywhere' }],
};

/** Knows one token, until it is told otherwise. */
export class FakeTokens {
  good = true;
  viewer: Viewer = STAFF;

  readonly authenticate = async (authorization: string | undefined): Promise<Viewer> => {
    if (authorization === undefined) return PUBLIC;
    if (this.good && authorization === 'Bearer good') return this.viewer;
    throw new DomainError('UNAUTHENTICATED', 'authorization: this token is not good.');
  };
}

export async function openDoors(
  wanted: Partial<ServerSettings> = {},
  {
    schema = smallSchema(),
    authenticate = new FakeTokens().authenticate as Served['authenticate'],
    level = 'debug',
    ...rest
  }: Partial<Pick<Served, 'schema' | 'authenticate' | 'feedExport' | 'timing' | 'witness'>> & { level?: string } = {},
): Promise<OpenDoors> {
  const logged: string[] = [];
  const server = await buildServer({
    schema,
    log: pino({ level }, { write: (line: string) => void logged.push(line) }),
    settings: settings(wanted),
    authenticate,
    ...rest,
    status: () => ({ ready: true, edition: 1, followedAt: null, firstQuery: () => undefined }),
  });
  await server.listen({ port: 0, host: '127.0.0.1' });
  const url = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}/graphql`;
  return { server, logged, ...clientsOf(url), close: async () => void (await server.close()) };
}

function clientsOf(url: string): Omit<OpenDoors, 'server' | 'logged' | 'close'> {
  const post = (path: string, payload: SubscribePayload, headers: Record<string, string>) =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(payload),
    });
  const socketClient = (init?: Record<string, unknown>) =>
    createClient({
      url: url.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      connectionParams: init,
      retryAttempts: 0,
    });
  return {
    url,
    socketClient,
    streamClient: (headers = {}) =>
      createStreamClient({ url: `${url}/stream`, headers, retryAttempts: 0, singleConnection: false }),
    rawSocket: ({ headers, protocol = 'graphql-transport-ws' } = {}) =>
      new WebSocket(url.replace('http', 'ws'), protocol, { headers }),
    async http(payload, headers = {}) {
      const response = await post('', payload, headers);
      return { status: response.status, headers: response.headers, ...(await response.json()) };
    },
    async stream(payload, headers = {}) {
      const response = await post('/stream', payload, { accept: 'text/event-stream', ...headers });
      const text = await response.text();
      const body = response.ok ? (/^event: next\ndata: (.*)$/m.exec(text)?.[1] ?? '{}') : text;
      return { status: response.status, headers: response.headers, ...JSON.parse(body) };
    },
    async socket(payload, init) {
      const client = socketClient(init);
      try {
        return await firstResult(client, payload);
      } finally {
        await client.dispose();
      }
    },
  };
}

/** The first result of an operation, or the errors it was refused with. */
export function firstResult(client: Client, payload: SubscribePayload): Promise<Reply> {
  const none = { status: 0, headers: new Headers() };
  return new Promise((resolve, reject) => {
    client.subscribe(payload, {
      next: (result) => resolve({ ...none, ...(result as object) }),
      error: (errors) => (Array.isArray(errors) ? resolve({ ...none, errors }) : reject(errors)),
      complete: () => resolve(none),
    });
  });
}
