import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster } from './cluster.ts';
import type { Dice } from './dice.ts';
import { type Line, PARTITIONS } from './line.ts';
import type { ServerProcess } from './servers.ts';

/** How many faults of each kind there are to be. */
export interface FaultPlan {
  readonly serverKills: number;
  readonly postmasterKills: number;
  readonly backendKills: number;
  readonly partitions: number;
  readonly pauses: number;
}
export type FaultName = keyof FaultPlan;

/** What can be broken. */
export interface Stage {
  readonly cluster: Cluster;
  readonly database: string;
  readonly servers: readonly ServerProcess[];
  /** Between clients and servers, and between those and PostgreSQL. */
  readonly lines: readonly Line[];
}

const SETTLE_MS = 30_000;
/** How far one kind of faults may be ahead of another, as a share of its plan. */
const AHEAD = 0.1;

/** Breaks things by dice, and counts what was seen to be broken. */
export class Breaker {
  readonly #stage: Stage;
  readonly #dice: Dice;
  readonly seen: Record<FaultName, number> = {
    serverKills: 0,
    postmasterKills: 0,
    backendKills: 0,
    partitions: 0,
    pauses: 0,
  };
  /** Tried, and nobody noticed. */
  unseen = 0;

  constructor(stage: Stage, dice: Dice) {
    this.#stage = stage;
    this.#dice = dice;
  }

  /** True where its effect was seen. */
  async break(name: FaultName): Promise<boolean> {
    const wasSeen = await this.#kinds[name]();
    if (wasSeen) this.seen[name] += 1;
    else this.unseen += 1;
    return wasSeen;
  }

  readonly #kinds: Readonly<Record<FaultName, () => Promise<boolean>>> = {
    serverKills: () => this.#killServer(),
    postmasterKills: () => this.#killPostmaster(),
    backendKills: () => this.#killBackend(),
    partitions: () =>
      this.#dice
        .one(this.#stage.lines)
        .cut(this.#dice.one(PARTITIONS), this.#dice.between(150, 1500))
        .then((met) => met > 0),
    pauses: () => this.#pause(),
  };

  /** It is gone, and its successor answers. */
  async #killServer(): Promise<boolean> {
    const server = this.#dice.one(this.#stage.servers);
    await server.untilUp();
    await delay(this.#dice.between(0, 400));
    if (!(await server.kill())) return false;
    await server.untilUp();
    return true;
  }

  /** It is gone, and another answers with another start. */
  async #killPostmaster(): Promise<boolean> {
    const { cluster } = this.#stage;
    const before = await this.#startOf();
    if (!(await cluster.killPostmaster())) return false;
    await cluster.startPostmaster();
    return (await this.#startOf()) !== before;
  }

  async #startOf(): Promise<string> {
    const [{ at }] = await this.#stage.cluster.query<{ at: string }>('select pg_postmaster_start_time()::text as at');
    return at;
  }

  /** A session of the house, ended by the database or with kill -9, upon which PostgreSQL ends all and recovers. */
  async #killBackend(): Promise<boolean> {
    const { cluster, database } = this.#stage;
    const sessions = await this.#sessions();
    if (sessions.length === 0) return false;
    const pid = this.#dice.one(sessions);
    if (this.#dice.next() < 0.5) {
      await cluster.query('select pg_terminate_backend($1)', [pid]);
      return this.#until(async () => !(await this.#sessions()).includes(pid));
    }
    const [own] = await cluster.query<{ pid: number }>('select pg_backend_pid() as pid');
    process.kill(pid, 'SIGKILL');
    // Ours is one of those that are ended.
    const wasEnded = await this.#until(async () => {
      const [now] = await cluster.query<{ pid: number }>('select pg_backend_pid() as pid').catch(() => []);
      return now !== undefined && now.pid !== own.pid;
    });
    if (!wasEnded) throw new Error(`Nothing happened in ${database} when its session ${pid} was killed.`);
    return true;
  }

  async #sessions(): Promise<number[]> {
    const { cluster, database } = this.#stage;
    const rows = await cluster
      .query<{ pid: number }>(`select pid from pg_stat_activity where datname = $1 and application_name = 'wangge'`, [
        database,
      ])
      .catch(() => []);
    return rows.map(({ pid }) => pid);
  }

  /** One server holds still while the log grows by the other. */
  async #pause(): Promise<boolean> {
    const server = this.#dice.one(this.#stage.servers);
    await server.untilUp();
    const before = await this.#lastPosition();
    const heldStill = await server.pause(this.#dice.between(300, 2000));
    const after = await this.#lastPosition();
    return heldStill && before !== undefined && after !== undefined && after > before;
  }

  async #lastPosition(): Promise<number | undefined> {
    const { cluster, database } = this.#stage;
    return (
      await cluster.ask<{ at: string }>(database, 'select last_position::text as at from feed_state').catch(() => [])
    ).map(({ at }) => Number(at))[0];
  }

  async #until(isSo: () => Promise<boolean>): Promise<boolean> {
    const until = Date.now() + SETTLE_MS;
    while (Date.now() < until) {
      if (await isSo()) return true;
      await delay(20);
    }
    return false;
  }
}

const THREADS: readonly (readonly FaultName[])[] = [
  ['serverKills'],
  ['postmasterKills', 'backendKills'],
  ['partitions'],
  ['pauses'],
];

/** The faults of a plan, by dice. Each thread goes on by itself, so that faults meet, and none is done long before the others. */
export async function breakAll(breaker: Breaker, plan: FaultPlan, dice: Dice, isOver: () => boolean): Promise<void> {
  const shareOf = (name: FaultName) => (plan[name] > 0 ? breaker.seen[name] / plan[name] : 1);
  const last = () => Math.min(...THREADS.flat().map(shareOf));
  await Promise.all(
    THREADS.map(async (names) => {
      while (!isOver()) {
        const wanting = names.filter((name) => shareOf(name) < 1);
        if (wanting.length === 0) return;
        const name = dice.one(wanting);
        if (shareOf(name) <= last() + AHEAD) await breaker.break(name);
        await delay(dice.between(50, 600));
      }
    }),
  );
}
