import { createPublicKey } from 'node:crypto';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Authenticator } from '../../src/access/authenticator.ts';
import { AccessTokens, openTokens } from '../../src/access/tokens/accessTokens.ts';
import { JwtVerifier } from '../../src/access/tokens/jwtVerifier.ts';
import { LOCAL_RULES, LocalIssuer, takesLocalTokens } from '../../src/access/tokens/localIssuer.ts';
import { may, PUBLIC, type Viewer } from '../../src/access/viewer.ts';
import { readConfig } from '../../src/config.ts';
import { DomainError } from '../../src/errors.ts';
import { GOOD_KEY, INTEGRATOR, NOW, oneKey, smallTree } from './fakes.ts';
import { OidcIssuer } from './tokens/oidcIssuer.ts';
import { JWKS, KEYS, TokenForge } from './tokens/tokenForge.ts';

const refused = { code: 'UNAUTHENTICATED' };
const local = new LocalIssuer(':memory:');
const wish = { role: 'officer', within: ['421303187'], subject: 'demo-officer', hours: 8 } as const;

function house(clock = () => NOW) {
  const tree = smallTree();
  const tokens = new AccessTokens([local.verifier(clock)], clock);
  return { tree, authenticator: new Authenticator({ tokens, keys: oneKey, tree }) };
}

describe('whoever asks', () => {
  it('without a header is the public, at once and always the same', () => {
    expect(house().authenticator.authenticate(undefined)).toBe(PUBLIC);
  });

  it('with a token of the local issuer is that person, with what the public may besides', async () => {
    const viewer = await house().authenticator.authenticate(`Bearer ${await local.issue(wish, NOW)}`);
    expect(viewer).toEqual({
      kind: 'person',
      subject: 'urn:wangge:local|demo-officer',
      grants: [
        { role: 'officer', areas: ['east'] },
        { role: 'public', areas: 'everywhere' },
      ],
      expiresAt: NOW.getTime() + 8 * 3_600_000,
    });
  });

  it.each(['Bearer ', 'bearer ', 'BEARER ', 'bEaReR ', 'Bearer   '])('may write the scheme as "%s"', async (scheme) => {
    const { authenticator } = house();
    expect(await authenticator.authenticate(`${scheme}${await local.issue(wish, NOW)}`)).toMatchObject({
      kind: 'person',
    });
    expect(await authenticator.authenticate(`${scheme}${GOOD_KEY}`)).toBe(INTEGRATOR);
  });

  it('by a socket may send anything, and only a text is read', () => {
    for (const sent of [null, 7, true, {}, [], ['Bearer x'], { toString: () => 'Bearer x' }]) {
      expect(() => house().authenticator.authenticate(sent as never)).toThrow(expect.objectContaining(refused));
    }
  });

  it('with a key meets the error of the database, when that fails, and not a refusal', async () => {
    const keys = { findViewer: async () => Promise.reject(new DomainError('DATABASE_BUSY', 'busy')) };
    const authenticator = new Authenticator({ tokens: new AccessTokens([], () => NOW), keys, tree: smallTree() });
    await expect(authenticator.authenticate(`Bearer ${GOOD_KEY}`)).rejects.toMatchObject({ code: 'DATABASE_BUSY' });
  });
});

describe('what is not the fault of a token or key', () => {
  it('keeps its own error', async () => {
    const { authenticator, tree } = house();
    const header = `Bearer ${await local.issue(wish, NOW)}`;
    tree.findGridId = () => {
      throw new Error('no tree');
    };
    await expect(authenticator.authenticate(header)).rejects.toThrow('no tree');
    expect(() => authenticator.authenticate(header)).toThrow('no tree');
  });

  it('and what cannot be a key is not looked for', async () => {
    const asked: string[] = [];
    const keys = {
      findViewer: async (key: string) => {
        asked.push(key);
        return undefined;
      },
    };
    const authenticator = new Authenticator({ tokens: new AccessTokens([], () => NOW), keys, tree: smallTree() });
    for (const key of ['wgk_', 'wgk_a/b', 'wgk_a=', `wgk_${'a'.repeat(251)}`, GOOD_KEY, `wgk_${'a'.repeat(250)}`]) {
      await expect(authenticator.authenticate(`Bearer ${key}`)).rejects.toMatchObject(refused);
    }
    expect(asked).toEqual([GOOD_KEY, `wgk_${'a'.repeat(250)}`]);
  });
});

