import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { account, freePort } from './account.ts';

const ROOT = '/usr/lib/postgresql';
// A killed postmaster's children end by themselves; until then the folder is refused to the next one.
const START_WAIT_MS = 30_000;
const SETTINGS = {
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  restart_after_crash: 'on',
  max_connections: '120',
  shared_buffers: '64MB',
  // Less to read again after each crash.
  checkpoint_timeout: '30s',
};

/** Where the programs of PostgreSQL 15 or later are; undefined where there are none. */
export function findPostgres(): string | undefined {
  try {
    const versions = readdirSync(ROOT)
      .map(Number)
      .filter((version) => version >= 15);
    return versions.length > 0 ? join(ROOT, String(Math.max(...versions)), 'bin') : undefined;
  } catch {
    return undefined;
  }
}

/** A PostgreSQL of our own in a temporary folder, which may be killed; with fsync, so that nothing acknowledged is lost. */
export class Cluster {
  readonly port: number;
  readonly #bin: string;
  readonly #folder: string;
  readonly #account = account();
  #postmaster: ChildProcess | undefined;
  #superuser: pg.Client | undefined;

  private constructor(bin: string, folder: string, port: number) {
    this.#bin = bin;
    this.#folder = folder;
    this.port = port;
    process.once('exit', this.#sweep);
  }

  static async start(bin: string): Promise<Cluster> {
    const folder = mkdtempSync(join(tmpdir(), 'wangge-chaos-'));
    const cluster = new Cluster(bin, folder, await freePort());
    const { uid, gid } = cluster.#account;
    if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid);
    const arguments_ = [
      '-D',
      join(folder, 'data'),
      '-U',
      'postgres',
      '--auth=trust',
      '--no-sync',
      '-E',
      'UTF8',
      '--locale=C.UTF-8',
    ];
    execFileSync(join(bin, 'initdb'), arguments_, {
      ...cluster.#account,
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    await cluster.startPostmaster();
    return cluster;
  }

  get pid(): number | undefined {
    return this.#postmaster?.pid;
  }

  url(database: string, port = this.port): string {
    return `postgres://postgres@127.0.0.1:${port}/${database}`;
  }

  /** Returns once it answers. Tries again while those of the one before are still ending. */
  async startPostmaster(): Promise<void> {
    const until = Date.now() + START_WAIT_MS;
    while (true) {
      const child = this.#spawn();
      this.#postmaster = child;
      while (child.exitCode === null && child.signalCode === null) {
        if (await this.answers()) return;
        if (Date.now() > until) throw new Error(`PostgreSQL does not answer:\n${this.log()}`);
        await delay(50);
      }
      if (Date.now() > until) throw new Error(`PostgreSQL does not start:\n${this.log()}`);
      await delay(100);
    }
  }

  #spawn(): ChildProcess {
    const settings = Object.entries({
      ...SETTINGS,
      port: String(this.port),
      listen_addresses: '127.0.0.1',
      unix_socket_directories: this.#folder,
    }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const log = openSync(join(this.#folder, 'log'), 'a');
    try {
      const command = ['-D', join(this.#folder, 'data'), ...settings];
      return spawn(join(this.#bin, 'postgres'), command, {
        ...this.#account,
        cwd: this.#folder,
        stdio: ['ignore', log, log],
      });
    } finally {
      closeSync(log);
    }
  }

  async answers(): Promise<boolean> {
    try {
      await this.query('select 1');
      return true;
    } catch {
      return false;
    }
  }

  /** As the superuser on the database `postgres`, by a connection that is made anew when it was lost. */
  async query<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    if (!this.#superuser) {
      const client = new pg.Client({ connectionString: this.url('postgres'), connectionTimeoutMillis: 5000 });
      const forget = () => {
        if (this.#superuser === client) this.#superuser = undefined;
      };
      client.on('error', forget).on('end', forget);
      await client.connect();
      this.#superuser = client;
    }
    return (await this.#superuser.query<Row>(text, values)).rows;
  }

  /** On another database, by a connection for this question alone. */
  async ask<Row extends pg.QueryResultRow>(database: string, text: string, values: unknown[] = []): Promise<Row[]> {
    const client = new pg.Client({ connectionString: this.url(database), connectionTimeoutMillis: 5000 });
    client.on('error', () => {});
    try {
      await client.connect();
      return (await client.query<Row>(text, values)).rows;
    } finally {
      await client.end().catch(() => {});
    }
  }

  /** kill -9 of the postmaster; returns when it is gone. */
  async killPostmaster(): Promise<boolean> {
    const child = this.#postmaster;
    if (!child || child.exitCode !== null || child.signalCode !== null) return false;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    return child.signalCode === 'SIGKILL';
  }

  log(): string {
    return readFileSync(join(this.#folder, 'log'), 'utf8').split('\n').slice(-20).join('\n');
  }

  async stop(): Promise<void> {
    await this.#superuser?.end().catch(() => {});
    const child = this.#postmaster;
    if (child && child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit');
      // Immediate shutdown: whatever is in the folder goes with it.
      child.kill('SIGQUIT');
      await gone;
    }
    this.#sweep();
    process.off('exit', this.#sweep);
  }

  readonly #sweep = () => {
    this.#postmaster?.kill('SIGQUIT');
    // Those that are still ending may write a last file.
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  };
}
