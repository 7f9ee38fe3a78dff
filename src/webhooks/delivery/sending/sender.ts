import type { LookupFunction } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { Agent, buildConnector, type Dispatcher, request } from 'undici';
import { type CheckedAddress, type TargetGuard, TargetRefused } from '../../guard/targetGuard.ts';
import { readRetryAfter } from './retrySchedule.ts';
import { openSecret, type SealedSecret } from './secretSeal.ts';

/** What is sent once: an event, or a ping. */
export interface Parcel {
  readonly url: string;
  /** All that are live: each signs. */
  readonly secrets: readonly SealedSecret[];
  /** The same at each attempt: receivers tell by it that they have the event already. */
  readonly id: string;
  readonly body: string;
  readonly at: Date;
}

/** What became of it. */
export interface SendResult {
  readonly httpStatus: number | null;
  /** Null where it was taken; ABORTED where this process stopped it, which says nothing of the receiver. */
  readonly error: string | null;
  readonly retryAfterMs?: number;
  readonly milliseconds: number;
}

export interface SendLimits {
  /** For connecting, sending and the answer in all. */
  readonly timeoutMs: number;
  readonly mostAtOnce: number;
}

/** Of an answer no more is read than this, and nothing is kept. */
const MOST_READ = 4096;
const GONE_STATES: Readonly<Record<string, string>> = {
  ENOTFOUND: 'NO_SUCH_HOST',
  EAI_AGAIN: 'NO_SUCH_HOST',
  ECONNREFUSED: 'CONNECTION_REFUSED',
  UND_ERR_CONNECT_TIMEOUT: 'TIMED_OUT',
  UND_ERR_HEADERS_TIMEOUT: 'TIMED_OUT',
  UND_ERR_BODY_TIMEOUT: 'TIMED_OUT',
  ETIMEDOUT: 'TIMED_OUT',
};

/** Resolves nothing: gives what was checked. */
function pinned(addresses: readonly CheckedAddress[]): LookupFunction {
  return (_host, options, callback) => {
    if (options.all) callback(null, [...addresses]);
    else callback(null, addresses[0].address, addresses[0].family);
  };
}

/** Sends signed parcels to receivers, over connections to addresses that the guard has checked. */
export class Sender {
  readonly #guard: TargetGuard;
  readonly #sealKey: Uint8Array;
  readonly #limits: SendLimits;
  readonly #agent: Agent;
  readonly #queue: (() => void)[] = [];
  #sending = 0;

  /** `sealKey`: deriveKey(secret, 'webhooks'). */
  constructor(guard: TargetGuard, sealKey: Uint8Array, limits: SendLimits = { timeoutMs: 15_000, mostAtOnce: 256 }) {
    this.#guard = guard;
    this.#sealKey = sealKey;
    this.#limits = limits;
    const { timeoutMs } = limits;
    const patience = { headersTimeout: timeoutMs, bodyTimeout: timeoutMs, keepAliveTimeout: 5_000 };
    this.#agent = new Agent({ connect: this.#connect, connections: 4, pipelining: 1, allowH2: false, ...patience });
  }

  /** Runs when there is room: judge only then whether it may still be sent. */
  async withRoom<T>(work: () => Promise<T>): Promise<T> {
    if (this.#sending >= this.#limits.mostAtOnce) await new Promise<void>((go) => this.#queue.push(go));
    else this.#sending += 1;
    try {
      return await work();
    } finally {
      const next = this.#queue.shift();
      if (next) next();
      else this.#sending -= 1;
    }
  }

  /** Never throws. Redirects are not followed: they are failures. */
  async send(parcel: Parcel, stop: AbortSignal): Promise<SendResult> {
    const began = performance.now();
    const deadline = AbortSignal.timeout(this.#limits.timeoutMs);
    const result = await this.#post(parcel, AbortSignal.any([stop, deadline])).catch((error: unknown) => ({
      httpStatus: null,
      error: stop.aborted ? 'ABORTED' : deadline.aborted ? 'TIMED_OUT' : nameOf(error),
    }));
    return { ...result, milliseconds: Math.round(performance.now() - began) };
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #post(parcel: Parcel, signal: AbortSignal): Promise<Omit<SendResult, 'milliseconds'>> {
    const signatures = this.#sign(parcel);
    if (signatures === undefined) return { httpStatus: null, error: 'NO_SECRET' };
    const headers = {
      'content-type': 'application/cloudevents+json',
      'user-agent': 'Wangge-Webhooks/1',
      'webhook-id': parcel.id,
      'webhook-timestamp': String(Math.floor(parcel.at.getTime() / 1000)),
      'webhook-signature': signatures,
    };
    const answer = await request(parcel.url, {
      method: 'POST',
      headers,
      body: parcel.body,
      dispatcher: this.#agent,
      signal,
    });
    // Read no further than to use the connection again; whether that works says nothing of the event.
    await answer.body.dump({ limit: MOST_READ, signal }).catch(() => {});
    return resultOf(answer, parcel.at);
  }

  #sign({ secrets, id, body, at }: Parcel): string | undefined {
    const opened = secrets.map((secret) => openSecret(this.#sealKey, secret)).filter((text) => text !== undefined);
    if (opened.length === 0) return undefined;
    return opened.map((secret) => new Webhook(secret).sign(id, at, body)).join(' ');
  }

  // The guard answers for names and for addresses alike, and no connection is made but through here.
  readonly #connect: buildConnector.connector = (options, callback) => {
    const connectTo = (addresses: readonly CheckedAddress[]) => {
      const lookup = pinned(addresses);
      buildConnector({ lookup, timeout: this.#limits.timeoutMs, allowH2: false })(options, callback);
    };
    this.#guard
      .addressesOf(options.hostname, options.protocol === 'https:')
      .then(connectTo)
      .catch((error: Error) => callback(error, null));
  };
}

function resultOf({ statusCode, headers }: Dispatcher.ResponseData, at: Date): Omit<SendResult, 'milliseconds'> {
  if (statusCode >= 200 && statusCode < 300) return { httpStatus: statusCode, error: null };
  const asked = statusCode === 429 || statusCode === 503 ? [headers['retry-after']].flat()[0] : undefined;
  const retryAfterMs = readRetryAfter(asked, at);
  return {
    httpStatus: statusCode,
    error: `HTTP_${statusCode}`,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

function nameOf(error: unknown): string {
  if (error instanceof TargetRefused) return error.code;
  const { code = '' } = error as NodeJS.ErrnoException;
  if (/^(ERR_TLS|ERR_SSL|CERT_|DEPTH_|SELF_SIGNED|UNABLE_TO_|HOSTNAME_|EPROTO)/.test(code)) return 'TLS_FAILED';
  return GONE_STATES[code] ?? 'CONNECTION_LOST';
}
