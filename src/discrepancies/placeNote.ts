import { readNote } from '../api/input/note.ts';

const LONGEST_NOTE = 500;

/** A text about a place; null where nothing is said. Throws BAD_INPUT as readNote does, for more than 500 characters. */
export function readPlaceNote(field: string, text: string | null | undefined): string | null {
  return readNote(field, text, LONGEST_NOTE, 'Describe the place and what is wrong with it, never a person.');
}
