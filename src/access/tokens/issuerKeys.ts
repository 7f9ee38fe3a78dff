import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey, type RemoteJWKSet } from 'jose';
import type { Clock } from '../../clock.ts';
import { Refusal } from './refusal.ts';

export interface IssuerAddress {
  readonly issuer: string;
  /** Where the keys are; undefined: as the issuer's /.well-known/openid-configuration says, read anew each time. */
  readonly jwksUrl?: string;
}

type FetchOptions = { readonly headers: Headers; readonly method: 'GET'; readonly signal: AbortSignal };

const REFRESH_MS = 600_000;
const COOLDOWN_MS = 10_000;
const PATIENCE_MS = 5_000;
const MOST_BYTES = 262_144;

const isLoopback = ({ hostname }: URL) => ['localhost', '127.0.0.1', '[::1]'].includes(hostname);

/**
 * The public keys of an issuer, read over HTTPS, without following redirects. Once read they are kept while the issuer is
 * away. They are read anew every ten minutes and for a key that is not among them, at most once in ten seconds, whether
 * that succeeds or fails.
 */
export class IssuerKeys {
  readonly #address: IssuerAddress;
  readonly #clock: Clock;
  readonly #onTrouble: (error: unknown) => void;
  readonly #remote: RemoteJWKSet;
  readonly #closing = new AbortController();
  #askedAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** `onTrouble` is told when the keys cannot be read. */
  constructor(address: IssuerAddress, clock: Clock, onTrouble: (error: unknown) => void = () => {}) {
    this.#address = address;
    this.#clock = clock;
    this.#onTrouble = onTrouble;
    this.#remote = createRemoteJWKSet(new URL(address.jwksUrl ?? discoveryUrl(address.issuer)), {
      cacheMaxAge: Number.POSITIVE_INFINITY,
      // The cooldown is ours: it counts failures too, and costs nothing while it lasts.
      cooldownDuration: Number.POSITIVE_INFINITY,
      timeoutDuration: PATIENCE_MS,
      [customFetch]: (_url, options) => this.#fetchKeys(options),
    });
  }

  /** For `jwtVerify`. Throws Refusal, or an error of jose. */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    if (!this.#remote.fresh && !(await this.#read())) throw new Refusal('issuer_away');
    try {
      return await this.#remote(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || !(await this.#read())) throw error;
      return this.#remote(header, token);
    }
  };

  /** Reads the keys now and every ten minutes, until `close`; on failure the known ones stay. */
  start(): void {
    const refresh = () => void this.#read().catch(() => undefined);
    this.#timer ??= setInterval(refresh, REFRESH_MS).unref();
    refresh();
  }

  /** For good. Keys that are known go on working. */
  close(): void {
    clearInterval(this.#timer);
    this.#closing.abort();
  }

  /** False when it is too soon to ask again. Throws Refusal when the keys cannot be read. */
  async #read(): Promise<boolean> {
    if (!this.#reading) {
      const now = this.#clock().getTime();
      // A clock set back must not stop us.
      if (now >= this.#askedAt && now < this.#askedAt + COOLDOWN_MS) return false;
      this.#askedAt = now;
      this.#reading = this.#reload();
    }
    await this.#reading;
    return true;
  }

  async #reload(): Promise<void> {
    try {
      await this.#remote.reload();
    } catch (error) {
      this.#onTrouble(error);
      throw new Refusal('issuer_away', { cause: error });
    } finally {
      this.#reading = undefined;
    }
  }

  async #fetchKeys(options: FetchOptions): Promise<Response> {
    const heeding = { ...options, signal: AbortSignal.any([options.signal, this.#closing.signal]) };
    return new Response(await read(this.#address.jwksUrl ?? (await this.#discover(heeding)), heeding));
  }

  async #discover(options: FetchOptions): Promise<string> {
    const { issuer } = this.#address;
    const document = JSON.parse(await read(discoveryUrl(issuer), options)) as Record<string, unknown> | null;
    const { issuer: named, jwks_uri: url } = document ?? {};
    if (named !== issuer) throw new Error(`The discovery document of ${issuer} names another issuer.`);
    if (typeof url !== 'string' || !URL.canParse(url) || !isSafe(new URL(url), issuer)) {
      throw new Error(`The discovery document of ${issuer} names no https address of its keys.`);
    }
    return url;
  }
}

function discoveryUrl(issuer: string): string {
  return `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
}

// Plain http is for an issuer on this very machine, whose keys are on it too.
function isSafe(url: URL, issuer: string): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url) && isLoopback(new URL(issuer)));
}

async function read(url: string, options: FetchOptions): Promise<string> {
  const response = await fetch(url, { ...options, redirect: 'manual' });
  if (response.status !== 200 || !response.body) {
    await response.body?.cancel();
    throw new Error(`${url} answered with status ${response.status} instead of 200.`);
  }
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body) {
    size += part.length;
    if (size > MOST_BYTES) throw new Error(`${url} answered with more than ${MOST_BYTES} bytes.`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
