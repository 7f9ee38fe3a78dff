import type { Moment } from '../../grids/moment.ts';
import type { FeedEvent } from '../feedEvent.ts';

/** What an event says of an edition. Of many grids or posts the first 1,000 by id, and how many there are. */
export interface ToldEdition {
  readonly edition: number;
  /** From when on: of EFFECTIVE its own day, else that of the edition. */
  readonly effectiveAt: Date;
  readonly grids: readonly string[];
  readonly gridCount: number;
  readonly posts: readonly string[];
  readonly postCount: number;
  /** When it is looked at first: as it leaves the registry, on its day. Then as it was before, in time and in the log. */
  readonly moments: readonly [Moment, ...Moment[]];
}

interface Payload extends Omit<ToldEdition, 'effectiveAt' | 'moments'> {
  readonly effectiveAt: string;
  readonly publishedAt: string;
}

export function toldEdition({ payload }: FeedEvent): ToldEdition {
  const { edition, grids, gridCount, posts = [], postCount = 0, ...said }: Payload = JSON.parse(payload);
  const effectiveAt = new Date(said.effectiveAt);
  const [asOf, published] = [effectiveAt.getTime(), new Date(said.publishedAt).getTime()];
  return {
    edition,
    effectiveAt,
    grids,
    gridCount,
    posts,
    postCount,
    moments: [
      { asOf, edition },
      { asOf: asOf - 1, edition },
      { asOf, edition: edition - 1 },
      { asOf: published, edition },
      { asOf: published, edition: edition - 1 },
    ],
  };
}
