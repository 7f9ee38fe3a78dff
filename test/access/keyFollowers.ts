import { createClient as createStreamClient } from 'graphql-sse';
import { createClient as createSocketClient } from 'graphql-ws';
import { WebSocket } from 'ws';

/** Somebody who follows a feed by a key over one connection. */
export interface Follower {
  /** What came, by a field of each event; errors are not among it. */
  readonly seen: readonly unknown[];
  /** When the connection ended, in milliseconds of `performance`, and why. */
  readonly ended: Promise<{ readonly at: number; readonly why: unknown }>;
  /** Resolves once that many events have come, or it has ended. */
  told(count: number): Promise<void>;
  close(): void;
}

type Show = (data: Record<string, unknown>) => unknown;

/** Counts what comes. */
class Notes {
  readonly seen: unknown[] = [];
  readonly #waiting: { readonly count: number; readonly wake: () => void }[] = [];

  add(event: unknown): void {
    this.seen.push(event);
    for (const { count, wake } of this.#waiting) if (count <= this.seen.length) wake();
  }

  told(count: number, ended: Promise<unknown>): Promise<void> {
    const told = new Promise<void>((wake) => {
      if (this.seen.length >= count) wake();
      else this.#waiting.push({ count, wake });
    });
    return Promise.race([told, ended.then(() => {})]);
  }
}

/** Over a WebSocket; `why` is the code that closed it. */
export function bySocket(origin: string, secret: string, query: string, show: Show): Follower {
  const notes = new Notes();
  const client = createSocketClient({
    url: `${origin.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${secret}` },
    retryAttempts: 0,
  });
  const ended = new Promise<{ at: number; why: unknown }>((resolve) => {
    client.on('closed', (event) => resolve({ at: performance.now(), why: (event as CloseEvent).code }));
  });
  const next = ({ data }: { data?: unknown }) => {
    if (data) notes.add(show(data as Record<string, unknown>));
  };
  client.subscribe({ query }, { next, error: () => {}, complete: () => {} });
  return { seen: notes.seen, ended, told: (count) => notes.told(count, ended), close: () => void client.dispose() };
}

/** As an event stream; `why` is the code of the last error. */
export function byStream(origin: string, secret: string, query: string, show: Show): Follower {
  const notes = new Notes();
  const client = createStreamClient({
    url: `${origin}/graphql/stream`,
    headers: { authorization: `Bearer ${secret}` },
    singleConnection: false,
    retryAttempts: 0,
  });
  const ended = new Promise<{ at: number; why: unknown }>((resolve) => {
    let why: unknown;
    const end = () => resolve({ at: performance.now(), why });
    client.subscribe(
      { query },
      {
        next: ({ data, errors }) => {
          if (errors) why = errors[0].extensions?.code;
          if (data) notes.add(show(data as Record<string, unknown>));
        },
        error: (error) => {
          why ??= error;
          end();
        },
        complete: end,
      },
    );
  });
  return { seen: notes.seen, ended, told: (count) => notes.told(count, ended), close: () => void client.dispose() };
}
