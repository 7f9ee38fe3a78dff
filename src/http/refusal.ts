import { GraphQLError } from 'graphql';
import { DomainError, type ErrorCode } from '../errors.ts';

/** Statuses that say more than "your request is wrong", which is 400. */
const STATUSES: Readonly<Partial<Record<ErrorCode, number>>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CURSOR_EXPIRED: 410,
  RATE_LIMITED: 429,
  TIMED_OUT: 503,
  INTERNAL: 500,
};

/** A request that is refused before anything of it executes; every door says so in its own way. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly errors: readonly GraphQLError[];

  constructor(errors: readonly GraphQLError[]) {
    super(errors.map((error) => error.message).join(' '));
    this.errors = errors;
  }

  /** What HTTP says of it. */
  get status(): number {
    return STATUSES[this.errors[0].extensions.code as ErrorCode] ?? 400;
  }

  /** Headers that belong to the status: how to sign in, when to come again. */
  get headers(): Readonly<Record<string, string>> {
    const { code, retryAfterSeconds } = this.errors[0].extensions;
    if (code === 'UNAUTHENTICATED') return { 'www-authenticate': 'Bearer' };
    return typeof retryAfterSeconds === 'number' ? { 'retry-after': String(retryAfterSeconds) } : {};
  }
}

/** The error as clients see it. */
function shownError({ message, code, details }: DomainError): GraphQLError {
  return new GraphQLError(message, { extensions: { ...details, code } });
}

/** The refusal that a domain error means. */
export function refuse(error: DomainError): Refusal {
  return new Refusal([shownError(error)]);
}

/** graphql-js and Apollo wrap errors, sometimes twice. */
export function domainErrorIn(error: unknown): DomainError | undefined {
  let inner = error;
  while (inner instanceof GraphQLError) inner = inner.originalError;
  return inner instanceof DomainError ? inner : undefined;
}

/** A domain error within keeps its own code; the others get one that clients of Apollo know. */
export function refuseAs(code: string, errors: readonly GraphQLError[]): Refusal {
  return new Refusal(
    errors.map((error) => {
      const domain = domainErrorIn(error);
      const shown = domain ? shownError(domain) : new GraphQLError(error.message, { extensions: { code } });
      return Object.assign(shown, { locations: error.locations });
    }),
  );
}
