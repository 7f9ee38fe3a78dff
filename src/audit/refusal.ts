import type { Transaction } from 'kysely';
import type { Action } from '../access/rights.ts';
import { type Areas, areasOf, assertMay, type Viewer } from '../access/viewer.ts';
import type { Database } from '../db/tables.ts';
import { DomainError, type ErrorCode } from '../errors.ts';
import type { Act, ActDetails, Actor } from './act.ts';
import type { AuditLog } from './auditLog.ts';

/** A fault of ours or of the database decides nothing about the one who asks. */
const NO_REFUSAL: readonly ErrorCode[] = ['DATABASE_BUSY', 'DATABASE_FAILED', 'INTERNAL', 'TIMED_OUT'];

/** The code to record where an error refused somebody what was asked; undefined where it did not, and of the public. */
export function refusalCode({ kind }: Viewer, error: unknown): ErrorCode | undefined {
  const code = error instanceof DomainError ? error.code : 'INTERNAL';
  return kind === 'public' || NO_REFUSAL.includes(code) ? undefined : code;
}

/** What somebody is about to do, by which right, and at which field of GraphQL it was asked. */
export interface Attempt {
  readonly right: Action;
  readonly field: string;
  readonly object: Act['object'];
  /** What is recorded of a refusal besides its code. */
  readonly details?: ActDetails;
}

/** Where refusals are recorded: in a transaction of their own, since that of the act is gone. */
export interface RefusalBook {
  readonly audit: Pick<AuditLog, 'record'>;
  /** Runs work in a transaction that sees the areas. */
  within(areas: Areas, work: (trx: Transaction<Database>) => Promise<void>): Promise<void>;
}

/**
 * Runs an act of somebody who has the right somewhere, told where, and records it where it is refused to somebody who is
 * signed in. Throws UNAUTHENTICATED, FORBIDDEN, and what the work throws.
 */
export async function recordingRefusal<T>(
  { audit, within }: RefusalBook,
  by: Actor,
  { right, field, object, details }: Attempt,
  work: (areas: Areas) => Promise<T>,
): Promise<T> {
  const areas = areasOf(by.viewer, right);
  try {
    assertMay(by.viewer, right, field);
    return await work(areas);
  } catch (error) {
    const code = refusalCode(by.viewer, error);
    if (code !== undefined) {
      const act: Act = { action: right, object, result: 'REFUSED', details: { ...details, code } };
      await within(areas, (trx) => audit.record(trx, by, act));
    }
    throw error;
  }
}
