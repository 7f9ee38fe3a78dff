import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { ErrorLog } from '../access/requestContext.ts';
import type { DomainError } from '../errors.ts';
import { domainErrorIn, Refusal, refuse } from './refusal.ts';

interface FailedRequest {
  readonly requestId: string;
  readonly log: ErrorLog;
}

const INTERNAL_MESSAGE = 'The server failed. Quote the request id: it finds the fault in the log.';

/**
 * What a client sees of an error that execution met: a domain error whole; a code of Apollo's as it is; of anything
 * else only that it happened and the request id, while the log gets the rest.
 */
export function presentError(error: GraphQLError, request: FailedRequest): GraphQLError {
  const domain = domainErrorIn(error);
  if (domain) return restate(error, domain.message, publicExtensions(domain));
  if (error.extensions?.code !== undefined) return error;
  // Of a place in the document but of no field: a variable is not of its type. What else failed has no place.
  if (error.path === undefined && error.locations) return restate(error, error.message, { code: 'BAD_USER_INPUT' });
  const { requestId, log } = request;
  log.error({ err: error.originalError ?? error, path: error.path, requestId }, 'A resolver failed');
  return restate(error, INTERNAL_MESSAGE, { code: 'INTERNAL', requestId });
}

/** Why a request goes no further, whatever was thrown on the way to its execution. */
export function refusalOf(error: unknown, { requestId, log }: FailedRequest): Refusal {
  if (error instanceof Refusal) return error;
  const domain = domainErrorIn(error);
  if (domain) return refuse(domain);
  log.error({ err: error, requestId }, 'A request failed before it was executed');
  return new Refusal([new GraphQLError(INTERNAL_MESSAGE, { extensions: { code: 'INTERNAL', requestId } })]);
}

/** Apollo's formatError: the last word on errors that never reached execution, such as a body that is no question. */
export function errorFormatter(log: ErrorLog) {
  return (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const domain = domainErrorIn(error);
    if (domain) return { ...formatted, message: domain.message, extensions: publicExtensions(domain) };
    if (formatted.extensions?.code !== 'INTERNAL_SERVER_ERROR') return formatted;
    // The door knows the request id, and answers with it instead.
    log.error({ err: error }, 'A GraphQL request failed outside its resolvers');
    return { message: INTERNAL_MESSAGE, extensions: { code: 'INTERNAL' } };
  };
}

/** The body for what fails before GraphQL: a wrong path, an oversized or unreadable request. */
export function failureBody(code: string, message: string, details: object = {}): { errors: GraphQLFormattedError[] } {
  return { errors: [{ message, extensions: { code, ...details } }] };
}

export function internalFailure(requestId: string): { errors: GraphQLFormattedError[] } {
  return failureBody('INTERNAL', INTERNAL_MESSAGE, { requestId });
}

function publicExtensions(error: DomainError): Record<string, unknown> {
  return { ...error.details, code: error.code };
}

function restate(error: GraphQLError, message: string, extensions: Record<string, unknown>): GraphQLError {
  const restated = new GraphQLError(message, { path: error.path, extensions });
  // Compiled queries know places as lines and columns only, which the constructor does not take.
  return Object.assign(restated, { locations: error.locations });
}
