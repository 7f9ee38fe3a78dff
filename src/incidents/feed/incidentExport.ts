import type { AreaTree } from '../../access/areaTree.ts';
import type { RequestContext } from '../../access/requestContext.ts';
import type { FeedExportService } from '../../feed/export/feedExport.service.ts';
import type { FeedRange } from '../../feed/export/feedRange.ts';
import { typeOf } from '../../feed/feedEvent.ts';
import type { FeedFilter } from '../../feed/feedFilter.ts';
import type { FeedItem } from '../../feed/feeds.ts';
import { type FeedWish, listenerOf, readWish } from './feedWish.ts';
import { toldIncident } from './toldIncident.ts';

const FIELD = 'export of incidents';

/** The feed of an area as lines of JSON, for bulk loads. */
export class IncidentExport {
  readonly right = 'incidents.read';
  readonly #source: Pick<FeedExportService, 'items'>;
  readonly #tree: AreaTree;

  constructor(source: Pick<FeedExportService, 'items'>, tree: AreaTree) {
    this.#source = source;
    this.#tree = tree;
  }

  /**
   * One line for each event, without its line break. Rights are judged event by event, by the viewer that the context has
   * then. Throws at once as the feed does for the area and the categories; with the first line for the range; later on
   * where the right is taken or the log is purged faster than it is read.
   */
  exportFeed(wish: FeedWish & FeedRange, by: RequestContext): AsyncIterable<string> {
    return this.#lines(readWish(this.#tree, by, wish, FIELD), wish, by);
  }

  async *#lines(filter: FeedFilter, range: FeedRange, by: RequestContext): AsyncGenerator<string, void, void> {
    for await (const item of this.#source.items(filter, range, listenerOf(by, FIELD))) yield lineOf(item);
  }
}

/** Thin: what happened to which incident. Where it is and what was said of it is asked for by its id. */
function lineOf({ event, cursor }: FeedItem): string {
  const { act, record } = toldIncident(event);
  const { id, category, status, severity, occurredAt, reportedAt } = record;
  const incident = { id, version: event.version, category, status, severity, occurredAt, reportedAt };
  const line = { id: event.id, cursor, type: typeOf(event), time: event.at, kind: event.kind, act, incident };
  return JSON.stringify(line);
}
