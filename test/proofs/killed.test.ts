import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
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
  readonly stdout: string;
}

/** Runs the command in a process of its own. `watch` is given the process and what it has printed so far. */
function wangge(args: readonly string[], watch: (child: ChildProcess, printed: string) => void = () => {}) {
  const child = spawn(process.execPath, ['src/wangge.js', ...args], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let printed = '';
  const hear = (text: string) => {
    printed += text;
    watch(child, printed);
  };
  return new Promise<Ended>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      hear(text);
    });
    child.stderr.setEncoding('utf8').on('data', hear);
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, stdout }));
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
  writeFileSync(join(folder, 'many.geojson'), draw(48, SIDE));
  expect(await wangge(importing('few'))).toMatchObject({ code: 0 });
  before = await nextStart(state);
  expect(before.counts).toMatchObject({ edition: 1, layer: 1, grid: FEW, grid_version: FEW });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('an import killed with SIGKILL', () => {
  it.each([
    ['before it writes', /share borders/, 0],
    ['as it begins to write', /write:/, 0],
    ['while it writes and the laws are judged', /write:/, 400],
    ['later still', /write:/, 1200],
  ])('%s leaves the last whole edition and nothing of its own', async (_, moment, laterMs) => {
    let killing = false;
    const ended = await wangge(importing('many'), async (child, printed) => {
      if (killing || !moment.test(printed)) return;
      killing = true;
      await delay(laterMs);
      child.kill('SIGKILL');
    });
    const after = await nextStart(state);
    // On a fast machine the latest kill may come after the commit: then all of it must be there.
    if (after.counts.edition === 2) expect(after.counts).toMatchObject({ layer: 2, grid: FEW + MANY });
    else expect(after).toEqual(before);
    expect(ended.signal).toBe('SIGKILL');
  });

  it('after it said that it was published keeps all of it', async () => {
    const { signal, stdout } = await wangge(importing('many'), (child, printed) => {
      if (/edition 2/i.test(printed)) child.kill('SIGKILL');
    });
    expect([stdout, signal]).toEqual([expect.stringMatching(/edition 2/i), 'SIGKILL']);
    const { counts } = await nextStart(state);
    expect(counts).toMatchObject({ edition: 2, layer: 2, grid: FEW + MANY, grid_version: FEW + MANY, edition_mark: 0 });
    expect(await wangge(importing('many'))).toMatchObject({ code: 0 });
    expect(await nextStart(state)).toMatchObject({ counts });
  });
});
