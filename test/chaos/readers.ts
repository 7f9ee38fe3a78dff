import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { ask, type Doors } from './asking.ts';
import type { ReaderLog } from './checker.ts';
import type { Dice } from './dice.ts';
import type { Place } from './ground.ts';
import type { Reader } from './reader.ts';

const PARTS = 'id cursor version incident { id }';
const FEED = `subscription ($within: ID!, $after: String) { incidentFeed(within: $within, after: $after) { ${PARTS} } }`;
const PAGE = `query ($within: ID!, $after: String, $first: Int) { incidentEvents(within: $within, after: $after, first: $first) {
  cursor hasMore events { ${PARTS} } } }`;
const PAGE_SIZE = 200;

interface Shown {
  readonly id: string;
  readonly cursor: string;
  readonly version: number;
  readonly incident: { readonly id: string };
}

/** Follows the feed of a grid and resumes with its last cursor after every loss. Notes whatever it gets. */
export abstract class Follower implements Reader {
  readonly name: string;
  readonly within: Place;
  protected readonly doors: Doors;
  protected readonly dice: Dice;
  readonly events: { id: string; incident: string; version: number }[] = [];
  readonly ids = new Set<string>();
  readonly refusals: string[] = [];
  losses = 0;
  heartbeats = 0;
  protected cursor: string | undefined;
  #stopped = false;
  #following: Promise<void> | undefined;
  #hangUp: (() => void) | undefined;

  constructor(name: string, within: Place, doors: Doors, dice: Dice) {
    this.name = name;
    this.within = within;
    this.doors = doors;
    this.dice = dice;
  }

  /** Follows until the connection is lost or `lost` is called. */
  protected abstract follow(onLost: (hangUp: () => void) => void): Promise<void>;

  /** Takes a cursor before anything was written, so that everything is behind it, and follows from there. */
  async begin(): Promise<void> {
    const answer = await ask(this.doors, PAGE, { within: this.within.id, first: 1 });
    if (!answer.data) throw new Error(`${this.name}: ${JSON.stringify(answer.errors)}`);
    this.cursor = answer.data.incidentEvents.cursor;
    this.#following = this.#run();
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      await this.follow((hangUp) => {
        this.#hangUp = hangUp;
      }).catch(() => {});
      this.#hangUp = undefined;
      this.losses += 1;
      if (!this.#stopped) await delay(this.dice.between(5, 100));
    }
  }

  protected take({ id, cursor, version, incident }: Shown): void {
    this.events.push({ id, incident: incident.id, version });
    this.ids.add(id);
    this.cursor = cursor;
  }

  protected rest(cursor: string): void {
    this.heartbeats += 1;
    this.cursor = cursor;
  }

  protected refuse(errors: unknown): void {
    const text = JSON.stringify(errors);
    if (/CURSOR_EXPIRED|BAD_INPUT|NOT_FOUND|FORBIDDEN|UNAUTHENTICATED|RATE_LIMITED/.test(text))
      this.refusals.push(text);
  }

  lose(): void {
    this.#hangUp?.();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#hangUp?.();
    await this.#following;
  }

  logged(): ReaderLog {
    return { name: this.name, within: this.within.id, after: 0, events: this.events };
  }
}

/** By graphql-ws. */
export class SocketFollower extends Follower {
  protected follow(onLost: (hangUp: () => void) => void): Promise<void> {
    let socket: WebSocket | undefined;
    let isOver = false;
    const client = createClient({
      url: `${this.doors.origin().replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${this.doors.token}` },
      retryAttempts: 0,
      generateID: () => 'feed',
      on: {
        // A socket that is not open yet cannot be ended without a fuss.
        opened: (opened) => {
          socket = opened as WebSocket;
          if (isOver) socket.terminate();
        },
        ping: (received, payload) => {
          const cursor = (payload?.cursors as Record<string, string> | undefined)?.feed;
          if (received && cursor) this.rest(cursor);
        },
      },
    });
    return new Promise<void>((resolve) => {
      onLost(resolve);
      client.subscribe<{ incidentFeed: Shown }>(
        { query: FEED, variables: { within: this.within.id, after: this.cursor } },
        {
          next: ({ data, errors }) => {
            if (errors) this.refuse(errors);
            if (data?.incidentFeed) this.take(data.incidentFeed);
          },
          error: (error) => {
            if (Array.isArray(error)) this.refuse(error);
            resolve();
          },
          complete: resolve,
        },
      );
    }).finally(() => {
      isOver = true;
      socket?.terminate();
    });
  }
}

/** By server-sent events. */
export class StreamFollower extends Follower {
  protected async follow(onLost: (hangUp: () => void) => void): Promise<void> {
    const ended = new AbortController();
    onLost(() => ended.abort());
    const response = await fetch(`${this.doors.origin()}/graphql/stream`, {
      method: 'POST',
      signal: ended.signal,
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        authorization: `Bearer ${this.doors.token}`,
      },
      body: JSON.stringify({ query: FEED, variables: { within: this.within.id, after: this.cursor } }),
    });
    if (!response.ok) return this.refuse(await response.json());
    let text = '';
    for await (const piece of response.body!.pipeThrough(
      new TextDecoderStream() as never,
    ) as never as AsyncIterable<string>) {
      const blocks = (text + piece).split('\n\n');
      text = blocks.pop()!;
      for (const block of blocks) this.#block(block);
    }
  }

  #block(block: string): void {
    const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, 'm').exec(block)?.[1];
    const [data, id] = [field('data'), field('id')];
    if (data) {
      const result = JSON.parse(data);
      if (result?.errors) this.refuse(result.errors);
      if (result?.data?.incidentFeed) this.take(result.data.incidentFeed);
    } else if (id) this.rest(id);
  }
}

/** By pages, again and again. */
export class PollFollower extends Follower {
  protected async follow(): Promise<void> {
    const variables = { within: this.within.id, after: this.cursor, first: PAGE_SIZE };
    const { data, errors } = await ask(this.doors, PAGE, variables);
    if (errors) return this.refuse(errors);
    for (const event of data.incidentEvents.events as Shown[]) this.take(event);
    this.cursor = data.incidentEvents.cursor;
    await delay(data.incidentEvents.hasMore ? 0 : 200);
  }
}
