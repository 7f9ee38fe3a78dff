import { createHmac, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export type SigningAlgorithm = 'RS256' | 'RS512' | 'PS256' | 'ES256' | 'ES384' | 'EdDSA';

const PAIRS = {
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  ES384: () => generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  EdDSA: () => generateKeyPairSync('ed25519'),
} as const;

export const newKey = (kind: keyof typeof PAIRS): KeyObject => PAIRS[kind]().privateKey;

/** A JSON value, or its text where it must not be what JSON.stringify writes. */
export type Part = object | string;

const encode = (part: Part) =>
  Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url');

export function signBytes(algorithm: string, input: string, key: KeyObject): Buffer {
  const bytes = Buffer.from(input);
  if (algorithm === 'EdDSA') return sign(null, bytes, key);
  const digest = `sha${algorithm.slice(2)}`;
  if (algorithm.startsWith('PS')) return sign(digest, bytes, { key, padding: 6, saltLength: 32 });
  if (algorithm.startsWith('ES')) return sign(digest, bytes, { key, dsaEncoding: 'ieee-p1363' });
  return sign(digest, bytes, key);
}

/** A compact JWS of any header and payload, signed as `algorithm` says, whatever the header says. */
export function forge(header: Part, payload: Part, algorithm: SigningAlgorithm, key: KeyObject): string {
  const input = `${encode(header)}.${encode(payload)}`;
  return `${input}.${signBytes(algorithm, input, key).toString('base64url')}`;
}

/** The same, with a shared secret. */
export function forgeSymmetric(header: Part, payload: Part, secret: string | Buffer, digest = 'sha256'): string {
  const input = `${encode(header)}.${encode(payload)}`;
  return `${input}.${createHmac(digest, secret).update(input).digest('base64url')}`;
}

export const publicJwk = (key: KeyObject, kid: string, more: object = {}) => ({
  ...createPublicKey(key).export({ format: 'jwk' }),
  kid,
  use: 'sig',
  ...more,
});

/** An issuer of OpenID Connect on this machine, with its discovery document and its keys. */
export class OidcIssuer {
  /** How often each path was asked for. */
  readonly asked = { discovery: 0, keys: 0 };
  jwks: object[] = [];
  /** Instead of the usual answers. */
  behaviour: RequestListener | undefined;
  discovery: Record<string, unknown> = {};
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async open(): Promise<OidcIssuer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const issuer = new OidcIssuer(server);
    issuer.discovery = { issuer: issuer.url, jwks_uri: `${issuer.url}/keys` };
    server.on('request', (request, response) => issuer.#answer(request, response));
    return issuer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Cuts every connection without an answer. */
  goAway(): void {
    this.behaviour = (request) => request.socket.destroy();
  }

  comeBack(): void {
    this.behaviour = undefined;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  readonly #answer: RequestListener = (request, response) => {
    const isDiscovery = request.url === '/.well-known/openid-configuration';
    this.asked[isDiscovery ? 'discovery' : 'keys'] += 1;
    if (this.behaviour) return this.behaviour(request, response);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(isDiscovery ? this.discovery : { keys: this.jwks }));
  };
}
