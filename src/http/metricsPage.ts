import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { failureBody } from './errorFormat.ts';
import type { Figures } from './witness.ts';

const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;

/**
 * Figures for Prometheus at /metrics: for whoever has the token, or without one for this machine itself. A request that a
 * proxy passed on is not of this machine, whatever address it comes from. Others learn no more than of any wrong path.
 */
export function addMetricsPage(server: FastifyInstance, figures: Figures, token: string | undefined): void {
  server.get('/metrics', async (request, reply) => {
    if (!mayRead(request, token)) {
      return reply.code(404).send(failureBody('NOT_FOUND', 'Nothing is at this path; GraphQL is at POST /graphql.'));
    }
    const { text, type } = await figures.read();
    return reply.header('content-type', type).send(text);
  });
}

function mayRead({ headers, socket }: FastifyRequest, token: string | undefined): boolean {
  if (token !== undefined) return sameText(headers.authorization ?? '', `Bearer ${token}`);
  const passedOn = headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined;
  return !passedOn && LOOPBACK.test(socket.remoteAddress ?? '');
}

/** In a time that does not tell how much was right. */
function sameText(given: string, wanted: string): boolean {
  const [a, b] = [given, wanted].map((text) => createHash('sha256').update(text).digest());
  return timingSafeEqual(a, b);
}
