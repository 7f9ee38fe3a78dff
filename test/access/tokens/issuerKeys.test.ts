import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AccessTokens, OpenTokens } from '../../../src/access/tokens/accessTokens.ts';
import { openTokens } from '../../../src/access/tokens/accessTokens.ts';
import { Refusal } from '../../../src/access/tokens/refusal.ts';
import { readConfig } from '../../../src/config.ts';
import { NOW } from '../fakes.ts';
import { newKey, OidcIssuer, publicJwk } from './oidcIssuer.ts';
import { KEYS, TokenForge } from './tokenForge.ts';

let issuer: OidcIssuer;
let forge: TokenForge;
let now: Date;
let open: OpenTokens;
let troubles: string[];

const later = (seconds: number) => {
  now = new Date(now.getTime() + seconds * 1000);
};
const opened = (env: Record<string, string> = {}) =>
  openTokens(
    readConfig({ OIDC_ISSUER: issuer.url, LOCAL_ISSUER: 'off', ...env }),
    () => now,
    (error) => void troubles.push(String(error)),
  );

beforeEach(async () => {
  issuer = await OidcIssuer.open();
  issuer.jwks = [publicJwk(KEYS.rsa, 'rsa')];
  forge = new TokenForge(issuer.url);
  now = NOW;
  troubles = [];
  open = opened();
});
afterEach(async () => {
  vi.useRealTimers();
  open.close();
  await issuer.close();
});

let counted = 0;
/** 'good', or why it is not. Every call brings a token of its own, which nobody remembers. */
async function judged(tokens: AccessTokens, kid = 'rsa', key = KEYS.rsa): Promise<string> {
  const claims = { sub: `user-${counted++}`, exp: NOW.getTime() / 1000 + 10_000 };
  const alg = key.asymmetricKeyType === 'ec' ? 'ES256' : 'RS256';
  try {
    await tokens.verify(forge.token({ header: { kid, alg }, claims, key, as: alg }));
    return 'good';
  } catch (error) {
    return error instanceof Refusal ? error.label : String(error);
  }
}

describe('the keys of an issuer', () => {
  it('are read once, for however many tokens at once', async () => {
    const all = await Promise.all(Array.from({ length: 50 }, () => judged(open.tokens)));
    expect([new Set(all), issuer.asked]).toEqual([new Set(['good']), { discovery: 1, keys: 1 }]);
  });

  it('are read where OIDC_JWKS_URL says, without discovery', async () => {
    open = opened({ OIDC_JWKS_URL: `${issuer.url}/elsewhere` });
    expect([await judged(open.tokens), issuer.asked]).toEqual(['good', { discovery: 0, keys: 1 }]);
  });

  it('are kept for days while the issuer is away', async () => {
    expect(await judged(open.tokens)).toBe('good');
    issuer.goAway();
    later(3_600);
    open.start();
    await expect.poll(() => troubles.length).toBeGreaterThan(0);
    expect(await judged(open.tokens)).toBe('good');
    expect(await judged(open.tokens, 'new', KEYS.thief)).toBe('unknown_key');
    // The library looks at the clock of the machine.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 7 * 86_400_000 });
    expect(await judged(open.tokens)).toBe('good');
  });

  it('are kept when the issuer answers nonsense', async () => {
    expect(await judged(open.tokens)).toBe('good');
    for (const nonsense of ['', '<html>', '[]', '{"keys":7}', 'null']) {
      issuer.behaviour = (_request, response) => void response.end(nonsense);
      later(60);
      expect(await judged(open.tokens, 'new')).not.toBe('good');
      expect([nonsense, await judged(open.tokens)]).toEqual([nonsense, 'good']);
    }
  });

  it('are read again for a key that is not among them, and the new one works at once', async () => {
    expect(await judged(open.tokens)).toBe('good');
    const fresh = newKey('ES256');
    issuer.jwks = [publicJwk(fresh, 'fresh'), publicJwk(KEYS.rsa, 'rsa')];
    later(11);
    expect(await judged(open.tokens, 'fresh', fresh)).toBe('good');
    expect([await judged(open.tokens), issuer.asked.keys]).toEqual(['good', 2]);
  });

  it('that the issuer withdrew are gone after the next reading, even for tokens that were good', async () => {
    const token = forge.token({ claims: { exp: NOW.getTime() / 1000 + 10_000 } });
    await open.tokens.verify(token);
    issuer.jwks = [publicJwk(KEYS.ec, 'ec')];
    later(600);
    open.start();
    await expect.poll(() => issuer.asked.keys).toBe(2);
    await expect.poll(async () => judged(open.tokens, 'ec', KEYS.ec)).toBe('good');
    expect(await judged(open.tokens)).toBe('unknown_key');
    await expect(open.tokens.verify(token)).rejects.toThrow('unknown_key');
  });

  it('are asked for at most once in ten seconds, however many tokens name an unknown key', async () => {
    await judged(open.tokens);
    for (let second = 0; second < 30; second++) {
      await Promise.all(Array.from({ length: 20 }, (_, n) => judged(open.tokens, `none-${second}-${n}`, KEYS.thief)));
      later(1);
    }
    expect(issuer.asked).toEqual({ discovery: 3, keys: 3 });
  });

  it('are asked for no more often while the issuer fails', async () => {
    issuer.goAway();
    for (let second = 0; second < 30; second++) {
      await Promise.all(Array.from({ length: 20 }, () => judged(open.tokens)));
      later(1);
    }
    expect([issuer.asked.discovery, troubles.length]).toEqual([3, 3]);
    issuer.comeBack();
    expect(await judged(open.tokens)).toBe('good');
  });

  it('are asked for although the clock was set back', async () => {
    await judged(open.tokens);
    later(-86_400);
    await judged(open.tokens, 'none');
    expect(issuer.asked.keys).toBe(2);
  });
});

