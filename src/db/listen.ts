import type pg from 'pg';
import type { NotificationSource, OpenDatabase } from './database.ts';

/** Said by the database when an edition is committed. Only a hint: the log of editions is the truth. */
const EDITION_CHANNEL = 'wangge_edition';

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 15_000;

type ClientFactory = Extract<NotificationSource, { newClient: unknown }>['newClient'];

/** One connection that listens, and comes back when it is lost. */
class Listening {
  readonly #newClient: ClientFactory;
  readonly #onHint: () => void;
  #client: pg.Client | undefined;
  #retry: NodeJS.Timeout | undefined;
  #waitMs = FIRST_WAIT_MS;
  #stopped = false;

  constructor(newClient: ClientFactory, onHint: () => void) {
    this.#newClient = newClient;
    this.#onHint = onHint;
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
    client.on('error', onLost).on('end', onLost).on('notification', this.#onHint);
    this.#client = client;
    try {
      await client.connect();
      await client.query(`listen ${EDITION_CHANNEL}`);
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
      if (!this.#stopped) this.#onHint();
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
 * Calls `onHint` when an edition may have been published, and after each time the connection was lost. Hints may be
 * missing, late or needless, so a reader polls as well. Returns the way to stop.
 */
export async function listenForEditions(database: OpenDatabase, onHint: () => void): Promise<() => Promise<void>> {
  const source = database.notifications;
  if ('onNotification' in source) {
    const stop = source.onNotification((channel) => {
      if (channel === EDITION_CHANNEL) onHint();
    });
    return async () => stop();
  }
  const listening = new Listening(source.newClient, onHint);
  await listening.connect();
  return () => listening.stop();
}
