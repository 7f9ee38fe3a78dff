import { setTimeout as delay } from 'node:timers/promises';
import type { Kysely, Transaction } from 'kysely';
import { DomainError, type ErrorCode } from '../errors.ts';
import type { Database } from './tables.ts';

/** The fields of a PostgreSQL error that we read, alike on both engines. */
interface PgError {
  readonly message: string;
  readonly code?: string;
  readonly detail?: string;
  readonly hint?: string;
  readonly constraint?: string;
  readonly table?: string;
}

/** Raised by our own triggers: message and hint are already plain words, detail is a JSON object. */
const OWN_CODES: Readonly<Record<string, ErrorCode>> = {
  WG001: 'OVERLAP',
  WG002: 'NOT_NESTED',
  WG003: 'MISSING_PARENT',
  WG004: 'BAD_BOUNDARY',
  WG005: 'APPEND_ONLY',
  WG006: 'CONFLICT',
};

const SERIALIZATION_FAILURE = '40001';
const DEADLOCK = '40P01';
const TAKEN_CODE = 'grid_code_unique';
/** Said to a login that is no member of the role, and where no migration has made the role yet. */
const MAY_NOT_SERVE = /^(permission denied to set )?role "wangge_server"/;

/** Checks of one boundary, by the names of their constraints. */
const BOUNDARY_RULES: Readonly<Record<string, string>> = {
  grid_version_vertices:
    'A boundary has at most 20,000 vertices, closing points counted. Simplify it or split the grid.',
  grid_version_on_lattice:
    'A boundary has a vertex off the lattice of 1e-7 degree, or off the Earth. Round its positions.',
  grid_version_valid: 'A boundary is not a valid multipolygon: its rings cross or overlap. Redraw it.',
  grid_version_area: 'A boundary holds less than 10 m². Draw it larger, or leave it to a neighbour.',
};
const UNREACHABLE = /^(ECONN|ENOTFOUND|EAI_|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)/;
const LOST = /^(timeout e|Connection terminated|Client has encountered a connection error)/;

function isUnreachable({ code = '', message }: PgError): boolean {
  // 08: connection; 53: out of connections or memory; 57P: shutting down or starting up.
  return UNREACHABLE.test(code) || /^(08|53|57P)/.test(code) || (code === '' && LOST.test(message));
}

function detailsOf({ detail }: PgError): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(detail ?? '{}');
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? { ...parsed } : {};
  } catch {
    return {};
  }
}

function takenCode(error: PgError): DomainError {
  const code = /=\([^,]*, (.*)\) already exists/.exec(error.detail ?? '')?.[1];
  const message = `The code ${code ?? ''} is already taken in its scheme. Give another, or close the one in use first.`;
  return new DomainError('DUPLICATE_CODE', message.replace('  ', ' '), code ? { code } : {}, { cause: error });
}

/** Translates whatever the driver or the engine threw. Never shows SQL or values: the original is the `cause`. */
export function toDomainError(thrown: unknown): DomainError {
  if (thrown instanceof DomainError) return thrown;
  const error = thrown as PgError;
  const cause = { cause: thrown };
  const own = OWN_CODES[error.code ?? ''];
  if (own) return new DomainError(own, [error.message, error.hint].filter(Boolean).join(' '), detailsOf(error), cause);
  if (error.code === '23505' && error.constraint === TAKEN_CODE) return takenCode(error);
  const boundary = error.code === '23514' && BOUNDARY_RULES[error.constraint ?? ''];
  if (boundary) return new DomainError('BAD_BOUNDARY', boundary, { constraint: error.constraint }, cause);
  if (error.code === SERIALIZATION_FAILURE || error.code === DEADLOCK || error.code === '23P01') {
    return new DomainError('CONFLICT', 'Someone else changed this in between. Read it again and retry.', {}, cause);
  }
  if (error.code === '57014') {
    const message = 'The database did not answer in time. Ask for less at once, or raise STATEMENT_TIMEOUT_MS.';
    return new DomainError('DATABASE_BUSY', message, {}, cause);
  }
  if (MAY_NOT_SERVE.test(error.message)) {
    const message =
      'The login of DATABASE_URL may not act as wangge_server. Let the owner run `wangge migrate` and GRANT wangge_server TO the login.';
    return new DomainError('DATABASE_FAILED', message, {}, cause);
  }
  if (isUnreachable(error)) {
    const message = `The database cannot be reached (${error.code || 'no connection'}). Check DATABASE_URL and try again.`;
    return new DomainError('DATABASE_BUSY', message, {}, cause);
  }
  const { code: sqlState, constraint, table } = error;
  const where = [
    sqlState && `SQLSTATE ${sqlState}`,
    constraint && `constraint ${constraint}`,
    table && `table ${table}`,
  ];
  const named = where.filter(Boolean).join(', ') || 'no code';
  const details = JSON.parse(JSON.stringify({ sqlState, constraint, table }));
  return new DomainError(
    'DATABASE_FAILED',
    `The database refused this (${named}); nothing was written.`,
    details,
    cause,
  );
}

export interface TransactionOptions {
  /** How often a transaction that lost a race is run in all; 3 unless told. */
  readonly attempts?: number;
}

function isLostRace(error: unknown): boolean {
  const code = error instanceof DomainError && (error.cause as PgError | undefined)?.code;
  return code === SERIALIZATION_FAILURE || code === DEADLOCK;
}

/**
 * Runs `work` in one READ COMMITTED transaction: all of it is written, or nothing. It is run again from the start when
 * the database chose it as the victim of a deadlock, so `work` must do nothing outside the database. Throws DomainError.
 */
export async function inTransaction<T>(
  db: Kysely<Database>,
  work: (trx: Transaction<Database>) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  const attempts = options.attempts ?? 3;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.transaction().setIsolationLevel('read committed').execute(work);
    } catch (error) {
      if (attempt >= attempts || !isLostRace(error)) throw error;
      await delay(attempt * (10 + Math.random() * 20));
    }
  }
}
