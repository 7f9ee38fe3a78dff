import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { CompiledQuery } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/db/database.ts';

let folder: string;
const settings = () => ({ databaseUrl: undefined, dataDir: folder, poolSize: 1, statementTimeoutMs: 60_000 });
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wangge-embedded-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Another process that opens the folder and writes pairs of rows, telling the number of each pair once it is committed. */
const WRITER = `
  import { CompiledQuery } from 'kysely';
  import { openDatabase } from './src/db/database.ts';
  import { inTransaction } from './src/db/pgErrors.ts';
  const folder = process.argv[1];
  try {
    const { db } = await openDatabase({ databaseUrl: undefined, dataDir: folder, poolSize: 1, statementTimeoutMs: 60000 });
    const run = (on, text) => on.executeQuery(CompiledQuery.raw(text));
    await run(db, 'create table pair (number integer, half text)');
    for (let number = 1; ; number += 1) {
      await inTransaction(db, async (trx) => {
        await run(trx, \`insert into pair values (\${number}, 'left')\`);
        await run(trx, \`insert into pair values (\${number}, repeat('right', 500))\`);
      });
      console.log(number);
    }
  } catch (error) {
    console.log(JSON.stringify({ code: error.code, message: error.message }));
    process.exit(1);
  }`;

function startWriter(): ChildProcess {
  const args = ['--import', 'tsx', '--input-type=module', '-e', WRITER, folder];
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
}

describe('the folder of the embedded database', () => {
  it('keeps every acknowledged transaction, whole, when its process is killed, and opens again at once', async () => {
    const writer = startWriter();
    let acknowledged = 0;
    const KILL_AFTER = 137;
    for await (const line of createInterface({ input: writer.stdout! })) {
      acknowledged = Number(line);
      if (acknowledged === KILL_AFTER) writer.kill('SIGKILL');
    }
    expect(acknowledged).toBeGreaterThanOrEqual(KILL_AFTER);

    const database = await openDatabase(settings());
    try {
      const { rows } = await database.db.executeQuery<{ pairs: number; halves: number; last: number }>(
        CompiledQuery.raw('select count(distinct number) as pairs, count(*) as halves, max(number) as last from pair'),
      );
      const [{ pairs, halves, last }] = rows;
      expect(last).toBeGreaterThanOrEqual(acknowledged);
      expect(pairs).toBe(last);
      expect(halves).toBe(2 * pairs);

      await expect(openDatabase(settings())).rejects.toMatchObject({ code: 'DATABASE_BUSY' });
      const second = startWriter();
      const [line] = await once(createInterface({ input: second.stdout! }), 'line');
      expect(JSON.parse(line)).toEqual({
        code: 'DATABASE_BUSY',
        message: expect.stringContaining(`Process ${process.pid} `),
      });
      expect(JSON.parse(line).message).toContain('DATA_DIR');
    } finally {
      await database.close();
    }
    expect((await readdir(folder)).toSorted()).toEqual(['pgdata']);
  });

  it('is free again once it was closed', async () => {
    const database = await openDatabase(settings());
    expect((await database.db.executeQuery(CompiledQuery.raw('select min(number) as first from pair'))).rows).toEqual([
      { first: 1 },
    ]);
    await database.close();
    await expect(database.db.executeQuery(CompiledQuery.raw('select 1'))).rejects.toThrow();
  });
});
