import fc from 'fast-check';
import { sql } from 'kysely';
import type { Feeds } from '../../../src/feed/feeds.ts';
import { DISPATCHER, type FeedWorld } from './feedWorld.ts';

export const CATEGORIES = ['dispute', 'noise', 'land', 'wages'];
/** The category of the incidents by which readers know that nothing more comes. */
export const END = 'end';

/** One time that a subscriber is connected. */
interface Session {
  /** To which of two servers. */
  readonly server: number;
  /** Disconnects after so many events … */
  readonly events: number;
  /** … or, while it waits for one, after so many changes in the house. */
  readonly changes: number;
  /** How many of the last cursors were not kept when it crashed: these events come twice. */
  readonly forgotten: number;
}

export interface Subscriber {
  readonly within: string;
  readonly categories: readonly string[] | null;
  /** Events of the feed that it has read before, by pages. */
  readonly before: number;
  readonly sessions: readonly Session[];
}

export function subscribers(areas: readonly string[], disconnects: number): fc.Arbitrary<Subscriber> {
  const session = fc.record({
    server: fc.nat(1),
    events: fc.nat(12),
    changes: fc.nat(6),
    forgotten: fc.nat(3),
  });
  return fc.record({
    within: fc.constantFrom(...areas),
    categories: fc.option(fc.subarray(CATEGORIES, { minLength: 1 }), { nil: null, freq: 2 }),
    before: fc.nat(10),
    sessions: fc.array(session, { minLength: disconnects, maxLength: disconnects }),
  });
}

/** What a subscriber got: the ids it dealt with, each once, in the order in which they first came. */
export interface Received {
  readonly ids: readonly string[];
  readonly twice: number;
  readonly disconnects: number;
}

/** Lets subscribers wait for changes in the house. */
export class Changes {
  #count = 0;
  #waiting: { readonly at: number; readonly wake: () => void }[] = [];

  tick(): void {
    this.#count += 1;
    const due = this.#waiting.filter(({ at }) => at <= this.#count);
    this.#waiting = this.#waiting.filter(({ at }) => at > this.#count);
    for (const { wake } of due) wake();
  }

  after(count: number): Promise<void> {
    return new Promise((wake) => this.#waiting.push({ at: this.#count + count, wake }));
  }

  /** No more changes: nobody waits any longer. */
  end(): void {
    for (const { wake } of this.#waiting.splice(0)) wake();
    this.after = async () => {};
  }
}

/** Follows a feed as a client does, to its end: it keeps cursors of events it dealt with, crashes and goes on. */
export async function follow(
  world: FeedWorld,
  servers: readonly FeedWorld['resolver'][],
  { within, categories, before, sessions }: Subscriber,
  changes: Changes,
): Promise<Received> {
  const asked = categories && [...categories, END];
  const first = await servers[0].incidentEvents(within, null, before, asked, DISPATCHER);
  const ids = new Set(first.events.map(({ id }) => id));
  let kept = [first.cursor];
  let [twice, disconnects] = [0, 0];
  let ended = false;
  const last: Session = { server: 0, events: Infinity, changes: Infinity, forgotten: 0 };
  for (const session of [...sessions, last]) {
    if (session === last && ended) break;
    kept = kept.slice(0, Math.max(1, kept.length - session.forgotten));
    const feed = await servers[session.server].incidentFeed(within, kept.at(-1), asked, DISPATCHER);
    const cut = session.changes === Infinity ? undefined : changes.after(session.changes + 1);
    for (let count = 0; count < session.events; count++) {
      const event = await (cut ? Promise.race([feed.next(), cut]) : feed.next());
      if (!event?.value) {
        const heartbeat = feed.heartbeat();
        if (heartbeat !== undefined) kept.push(heartbeat);
        break;
      }
      const { id, cursor, told } = event.value;
      if (ids.has(id)) twice += 1;
      ids.add(id);
      kept.push(cursor);
      if (told.record.category === END && isLast(world, within, told.record.id)) ended = true;
      if (session === last && ended) break;
    }
    await feed.return();
    disconnects += session === last ? 0 : 1;
  }
  return { ids: [...ids], twice, disconnects };
}

/** Incidents of the category END, in the order in which they were reported, with the areas whose last it is. */
export const endings = new WeakMap<FeedWorld, Map<string, ReadonlySet<string>>>();
const isLast = (world: FeedWorld, within: string, id: string) => endings.get(world)?.get(id)?.has(within) ?? false;

/**
 * What an area was told, by the trails of its incidents and the tree alone; where an event stands in the log says only in
 * what order. An event that the log lacks comes first, and is found missing.
 */
export async function oracle(world: FeedWorld, { within, categories }: Subscriber): Promise<string[]> {
  const { rows } = await world.matters.everywhere((trx) =>
    sql<{ id: string }>`
      with recursive below as (
        select ${within}::uuid as id
        union select v.grid_id from grid_version v join below b on v.parent_id = b.id where v.edition_to is null
      )
      select e.id from incident_event e join incident i on i.id = e.incident_id left join feed_event f on f.event_id = e.id
      where e.grid_ids && array(select id from below) and i.category <> ${END}
        and (${categories}::text[] is null or i.category = any (${categories}::text[]))
      order by f.position nulls first`.execute(trx),
  );
  return rows.map(({ id }) => id);
}

/** Forgets one event whenever somebody resumes, as a cursor that is off by one would. */
export function offByOne(feeds: Feeds): Feeds {
  return {
    page: (...asked) => feeds.page(...asked),
    async open(filter, after, listener) {
      const reader = await feeds.open(filter, after, listener);
      const { cursor, items } = await feeds.page(filter, after, 1, listener);
      if (items.length === 0) return reader;
      await reader.return?.();
      return feeds.open(filter, cursor, listener);
    },
  };
}

/** Gives each reader all that his area is told, whatever his categories are. */
export function heedless(feeds: Feeds): Feeds {
  const all = <T extends { readonly categories: unknown }>(filter: T) => ({ ...filter, categories: null });
  return {
    page: (filter, ...asked) => feeds.page(all(filter), ...asked),
    open: (filter, ...asked) => feeds.open(all(filter), ...asked),
  };
}
