import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { type House, pause } from './house.ts';
import type { Receipts } from './receipts.ts';

/** Most operations on one socket, as the server allows. */
const MOST = 50;
const QUIET_MS = 2000;
/** What somebody needs who keeps a list of incidents. */
export const FIELDS =
  process.env.BENCH_FIELDS ?? '{ id cursor kind act version at incident { id category status severity } }';

/** Sockets to open. */
export interface Opening {
  readonly url: string;
  readonly token: string;
  readonly document: string;
  /** The areas of each socket. */
  readonly sockets: readonly (readonly string[])[];
  /** Subscribes, and reads nothing from then on. */
  readonly dead: boolean;
}

export type Order =
  | { readonly name: 'open'; readonly opening: Opening }
  | { readonly name: 'begin' | 'count' | 'take' | 'close' };

/** Subscribers in a process of their own. */
export class Readers {
  readonly #process: ChildProcess;
  readonly #house: House;

  constructor(house: House) {
    this.#house = house;
    this.#process = fork(new URL('readerProcess.ts', import.meta.url), { serialization: 'advanced' });
  }

  /** Subscribes to each area; areas share sockets, so many on each. */
  async open(areas: readonly string[], { dead = false, onEach = MOST } = {}): Promise<void> {
    const { url, token } = this.#house;
    const sockets: string[][] = [];
    for (let i = 0; i < areas.length; i += onEach) sockets.push(areas.slice(i, i + onEach));
    const document = `subscription ($within: ID!) { incidentFeed(within: $within) ${FIELDS} }`;
    await this.#order({ name: 'open', opening: { url, token, document, sockets, dead } });
  }

  /** Forgets what came so far. */
  async begin(): Promise<void> {
    await this.#order({ name: 'begin' });
  }

  /** Resolves when nothing has come for two seconds. */
  async settled(): Promise<void> {
    let before = -1;
    for (;;) {
      const { count } = (await this.#order({ name: 'count' })) as { count: number };
      if (count === before) return;
      before = count;
      await pause(QUIET_MS);
    }
  }

  /** What came since, and how many sockets were closed from the other side so far. */
  async take(): Promise<Receipts & { readonly closed: number }> {
    return (await this.#order({ name: 'take' })) as Receipts & { closed: number };
  }

  /** Ends all of its sockets. */
  async close(): Promise<void> {
    await this.#order({ name: 'close' });
  }

  async stop(): Promise<void> {
    const gone = once(this.#process, 'exit');
    this.#process.kill();
    await gone;
  }

  async #order(order: Order): Promise<unknown> {
    this.#process.send(order);
    const [{ answer, failure }] = (await once(this.#process, 'message')) as [{ answer?: object; failure?: string }];
    if (failure !== undefined) throw new Error(`Subscribers: ${failure}`);
    return answer;
  }
}
