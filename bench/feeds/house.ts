import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { LocalIssuer } from '../../src/access/tokens/localIssuer.ts';
import { collectGarbage, freePort } from './heap.ts';

const TICKS_PER_SECOND = 100;
const MEBIBYTE = 2 ** 20;
const HELD = ['nodejs_heap_size_used_bytes', 'nodejs_external_memory_bytes'];
const LIMITS = { RATE_LIMIT: '1000000000000', SOCKETS_PER_CALLER: '100000', LOG_LEVEL: 'error' };

/** What a server used since it was asked last. */
export interface Used {
  /** CPU seconds a second of the process, and of the backends of the database that work for it. */
  readonly cpu: number;
  readonly backends: number;
  /** MiB of the process in memory, the most since it was asked last. */
  readonly peak: number;
}

/** `wangge serve` as a process of its own, as it is started in earnest, but that nobody is too much for it. */
export class House {
  readonly url: string;
  readonly token: string;
  readonly #process: ChildProcess;
  readonly #inspector: number;
  readonly #folder: string;
  readonly #database: pg.Client;
  readonly #sampler: NodeJS.Timeout;
  #peak = 0;
  #before = { at: 0, cpu: 0, backends: new Map<number, number>() };

  private constructor(child: ChildProcess, inspector: number, [folder, url, token]: string[], database: pg.Client) {
    this.#process = child;
    this.#inspector = inspector;
    this.#folder = folder;
    this.url = url;
    this.token = token;
    this.#database = database;
    this.#sampler = setInterval(() => this.#look(), 100);
  }

  /** `areas`: where who asks may read. BENCH_PROFILE names a folder for a profile of its CPU. */
  static async start(databaseUrl: string, areas: readonly string[]): Promise<House> {
    const folder = mkdtempSync(join(tmpdir(), 'wangge-feeds-'));
    const token = await new LocalIssuer(folder).issue(
      { role: 'dispatcher', within: areas, subject: 'bench', hours: 24 },
      new Date(),
    );
    const { BENCH_PROFILE: profile } = process.env;
    const inspector = await freePort();
    const flags = [
      '--max-semi-space-size=64',
      '--heap-growing-percent=200',
      `--inspect=127.0.0.1:${inspector}`,
      '--inspect-publish-uid=http',
    ];
    if (profile) flags.push('--cpu-prof', `--cpu-prof-dir=${profile}`);
    const settings = { DATABASE_URL: databaseUrl, DATA_DIR: folder, LOCAL_ISSUER: 'true', PORT: '0', ...LIMITS };
    const child = spawn(process.execPath, [...flags, 'src/wangge.js', 'serve'], {
      env: { ...process.env, ...settings },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const database = new pg.Client({ connectionString: databaseUrl });
    await database.connect();
    const house = new House(child, inspector, [folder, await urlOf(child), token], database);
    await house.sequenced();
    return house;
  }

  /** Resolves when everything committed before is in the log. */
  async sequenced(): Promise<void> {
    while ((await this.#database.query('select from feed_outbox limit 1')).rowCount! > 0) await pause(20);
  }

  async used(): Promise<Used> {
    const { rows } = await this.#database.query<{ pid: number }>(
      "select pid from pg_stat_activity where datname = current_database() and application_name = 'wangge'",
    );
    const backends = new Map(rows.map(({ pid }) => [pid, cpuOf(pid)]));
    const now = { at: performance.now(), cpu: cpuOf(this.#process.pid!), backends };
    const seconds = (now.at - this.#before.at) / 1000;
    const cpu = now.cpu - this.#before.cpu;
    let spent = 0;
    for (const [pid, used] of backends) spent += used - (this.#before.backends.get(pid) ?? 0);
    const peak = this.#peak;
    this.#before = now;
    this.#peak = 0;
    this.#look();
    return { cpu: cpu / seconds, backends: spent / seconds, peak };
  }

  /** A figure of /metrics. */
  async figure(name: string): Promise<number> {
    const text = await (await fetch(new URL('/metrics', this.url))).text();
    return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
  }

  /** MiB of the heap and of buffers outside of it that are really held; the server stands still meanwhile. */
  async held(): Promise<number> {
    await collectGarbage(this.#inspector);
    const figures = await Promise.all(HELD.map((name) => this.figure(name)));
    return figures.reduce((sum, bytes) => sum + bytes, 0) / MEBIBYTE;
  }

  async stop(): Promise<void> {
    clearInterval(this.#sampler);
    const gone = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    await gone;
    await this.#database.end();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #look(): void {
    const status = readFileSync(`/proc/${this.#process.pid}/status`, 'utf8');
    const resident = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
    this.#peak = Math.max(this.#peak, resident / MEBIBYTE);
  }
}

async function urlOf(child: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: child.stdout! })) {
    const [, url] = /answers at (\S+)/.exec(line) ?? [];
    if (!url) continue;
    // Whatever else it says must not fill the pipe.
    child.stdout!.resume();
    return url;
  }
  throw new Error('The server did not start.');
}

function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  // utime and stime are fields 14 and 15; two came before the split.
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

export const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
