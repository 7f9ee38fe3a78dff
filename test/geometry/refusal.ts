import { DomainError } from '../../src/errors.ts';

/** The DomainError that refuses a call; anything else breaks the test. */
export function refusalOf(run: () => unknown): DomainError {
  try {
    run();
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('was accepted');
}
