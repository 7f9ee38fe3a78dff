import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { lockFolder } from '../../src/db/embedded/dataFolder.ts';

let folder: string;
const lost: string[] = [];
const take = () => lockFolder(folder, (reason) => lost.push(reason), { here: 200, elsewhere: 200 });

/** Leaves the marks of another owner, whose last sign of life was some seconds ago. */
async function leave(owner: object, secondsAgo: number): Promise<void> {
  const mark = join(folder, 'wangge.lock');
  await mkdir(mark);
  await writeFile(join(folder, 'wangge.pid'), JSON.stringify(owner));
  const then = new Date(Date.now() - secondsAgo * 1_000);
  await utimes(mark, then, then);
}

const readBootId = async () => (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
const readStart = async (pid: number) =>
  (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ').at(-1)!.split(' ')[19];

/** What this process writes about itself. */
async function ownMark(): Promise<object> {
  const release = await take();
  const mark = JSON.parse(await readFile(join(folder, 'wangge.pid'), 'utf8'));
  await release();
  return mark;
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
    await leave({ ...(await ownMark()), pid }, 0);
    await (await take())();
  });

  it('of a killed process that its parent never collected is taken over at once', async () => {
    // The shell turns into a sleep, which collects nobody: its first child stays a zombie.
    const parent = spawn('sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 30'], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const [line] = await once(createInterface({ input: parent.stdout! }), 'line');
      const pid = Number(line);
      const birth = `${await readBootId()} ${await readStart(pid)}`;
      await vi.waitFor(async () => expect(await readFile(`/proc/${pid}/stat`, 'utf8')).toMatch(/\) Z /), 5_000);
      await leave({ ...(await ownMark()), pid, birth }, 0);
      await (await take())();
    } finally {
      parent.kill('SIGKILL');
    }
  });

  it('whose number belongs to another process by now, as after a reboot, is taken over at once', async () => {
    await leave({ ...(await ownMark()), pid: process.ppid, birth: 'an earlier boot' }, 0);
    await (await take())();
  });

  it('of a live process of this machine is respected, however long it was busy', async () => {
    const birth = `${await readBootId()} ${await readStart(process.ppid)}`;
    await leave({ ...(await ownMark()), pid: process.ppid, birth }, 3_600);
    await expect(take()).rejects.toMatchObject({ code: 'DATABASE_BUSY', details: { pid: process.ppid } });
  });

  it('of a container with the same name is not judged by our process numbers', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    await leave({ ...(await ownMark()), pid, namespace: 'pid:[1]' }, 2);
    await expect(take()).rejects.toMatchObject({ code: 'DATABASE_BUSY' });
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
    await leave({ ...(await ownMark()), birth: 'an earlier life' }, 0);
    await (await take())();
  });
});
