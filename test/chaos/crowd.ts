import { setTimeout as delay } from 'node:timers/promises';
import type { Doors } from './asking.ts';
import { Dice } from './dice.ts';
import type { Ground, Place } from './ground.ts';
import { HttpWriter } from './httpWriter.ts';
import { Ledger } from './ledger.ts';
import type { Reader } from './reader.ts';
import { PollFollower, SocketFollower, StreamFollower } from './readers.ts';
import { SqlWriter } from './sqlWriter.ts';
import type { Town } from './town.ts';
import { WebhookReceiver } from './webhookReceiver.ts';

interface CrowdSize {
  readonly seed: number;
  readonly httpWriters: number;
  readonly sqlWriters: number;
  /** How many receive webhooks, and which share of their answers is a fault. */
  readonly webhooks: number;
  readonly webhookFaults: number;
}

interface Writer {
  readonly name: string;
  readonly problems: readonly string[];
  /** Milliseconds between writes, about. */
  readonly restMs: number;
  write(): Promise<void>;
}

/** Everybody who writes and reads. Each comes in by another door each time. */
export class Crowd {
  readonly ledger = new Ledger();
  readonly readers: readonly Reader[];
  /** Of the readers, those that are sent to. */
  readonly receivers: readonly WebhookReceiver[];
  readonly #writers: readonly Writer[];
  readonly #sqlWriters: readonly SqlWriter[];
  readonly #dice: Dice;
  #writing = true;
  #reading = true;
  #work: Promise<unknown>[] = [];
  readonly #faults: string[] = [];

  constructor(
    ground: Ground,
    town: Pick<Town, 'servers' | 'writersUrl'>,
    { seed, httpWriters, sqlWriters, webhooks, webhookFaults }: CrowdSize,
  ) {
    this.#dice = new Dice(seed);
    const diceOf = (salt: number) => new Dice(seed + salt * 7919);
    const doors = (dice: Dice): Doors => ({
      token: ground.token,
      origin: () => `http://127.0.0.1:${dice.one(town.servers).door.port}`,
    });
    const shared = { incidents: [] };
    const http = Array.from({ length: httpWriters }, (_, i) => {
      const dice = diceOf(100 + i);
      return new HttpWriter(`http-${i}`, doors(diceOf(200 + i)), { ground, dice }, { ledger: this.ledger, shared });
    });
    const sqlShared = { incidents: [] };
    this.#sqlWriters = Array.from({ length: sqlWriters }, (_, i) => {
      const at = { ground, dice: diceOf(300 + i) };
      return new SqlWriter(`sql-${i}`, town.writersUrl, at, { ledger: this.ledger, shared: sqlShared });
    });
    this.#writers = [...http, ...this.#sqlWriters];
    const followers = followed(ground).map(({ way, within }, i) => {
      return new way(`${way.name} ${i} of ${within.code}`, within, doors(diceOf(400 + i)), diceOf(500 + i));
    });
    this.receivers = Array.from({ length: webhooks }, (_, i) => {
      // The first two of little places, the others of everything.
      const within = i < 2 ? ground.villages[i] : ground.root;
      const door = { ...doors(diceOf(600 + i)), token: ground.adminToken };
      return new WebhookReceiver(`webhook ${i} of ${within.code}`, within, door, diceOf(700 + i), webhookFaults);
    });
    this.readers = [...followers, ...this.receivers];
  }

  async begin(): Promise<void> {
    await Promise.all(this.readers.map((reader) => reader.begin()));
    this.#work = [...this.#writers.map((writer) => this.#keepWriting(writer)), this.#keepLosing()];
  }

  async #keepWriting(writer: Writer): Promise<void> {
    while (this.#writing) {
      try {
        await writer.write();
        await delay(this.#dice.between(0, 2 * writer.restMs));
      } catch (error) {
        this.#faults.push(`${writer.name}: ${(error as Error).stack}`);
        await delay(100);
      }
    }
  }

  /** Readers lose the network for reasons of their own as well. */
  async #keepLosing(): Promise<void> {
    while (this.#reading) {
      await delay(this.#dice.between(50, 500));
      this.#dice.one(this.readers).lose();
    }
  }

  problems(): string[] {
    const refused = this.readers.flatMap(({ name, refusals }) => refusals.map((text) => `${name}: ${text}`));
    return [...this.#faults, ...this.#writers.flatMap(({ problems }) => problems), ...refused];
  }

  /** Returns when each has an answer to what it wrote last. */
  async stopWriting(): Promise<void> {
    this.#writing = false;
    await Promise.all(this.#work.slice(0, -1));
  }

  async stopReading(): Promise<void> {
    this.#reading = false;
    await Promise.all(this.readers.map((reader) => reader.stop()));
    await Promise.all(this.#work);
  }

  async close(): Promise<void> {
    this.#writing = false;
    await this.stopReading().catch(() => {});
    for (const writer of this.#sqlWriters) await writer.close();
  }
}

type Way = new (name: string, within: Place, doors: Doors, dice: Dice) => Reader;

/** The root, towns, leaves and beats, by every way there is of asking. */
function followed({ root, towns, villages, beats }: Ground): { way: Way; within: Place }[] {
  return [
    { way: SocketFollower, within: root },
    { way: SocketFollower, within: root },
    { way: StreamFollower, within: root },
    { way: PollFollower, within: root },
    ...towns.map((within, i) => ({ way: i % 2 === 0 ? SocketFollower : StreamFollower, within })),
    ...villages.slice(0, 4).map((within) => ({ way: SocketFollower, within })),
    ...beats.map((within) => ({ way: StreamFollower, within })),
  ];
}
