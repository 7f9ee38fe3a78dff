import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import autocannon from 'autocannon';
import pg from 'pg';

const TICKS_PER_SECOND = 100;

/** A server under load: its own process, and the PostgreSQL backends that work for it. */
export interface BenchServer {
  readonly url: string;
  readonly process: ChildProcess;
}

export async function startServer(kind: 'wangge' | 'twin' | 'switched', databaseUrl: string): Promise<BenchServer> {
  const child = spawn(process.execPath, ['--max-semi-space-size=64', '--import', 'tsx', 'bench/server.ts', kind], {
    env: { ...process.env, DATABASE_URL: databaseUrl },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout! })) {
    const { port } = JSON.parse(line);
    return { url: `http://127.0.0.1:${port}/graphql`, process: child };
  }
  throw new Error(`The ${kind} server did not start`);
}

/** Answers a second of CPU time, the database's included. */
export async function answersPerCpuSecond(
  server: BenchServer,
  databaseUrl: string,
  bodies: readonly string[],
  amount: number,
  connections: number,
): Promise<number> {
  const before = await cpuSeconds(server, databaseUrl);
  const result = await autocannon({
    url: server.url,
    connections,
    timeout: 300,
    amount,
    requests: bodies.map((body) => ({ method: 'POST', headers: { 'content-type': 'application/json' }, body })),
  });
  const after = await cpuSeconds(server, databaseUrl);
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${result.non2xx} answers failed, ${result.errors} errors`);
  return result['2xx'] / (after - before);
}

/** CPU seconds of the server and of every backend of its database, from /proc. */
async function cpuSeconds(server: BenchServer, databaseUrl: string): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ pid: number }>(
    'select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  );
  await client.end();
  return [server.process.pid!, ...rows.map((row) => row.pid)].reduce((sum, pid) => sum + cpuOf(pid), 0);
}

function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  // utime and stime are fields 14 and 15; two came before the split.
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** The middle of some measurements. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}
