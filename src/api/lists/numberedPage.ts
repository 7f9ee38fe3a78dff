import { DomainError } from '../../errors.ts';
import { assertPageSize, type Page, type PageRequest } from '../page.type.ts';

/** Which part of a list is asked for that the database gives newest first, by a number that only grows. */
export interface NumberedPart {
  /** How many; the database is asked for one more, which tells whether more follows. */
  readonly limit: number;
  /** Only what has a lower number; undefined: from the newest on. */
  readonly before: number | undefined;
}

const cursorOf = (kind: string, position: number) => Buffer.from(`${kind}:${position}`).toString('base64url');

/** `kind` says what is listed; a cursor of another kind of list is refused. Throws BAD_INPUT. */
export function readNumberedPart(kind: string, { first, after }: PageRequest): NumberedPart {
  const limit = assertPageSize(first);
  if (!after) return { limit, before: undefined };
  const [listed, number = ''] = Buffer.from(after, 'base64url').toString().split(':', 2);
  const before = /^[1-9]\d{0,15}$/.test(number) && listed === kind ? Number(number) : Number.NaN;
  if (Number.isSafeInteger(before) && cursorOf(kind, before) === after) return { limit, before };
  const message = 'after: not a cursor of this list; pass an endCursor as it was given.';
  throw new DomainError('BAD_INPUT', message, { field: 'after' });
}

/** A page of at most `limit` out of records of which one more was read if there is one. */
export function numberedPage<S extends { readonly position: number }, T>(
  kind: string,
  records: readonly S[],
  { limit, before }: NumberedPart,
  show: (record: S) => T,
): Omit<Page<T>, 'totalCount'> {
  const edges = records
    .slice(0, limit)
    .map((record) => ({ node: show(record), cursor: cursorOf(kind, record.position) }));
  return {
    edges,
    pageInfo: {
      hasNextPage: records.length > limit,
      hasPreviousPage: before !== undefined,
      startCursor: edges.at(0)?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}
