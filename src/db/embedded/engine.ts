import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { DomainError } from '../../errors.ts';

/** Channels on which the embedded engine listens for its whole life. */
const CHANNELS = ['wangge_edition'];
// Past the limit the engine gets this long to finish before its thread is ended.
const GRACE_MS = 1_000;
const CLOSING_MS = 10_000;

type Message = { step?: string; ready?: true; broken?: string; reply?: Uint8Array; notified?: string[] };

/** An error that reads like one of PostgreSQL's, for pgErrors.ts to translate. */
class EngineError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

const brokenDown = (reason: string) =>
  new DomainError(
    'DATABASE_FAILED',
    `The embedded database broke down (${reason}). What was committed is kept: try again, or start on another DATA_DIR.`,
  );

/** Where the empty template is kept: beside the installed packages, or in the temporary folder when that is read-only. */
async function findCache(): Promise<string> {
  const modules = fileURLToPath(new URL('../../../node_modules', import.meta.url));
  const shared = join(modules, '.cache', 'wangge');
  try {
    await mkdir(shared, { recursive: true });
    return shared;
  } catch {
    const own = join(tmpdir(), `wangge-cache-${process.getuid?.() ?? 'user'}`);
    await mkdir(own, { recursive: true, mode: 0o700 });
    return own;
  }
}

/**
 * The embedded PostgreSQL in its worker thread: one request at a time, whole requests of the wire protocol in, whole
 * replies out. The thread cannot be interrupted, so a request over its limit ends the thread; the next request opens
 * the folder anew, at the last commit.
 */
export class EmbeddedEngine {
  readonly #folder: string;
  readonly #onProgress: (step: string) => void;
  readonly #listeners = new Set<(channel: string) => void>();
  #worker: Promise<Worker> | undefined;
  #closed: EngineError | undefined;

  constructor(folder: string, onProgress: (step: string) => void) {
    this.#folder = folder;
    this.#onProgress = onProgress;
  }

  /** Opens the database if it is not open. */
  async start(): Promise<void> {
    await this.#running();
  }

  /** Calls back for each notification on a channel of CHANNELS; returns the way to stop. */
  onNotification(listener: (channel: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Sends one request and gives the whole reply. `limitMs` 0 waits for ever. The caller sends one at a time. */
  async exchange(request: Uint8Array, limitMs: number): Promise<Uint8Array> {
    const worker = await this.#running();
    worker.ref();
    try {
      const replied = this.#nextMessage(worker, limitMs);
      worker.postMessage({ request }, [request.buffer as ArrayBuffer]);
      const { reply, notified } = await replied;
      for (const channel of notified ?? []) for (const listener of this.#listeners) listener(channel);
      return reply!;
    } catch (error) {
      this.#worker = undefined;
      await worker.terminate();
      throw error;
    } finally {
      // A process that has nothing else to do may end without closing its database.
      worker.unref();
    }
  }

  /** Ends at once and for good, because the folder is no longer ours. */
  async abandon(reason: string): Promise<void> {
    this.#closed = new EngineError('57P03', reason);
    const worker = this.#worker;
    this.#worker = undefined;
    await (await worker?.catch(() => undefined))?.terminate();
  }

  /** Shuts the database down cleanly, so that the next start needs no recovery. */
  async close(): Promise<void> {
    const worker = await this.#worker?.catch(() => undefined);
    this.#worker = undefined;
    this.#closed ??= new EngineError('57P03', 'The database is closed.');
    if (!worker) return;
    worker.ref();
    const ended = new Promise((resolve) => worker.once('exit', resolve));
    const impatience = setTimeout(() => worker.terminate(), CLOSING_MS);
    worker.postMessage({});
    await ended;
    clearTimeout(impatience);
  }

  #running(): Promise<Worker> {
    if (this.#closed) return Promise.reject(this.#closed);
    this.#worker ??= this.#open().catch((error) => {
      this.#worker = undefined;
      throw error;
    });
    return this.#worker;
  }

  async #open(): Promise<Worker> {
    const workerData = { folder: this.#folder, cache: await findCache(), channels: CHANNELS };
    // No execArgv: the thread must not load what the process was started with (tsx, vitest).
    const worker = new Worker(new URL('./engine.worker.js', import.meta.url), { workerData, execArgv: [] });
    worker.on('message', ({ step }: Message) => step && this.#onProgress(step));
    worker.on('error', () => {});
    try {
      await this.#nextMessage(worker, 0);
      worker.unref();
      return worker;
    } catch (error) {
      await worker.terminate();
      throw error;
    }
  }

  #nextMessage(worker: Worker, limitMs: number): Promise<Message> {
    return new Promise((resolve, reject) => {
      const settle = (done: () => void) => {
        clearTimeout(timer);
        worker.off('message', onMessage).off('error', onError).off('exit', onExit);
        done();
      };
      const fail = (code: string, text: string) => settle(() => reject(new EngineError(code, text)));
      const breakDown = (text: string) => settle(() => reject(brokenDown(text)));
      const onMessage = (message: Message) => {
        if (message.broken) breakDown(message.broken);
        else if (message.ready || message.reply) settle(() => resolve(message));
      };
      const onError = (error: Error) => breakDown(error.message);
      const onExit = () => fail('57P01', 'The embedded database ended.');
      const onLimit = async () => {
        // A reply may be waiting while this thread was busy: let it be read first.
        await setImmediate();
        fail('57014', `A statement took longer than ${limitMs} ms.`);
      };
      const timer = limitMs > 0 ? setTimeout(onLimit, limitMs + GRACE_MS) : undefined;
      worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    });
  }
}
