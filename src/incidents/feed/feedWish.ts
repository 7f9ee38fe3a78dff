import { type AreaTree, findWithin } from '../../access/areaTree.ts';
import type { RequestContext } from '../../access/requestContext.ts';
import { areasOf, assertMay } from '../../access/viewer.ts';
import { DomainError } from '../../errors.ts';
import type { FeedFilter } from '../../feed/feedFilter.ts';
import type { Listener } from '../../feed/feeds.ts';
import { ListenerWith } from '../../feed/listener.ts';

const RIGHT = 'incidents.read';
const [MOST_CATEGORIES, LONGEST_CATEGORY] = [50, 100];

/** Which part of the feed somebody asks for. */
export interface FeedWish {
  /** A grid by id or code: what it and all below it are told. */
  readonly within: string;
  /** Null or undefined: all. */
  readonly categories?: readonly string[] | null;
}

/**
 * The filter of what is asked for. Throws UNAUTHENTICATED and FORBIDDEN without the right, NOT_FOUND for an area that is
 * unknown or not the viewer's, BAD_INPUT for the categories.
 */
export function readWish(tree: AreaTree, { viewer }: RequestContext, wish: FeedWish, field: string): FeedFilter {
  assertMay(viewer, RIGHT, field);
  const categories = readCategories(wish.categories);
  const within = findWithin(tree, areasOf(viewer, RIGHT), wish.within);
  if (within !== undefined) return { topic: 'INCIDENT', within, categories };
  const message =
    'within: no grid of your area has this id or code, or several have the code; `viewer` says what is yours.';
  throw new DomainError('NOT_FOUND', message, { field: 'within' });
}

function readCategories(categories: readonly string[] | null | undefined): readonly string[] | null {
  if (categories == null) return null;
  const isFault = categories.some((code) => code.trim() === '' || code.length > LONGEST_CATEGORY);
  if (!isFault && categories.length >= 1 && categories.length <= MOST_CATEGORIES) return categories;
  const message = `categories: give 1 to ${MOST_CATEGORIES} codes of the local practice, or leave it out for all.`;
  throw new DomainError('BAD_INPUT', message, { field: 'categories' });
}

/** Who is told of incidents: those of an area that was told of them. */
export function listenerOf(by: RequestContext, field: string): Listener {
  return new ListenerWith(RIGHT, by, field);
}
