import type { RequestContext } from '../../access/requestContext.ts';
import { type FeedEvent, onceFor } from '../../feed/feedEvent.ts';
import type { FeedItem } from '../../feed/feeds.ts';
import { Incident } from '../api/incident.type.ts';
import { PartsTogether } from '../api/partsTogether.ts';
import type { IncidentReaderService } from '../incidentReader.service.ts';
import { IncidentEvent } from './incidentEvent.type.ts';
import { toldIncident } from './toldIncident.ts';
import type { WholePlaces } from './wholePlaces.ts';

type Reader = Pick<IncidentReaderService, 'partsOf'>;

/** Events as they are shown. What belongs to an incident beside its shell is read with the rights of whoever asks for it. */
export class ShownEvents {
  readonly #reader: Reader;
  readonly #places: WholePlaces;

  constructor(reader: Reader, places: WholePlaces) {
    this.#reader = reader;
    this.#places = places;
  }

  /** In a feed: one object for all readers of equal filters, so that what is made of it can be shared. */
  ofFeed(item: FeedItem): IncidentEvent {
    return onceFor(item.event, item, () => this.#show(item, this.#partsOfEach(item.event)));
  }

  /** On a page: what belongs to its incidents is read at once for all. */
  ofPage(items: readonly FeedItem[], by: RequestContext): IncidentEvent[] {
    const together = this.#together(by, [...new Set(items.map(({ event }) => event.subject))]);
    return items.map((item) => this.#show(item, () => together.of(item.event.subject)));
  }

  #show(item: FeedItem, parts: Incident['parts']): IncidentEvent {
    const told = toldIncident(item.event);
    return new IncidentEvent(item, told, new Incident(told.record, parts, () => this.#places.of(told)));
  }

  #partsOfEach(event: FeedEvent): Incident['parts'] {
    return onceFor(event, this, () => {
      let read: WeakMap<RequestContext, PartsTogether> | undefined;
      return (by: RequestContext) => {
        // Most readers want nothing but the shell.
        read ??= new WeakMap();
        const together = read.get(by) ?? this.#together(by, [event.subject]);
        read.set(by, together);
        return together.of(event.subject);
      };
    });
  }

  #together(by: RequestContext, ids: readonly string[]): PartsTogether {
    return new PartsTogether(() => this.#reader.partsOf(by, ids));
  }
}
