import { Arg, Ctx, ID, Int, Query, Resolver, Subscription } from 'type-graphql';
import type { AreaTree } from '../../access/areaTree.ts';
import { Right } from '../../access/declareRight.ts';
import type { RequestContext } from '../../access/requestContext.ts';
import { unopened } from '../../api/feedsByMethod.ts';
import { pageSized } from '../../api/listSize.ts';
import { assertPageSize } from '../../api/page.type.ts';
import type { Feeds } from '../../feed/feeds.ts';
import { Followed } from '../../feed/followed.ts';
import type { IncidentReaderService } from '../incidentReader.service.ts';
import { listenerOf, readWish } from './feedWish.ts';
import { IncidentEvent, IncidentEventPage } from './incidentEvent.type.ts';
import { ShownEvents } from './shownEvents.ts';
import type { WholePlaces } from './wholePlaces.ts';

const CATEGORIES = {
  nullable: true,
  description: 'Only incidents of these categories, 1 to 50 by their codes; all if not given.',
} as const;

/** What happens to the incidents of an area, as it happens or page by page. */
@Resolver(() => IncidentEvent)
export class IncidentFeedResolver {
  private readonly feeds: Feeds;
  private readonly shown: ShownEvents;
  private readonly tree: AreaTree;

  constructor(feeds: Feeds, reader: Pick<IncidentReaderService, 'partsOf'>, places: WholePlaces, tree: AreaTree) {
    this.feeds = feeds;
    this.shown = new ShownEvents(reader, places);
    this.tree = tree;
  }

  /** Gives the events themselves: `feedsByMethod` lets the method open the subscription. */
  @Right('incidents.read')
  @Subscription(() => IncidentEvent, {
    subscribe: unopened,
    description:
      'Events of incidents in a grid and all below it, from `after` on; without `after`, from now. None is lost: keep the cursor of the last event you dealt with, and after a break go on with it. An event may come twice; its id tells. CURSOR_EXPIRED: read the incidents anew with `incidents`, and follow from now on.',
  })
  async incidentFeed(
    @Arg('within', () => ID, { description: 'The grid, by id or code; it must lie in your area.' }) within: string,
    @Arg('after', () => String, { nullable: true, description: 'Go on behind this cursor; from now on if not given.' })
    after: string | null | undefined,
    @Arg('categories', () => [String], CATEGORIES) categories: string[] | null | undefined,
    @Ctx() by: RequestContext,
  ): Promise<Followed<IncidentEvent>> {
    const field = 'Subscription.incidentFeed';
    const filter = readWish(this.tree, by, { within, categories }, field);
    const reader = await this.feeds.open(filter, after, listenerOf(by, field));
    return new Followed(reader, (item) => this.shown.ofFeed(item));
  }

  @Right('incidents.read')
  @Query(() => IncidentEventPage, {
    complexity: pageSized(100),
    description:
      'The same events page by page, for those who poll or catch up: without `after` from the oldest that are kept. Cursors of this query and of the feed are good for one another.',
  })
  async incidentEvents(
    @Arg('within', () => ID, { description: 'The grid, by id or code; it must lie in your area.' }) within: string,
    @Arg('after', () => String, { nullable: true, description: 'Go on behind this cursor.' })
    after: string | null | undefined,
    @Arg('first', () => Int, { nullable: true, description: 'How many, at most 200; 50 if not given.' })
    first: number | null | undefined,
    @Arg('categories', () => [String], CATEGORIES) categories: string[] | null | undefined,
    @Ctx() by: RequestContext,
  ): Promise<IncidentEventPage> {
    const field = 'Query.incidentEvents';
    const most = assertPageSize(first);
    const filter = readWish(this.tree, by, { within, categories }, field);
    const { items, cursor, hasMore } = await this.feeds.page(filter, after, most, listenerOf(by, field));
    return { events: this.shown.ofPage(items, by), cursor, hasMore };
  }
}
