import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from '../../src/app.ts';
import { openApp } from '../../src/cli/openApp.ts';
import { readConfig } from '../../src/config.ts';
import { fromLattice } from '../../src/geometry/lattice.ts';
import { fileOfShapes } from '../exchange/squares.ts';
import { jitteredPartition } from '../geometry/jitteredPartition.ts';
import { newDatabaseSettings } from '../support/database.ts';
import { countRows } from './openHouse.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const [X0, Y0, SIDE] = [1_200_000_000, 300_000_000, 10_000];
const FEW = 16;
const MANY = 48 * 48;

let folder: string;
let env: NodeJS.ProcessEnv;
let before: { counts: Record<string, number>; answers: unknown };

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly printed: string;
}

/** Runs the command in a process of its own. `watch` is given the process and what it has printed so far. */
function wangge(
  args: readonly string[],
  watch: (child: ChildProcess, printed: string) => void = () => {},
  onStart: (child: ChildProcess) => void = () => {},
) {
  const child = spawn(process.execPath, ['src/wangge.js', ...args], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onStart(child);
  let printed = '';
  const hear = (text: string) => {
    printed += text;
    watch(child, printed);
  };
  return new Promise<Ended>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', hear);
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, printed }));
  });
}

function importing(layer: string): string[] {
  const options = ['--layer', layer, '--tier', 'cell', '--code-field', 'code', '--name-field', 'name'];
  return ['import', 'grids', join(folder, `${layer}.geojson`), ...options, '--create', 'partition', '--commit'];
}

/** The next start: what it holds and what it answers. */
async function nextStart<T>(look: (app: App) => T | Promise<T>): Promise<T> {
  const app = await openApp(readConfig(env), () => {});
  try {
    return await look(app);
  } finally {
    await app.close();
  }
}

async function state(app: App) {
  return { counts: await countRows(app), answers: await answersOf(app) };
}

/** The owners of some places in every layer. */
function answersOf(app: App): Promise<unknown> {
  const at = Array.from({ length: 40 }, (_, i) => ({
    point: { lon: fromLattice(X0 + i * 9_973), lat: fromLattice(Y0 + i * 7_919) },
  }));
  return app.ownership
    .ownerships(at, { asOf: new Date('2026-01-01T00:00:00Z') })
    .then((answers) =>
      answers.map((answer) =>
        'layers' in answer
          ? [answer.edition, ...answer.layers.map((layer) => [layer.layer.code, layer.status, layer.grid?.code()])]
          : answer.error.code,
      ),
    );
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wangge-killed-'));
  const { databaseUrl } = await newDatabaseSettings('killed');
  env = { ...process.env, DATABASE_URL: databaseUrl, DATA_DIR: join(folder, 'data'), LOG_LEVEL: 'silent' };
  const draw = (columns: number, side: number) =>
    fileOfShapes(jitteredPartition({ columns, rows: columns, side, pieces: 8, x0: X0, y0: Y0, seed: 5 }));
  writeFileSync(join(folder, 'few.geojson'), draw(4, SIDE * 12));
  for (const layer of ['many', 'more']) writeFileSync(join(folder, `${layer}.geojson`), draw(48, SIDE));
  expect(await wangge(importing('few'))).toMatchObject({ code: 0 });
  before = await nextStart(state);
  expect(before.counts).toMatchObject({ edition: 1, layer: 1, grid: FEW, grid_version: FEW });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Resolves when a statement like this runs on the server for a command, or none any more, or `isOver` says so. */
async function untilServerRuns(statement: RegExp | undefined, isOver: () => boolean = () => false): Promise<void> {
  const client = new pg.Client({ connectionString: env.DATABASE_URL });
  await client.connect();
  try {
    // Whoever queues to publish is kept waiting, so that it can be met there.
    if (statement === QUEUEING) await client.query(`select pg_advisory_lock(hashtext('wangge.edition'))`);
    while (!isOver()) {
      const { rows } = await client.query<{ query: string }>(`select query from pg_stat_activity
        where datname = current_database() and application_name = 'wangge' and state <> 'idle'`);
      if (statement ? rows.some(({ query }) => statement.test(query)) : rows.length === 0) return;
      await delay(5);
    }
  } finally {
    await client.end();
  }
}

const QUEUEING = /pg_advisory_xact_lock/;

interface KillMoment {
  /** What the command shows first, where the database is embedded, and how long after it the kill comes. */
  readonly shown: RegExp;
  readonly laterMs?: number;
  /** The statement that a server runs for it. */
  readonly statement: RegExp;
}

/** Imports, and kills the command with SIGKILL at a moment. */
async function importKilled(layer: string, { shown, laterMs = 0, statement }: KillMoment): Promise<Ended> {
  let killing: Promise<void> | undefined;
  const kill = async (child: ChildProcess, waiting: Promise<unknown>) => {
    await waiting;
    child.kill('SIGKILL');
  };
  const ended = await wangge(
    importing(layer),
    (child, printed) => {
      if (!env.DATABASE_URL && shown.test(printed)) killing ??= kill(child, delay(laterMs));
    },
    (child) => {
      if (env.DATABASE_URL)
        killing = kill(
          child,
          untilServerRuns(statement, () => child.exitCode !== null),
        );
    },
  );
  await killing;
  // A server notices a moment later that its client is gone.
  if (env.DATABASE_URL) await untilServerRuns(undefined);
  return ended;
}

const whole = (layers: number) => ({ edition: 1 + layers, layer: 1 + layers, grid: FEW + layers * MANY });

describe('an import killed with SIGKILL', () => {
  it.each<[string, KillMoment]>([
    ['before it writes', { shown: /share borders/, statement: QUEUEING }],
    ['as it writes', { shown: /write:/, statement: /insert into "grid_version"/ }],
    ['while it writes on', { shown: /write:/, laterMs: 500, statement: /insert into "grid_version"/ }],
  ])('%s leaves the last whole edition and nothing of its own', async (_, moment) => {
    const { printed, signal } = await importKilled('many', moment);
    expect(signal, printed).toBe('SIGKILL');
    expect(await nextStart(state)).toEqual(before);
  });

  it('while the laws are judged leaves all of it or nothing', async () => {
    const { signal } = await importKilled('many', { shown: /write:/, laterMs: 1500, statement: /^commit/ });
    const after = await nextStart(state);
    console.log(`Killed at the commit: ${signal}, ${after.counts.edition === 2 ? 'all' : 'nothing'} of it is there`);
    if (after.counts.edition === 2) expect(after.counts).toMatchObject(whole(1));
    else expect(after).toEqual(before);
  });

  it('after it said that it was published keeps all of it, and the next import goes on from there', async () => {
    const { counts } = await nextStart(state);
    const layers = counts.edition;
    const ended = await wangge(importing('more'), (child, printed) => {
      if (/Published as edition/.test(printed)) child.kill('SIGKILL');
    });
    expect(ended.printed).toContain(`Published as edition ${layers + 1}`);
    expect((await nextStart(state)).counts).toMatchObject({ ...whole(layers), edition_mark: 0 });
    expect(await wangge(importing('many'))).toMatchObject({ code: 0 });
    expect((await nextStart(state)).counts).toMatchObject(whole(2));
  });
});
