import { Field, Int, ObjectType } from 'type-graphql';
import { DomainError } from '../../errors.ts';
import type { VersionEntry } from '../atlas/rows.ts';
import type { EditionRecord } from '../edition.service.ts';
import { listingKey } from '../gridFinder.ts';
import type { Moment } from '../moment.ts';
import { Grid } from './grid.type.ts';
import { DateTimeScalar } from './scalars.ts';

/** The largest page any list gives, and the page given where none is asked for. */
const MAX_PAGE = 200;
const DEFAULT_PAGE = 50;

@ObjectType({ description: 'Where a page begins and ends.', simpleResolvers: true })
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether more follows.' })
  readonly hasNextPage!: boolean;

  @Field(() => Boolean, { description: 'Whether something came before.' })
  readonly hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: 'Cursor of the first entry; null when the page is empty.' })
  readonly startCursor!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Cursor of the last entry: pass it as `after` for the next page.',
  })
  readonly endCursor!: string | null;
}

@ObjectType({ description: 'A grid in a list.', simpleResolvers: true })
export class GridEdge {
  @Field(() => Grid, { description: 'The grid.' })
  readonly node!: Grid;

  @Field(() => String, { description: 'Pass it as `after` to go on behind this grid.' })
  readonly cursor!: string;
}

@ObjectType({ description: 'A page of grids.', simpleResolvers: true })
export class GridConnection {
  @Field(() => [GridEdge], { description: 'The grids of this page.' })
  readonly edges!: GridEdge[];

  @Field(() => PageInfo, { description: 'Where the page begins and ends.' })
  readonly pageInfo!: PageInfo;

  @Field(() => Int, { description: 'How many there are on all pages.' })
  readonly totalCount!: number;
}

@ObjectType({
  description: 'One publication of the registry. Same place, asOf and edition give the same answer for ever.',
  simpleResolvers: true,
})
export class Edition {
  @Field(() => Int, { description: '1, 2, 3 … without a hole.' })
  readonly number!: number;

  @Field(() => DateTimeScalar, { description: 'When it was published.' })
  readonly publishedAt!: Date;

  @Field(() => DateTimeScalar, { description: 'From when on it changes the world; may be later than its publication.' })
  readonly effectiveAt!: Date;

  @Field(() => String, { description: 'What it was about.' })
  readonly title!: string;
}

@ObjectType({ description: 'An edition in a list.', simpleResolvers: true })
export class EditionEdge {
  @Field(() => Edition, { description: 'The edition.' })
  readonly node!: EditionRecord;

  @Field(() => String, { description: 'Pass it as `after` to go on behind this edition.' })
  readonly cursor!: string;
}

@ObjectType({ description: 'A page of editions, oldest first.', simpleResolvers: true })
export class EditionConnection {
  @Field(() => [EditionEdge], { description: 'The editions of this page.' })
  readonly edges!: EditionEdge[];

  @Field(() => PageInfo, { description: 'Where the page begins and ends.' })
  readonly pageInfo!: PageInfo;
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
  const size = first ?? DEFAULT_PAGE;
  if (size < 0 || size > MAX_PAGE) {
    throw new DomainError('BAD_INPUT', `first: a page has 0 to ${MAX_PAGE} entries, not ${size}.`, { field: 'first' });
  }
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

/** A page of grids that are in listing order. */
export function gridPage(list: readonly VersionEntry[], page: PageRequest, moment: Moment): Page<Grid> {
  return pageOf(
    'grid',
    list,
    page,
    (version) => listingKey(version.grid, moment.edition),
    (version) => new Grid(version, moment),
  );
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
