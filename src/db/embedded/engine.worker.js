// @ts-check
// The thread of the embedded database: PostgreSQL and PostGIS compiled to WebAssembly. It speaks the PostgreSQL wire
// protocol in whole requests, so that the `pg` driver parses rows and errors exactly as it does from a server.
// Plain JavaScript: a worker thread does not inherit tsx from the process that starts it.
import { cpSync, existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { openFolder } from './pglite.js';
import { ensureTemplate } from './template.js';

/** @typedef {{ folder: string, cache: string, channels: string[] }} Task */
/** @type {Task} */
const task = workerData;
const port = /** @type {import('node:worker_threads').MessagePort} */ (parentPort);
/** @param {string} text */
const report = (text) => port.postMessage({ step: text });

/** The folder appears whole or not at all, so a start that is killed half-way is simply begun again. */
async function openDatabase() {
  const template = await ensureTemplate(task.cache, report);
  if (!existsSync(join(task.folder, 'PG_VERSION'))) {
    const incoming = `${task.folder}.incoming`;
    rmSync(incoming, { recursive: true, force: true });
    cpSync(join(template, 'pgdata'), incoming, { recursive: true });
    renameSync(incoming, task.folder);
  }
  report('opening the embedded database');
  const engine = await openFolder(task.folder, join(template, 'postgis.tar.gz'));
  for (const channel of task.channels) await engine.exec(`listen ${channel}`);
  return engine;
}

const READY = 'Z'.charCodeAt(0);
const NOTIFICATION = 'A'.charCodeAt(0);

/**
 * The engine announces readiness once more after an error in the middle of a request; a driver counts on exactly one.
 * @param {Uint8Array} reply
 */
function tidy(reply) {
  const view = new DataView(reply.buffer, reply.byteOffset, reply.byteLength);
  /** @type {Uint8Array[]} */
  const parts = [];
  /** @type {string[]} */
  const notified = [];
  /** @type {Uint8Array | undefined} */
  let ready;
  let from = 0;
  for (let at = 0; at < reply.length; ) {
    const end = at + 1 + view.getUint32(at + 1);
    if (reply[at] === READY) {
      ready = reply.subarray(at, end);
      parts.push(reply.subarray(from, at));
      from = end;
    } else if (reply[at] === NOTIFICATION) {
      notified.push(Buffer.from(reply.subarray(at + 9, reply.indexOf(0, at + 9))).toString());
    }
    at = end;
  }
  parts.push(reply.subarray(from));
  if (ready) parts.push(ready);
  return { reply: Uint8Array.from(Buffer.concat(parts)), notified };
}

/** @param {import('@electric-sql/pglite').PGlite} engine @param {Uint8Array} request */
function answer(engine, request) {
  try {
    const { reply, notified } = tidy(engine.execProtocolRawSync(request));
    port.postMessage({ reply, notified }, [/** @type {ArrayBuffer} */ (reply.buffer)]);
  } catch (error) {
    port.postMessage({ broken: String(error) });
  }
}

try {
  const engine = await openDatabase();
  port.on('message', async (/** @type {{ request?: Uint8Array }} */ { request }) => {
    if (request) return answer(engine, request);
    await engine.close();
    port.close();
  });
  port.postMessage({ ready: true });
} catch (error) {
  port.postMessage({ broken: error instanceof Error ? error.message : String(error) });
}
