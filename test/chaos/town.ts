import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { testConfig } from '../support/testConfig.ts';
import { buildServerFile, type Mutation, temporaryFolder } from './build.ts';
import { Cluster } from './cluster.ts';
import { type Ground, prepareGround } from './ground.ts';
import { Line } from './line.ts';
import { ServerProcess } from './servers.ts';
import type { Twin } from './twins.ts';

const SERVERS = 2;
const GROUND = 'ground';

/** A PostgreSQL with a prepared database in it, of which each run gets a copy. */
export class Site {
  readonly cluster: Cluster;
  readonly folder: string;
  readonly ground: Ground;
  #copies = 0;

  private constructor(cluster: Cluster, folder: string, ground: Ground) {
    this.cluster = cluster;
    this.folder = folder;
    this.ground = ground;
  }

  static async open(bin: string): Promise<Site> {
    const cluster = await Cluster.start(bin);
    try {
      await cluster.query(`create database ${GROUND}`);
      const folder = temporaryFolder();
      const settings = settingsOf(cluster.url(GROUND), folder);
      return new Site(cluster, folder, await prepareGround(testConfig(settings)));
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  /** The name of a fresh copy, in the state that a twin wants. */
  async copy(twin?: Twin): Promise<string> {
    this.#copies += 1;
    const name = `run_${this.#copies}`;
    await this.cluster.query(`create database ${name} template ${GROUND}`);
    if (twin?.sql) await this.cluster.ask(name, twin.sql);
    return name;
  }

  async close(): Promise<void> {
    await this.cluster.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const settingsOf = (databaseUrl: string, folder: string) => ({
  DATABASE_URL: databaseUrl,
  DATA_DIR: join(folder, 'keys'),
  LOCAL_ISSUER: 'true',
  SECRET_KEY: 'a secret of the chaos harness only',
});

/** Servers over one database, each behind a door and before a line to PostgreSQL, both of which can be cut. */
export interface Town {
  readonly servers: readonly ServerProcess[];
  readonly lines: readonly Line[];
  /** For writers that go to the database directly. */
  readonly writersUrl: string;
  close(): Promise<void>;
}

export async function openTown(site: Site, database: string, twin?: Twin): Promise<Town> {
  const { cluster, folder } = site;
  const file = await buildServerFile(folder, [...BRISK, ...(twin?.mutations ?? [])]);
  const lines: Line[] = [];
  const line = async (upstream?: number) => {
    lines.push(await Line.open(upstream));
    return lines[lines.length - 1];
  };
  const servers: ServerProcess[] = [];
  for (let i = 1; i <= SERVERS; i++) {
    const settings = settingsOf(cluster.url(database, (await line(cluster.port)).port), folder);
    const environment = { ...process.env, ...settings, ...SERVING, ...twin?.environment };
    servers.push(new ServerProcess(`server ${i}`, await line(), [file], environment));
  }
  const writersUrl = cluster.url(database, (await line(cluster.port)).port);
  for (const server of servers) server.begin();
  const close = async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await Promise.all(lines.map((each) => each.close()));
  };
  try {
    await Promise.all(servers.map((server) => server.untilUp()));
  } catch (error) {
    await close();
    throw error;
  }
  return { servers, lines, writersUrl, close };
}

/** Times that are longer than a run, shortened; nothing else is changed. */
const BRISK: readonly Mutation[] = [
  { file: 'src/webhooks/delivery/office.ts', from: /const LEASE_MS = [\d_]+;/, to: 'const LEASE_MS = 3_000;' },
  {
    file: 'src/webhooks/delivery/sending/retrySchedule.ts',
    from: /scheduleMs: SCHEDULE_MS\b/,
    to: 'scheduleMs: Array(30).fill(100)',
  },
];

const SERVING = {
  PORT: '0',
  LOG_LEVEL: 'warn',
  RATE_LIMIT: '1000000000000',
  SOCKETS_PER_CALLER: '1000',
  MIGRATION_DATABASE_URL: '',
  WEBHOOK_PRIVATE_NETWORKS: '127.0.0.0/8',
};
