import type { Viewer } from '../access/viewer.ts';
import { DomainError, type ErrorCode } from '../errors.ts';

/** A fault of ours or of the database decides nothing about the one who asks. */
const NO_REFUSAL: readonly ErrorCode[] = ['DATABASE_BUSY', 'DATABASE_FAILED', 'INTERNAL', 'TIMED_OUT'];

/** The code to record where an error refused somebody what was asked; undefined where it did not, and of the public. */
export function refusalCode({ kind }: Viewer, error: unknown): ErrorCode | undefined {
  const code = error instanceof DomainError ? error.code : 'INTERNAL';
  return kind === 'public' || NO_REFUSAL.includes(code) ? undefined : code;
}
