import { randomUUID } from 'node:crypto';
import cors from '@fastify/cors';
import fastify, { type FastifyError, type FastifyInstance, LogController } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import { routeUpgrades, unusedConnections } from './connections.ts';
import { type Authenticate, Entrance } from './doors/entrance.ts';
import { startGraphqlServer } from './doors/graphqlServer.ts';
import { httpDoor } from './doors/httpDoor.ts';
import { SignInWatch } from './doors/signInWatch.ts';
import { FRAME_LIMIT_BYTES, isUpgrade, SocketDoor } from './doors/socketDoor.ts';
import { StreamDoor } from './doors/streamDoor.ts';
import { failureBody, internalFailure } from './errorFormat.ts';
import { Executor } from './execution/executor.ts';
import { ExportDoor, type FeedExport } from './exports/exportDoor.ts';
import { TIMING, type Timing } from './flow/timing.ts';
import { Guard } from './guard/guard.ts';
import { Seats } from './guard/seats.ts';
import { addMetricsPage } from './metricsPage.ts';
import { addPages, type Status } from './pages.ts';
import { safeHeaders } from './safeHeaders.ts';
import type { Witness } from './witness.ts';

/** The settings of the doors, by the names that the configuration has for them. */
export interface ServerSettings {
  readonly bodyLimitBytes: number;
  /** Web pages that may ask from a browser; none if not given. */
  readonly corsOrigins?: '*' | readonly string[];
  /** Whether clients may read the schema. */
  readonly introspection: boolean;
  /** Whether a refused document is answered with "Did you mean …?". */
  readonly suggestions: boolean;
  readonly operationTimeoutMs: number;
  readonly costLimit: number;
  readonly rateLimit: number;
  readonly socketsPerCaller: number;
  /** Addresses of proxies whose X-Forwarded-For is believed, separated by commas. */
  readonly trustProxy?: string;
  /** What /metrics demands; without it only this machine may read them. */
  readonly metricsToken?: string;
}

/** What the doors need of the house. */
export interface Served {
  readonly schema: GraphQLSchema;
  readonly log: Logger;
  readonly settings: ServerSettings;
  /** Who a header `authorization` is. */
  readonly authenticate: Authenticate;
  /** Asked by /readyz and by the front page. */
  status(): Status;
  /** Who is told what happens at the doors; nobody if not given. */
  readonly witness?: Witness;
  /** Events for those who load many at once, at /feeds/incident-events.ndjson; nothing is there if not given. */
  readonly feedExport?: FeedExport;
  /** How long what stays open waits, where it is not as usual. */
  readonly timing?: Partial<Timing>;
}

/**
 * The doors: GraphQL at /graphql over HTTP and WebSocket, and at /graphql/stream as server-sent events; the export of a
 * feed; a front page, /healthz and /readyz. Not yet listening. Closing it stops accepting, lets running requests finish, ends sockets and
 * streams, and then resolves. Throws where the schema has a list without a declared size.
 */
export async function buildServer(served: Served): Promise<FastifyInstance> {
  const { log, settings } = served;
  const server = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    // A logger for each request costs more than the lookup; what is logged names its request itself.
    childLoggerFactory: (logger) => logger,
    bodyLimit: settings.bodyLimitBytes,
    genReqId: () => randomUUID(),
    trustProxy: settings.trustProxy,
    // Idle keep-alive connections are closed at once when the server closes, busy ones when they have answered.
    forceCloseConnections: 'idle',
    return503OnClosing: true,
  }) as unknown as FastifyInstance;
  addRequestLines(server, log);
  addFailures(server);
  addPages(server, () => served.status());
  if (served.witness) addMetricsPage(server, served.witness.figures, settings.metricsToken);
  await addHeaders(server, settings);
  await addDoors(server, served);
  return server;
}

