import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { addAddressImport } from '../../src/cli/imports/addresses.ts';
import { type Api, openApi } from '../support/api.ts';
import { emptyTables, openTestDatabase } from '../support/database.ts';

let api: Api;
let folder: string;
let printed: string;
beforeEach(async () => {
  await emptyTables((await openTestDatabase()).db);
  api = await openApi();
  folder = await mkdtemp(join(tmpdir(), 'wangge-addresses-'));
  printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

/** Runs `wangge import addresses` with these arguments; gives the exit code. */
async function run(lines: readonly string[], ...args: string[]): Promise<unknown> {
  const file = join(folder, 'addresses.csv');
  await writeFile(file, lines.join('\n'));
  let code: unknown;
  const program = new Command().exitOverride();
  addAddressImport(program, async (work) => {
    code = await work(api.app);
  });
  await program.parseAsync(['addresses', file, ...args], { from: 'user' });
  return code;
}

const LINES = [
  'text,lon,lat',
  '丰泽区中山路12号,118.6,24.9',
  '丰泽区中山路13号,218.6,24.9',
  '丰泽区中山路14号,118.6,24.9',
];

describe('wangge import addresses', () => {
  it('tells what it would do, and does it with --commit', async () => {
    expect(await run(LINES.slice(0, 2))).toBe(0);
    expect(printed).toContain('Would make: 1 addresses');
    expect(printed).toContain('--commit');
    expect(api.app.editions.latest).toBe(0);
    expect(await run(LINES.slice(0, 2), '--commit')).toBe(0);
    expect(printed).toContain('Published as edition 1.');
    expect(await run(LINES.slice(0, 2), '--commit')).toBe(0);
    expect(printed).toContain('Every row is known already');
  });

  it('writes nothing where a row is bad, says which in a CSV file, and keeps the good ones when asked', async () => {
    const errors = join(folder, 'errors.csv');
    expect(await run(LINES, '--commit', '--errors', errors)).toBe(1);
    expect(api.app.editions.latest).toBe(0);
    expect(await readFile(errors, 'utf8')).toMatch(/^\uFEFFrow,column,value,reason\r\n3,lon,218\.6,.+\r\n$/);
    expect(await run(LINES, '--commit', '--keep-good', '--json')).toBe(0);
    expect(api.app.editions.latest).toBe(1);
    expect(printed).toContain('"addresses": 2');
  });
});
