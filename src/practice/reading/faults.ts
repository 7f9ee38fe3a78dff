import { DomainError } from '../../errors.ts';

/** A member of a document: names of members and places in lists, from the outside inwards. */
export type Path = readonly (string | number)[];

const MOST_TOLD = 20;
const MOST_LISTED = 200;

/** What is wrong with a document: all of it is told at once, each fault with its place. */
export class Faults {
  readonly #found: { readonly path: string; readonly reason: string }[] = [];

  add(path: Path, reason: string): void {
    this.#found.push({ path: pathText(path), reason });
  }

  /** Throws BAD_INPUT where anything was found; `field` stands before each place. */
  assertNone(field: string): void {
    const found = this.#found.map(({ path, reason }) => ({ path: joined(field, path), reason }));
    if (found.length === 0) return;
    const told = found.slice(0, MOST_TOLD).map(({ path, reason }) => `${path}: ${reason}`);
    const more = found.length > MOST_TOLD ? `; and ${found.length - MOST_TOLD} more` : '';
    const faults = found.slice(0, MOST_LISTED);
    throw new DomainError('BAD_INPUT', `${told.join('; ')}${more}.`, { field, count: found.length, faults });
  }
}

function pathText(path: Path): string {
  return path.map((part, i) => (typeof part === 'number' ? `[${part}]` : i === 0 ? part : `.${part}`)).join('');
}

function joined(field: string, path: string): string {
  if (path === '') return field || 'practice';
  return field ? `${field}.${path}` : path;
}
