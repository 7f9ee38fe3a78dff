import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import type { Logger } from 'pino';
import { internalFailure, refusalOf } from '../errorFormat.ts';
import type { Guard, Question } from '../guard/guard.ts';
import type { Refusal } from '../refusal.ts';
import { type Entrance, purposeInHeader } from './entrance.ts';
import type { HttpContext } from './graphqlServer.ts';

export interface HttpDoorParts {
  readonly apollo: ApolloServer<HttpContext>;
  readonly guard: Guard;
  readonly entrance: Entrance;
  readonly log: Logger;
}

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

/**
 * GraphQL over POST and GET. Apollo first refuses simple requests of foreign pages (CSRF); then the guard judges, so that
 * nothing is parsed for a caller who may not ask.
 */
export function httpDoor({ apollo, guard, entrance, log }: HttpDoorParts): Handler {
  const refusals = new WeakMap<FastifyRequest, Refusal>();
  const admit = async (request: FastifyRequest): Promise<HttpContext> => {
    const purpose = purposeInHeader(request.headers['x-purpose']);
    const asker = await entrance.enter(request.headers.authorization, request.ip);
    const source = questionOf(request);
    const question = source && (await guard.admit(source, asker));
    return { viewer: asker.viewer, requestId: request.id, purpose, log, question };
  };
  const answer = fastifyApolloHandler(apollo, {
    context: async (request) => {
      try {
        return await admit(request);
      } catch (error) {
        refusals.set(request, refusalOf(error, { requestId: request.id, log }));
        // Apollo answers with one error, a refusal may have several: the answer is written below.
        throw new GraphQLError('Refused', { extensions: { code: 'REFUSED' } });
      }
    },
  }) as unknown as Handler;
  return async (request, reply) => {
    const body = await answer(request, reply);
    const refusal = refusals.get(request);
    if (refusal) {
      reply.code(refusal.status).headers(refusal.headers);
      return JSON.stringify({ errors: refusal.errors });
    }
    if (reply.statusCode !== 500) return body;
    // What failed between Apollo and the executor; an answer of the executor has the id already.
    return String(body).includes(request.id) ? body : JSON.stringify(internalFailure(request.id));
  };
}

/** Reads the request as Apollo will; undefined for what Apollo refuses. */
function questionOf(request: FastifyRequest): Question | undefined {
  if (request.method === 'GET') {
    const parameters = new URL(request.url, 'http://localhost').searchParams;
    const [source, ...others] = parameters.getAll('query');
    if (!source || others.length > 0) return undefined;
    const operationName = parameters.get('operationName') ?? undefined;
    return { source, operationName, variables: parsed(parameters.get('variables')) };
  }
  const { body } = request;
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
  const { query, operationName, variables } = body as Record<string, unknown>;
  if (typeof query !== 'string' || query === '') return undefined;
  return typeof variables === 'string' ? undefined : { source: query, operationName, variables };
}

function parsed(json: string | null): unknown {
  try {
    return json === null ? undefined : JSON.parse(json);
  } catch {
    return undefined;
  }
}
