import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockFolder } from '../../src/db/embedded/dataFolder.ts';

let folder: string;
const lost: string[] = [];
const take = () => lockFolder(folder, (reason) => lost.push(reason));

/** Leaves the marks of another owner, whose last sign of life was some seconds ago. */
async function leave(owner: { pid: number; host: string }, secondsAgo: number): Promise<void> {
  const mark = join(folder, 'wangge.lock');
  await mkdir(mark);
  await writeFile(join(folder, 'wangge.pid'), JSON.stringify(owner));
  const then = new Date(Date.now() - secondsAgo * 1_000);
  await utimes(mark, then, then);
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wangge-lock-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the lock of a data folder', () => {
  it('is for one at a time, and leaves nothing behind', async () => {
    const release = await take();
    await expect(take()).rejects.toMatchObject({ code: 'DATABASE_BUSY', details: { pid: process.pid } });
    await release();
    await (await take())();
    expect(await readdir(folder)).toEqual([]);
    expect(lost).toEqual([]);
  });

  it('goes to exactly one of many who ask together', async () => {
    const asked = await Promise.allSettled(Array.from({ length: 8 }, take));
    const taken = asked.filter((result) => result.status === 'fulfilled');
    expect(taken).toHaveLength(1);
    await taken[0].value();
  });

  it('of a dead process of this machine is taken over at once', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    await leave({ pid, host: hostname() }, 0);
    await (await take())();
  });

  it('of a live process of this machine is respected, however long it was busy', async () => {
    await leave({ pid: process.ppid, host: hostname() }, 3_600);
    await expect(take()).rejects.toMatchObject({ code: 'DATABASE_BUSY', details: { pid: process.ppid } });
  });

  it('of another machine is respected while it gives signs of life', async () => {
    await leave({ pid: 1, host: 'elsewhere' }, 2);
    await expect(take()).rejects.toMatchObject({ message: expect.stringContaining('Process 1 on elsewhere') });
  });

  it('of another machine is taken over when it has long been silent', async () => {
    await leave({ pid: 1, host: 'elsewhere' }, 60);
    await (await take())();
  });

  it('of a former process with our own number, as in a restarted container, is taken over', async () => {
    await leave({ pid: process.pid, host: hostname() }, 0);
    await (await take())();
  });
});
