import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Line } from './line.ts';

const ANSWERS = /answers at http:\/\/[^:]+:(\d+)/;
const START_MS = 60_000;
const KEPT_LINES = 12;

/** One server of the house behind its door, started again whenever it is down. */
export class ServerProcess {
  readonly name: string;
  readonly door: Line;
  readonly #command: readonly string[];
  readonly #environment: NodeJS.ProcessEnv;
  #child: ChildProcess | undefined;
  #running: Promise<void> | undefined;
  #stopping = false;
  #killed = false;
  /** How often it ended though nobody killed it, with what it said last. */
  readonly fell: string[] = [];
  /** Milliseconds from start to the first answer, of each start. */
  readonly starts: number[] = [];
  #up = false;

  constructor(name: string, door: Line, command: readonly string[], environment: NodeJS.ProcessEnv) {
    this.name = name;
    this.door = door;
    this.#command = command;
    this.#environment = environment;
    process.once('exit', () => this.#child?.kill('SIGKILL'));
  }

  get pid(): number | undefined {
    return this.#up ? this.#child?.pid : undefined;
  }

  /** Begins to keep it running. */
  begin(): void {
    this.#running ??= this.#keepRunning();
  }

  async #keepRunning(): Promise<void> {
    while (!this.#stopping) {
      const said: string[] = [];
      this.#killed = false;
      const child = this.#spawn(said);
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      const wasUp = this.#up;
      this.#up = false;
      this.door.upstream = undefined;
      // A start without a database is refused in an orderly way and tried again.
      if (!this.#killed && !this.#stopping && wasUp)
        this.fell.push(`${this.name}: ${said.slice(-KEPT_LINES).join('\n')}`);
      if (!this.#killed) await delay(200);
    }
  }

  #spawn(said: string[]): ChildProcess {
    const started = performance.now();
    const child = spawn(process.execPath, this.#command, { env: this.#environment, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    const hear = (text: string) => {
      said.push(...text.trim().split('\n'));
      if (said.length > 200) said.splice(0, 100);
      const port = ANSWERS.exec(text)?.[1];
      if (port === undefined) return;
      this.door.upstream = Number(port);
      this.#up = true;
      this.starts.push(performance.now() - started);
    };
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', hear);
    return child;
  }

  async untilUp(limitMs = START_MS): Promise<void> {
    const until = Date.now() + limitMs;
    while (!this.#up) {
      if (Date.now() > until) throw new Error(`The server ${this.name} does not come up.`);
      await delay(20);
    }
  }

  /** kill -9, if it is up. True once it is gone by that signal. */
  async kill(): Promise<boolean> {
    const child = this.#child;
    if (!this.#up || !child || child.exitCode !== null) return false;
    this.#killed = true;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    return child.signalCode === 'SIGKILL';
  }

  /** SIGSTOP for a while. True where it really held still: it was stopped, and used no CPU until SIGCONT. */
  async pause(milliseconds: number): Promise<boolean> {
    const pid = this.pid;
    if (pid === undefined) return false;
    process.kill(pid, 'SIGSTOP');
    try {
      await delay(20);
      const before = readStat(pid);
      await delay(milliseconds);
      const after = readStat(pid);
      return before?.state === 'T' && after?.state === 'T' && before.ticks === after.ticks;
    } finally {
      if (this.pid === pid) process.kill(pid, 'SIGCONT');
    }
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#child?.kill('SIGKILL');
    await this.#running;
  }
}

/** State of a process and the CPU it has used, from /proc. */
function readStat(pid: number): { state: string; ticks: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Behind the name, which may hold spaces: state, then utime and stime as 12th and 13th.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0], ticks: Number(fields[11]) + Number(fields[12]) };
  } catch {
    return undefined;
  }
}
