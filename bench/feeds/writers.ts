import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { Ground } from './ground.ts';
import { pause } from './house.ts';
import { clock } from './receipts.ts';

const INSERT = `insert into incident_event (id, incident_id, version, kind, act, at, by, grid_ids)
  select n.id, n.incident, n.version, 'CHANGED', 'NOTED', clock_timestamp(), 'bench', array[n.grid]
  from unnest($1::uuid[], $2::uuid[], $3::int[], $4::uuid[]) as n(id, incident, version, grid)`;

/** What was written: event n is of the incident `villageOf(n)`, and its id ends in n. */
export interface Written {
  readonly count: number;
  villageOf(n: number): number;
  /** Milliseconds of the monotonic clock: just before the statement was sent, and when its commit was known. */
  readonly sent: Float64Array;
  readonly acknowledged: Float64Array;
  /** Events a second, as it was really reached. */
  readonly rate: number;
}

export interface Writing {
  readonly perSecond: number;
  readonly seconds: number;
  /** Ends after `seconds` too, though not all is written. */
  readonly inTime?: boolean;
  /** Numbers of the villages where it happens, in turns. */
  readonly villages: readonly number[];
  /** Events in one statement, which is one transaction. */
  readonly together?: number;
}

/** Writes events as plain autocommitted SQL, at a given rate whatever each takes. */
export class Writers {
  readonly #clients: readonly pg.Client[];
  readonly #ground: Ground;

  private constructor(clients: readonly pg.Client[], ground: Ground) {
    this.#clients = clients;
    this.#ground = ground;
  }

  static async open(ground: Ground, connections: number): Promise<Writers> {
    const open = async () => {
      const client = new pg.Client({ connectionString: ground.databaseUrl, application_name: 'bench' });
      await client.connect();
      await client.query("select set_config('wangge.areas', '*', false)");
      return client;
    };
    return new Writers(await Promise.all(Array.from({ length: connections }, open)), ground);
  }

  async write({ perSecond, seconds, villages, together = 1, inTime = false }: Writing): Promise<Written> {
    const most = Math.floor((perSecond * seconds) / together) * together;
    const villageOf = (n: number) => villages[n % villages.length];
    const [sent, acknowledged] = [new Float64Array(most), new Float64Array(most)];
    const run = randomBytes(4).toString('hex');
    const began = clock();
    const over = inTime ? began + seconds * 1000 : Number.POSITIVE_INFINITY;
    let next = 0;
    const write = async (client: pg.Client) => {
      while (next < most && clock() < over) {
        const n = next;
        next += together;
        const wait = began + (n / perSecond) * 1000 - clock();
        if (wait > 0) await pause(wait);
        sent.fill(clock(), n, n + together);
        await client.query({ name: 'write', text: INSERT, values: this.#events(run, n, together, villageOf) });
        acknowledged.fill(clock(), n, n + together);
      }
    };
    await Promise.all(this.#clients.map(write));
    return { count: next, villageOf, sent, acknowledged, rate: (next / (clock() - began)) * 1000 };
  }

  async close(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.end()));
  }

  #events(run: string, first: number, count: number, villageOf: (n: number) => number): unknown[] {
    const { incidents, villages, versions } = this.#ground;
    const numbers = Array.from({ length: count }, (_, i) => first + i);
    const places = numbers.map(villageOf);
    return [
      numbers.map((n) => `${run}-0000-4000-8000-${n.toString(16).padStart(12, '0')}`),
      places.map((place) => incidents[place]),
      places.map((place) => ++versions[place]),
      places.map((place) => villages[place]),
    ];
  }
}
