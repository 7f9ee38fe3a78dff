import type { Practice } from '../../practice/practice.type.ts';
import { refuse } from './visitor.ts';

type Words = Practice['visits' | 'contacts' | 'activities' | 'campaigns'];

/** Throws BAD_INPUT for a word that the local practice does not know, naming those that it knows. */
export function assertKnown(field: string, code: string, known: Words): void {
  if (known.some((each) => each.code === code)) return;
  const codes = known.map((each) => each.code).join(', ');
  throw refuse('BAD_INPUT', field, `the local practice of the place knows no ${code}; it knows ${codes || 'none'}.`);
}
