import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROUNDS = 3;
const PORT = '4199';
const QUESTION = { query: '{ layers { code } }' };

/** From the command to the first answer, on the embedded database: the first start, and later ones. */
export async function benchStart(print: (label: string, value: string) => void): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'wangge-start-'));
  try {
    const first = await secondsToFirstAnswer(folder);
    const later: number[] = [];
    for (let round = 0; round < ROUNDS; round++) later.push(await secondsToFirstAnswer(folder));
    later.sort((a, b) => a - b);
    print('First start to first answer, embedded, town made', `${first.toFixed(1)} s`);
    print('Second start to first answer, embedded', `${later[ROUNDS >> 1].toFixed(1)} s`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function secondsToFirstAnswer(folder: string): Promise<number> {
  const started = performance.now();
  const { DATABASE_URL: _, ...environment } = process.env;
  const child = spawn(process.execPath, ['src/wangge.js', 'serve', '--demo'], {
    env: { ...environment, DATA_DIR: folder, PORT, HOST: '127.0.0.1', LOG_LEVEL: 'silent' },
    stdio: 'ignore',
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  try {
    while (!(await answers())) await new Promise((resolve) => setTimeout(resolve, 20));
    return (performance.now() - started) / 1000;
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
}

async function answers(): Promise<boolean> {
  try {
    const reply = await fetch(`http://127.0.0.1:${PORT}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(QUESTION),
    });
    return reply.ok;
  } catch {
    return false;
  }
}
