import { DomainError } from '../../errors.ts';

/** The part of a feed that is asked for, as it was written; what exports it reads the values. */
export interface ExportQuery {
  /** Id of the grid. */
  readonly within: string;
  /** Cursor to begin behind; from the oldest event that is kept if not given. */
  readonly after?: string;
  /** Where to end; with the newest event if not given. */
  readonly until?: string;
  /** Codes of categories; all if not given. */
  readonly categories?: readonly string[];
}

const ONCE = ['within', 'after', 'until'] as const;
const MOST_CATEGORIES = 100;

/** Reads what stands behind the ? of the address. Throws BAD_INPUT for a name that is not known, or given twice. */
export function readExportQuery(url: string): ExportQuery {
  const parameters = new URL(url, 'http://localhost').searchParams;
  for (const name of parameters.keys()) {
    if (name === 'categories') continue;
    if (!ONCE.some((known) => known === name))
      throw bad(name, 'is not known; ask with within, after, until, categories');
    if (parameters.getAll(name).length > 1) throw bad(name, 'is given twice');
  }
  const [within, after, until] = ONCE.map((name) => parameters.get(name) || undefined);
  if (within === undefined) throw bad('within', 'give the id of a grid');
  return { within, after, until, categories: categoriesIn(parameters) };
}

function categoriesIn(parameters: URLSearchParams): readonly string[] | undefined {
  if (!parameters.has('categories')) return undefined;
  const codes = parameters.getAll('categories').flatMap((text) => text.split(','));
  if (codes.length > MOST_CATEGORIES) throw bad('categories', `names more than ${MOST_CATEGORIES}`);
  if (codes.includes('')) throw bad('categories', 'names one that is empty; leave it out for all');
  return codes;
}

function bad(field: string, fault: string): DomainError {
  return new DomainError('BAD_INPUT', `${field}: ${fault}.`, { field });
}