describe('a token that was found good', () => {
  it('is remembered, until the very second when it ends', async () => {
    let now = NOW;
    const { authenticator } = house(() => now);
    const header = `Bearer ${await local.issue({ ...wish, hours: 0.05 }, NOW)}`;
    const first = await authenticator.authenticate(header);
    expect(authenticator.authenticate(header)).toEqual(first);
    now = new Date(NOW.getTime() + 179_999);
    expect(authenticator.authenticate(header)).toEqual(first);
    now = new Date(NOW.getTime() + 180_000);
    await expect(authenticator.authenticate(header)).rejects.toMatchObject(refused);
  });

  it('is judged anew after five minutes', async () => {
    let now = NOW;
    const { authenticator } = house(() => now);
    const header = `Bearer ${await local.issue(wish, NOW)}`;
    await authenticator.authenticate(header);
    now = new Date(NOW.getTime() + 299_999);
    expect(authenticator.authenticate(header)).not.toBeInstanceOf(Promise);
    now = new Date(NOW.getTime() + 300_000);
    expect(authenticator.authenticate(header)).toBeInstanceOf(Promise);
  });

  it('follows the tree although it is remembered', async () => {
    const { authenticator, tree } = house();
    const header = `Bearer ${await local.issue(wish, NOW)}`;
    expect(may(await authenticator.authenticate(header), 'staff.read')).toBe(true);
    tree.codes.set('421303187', ['west']);
    expect((authenticator.authenticate(header) as Viewer).grants[0]).toEqual({ role: 'officer', areas: ['west'] });
    tree.codes.delete('421303187');
    expect(may(authenticator.authenticate(header) as Viewer, 'staff.read')).toBe(false);
  });

  it('is never taken for another: a bit more or less is another token', async () => {
    const { authenticator } = house();
    const header = `Bearer ${await local.issue(wish, NOW)}`;
    await authenticator.authenticate(header);
    await expect(authenticator.authenticate(`${header}A`)).rejects.toMatchObject(refused);
    await expect(authenticator.authenticate(header.slice(0, -2))).rejects.toMatchObject(refused);
  });

  it('gives long subjects distinct names of at most 200 characters', async () => {
    const { authenticator } = house();
    const names = await Promise.all(
      ['a', 'b'].map(async (end) => {
        const token = await local.issue({ ...wish, subject: `${'x'.repeat(250)}${end}` }, NOW);
        return (await authenticator.authenticate(`Bearer ${token}`)).subject;
      }),
    );
    expect([new Set(names).size, ...names.map((name) => name.length)]).toEqual([2, 200, 200]);
  });
});

describe('the local issuer beside another', () => {
  let issuer: OidcIssuer;
  let forge: TokenForge;
  beforeAll(async () => {
    issuer = await OidcIssuer.open();
    issuer.jwks = JWKS;
    forge = new TokenForge(issuer.url);
  });
  afterAll(() => issuer.close());

  it('is judged by its own key only, and so is the other', async () => {
    const { tokens } = openTokens(readConfig({ OIDC_ISSUER: issuer.url, DATA_DIR: ':memory:' }), () => NOW);
    const authenticator = new Authenticator({ tokens, keys: oneKey, tree: smallTree() });
    const asked = async (token: string) => (await authenticator.authenticate(`Bearer ${token}`)).subject;
    expect(await asked(forge.token())).toBe(`${issuer.url}|user-7`);
    const header = { alg: 'EdDSA', kid: 'ed' };
    const claims = { iss: 'urn:wangge:local' };
    await expect(asked(forge.token({ header, claims, as: 'EdDSA', key: KEYS.ed }))).rejects.toMatchObject(refused);
    await expect(asked(forge.token({ claims }))).rejects.toMatchObject(refused);
    await expect(asked(await local.issue(wish, NOW))).rejects.toMatchObject(refused);
  });

  it('refuses what another issued, even when it is asked by mistake', async () => {
    const stranger = await new SignJWT({})
      .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt' })
      .setIssuer('urn:wangge:stranger')
      .setAudience('wangge')
      .setSubject('x')
      .setIssuedAt(NOW)
      .setExpirationTime(new Date(NOW.getTime() + 60_000))
      .sign(KEYS.ed);
    const judge = (issuer: string) =>
      new JwtVerifier(
        { ...LOCAL_RULES, issuer },
        async () => createPublicKey(KEYS.ed),
        () => NOW,
      );
    expect(await judge('urn:wangge:stranger').verify(stranger)).toMatchObject({ subject: 'urn:wangge:stranger|x' });
    await expect(judge('urn:wangge:local').verify(stranger)).rejects.toThrow('claims');
  });

  it('is on for the embedded database, off for PostgreSQL unless it is switched on, and never on in production', () => {
    const taken = (env: Record<string, string>) => takesLocalTokens(readConfig(env));
    const DATABASE_URL = 'postgres://wangge@127.0.0.1/wangge';
    expect(taken({})).toBe(true);
    expect(taken({ LOCAL_ISSUER: 'off' })).toBe(false);
    expect(taken({ DATABASE_URL })).toBe(false);
    expect(taken({ DATABASE_URL, LOCAL_ISSUER: 'on' })).toBe(true);
    expect(() => taken({ DATABASE_URL, LOCAL_ISSUER: 'on', NODE_ENV: 'production' })).toThrow('LOCAL_ISSUER');
    expect(takesLocalTokens({ databaseUrl: DATABASE_URL, localIssuer: true, nodeEnv: 'production' })).toBe(false);
  });
});

describe('many tokens', () => {
  it('leave no more than 5,000 remembered', async () => {
    const { authenticator } = house();
    const first = `Bearer ${await local.issue(wish, NOW)}`;
    await authenticator.authenticate(first);
    expect(authenticator.authenticate(first)).not.toBeInstanceOf(Promise);
    for (let n = 0; n < 5_000; n++) await authenticator.authenticate(`Bearer ${await local.issue(wish, NOW)}`);
    expect(authenticator.authenticate(first)).toBeInstanceOf(Promise);
  });
});
