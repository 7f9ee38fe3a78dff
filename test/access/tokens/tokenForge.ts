import type { KeyObject } from 'node:crypto';
import type { RefusalCause } from '../../../src/access/tokens/refusal.ts';
import { NOW } from '../fakes.ts';
import { forge, forgeSymmetric, newKey, type Part, publicJwk, type SigningAlgorithm } from './oidcIssuer.ts';

export const KEYS = {
  rsa: newKey('RS256'),
  rsaOld: newKey('RS256'),
  ec: newKey('ES256'),
  ec384: newKey('ES384'),
  ed: newKey('EdDSA'),
  thief: newKey('RS256'),
};

export const JWKS = [
  publicJwk(KEYS.rsa, 'rsa'),
  publicJwk(KEYS.rsaOld, 'rsa-old'),
  publicJwk(KEYS.ec, 'ec'),
  publicJwk(KEYS.ec384, 'ec384'),
  publicJwk(KEYS.ed, 'ed'),
];

export const SECONDS = NOW.getTime() / 1000;

/** What a test changes of a good token; undefined leaves the claim or parameter out. */
export type Change = Record<string, unknown>;

/** Good and bad tokens of an issuer. */
export class TokenForge {
  readonly issuer: string;

  constructor(issuer: string) {
    this.issuer = issuer;
  }

  claims(change: Change = {}): Record<string, unknown> {
    const good = { iss: this.issuer, aud: 'wangge', sub: 'user-7', iat: SECONDS - 10, exp: SECONDS + 600 };
    return { ...good, wangge_roles: ['officer@421303187'], ...change };
  }

  header(change: Change = {}): Record<string, unknown> {
    return { alg: 'RS256', typ: 'at+jwt', kid: 'rsa', ...change };
  }

  /** A good token but for what is changed. */
  token({ header = {}, claims = {}, as = 'RS256', key = KEYS.rsa }: TokenChange = {}): string {
    return forge(this.header(header), this.claims(claims), as, key);
  }

  raw(header: Part, payload: Part, as: SigningAlgorithm = 'RS256', key: KeyObject = KEYS.rsa): string {
    return forge(header, payload, as, key);
  }

  symmetric(secret: string | Buffer, header: Change = {}, digest = 'sha256'): string {
    return forgeSymmetric(this.header({ alg: 'HS256', ...header }), this.claims(), secret, digest);
  }
}

interface TokenChange {
  readonly header?: Change;
  readonly claims?: Change;
  readonly as?: SigningAlgorithm;
  readonly key?: KeyObject;
}

/** Title, cause in the metrics, and the header `authorization` as it is sent. */
export type HostileCase = readonly [title: string, cause: RefusalCause, authorization: string];

export const bearer = (rows: [string, RefusalCause, string][]): HostileCase[] =>
  rows.map(([title, cause, token]) => [title, cause, `Bearer ${token}`]);

export const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
export const parts = (token: string) => token.split('.') as [string, string, string];
