import type pg from 'pg';
import type { NotificationSource, OpenDatabase } from './database.ts';

/** What the database says when an edition is committed, and when events of the feed are. Only hints: the logs are the truth. */
export type Hints = Partial<Readonly<Record<'wangge_edition' | 'wangge_feed', () => void>>>;

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 15_000;

type ClientFactory = Extract<NotificationSource, { newClient: unknown }>['newClient'];

/** One connection that listens, and comes back when it is lost. */
class Listening {
  readonly #newClient: ClientFactory;
  readonly #hints: Hints;
  #client: pg.Client | undefined;
  #retry: NodeJS.Timeout | undefined;
  #waitMs = FIRST_WAIT_MS;
  #stopped = false;

  constructor(newClient: ClientFactory, hints: Hints) {
    this.#newClient = newClient;
    this.#hints = hints;
  }

  async connect(): Promise<void> {
    const client = this.#newClient();
    let lost = false;
    const onLost = () => {
      if (lost) return;
      lost = true;
      client.end().catch(() => {});
      this.#connectLater();
    };
    client.on('error', onLost).on('end', onLost);
    client.on('notification', ({ channel }) => this.#hints[channel as keyof Hints]?.());
    this.#client = client;
    try {
      await client.connect();
      for (const channel of Object.keys(this.#hints)) await client.query(`listen ${channel}`);
      this.#waitMs = FIRST_WAIT_MS;
    } catch {
      onLost();
    }
  }

  #connectLater(): void {
    if (this.#stopped) return;
    this.#retry = setTimeout(async () => {
      await this.connect();
      // Something may have been said while nobody listened.
      if (!this.#stopped) for (const onHint of Object.values(this.#hints)) onHint();
    }, this.#waitMs);
    this.#retry.unref();
    this.#waitMs = Math.min(this.#waitMs * 2, LONGEST_WAIT_MS);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#retry);
    await this.#client?.end().catch(() => {});
  }
}

/**
 * Calls a hint when there may be something new in its log, and after each time the connection was lost. Hints may be
 * missing, late or needless, so a reader polls as well. Returns the way to stop.
 */
export async function listenFor(database: OpenDatabase, hints: Hints): Promise<() => Promise<void>> {
  const source = database.notifications;
  if ('onNotification' in source) {
    const stop = source.onNotification((channel) => hints[channel as keyof Hints]?.());
    return async () => stop();
  }
  const listening = new Listening(source.newClient, hints);
  await listening.connect();
  return () => listening.stop();
}
