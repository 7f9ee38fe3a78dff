import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { lock } from 'proper-lockfile';
import { DomainError } from '../../errors.ts';

const STALE_MS = 10_000;
// A killed process takes a moment to be gone; one elsewhere is given up after STALE_MS without a sign of life.
const PATIENCE_MS = { here: 1_500, elsewhere: STALE_MS + 2_000 };
/** Folders held by this process. */
const held = new Set<string>();

/** Who holds a folder. `birth` tells a process from a later one with its number; `namespace` says whose numbers count. */
interface Owner {
  readonly pid: number;
  readonly host: string;
  readonly namespace?: string;
  readonly birth?: string;
}

const textOf = (read: Promise<string>) => read.then((text) => text.trim()).catch(() => undefined);

/** When a process was started, on Linux; undefined once it is gone, a zombie without running threads included. */
async function birthOf(pid: number): Promise<string | undefined> {
  const stat = await textOf(readFile(`/proc/${pid}/stat`, 'utf8'));
  // The name in parentheses may hold anything, so fields are counted from its end: state is the 3rd, start the 22nd.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (!fields) return undefined;
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  if ('ZX'.includes(fields[0]) && threads.length <= 1) return undefined;
  return `${await textOf(readFile('/proc/sys/kernel/random/boot_id', 'utf8'))} ${fields[19]}`;
}

async function self(): Promise<Owner> {
  const namespace = await textOf(readlink('/proc/self/ns/pid'));
  return { pid: process.pid, host: hostname(), namespace, birth: await birthOf(process.pid) };
}

async function readOwner(file: string): Promise<Owner | undefined> {
  const text = await textOf(readFile(file, 'utf8'));
  try {
    return text ? (JSON.parse(text) as Owner) : undefined;
  } catch {
    return undefined;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Whether the owner is surely at work, surely gone, or out of our sight: then only its signs of life count. */
async function judge(owner: Owner, me: Owner, folder: string): Promise<'alive' | 'dead' | 'unknown'> {
  if (owner.host !== me.host || owner.namespace !== me.namespace) return 'unknown';
  if (owner.pid === me.pid && owner.birth === me.birth) return held.has(folder) ? 'alive' : 'dead';
  if (owner.birth) return (await birthOf(owner.pid)) === owner.birth ? 'alive' : 'dead';
  return isRunning(owner.pid) ? 'unknown' : 'dead';
}

function busy(folder: string, owner: Owner | undefined): DomainError {
  const who = owner ? `Process ${owner.pid} on ${owner.host}` : 'Another process';
  return new DomainError(
    'DATABASE_BUSY',
    `${who} already uses the database in ${folder}. Stop that process, or set DATA_DIR to another folder.`,
    { folder, ...(owner ? { pid: owner.pid, host: owner.host } : {}) },
  );
}

type Release = () => Promise<void>;

/**
 * Takes the folder for this process, because two processes on one embedded database lose rows silently. The lock of a
 * process of this machine that has died is taken over at once; that of another machine or container after STALE_MS
 * without a sign of life. `onLost` is called if the lock is taken away. Throws DATABASE_BUSY; gives the way to release it.
 */
export async function lockFolder(
  folder: string,
  onLost: (reason: string) => void,
  patienceMs = PATIENCE_MS,
): Promise<Release> {
  await mkdir(folder, { recursive: true });
  const me = await self();
  for (const began = Date.now(); ; await delay(100)) {
    const outcome = await tryLock(folder, me, onLost);
    if ('release' in outcome) return outcome.release;
    const patience = outcome.verdict === 'unknown' ? patienceMs.elsewhere : patienceMs.here;
    if (held.has(folder) || Date.now() - began >= patience) throw busy(folder, outcome.owner);
  }
}

type Outcome = { release: Release } | { owner: Owner | undefined; verdict: 'alive' | 'unknown' };

async function tryLock(folder: string, me: Owner, onLost: (reason: string) => void): Promise<Outcome> {
  // Everyone who opens or takes over goes through this gate, so nobody mistakes a new owner for the dead one.
  const gate = { realpath: false, stale: 5_000, retries: { retries: 40, minTimeout: 50, maxTimeout: 250 } };
  const leaveGate = await lock(join(folder, 'opening'), gate).catch(() => {
    throw busy(folder, undefined);
  });
  try {
    return await takeLock(folder, me, onLost);
  } finally {
    await leaveGate();
  }
}

async function takeLock(folder: string, me: Owner, onLost: (reason: string) => void): Promise<Outcome> {
  const locked = join(folder, 'wangge');
  const ownerFile = join(folder, 'wangge.pid');
  const owner = await readOwner(ownerFile);
  const verdict = owner ? await judge(owner, me, folder) : 'unknown';
  if (verdict === 'alive') return { owner, verdict };
  if (verdict === 'dead') await rm(`${locked}.lock`, { recursive: true, force: true });
  const onCompromised = () => onLost(`Another process has taken over the database in ${folder}.`);
  const unlock = await lock(locked, { realpath: false, stale: STALE_MS, onCompromised }).catch((error) => {
    if (error.code !== 'ELOCKED') throw error;
    return undefined;
  });
  if (!unlock) return { owner, verdict: 'unknown' };
  held.add(folder);
  await writeFile(ownerFile, JSON.stringify(me));
  const release = async () => {
    held.delete(folder);
    await rm(ownerFile, { force: true });
    await unlock().catch(() => undefined);
  };
  return { release };
}

/** A folder for a database that nobody keeps, and the way to remove it; it goes with the process at the latest. */
export async function makeThrowawayFolder(): Promise<{ folder: string; remove: () => void }> {
  for (const name of await readdir(tmpdir())) {
    const pid = /^wangge-throwaway-(\d+)-/.exec(name)?.[1];
    // Left by a process that was killed.
    if (pid && !isRunning(Number(pid))) await rm(join(tmpdir(), name), { recursive: true, force: true });
  }
  const folder = await mkdtemp(join(tmpdir(), `wangge-throwaway-${process.pid}-`));
  const remove = () => {
    process.off('exit', remove);
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', remove);
  return { folder, remove };
}
