import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { DomainError } from '../errors.ts';

/** The part of a logger that a failed request needs. */
export interface ErrorLog {
  error(details: object, message: string): void;
}

interface FailedRequest {
  readonly requestId: string;
  readonly log: ErrorLog;
}

const INTERNAL_MESSAGE = 'The server failed. Quote the request id: it finds the fault in the log.';

/**
 * What a client sees of an error that execution met: a domain error whole; Apollo's own codes as they are; of anything
 * else only that it happened and the request id, while the log gets the rest.
 */
export function presentError(error: GraphQLError, request: FailedRequest): GraphQLError {
  const domain = domainErrorIn(error);
  if (domain) return restate(error, domain.message, publicExtensions(domain));
  // Without a path it is about the request itself, its variables or its operation name, and Apollo has a code for it.
  if (error.extensions?.code !== undefined || error.path === undefined) return error;
  request.log.error(
    { err: error.originalError ?? error, path: error.path, requestId: request.requestId },
    'A resolver failed',
  );
  return restate(error, INTERNAL_MESSAGE, { code: 'INTERNAL', requestId: request.requestId });
}

/** Apollo's formatError: the last word on errors that never reached execution, such as a document refused. */
export function errorFormatter(log: ErrorLog) {
  return (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const domain = domainErrorIn(error);
    if (domain) return { ...formatted, message: domain.message, extensions: publicExtensions(domain) };
    if (formatted.extensions?.code !== 'INTERNAL_SERVER_ERROR') return formatted;
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

/** graphql-js and Apollo wrap errors, sometimes twice. */
function domainErrorIn(error: unknown): DomainError | undefined {
  let inner = error;
  while (inner instanceof GraphQLError) inner = inner.originalError;
  return inner instanceof DomainError ? inner : undefined;
}

function publicExtensions(error: DomainError): Record<string, unknown> {
  return { ...error.details, code: error.code };
}

function restate(error: GraphQLError, message: string, extensions: Record<string, unknown>): GraphQLError {
  const restated = new GraphQLError(message, { path: error.path, extensions });
  // Compiled queries know places as lines and columns only, which the constructor does not take.
  return Object.assign(restated, { locations: error.locations });
}