async function addHeaders(server: FastifyInstance, { corsOrigins }: ServerSettings): Promise<void> {
  const safe = await safeHeaders();
  server.addHook('onRequest', (_request, reply, done) => {
    reply.headers(safe);
    done();
  });
  if (!corsOrigins) return;
  const origin = corsOrigins === '*' ? '*' : [...corsOrigins];
  await server.register(cors, { origin, methods: ['GET', 'POST'], maxAge: 86_400 });
}

async function addDoors(server: FastifyInstance, served: Served): Promise<void> {
  const { schema, log, settings, authenticate, witness } = served;
  const guard = new Guard(schema, { ...settings, onRefused: witness?.refused });
  const doors = {
    schema,
    log,
    guard,
    entrance: new Entrance(authenticate, guard.rates),
    executor: new Executor(schema, { ...settings, onAnswered: witness?.answered }),
    watch: new SignInWatch(authenticate),
    seats: new Seats(settings.socketsPerCaller, 'sockets and streams'),
    timing: { ...TIMING, ...served.timing },
  };
  witness?.watch({ sockets: () => doors.seats.taken, status: () => served.status() });
  const apollo = await startGraphqlServer(doors);
  const http = httpDoor({ apollo, ...doors });
  const sockets = new SocketDoor(doors, settings.corsOrigins);
  const streams = new StreamDoor(doors);
  server.post('/graphql', http);
  server.get('/graphql', (request, reply) =>
    isUpgrade(request) ? sockets.accept(request, reply) : http(request, reply),
  );
  // Whoever wants a stream asks briefly; the limit is that of the other door that stays open.
  const bodyLimit = Math.min(FRAME_LIMIT_BYTES, settings.bodyLimitBytes);
  server.post('/graphql/stream', { bodyLimit }, (request, reply) => streams.answer(request, reply));
  const exports = served.feedExport && new ExportDoor(doors, served.feedExport, settings.operationTimeoutMs);
  if (exports)
    server.get('/feeds/incident-events.ndjson', { exposeHeadRoute: false }, (request, reply) =>
      exports.answer(request, reply),
    );
  routeUpgrades(server);
  const unused = unusedConnections(server);
  server.addHook('preClose', async () => {
    for (const socket of unused) socket.destroy();
    streams.drain();
    exports?.drain();
    await sockets.drain();
  });
  server.addHook('onClose', () => apollo.stop());
}

/** One line a request, at level debug: method, path without its query, status, time. Nothing that was asked or answered. */
function addRequestLines(server: FastifyInstance, log: Logger): void {
  server.addHook('onSend', (request, reply, payload, done) => {
    reply.header('x-request-id', request.id);
    // Encoded here in one go: Node would encode a long text with Chinese names more slowly while it writes.
    done(null, typeof payload === 'string' ? Buffer.from(payload) : payload);
  });
  if (!log.isLevelEnabled('debug')) return;
  server.addHook('onResponse', async (request, reply) => {
    const path = request.url.split('?', 1)[0];
    const milliseconds = Math.round(reply.elapsedTime * 10) / 10;
    log.debug(
      { requestId: request.id, method: request.method, path, status: reply.statusCode, milliseconds },
      'Answered',
    );
  });
}

/** Clients of GraphQL read `errors`, so what fails before GraphQL speaks the same form. */
function addFailures(server: FastifyInstance): void {
  server.setNotFoundHandler((_request, reply) =>
    reply.code(404).send(failureBody('NOT_FOUND', 'Nothing is at this path; GraphQL is at POST /graphql.')),
  );
  server.setErrorHandler((error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status === 413) {
      const limit = request.routeOptions.bodyLimit ?? server.initialConfig.bodyLimit;
      const message = `The request is larger than ${limit} bytes; ask about fewer places at a time.`;
      return reply.code(413).send(failureBody('TOO_LARGE', message, { limit }));
    }
    if (status < 500) return reply.code(status).send(failureBody('BAD_INPUT', error.message));
    request.log.error({ err: error, requestId: request.id }, 'A request failed');
    return reply.code(status).send(internalFailure(request.id));
  });
}
