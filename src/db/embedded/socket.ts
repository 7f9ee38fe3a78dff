import { Duplex } from 'node:stream';
import type { EmbeddedEngine } from './engine.ts';

const TIMEOUT_SETTING = /^\s*set\s+local\s+statement_timeout\s*(?:=|to)\s*'?(\d+)/i;
const [QUERY, PARSE, SYNC, FLUSH, TERMINATE] = [...'QPSHX'].map((letter) => letter.charCodeAt(0));
const [READY, IDLE] = [...'ZI'].map((letter) => letter.charCodeAt(0));

/** What the server acts as; migrations/0006_server_role.sql says what it may do. */
export const SERVER_ROLE = 'wangge_server';

/** Puts the owner's rights down for the rest of the session, in a database that was migrated; else does nothing. */
export const TAKE_SERVER_ROLE = `select set_config('role', rolname, false) from pg_roles where rolname = '${SERVER_ROLE}'`;

/** AuthenticationOk and ReadyForQuery: there is nobody to keep out of one's own process. */
const WELCOME = Buffer.from('R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I', 'latin1');
// `reset all` leaves the role as it is, and the last session may have died with the owner's.
const FRESH_SESSION = Buffer.from(
  `Q....rollback; deallocate all; reset all; set role none; ${TAKE_SERVER_ROLE};\0`,
  'latin1',
);
FRESH_SESSION.writeInt32BE(FRESH_SESSION.length - 1, 1);

/**
 * What the `pg` driver takes for the socket of a server: requests go to the embedded engine, replies come back. It
 * gathers the messages of a request, up to its Sync, so that the engine sees it whole.
 */
export class EmbeddedSocket extends Duplex {
  readonly #engine: EmbeddedEngine;
  readonly #statementTimeoutMs: number;
  #limitMs: number;
  #bytes: Buffer = Buffer.alloc(0);
  #scanned = 0;
  #greeted = false;

  constructor(engine: EmbeddedEngine, statementTimeoutMs: number) {
    super();
    this.#engine = engine;
    this.#statementTimeoutMs = statementTimeoutMs;
    this.#limitMs = statementTimeoutMs;
  }

  /** Called by the driver in place of net.Socket.connect. */
  connect(): this {
    this.#engine
      .start()
      .then(() => this.#engine.exchange(Uint8Array.from(FRESH_SESSION), this.#statementTimeoutMs))
      .then(
        () => this.emit('connect'),
        (error) => this.destroy(error),
      );
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#bytes = this.#bytes.length > 0 ? Buffer.concat([this.#bytes, chunk]) : chunk;
    this.#handleWhole().then(() => done(), done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.push(null);
    done();
  }

  async #handleWhole(): Promise<void> {
    if (!this.#greeted) {
      if (this.#bytes.length < 4 || this.#bytes.length < this.#bytes.readUInt32BE(0)) return;
      this.#bytes = this.#bytes.subarray(this.#bytes.readUInt32BE(0));
      this.#greeted = true;
      this.push(WELCOME);
    }
    for (let request = this.#takeRequest(); request; request = this.#takeRequest()) {
      const reply = await this.#engine.exchange(request, this.#limitMs);
      // SET LOCAL lasts as long as its transaction.
      if (reply.at(-1) === IDLE && reply.at(-6) === READY) this.#limitMs = this.#statementTimeoutMs;
      this.push(reply);
    }
  }

  /** The next whole request, cut from the bytes received; its own copy, because it is handed over to the thread. */
  #takeRequest(): Uint8Array | undefined {
    while (this.#scanned + 5 <= this.#bytes.length) {
      const type = this.#bytes[this.#scanned];
      const end = this.#scanned + 1 + this.#bytes.readUInt32BE(this.#scanned + 1);
      if (end > this.#bytes.length) return undefined;
      if (type === QUERY || type === PARSE) this.#noteTimeout(this.#scanned, end);
      this.#scanned = end;
      if (type === TERMINATE) this.#drop();
      else if (type === QUERY || type === SYNC || type === FLUSH) {
        const request = Uint8Array.from(this.#bytes.subarray(0, end));
        this.#drop();
        return request;
      }
    }
    return undefined;
  }

  #drop(): void {
    this.#bytes = this.#bytes.subarray(this.#scanned);
    this.#scanned = 0;
  }

  // The engine ignores statement_timeout, so its watchdog obeys the setting instead.
  #noteTimeout(at: number, end: number): void {
    const setting = TIMEOUT_SETTING.exec(this.#bytes.toString('latin1', at + 5, Math.min(end, at + 100)));
    if (setting) this.#limitMs = Number(setting[1]);
  }
}
