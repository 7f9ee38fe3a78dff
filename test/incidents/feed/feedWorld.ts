import type { RequestContext } from '../../../src/access/requestContext.ts';
import { FeedExportService } from '../../../src/feed/export/feedExport.service.ts';
import type { Feeds } from '../../../src/feed/feeds.ts';
import type { Followed } from '../../../src/feed/followed.ts';
import { GridAreas } from '../../../src/grids/areas.ts';
import type { IncidentEvent } from '../../../src/incidents/feed/incidentEvent.type.ts';
import { IncidentExport } from '../../../src/incidents/feed/incidentExport.ts';
import { IncidentFeedResolver } from '../../../src/incidents/feed/incidentFeed.resolver.ts';
import { WholePlaces } from '../../../src/incidents/feed/wholePlaces.ts';
import { IncidentRepository } from '../../../src/incidents/incident.repository.ts';
import { LogOfTest } from '../../feed/reading/logOfTest.ts';
import { MatterWorld, signedIn } from '../reporting/matterWorld.ts';

export const DISPATCHER = signedIn('dispatcher');

export type Code = keyof MatterWorld['grids'];

/** A house with incidents, and their feed. */
export class FeedWorld {
  readonly matters: MatterWorld;
  readonly log: LogOfTest;
  readonly resolver: IncidentFeedResolver;
  readonly exports: IncidentExport;
  readonly #tree: GridAreas;

  private constructor(matters: MatterWorld) {
    this.matters = matters;
    const { app } = matters.api;
    this.log = new LogOfTest(app.database);
    this.#tree = new GridAreas(app.atlas, app.finder, app.moments);
    this.resolver = this.resolverOf(this.log.feeds);
    const source = new FeedExportService(this.log.feeds);
    this.exports = new IncidentExport(source, this.#tree);
  }

  resolverOf(feeds: Feeds): IncidentFeedResolver {
    const places = new WholePlaces(this.matters.db, new IncidentRepository());
    return new IncidentFeedResolver(feeds, this.matters.api.app.incidents.reader, places, this.#tree);
  }

  static async open(): Promise<FeedWorld> {
    const world = new FeedWorld(await MatterWorld.open());
    await world.show();
    return world;
  }

  id(code: Code): string {
    return this.matters.grids[code].id;
  }

  /** Numbers what happened, and shows it to the process. */
  async show(): Promise<void> {
    await this.log.sequence();
    await this.log.log.catchUp();
  }

  /** Reports in village A (column 2) or B (column 12), in the south (row 2, with the river) or the north (row 7). */
  async report(column: number, row: number, category = 'dispute'): Promise<string> {
    return (await this.matters.report(DISPATCHER, column, row, { category })).id;
  }

  async move(id: string, to: Code): Promise<void> {
    await this.matters.moves.move(DISPATCHER, id, { to: this.id(to), reason: 'It is theirs' });
  }

  follow(within: string, { after, categories, by = DISPATCHER }: Following = {}): Promise<Followed<IncidentEvent>> {
    return this.resolver.incidentFeed(within, after, categories, by);
  }

  /** All there is, page by page. */
  async replay(within: string, { after, categories, by = DISPATCHER }: Following = {}): Promise<IncidentEvent[]> {
    const events: IncidentEvent[] = [];
    for (let cursor = after; ; ) {
      const page = await this.resolver.incidentEvents(within, cursor, 7, categories, by);
      events.push(...page.events);
      if (!page.hasMore) return events;
      cursor = page.cursor;
    }
  }
}

export interface Following {
  readonly after?: string | null;
  readonly categories?: string[] | null;
  readonly by?: RequestContext;
}

/** The next so many events of a feed. */
export async function take(feed: AsyncIterator<IncidentEvent, undefined>, count: number): Promise<IncidentEvent[]> {
  const events: IncidentEvent[] = [];
  while (events.length < count) {
    const { value } = await feed.next();
    if (!value) break;
    events.push(value);
  }
  return events;
}

/** "KIND version" of each. */
export const told = (events: readonly IncidentEvent[]) => events.map(({ kind, version }) => `${kind} ${version}`);
