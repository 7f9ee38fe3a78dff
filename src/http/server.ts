import { randomUUID } from 'node:crypto';
import fastifyApollo from '@as-integrations/fastify';
import cors from '@fastify/cors';
import fastify, { type FastifyError, type FastifyInstance, LogController } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import { failureBody, internalFailure } from './errorFormat.ts';
import { startGraphqlServer } from './graphqlServer.ts';
import { addPages, type Status } from './pages.ts';

/** What the doors need of the house. */
export interface Served {
  readonly schema: GraphQLSchema;
  readonly log: Logger;
  readonly bodyLimitBytes: number;
  /** Web pages that may ask from a browser; none if not given. */
  readonly corsOrigins?: '*' | readonly string[];
  /** Whether clients may read the schema. */
  readonly introspection: boolean;
  /** Asked by /readyz and by the front page. */
  status(): Status;
}

/**
 * The HTTP doors: GraphQL at /graphql, a front page, /healthz and /readyz. Not yet listening. Closing it stops
 * accepting, lets running requests finish and then resolves.
 */
export async function buildServer(served: Served): Promise<FastifyInstance> {
  const server = fastify({
    loggerInstance: served.log,
    logController: new LogController({ disableRequestLogging: true }),
    // A logger for each request costs more than the lookup; what is logged names its request itself.
    childLoggerFactory: (log) => log,
    bodyLimit: served.bodyLimitBytes,
    genReqId: () => randomUUID(),
    // Idle keep-alive connections are closed at once when the server closes, busy ones when they have answered.
    forceCloseConnections: 'idle',
    return503OnClosing: true,
  }) as unknown as FastifyInstance;
  addRequestLines(server, served.log);
  addFailures(server);
  addPages(server, () => served.status());
  if (served.corsOrigins) {
    const origin = served.corsOrigins === '*' ? '*' : [...served.corsOrigins];
    await server.register(cors, { origin, methods: ['GET', 'POST'], maxAge: 86_400 });
  }
  const apollo = await startGraphqlServer(served);
  await server.register(fastifyApollo(apollo), {
    method: ['GET', 'POST'],
    context: async (request) => ({ requestId: request.id, log: served.log }),
  });
  server.addHook('onClose', () => apollo.stop());
  return server;
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
      const limit = server.initialConfig.bodyLimit;
      const message = `The request is larger than ${limit} bytes; ask about fewer places at a time.`;
      return reply.code(413).send(failureBody('TOO_LARGE', message, { limit }));
    }
    if (status < 500) return reply.code(status).send(failureBody('BAD_INPUT', error.message));
    request.log.error({ err: error, requestId: request.id }, 'A request failed');
    return reply.code(status).send(internalFailure(request.id));
  });
}
