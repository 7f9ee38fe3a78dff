import { ArgsType, Field, Int, ObjectType } from 'type-graphql';
import { Right } from '../access/declareRight.ts';
import { DomainError } from '../errors.ts';

/** The largest page any list gives, and the page given where none is asked for. */
const MAX_PAGE = 200;
const DEFAULT_PAGE = 50;

@ObjectType({ description: 'Where a page begins and ends.', simpleResolvers: true })
export class PageInfo {
  @Right('registry.read')
  @Field(() => Boolean, { description: 'Whether more follows.' })
  readonly hasNextPage!: boolean;

  @Right('registry.read')
  @Field(() => Boolean, { description: 'Whether something came before.' })
  readonly hasPreviousPage!: boolean;

  @Right('registry.read')
  @Field(() => String, { nullable: true, description: 'Cursor of the first entry; null when the page is empty.' })
  readonly startCursor!: string | null;

  @Right('registry.read')
  @Field(() => String, {
    nullable: true,
    description: 'Cursor of the last entry: pass it as `after` for the next page.',
  })
  readonly endCursor!: string | null;
}

/** Which part of a list is asked for. */
@ArgsType()
export class PageArgs {
  @Field(() => Int, { nullable: true, description: 'How many, at most 200; 50 if not given.' })
  first?: number | null;

  @Field(() => String, { nullable: true, description: 'Go on behind this cursor.' })
  after?: string | null;
}

/** What a client asks of a list. */
export interface PageRequest {
  readonly first?: number | null;
  readonly after?: string | null;
}

export interface Page<T> {
  readonly edges: { node: T; cursor: string }[];
  readonly pageInfo: PageInfo;
  readonly totalCount: number;
}

/** How many entries a page has. Throws BAD_INPUT. */
export function assertPageSize(first: number | null | undefined): number {
  const size = first ?? DEFAULT_PAGE;
  if (size >= 0 && size <= MAX_PAGE) return size;
  throw new DomainError('BAD_INPUT', `first: a page has 0 to ${MAX_PAGE} entries, not ${size}.`, { field: 'first' });
}

/**
 * A page of a whole list that is ordered by a unique key. The cursor is the key of the last entry seen, so a list that
 * grows or shrinks in between neither repeats nor skips what stayed. `kind` says what is listed; a cursor of another kind
 * of list is refused.
 */
export function pageOf<S, T>(
  kind: string,
  list: readonly S[],
  { first, after }: PageRequest,
  keyOf: (item: S) => string,
  show: (item: S) => T,
): Page<T> {
  const size = assertPageSize(first);
  const start = after ? firstBehind(list, decodeCursor(kind, after), keyOf) : 0;
  const edges = list
    .slice(start, start + size)
    .map((item) => ({ node: show(item), cursor: encodeCursor(kind, keyOf(item)) }));
  return {
    edges,
    pageInfo: {
      hasNextPage: start + edges.length < list.length,
      hasPreviousPage: start > 0,
      startCursor: edges.at(0)?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    totalCount: list.length,
  };
}

function firstBehind<S>(list: readonly S[], key: string, keyOf: (item: S) => string): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (keyOf(list[middle]) <= key) low = middle + 1;
    else high = middle;
  }
  return low;
}

function encodeCursor(kind: string, key: string): string {
  return Buffer.from(`${kind}:${key}`).toString('base64url');
}

function decodeCursor(kind: string, cursor: string): string {
  const text = Buffer.from(cursor, 'base64url').toString();
  const key = text.slice(kind.length + 1);
  if (encodeCursor(kind, key) !== cursor) {
    throw new DomainError('BAD_INPUT', 'after: not a cursor of this list; pass an endCursor as it was given.', {
      field: 'after',
    });
  }
  return key;
}