describe('no keys are taken', () => {
  const answering = (status: number, headers: Record<string, string>, body = '') => {
    issuer.behaviour = (_request, response) => void response.writeHead(status, headers).end(body);
  };

  it('from where the issuer redirects to', async () => {
    const thief = await OidcIssuer.open();
    thief.jwks = [publicJwk(KEYS.thief, 'thief')];
    answering(302, { location: `${thief.url}/keys` });
    open = opened({ OIDC_JWKS_URL: `${issuer.url}/keys` });
    expect(await judged(open.tokens, 'thief', KEYS.thief)).toBe('issuer_away');
    expect(thief.asked.keys).toBe(0);
    await thief.close();
  });

  it.each<[string, Record<string, unknown>]>([
    ['another issuer', { issuer: 'https://thief.example.org' }],
    ['the issuer with a slash', { issuer: 'SLASH' }],
    ['no issuer', { issuer: undefined }],
    ['no address of keys', { jwks_uri: undefined }],
    ['an address without TLS elsewhere', { jwks_uri: 'http://login.example.org/keys' }],
    ['a file', { jwks_uri: 'file:///etc/passwd' }],
    ['data', { jwks_uri: 'data:application/json,{"keys":[]}' }],
    ['a list of addresses', { jwks_uri: ['https://login.example.org/keys'] }],
  ])('when the discovery document names %s', async (_title, change) => {
    issuer.discovery = { ...issuer.discovery, ...change };
    if (change.issuer === 'SLASH') issuer.discovery.issuer = `${issuer.url}/`;
    expect([await judged(open.tokens), issuer.asked]).toEqual(['issuer_away', { discovery: 1, keys: 0 }]);
    expect(troubles).toEqual([expect.stringContaining('The discovery document')]);
  });

  it('from more than 256 kB, and the rest is not read', async () => {
    const jwks = JSON.stringify({ keys: issuer.jwks });
    open = opened({ OIDC_JWKS_URL: `${issuer.url}/keys` });
    answering(200, {}, jwks.padEnd(262_145));
    expect(await judged(open.tokens)).toBe('issuer_away');
    let cut = false;
    issuer.behaviour = (_request, response) => {
      const pour = () => {
        while (response.write(' '.repeat(65_536)));
      };
      response.on('drain', pour).on('close', () => {
        cut = true;
      });
      pour();
    };
    later(60);
    expect(await judged(open.tokens)).toBe('issuer_away');
    await expect.poll(() => cut).toBe(true);
    answering(200, {}, jwks.padEnd(262_144));
    later(60);
    expect(await judged(open.tokens)).toBe('good');
  });

  it('that are symmetric or private', async () => {
    const secret = Buffer.from('a secret that everybody may read here');
    const jwk = KEYS.thief.export({ format: 'jwk' });
    issuer.jwks = [
      { kty: 'oct', kid: 'shared', alg: 'HS256', k: secret.toString('base64url') },
      { ...jwk, kid: 'own' },
    ];
    expect(await judged(open.tokens, 'own', KEYS.thief)).not.toBe('good');
    await expect(open.tokens.verify(forge.symmetric(secret, { kid: 'shared' }))).rejects.toThrow('algorithm');
  });
});

describe('closing', () => {
  it('gives up a reading that hangs', async () => {
    let hanging = false;
    issuer.behaviour = () => {
      hanging = true;
    };
    open.start();
    await expect.poll(() => hanging).toBe(true);
    open.close();
    await expect.poll(() => troubles.length).toBe(1);
  });
});
