import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { lock } from 'proper-lockfile';
import { DomainError } from '../../errors.ts';

const STALE_MS = 10_000;
/** Folders held by this process: its own pid in a file proves nothing. */
const held = new Set<string>();

interface Owner {
  readonly pid: number;
  readonly host: string;
}

async function readOwner(file: string): Promise<Owner | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Owner;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function busy(folder: string, owner: Owner | undefined): DomainError {
  const who = owner ? `Process ${owner.pid} on ${owner.host}` : 'Another process';
  return new DomainError(
    'DATABASE_BUSY',
    `${who} already uses the database in ${folder}. Stop that process, or set DATA_DIR to another folder.`,
    { folder, ...(owner ? { pid: owner.pid, host: owner.host } : {}) },
  );
}

/**
 * Takes the folder for this process, because two processes on one embedded database lose rows silently. The lock of a
 * process of this machine that has died is taken over at once, that of another machine after STALE_MS without a sign
 * of life. `onLost` is called if the lock is taken away. Throws DATABASE_BUSY; gives the way to release it.
 */
export async function lockFolder(folder: string, onLost: (reason: string) => void): Promise<() => Promise<void>> {
  await mkdir(folder, { recursive: true });
  // Everyone who opens or takes over goes through this gate, so nobody mistakes a new owner for the dead one.
  const leaveGate = await lock(join(folder, 'opening'), {
    realpath: false,
    stale: 5_000,
    retries: { retries: 40, minTimeout: 50, maxTimeout: 250 },
  }).catch(() => {
    throw busy(folder, undefined);
  });
  try {
    return await takeLock(folder, onLost);
  } finally {
    await leaveGate();
  }
}

async function takeLock(folder: string, onLost: (reason: string) => void): Promise<() => Promise<void>> {
  const locked = join(folder, 'wangge');
  const ownerFile = join(folder, 'wangge.pid');
  const owner = await readOwner(ownerFile);
  if (owner?.host === hostname()) {
    const ours = owner.pid === process.pid;
    if (ours ? held.has(folder) : isAlive(owner.pid)) throw busy(folder, owner);
    await rm(`${locked}.lock`, { recursive: true, force: true });
  }
  const onCompromised = () => onLost(`Another process has taken over the database in ${folder}.`);
  const unlock = await lock(locked, { realpath: false, stale: STALE_MS, onCompromised }).catch(() => {
    throw busy(folder, owner);
  });
  held.add(folder);
  await writeFile(ownerFile, JSON.stringify({ pid: process.pid, host: hostname() } satisfies Owner));
  return async () => {
    held.delete(folder);
    await rm(ownerFile, { force: true });
    await unlock().catch(() => undefined);
  };
}

/** A folder for a database that nobody keeps, and the way to remove it; it goes with the process at the latest. */
export async function makeThrowawayFolder(): Promise<{ folder: string; remove: () => void }> {
  for (const name of await readdir(tmpdir())) {
    const pid = /^wangge-throwaway-(\d+)-/.exec(name)?.[1];
    // Left by a process that was killed.
    if (pid && !isAlive(Number(pid))) await rm(join(tmpdir(), name), { recursive: true, force: true });
  }
  const folder = await mkdtemp(join(tmpdir(), `wangge-throwaway-${process.pid}-`));
  const remove = () => {
    process.off('exit', remove);
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', remove);
  return { folder, remove };
}
