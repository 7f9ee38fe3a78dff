import { Arg, Ctx, ID, Int, Query, Resolver, Subscription } from 'type-graphql';
import type { AreaTree } from '../../access/areaTree.ts';
import { Right } from '../../access/declareRight.ts';
import type { RequestContext } from '../../access/requestContext.ts';
import { unopened } from '../../api/feedsByMethod.ts';
import { pageSized } from '../../api/listSize.ts';
import { assertPageSize } from '../../api/page.type.ts';
import { DomainError } from '../../errors.ts';
import { onceFor } from '../feedEvent.ts';
import type { FeedFilter } from '../feedFilter.ts';
import type { FeedItem, Feeds, Listener } from '../feeds.ts';
import { Followed } from '../followed.ts';
import { ListenerWith } from '../listener.ts';
import { BoundaryEvent, BoundaryEventPage } from './boundaryEvent.type.ts';
import type { EditionViews } from './editionViews.ts';
import { OwnershipEvent, OwnershipEventPage } from './ownershipEvent.type.ts';

const WITHIN = { description: 'The grid, by id or code; of any area, for territory is public.' } as const;
const FOLLOW = { nullable: true, description: 'Go on behind this cursor; from now on if not given.' } as const;
const POLL = { nullable: true, description: 'Go on behind this cursor; from the oldest kept if not given.' } as const;
const FIRST = { nullable: true, description: 'How many, at most 200; 50 if not given.' } as const;

/** What editions do to the borders of an area, and to those who answer in it; as it happens or page by page. */
@Resolver()
export class EditionFeedsResolver {
  private readonly feeds: Feeds;
  private readonly views: Pick<EditionViews, 'boundary' | 'ownership'>;
  private readonly tree: AreaTree;

  constructor(feeds: Feeds, views: Pick<EditionViews, 'boundary' | 'ownership'>, tree: AreaTree) {
    this.feeds = feeds;
    this.views = views;
    this.tree = tree;
  }

  /** Gives the events themselves: `feedsByMethod` lets the method open the subscription. */
  @Right('editions.follow')
  @Subscription(() => BoundaryEvent, {
    subscribe: unopened,
    description:
      'Editions that change the grids in a grid and all below it, planned ones too, and again on their day; told to the areas that lose a grid as to those that get it. None is lost: after a break go on behind the cursor of the last event. CURSOR_EXPIRED: read the grids anew, and follow from now on.',
  })
  boundaryFeed(
    @Arg('within', () => ID, WITHIN) within: string,
    @Arg('after', () => String, FOLLOW) after: string | null | undefined,
    @Ctx() by: RequestContext,
  ): Promise<Followed<BoundaryEvent>> {
    return this.open(
      this.filter('BOUNDARY', within),
      after,
      listenerOf(by, 'Subscription.boundaryFeed'),
      this.boundary,
    );
  }

  @Right('editions.follow')
  @Subscription(() => OwnershipEvent, {
    subscribe: unopened,
    description:
      'Editions that change who answers on the grids in a grid and all below it, planned ones too, and again on their day. None is lost: after a break go on behind the cursor of the last event. Whose shift it is changes without an event: `validUntil` of an answer says when. CURSOR_EXPIRED: ask anew, and follow from now on.',
  })
  ownershipFeed(
    @Arg('within', () => ID, WITHIN) within: string,
    @Arg('after', () => String, FOLLOW) after: string | null | undefined,
    @Ctx() by: RequestContext,
  ): Promise<Followed<OwnershipEvent>> {
    const listener = listenerOf(by, 'Subscription.ownershipFeed');
    return this.open(this.filter('OWNERSHIP', within), after, listener, this.ownership);
  }

  @Right('editions.follow')
  @Query(() => BoundaryEventPage, {
    complexity: pageSized(100),
    description:
      'The events of `boundaryFeed` page by page, for those who poll. Cursors of both are good for one another.',
  })
  async boundaryEvents(
    @Arg('within', () => ID, WITHIN) within: string,
    @Arg('after', () => String, POLL) after: string | null | undefined,
    @Arg('first', () => Int, FIRST) first: number | null | undefined,
    @Ctx() by: RequestContext,
  ): Promise<BoundaryEventPage> {
    const [most, filter] = [assertPageSize(first), this.filter('BOUNDARY', within)];
    const page = await this.feeds.page(filter, after, most, listenerOf(by, 'Query.boundaryEvents'));
    return { ...page, events: await inTurn(page.items, this.boundary(filter)) };
  }

  @Right('editions.follow')
  @Query(() => OwnershipEventPage, {
    complexity: pageSized(100),
    description:
      'The events of `ownershipFeed` page by page, for those who poll. Cursors of both are good for one another.',
  })
  async ownershipEvents(
    @Arg('within', () => ID, WITHIN) within: string,
    @Arg('after', () => String, POLL) after: string | null | undefined,
    @Arg('first', () => Int, FIRST) first: number | null | undefined,
    @Ctx() by: RequestContext,
  ): Promise<OwnershipEventPage> {
    const [most, filter] = [assertPageSize(first), this.filter('OWNERSHIP', within)];
    const page = await this.feeds.page(filter, after, most, listenerOf(by, 'Query.ownershipEvents'));
    return { ...page, events: await inTurn(page.items, this.ownership(filter)) };
  }

  private readonly boundary = sharedView<BoundaryEvent>((item, within) => this.views.boundary(item, within));
  private readonly ownership = sharedView<OwnershipEvent>((item, within) => this.views.ownership(item, within));

  private async open<T>(
    filter: FeedFilter,
    after: string | null | undefined,
    listener: Listener,
    show: (filter: FeedFilter) => (item: FeedItem) => Promise<T>,
  ): Promise<Followed<T>> {
    return new Followed(await this.feeds.open(filter, after, listener), show(filter));
  }

  private filter(topic: 'BOUNDARY' | 'OWNERSHIP', within: string): FeedFilter {
    const gridId = this.tree.findGridId(within);
    if (gridId !== undefined) return { topic, within: gridId, categories: null };
    const message = `within: no grid has the id or code ${within} now, or several have the code; give its id.`;
    throw new DomainError('NOT_FOUND', message, { field: 'within' });
  }
}

/** Those who follow one area share its items, and with them what is shown of each. */
function sharedView<T>(show: (item: FeedItem, within: string) => Promise<T>) {
  return ({ within }: FeedFilter) =>
    (item: FeedItem): Promise<T> =>
      onceFor(item.event, item, () => {
        const made = show(item, within);
        // What failed is tried again by the next who asks.
        made.catch(() => item.event.made?.delete(item));
        return made;
      });
}

async function inTurn<T>(items: readonly FeedItem[], show: (item: FeedItem) => Promise<T>): Promise<T[]> {
  const shown: T[] = [];
  for (const item of items) shown.push(await show(item));
  return shown;
}

/** Territory is public: the right holds for every area. */
function listenerOf(by: RequestContext, field: string): Listener {
  return new ListenerWith('editions.follow', by, field);
}
