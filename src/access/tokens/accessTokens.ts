import { hash } from 'node:crypto';
import { decodeJwt } from 'jose';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../../clock.ts';
import type { Config } from '../../config.ts';
import { IssuerKeys } from './issuerKeys.ts';
import { JwtVerifier, type VerifiedToken } from './jwtVerifier.ts';
import { LocalIssuer, takesLocalTokens } from './localIssuer.ts';
import { Refusal, toRefusal } from './refusal.ts';

/** Longest token, in characters. */
export const LONGEST_TOKEN = 8_192;

// Three parts of base64url, none empty: what is unsigned or encrypted is no access token of ours.
const SIGNED_JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const MOST_KEPT = 5_000;
// A key that the issuer withdraws stops working after this, however long the token.
const KEPT_MS = 300_000;

interface Kept {
  readonly token: VerifiedToken;
  readonly until: number;
}

/** Judges access tokens of several issuers. A good one is remembered by its SHA-256 for at most five minutes. */
export class AccessTokens {
  readonly #verifiers: ReadonlyMap<string, JwtVerifier>;
  readonly #clock: Clock;
  readonly #kept = new LRUCache<string, Kept>({ max: MOST_KEPT });

  constructor(verifiers: readonly JwtVerifier[], clock: Clock) {
    this.#verifiers = new Map(verifiers.map((verifier) => [verifier.issuer, verifier]));
    this.#clock = clock;
  }

  /** At once when the token is remembered. Throws Refusal, or rejects with it. */
  verify(text: string): VerifiedToken | Promise<VerifiedToken> {
    if (text.length > LONGEST_TOKEN) throw new Refusal('too_long');
    if (!SIGNED_JWT.test(text)) throw new Refusal('malformed');
    const digest = hash('sha256', text, 'base64url');
    const kept = this.#kept.get(digest);
    return kept && this.#clock().getTime() < kept.until ? kept.token : this.#judge(text, digest);
  }

  async #judge(text: string, digest: string): Promise<VerifiedToken> {
    const token = await this.#verifierFor(text).verify(text);
    this.#kept.set(digest, { token, until: Math.min(token.expiresAt, this.#clock().getTime() + KEPT_MS) });
    return token;
  }

  // What the token says of its issuer only chooses who judges it, and that one checks it too.
  #verifierFor(text: string): JwtVerifier {
    const verifier = this.#verifiers.get(issuerIn(text));
    if (!verifier) throw new Refusal('unknown_issuer');
    return verifier;
  }
}

function issuerIn(text: string): string {
  try {
    const { iss } = decodeJwt(text);
    return typeof iss === 'string' ? iss : '';
  } catch (error) {
    throw toRefusal(error);
  }
}

/** Access tokens as the settings say, and the work behind them. */
export interface OpenTokens {
  readonly tokens: AccessTokens;
  /** The demo's own issuer, where its tokens are taken. */
  readonly localIssuer: LocalIssuer | undefined;
  /** Reads the issuer's keys now and every ten minutes; without it they are read when they are first needed. */
  start(): void;
  close(): void;
}

/** `onTrouble` is told when the keys of OIDC_ISSUER cannot be read. Throws BAD_CONFIG for a key file that cannot be used. */
export function openTokens(config: Config, clock: Clock, onTrouble?: (error: unknown) => void): OpenTokens {
  const localIssuer = takesLocalTokens(config) ? new LocalIssuer(config.dataDir) : undefined;
  const verifiers = localIssuer ? [localIssuer.verifier(clock)] : [];
  if (config.oidcIssuer === undefined) {
    return { tokens: new AccessTokens(verifiers, clock), localIssuer, start: () => {}, close: () => {} };
  }
  const keys = new IssuerKeys({ issuer: config.oidcIssuer, jwksUrl: config.oidcJwksUrl }, clock, onTrouble);
  const rules = {
    issuer: config.oidcIssuer,
    audience: config.oidcAudience,
    algorithms: config.oidcAlgorithms,
    type: config.oidcTokenType,
    rolesClaim: config.oidcRolesClaim,
    staffClaim: config.oidcStaffClaim,
  };
  const tokens = new AccessTokens([...verifiers, new JwtVerifier(rules, keys.find, clock)], clock);
  return { tokens, localIssuer, start: () => keys.start(), close: () => keys.close() };
}
