import { DomainError } from '../../errors.ts';
import { chainOf, type VersionEntry } from '../../grids/atlas/rows.ts';
import { type GridFinder, listingKey } from '../../grids/gridFinder.ts';
import type { Moment } from '../../grids/moment.ts';
import type { Directory } from '../directory.ts';
import type { GridPost } from '../gridPost.ts';
import { getRole } from '../vacancyFinder.ts';
import type { Span } from './pattern/shiftPattern.ts';
import type { RosterBook } from './rosterBook.ts';

/** A post that has rosters. */
export interface RosteredPost {
  readonly entry: GridPost;
  readonly version: VersionEntry;
  /** The building, site, premises or line it answers for; null for a post on the grid. */
  readonly placeId: string | null;
  /** Unique, and the order of the list. */
  readonly key: string;
}

/** What is asked: posts of a role, in a grid and all below it where one is named, over a span, as an edition knows it. */
export interface UncoveredQuestion {
  readonly role: string;
  readonly within: string | null;
  readonly span: Span;
  readonly edition: number;
}

/** Finds the hours in which nobody is on duty. */
export class UncoveredFinder {
  readonly #grids: GridFinder;
  readonly #directory: Directory;
  readonly #rosters: RosterBook;

  constructor(grids: GridFinder, directory: Directory, rosters: RosterBook) {
    this.#grids = grids;
    this.#directory = directory;
    this.#rosters = rosters;
  }

  /**
   * The posts of the role that exist at the beginning of the span and have a roster for a part of it, in the order of their
   * grids. Throws NOT_FOUND for an unknown role or grid.
   */
  listPosts({ role, within, span, edition }: UncoveredQuestion): RosteredPost[] {
    const moment = { asOf: span.from, edition };
    const wanted = getRole(this.#directory, role, edition);
    if (within !== null && !this.#grids.findById(within, moment)) {
      const message = `within: there is no grid ${within} at ${new Date(span.from).toISOString()}.`;
      throw new DomainError('NOT_FOUND', message, { field: 'within' });
    }
    const found: RosteredPost[] = [];
    for (const postId of this.#rosters.postsWithRosters(span, edition)) {
      const { entry, gridId, placeId } = this.#directory.watch(postId, moment) ?? {};
      const version = entry?.role === wanted ? this.#grids.findById(gridId!, moment) : undefined;
      if (!entry || !version || (within !== null && !isIn(version, within, moment))) continue;
      const key = `${listingKey(version.grid, edition)}/${postId}`;
      found.push({ entry, version, placeId: placeId ?? null, key });
    }
    return found.sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  /** The parts of the span in which the post exists and nobody is on duty: nobody's shift is on, or nobody holds it. */
  uncovered(postId: string, { from, until }: Span, edition: number): Span[] {
    const gaps: { from: number; until: number }[] = [];
    for (let asOf = from; asOf < until; ) {
      const watched = this.#directory.watch(postId, { asOf, edition });
      if (!watched) break;
      const end = Math.min(watched.until, until);
      const last = gaps.at(-1);
      if (watched.entry && !isCovered(watched.entry)) {
        if (last?.until === asOf) last.until = end;
        else gaps.push({ from: asOf, until: end });
      }
      asOf = end;
    }
    return gaps;
  }
}

function isCovered({ holders }: GridPost): boolean {
  return holders.some(({ duty }) => duty?.onDuty ?? true);
}

function isIn(version: VersionEntry, gridId: string, moment: Moment): boolean {
  return chainOf(version, moment).some((above) => above.grid.id === gridId);
}
