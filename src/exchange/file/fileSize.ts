import { DomainError } from '../../errors.ts';

const MOST_CHARACTERS = 500_000_000;

/** Throws TOO_LARGE. */
export function assertFileSize(text: string): void {
  if (text.length <= MOST_CHARACTERS) return;
  const message = `The file has ${text.length} characters, ${MOST_CHARACTERS} are allowed. Split it.`;
  throw new DomainError('TOO_LARGE', message, { allowed: MOST_CHARACTERS });
}
