import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Authenticator } from '../../../src/access/authenticator.ts';
import { openTokens } from '../../../src/access/tokens/accessTokens.ts';
import { readConfig } from '../../../src/config.ts';
import { DomainError } from '../../../src/errors.ts';
import { NOW, oneKey, smallTree } from '../fakes.ts';
import { wrongHeaders, wrongKeys, wrongPayloads, wrongText } from './hostileForms.ts';
import { wrongAlgorithms, wrongClaims, wrongSignatures } from './hostileTokens.ts';
import { OidcIssuer } from './oidcIssuer.ts';
import { type HostileCase, JWKS, KEYS, TokenForge } from './tokenForge.ts';

let issuer: OidcIssuer;
let forge: TokenForge;
let authenticator: Authenticator;
const causes: string[] = [];
const answers = new Set<string>();

beforeAll(async () => {
  issuer = await OidcIssuer.open();
  issuer.jwks = JWKS;
  forge = new TokenForge(issuer.url);
  const config = readConfig({ OIDC_ISSUER: issuer.url, LOCAL_ISSUER: 'off', DATA_DIR: ':memory:' });
  const { tokens } = openTokens(config, () => NOW);
  authenticator = new Authenticator({
    tokens,
    keys: oneKey,
    tree: smallTree(),
    onRefused: (cause) => void causes.push(cause),
  });
});
afterAll(() => issuer.close());
beforeEach(() => void causes.splice(0));

describe('a good token', () => {
  it.each([
    ['RS256', 'rsa', KEYS.rsa],
    ['RS256', 'rsa-old', KEYS.rsaOld],
    ['PS256', 'rsa', KEYS.rsa],
    ['ES256', 'ec', KEYS.ec],
    ['EdDSA', 'ed', KEYS.ed],
  ] as const)('of %s with the key %s is taken', async (alg, kid, key) => {
    expect(await authenticator.authenticate(`Bearer ${forge.token({ header: { alg, kid }, as: alg, key })}`)).toEqual({
      kind: 'person',
      subject: `${issuer.url}|user-7`,
      grants: [
        { role: 'officer', areas: ['east'] },
        { role: 'public', areas: 'everywhere' },
      ],
      expiresAt: NOW.getTime() + 600_000,
    });
  });
});

describe('a good token of 8,192 characters', () => {
  it('is taken, and one of 8,193 is not', async () => {
    const ofLength = (length: number) => {
      for (let more = 0; more < 4; more++) {
        const header = { h: 'x'.repeat(more) };
        const bare = forge.token({ header, claims: { pad: '' } }).length;
        for (let pad = Math.floor(((length - bare) * 3) / 4) - 2; pad < length; pad++) {
          const token = forge.token({ header, claims: { pad: 'x'.repeat(pad) } });
          if (token.length === length) return token;
          if (token.length > length) break;
        }
      }
      throw new Error(`There is no token of ${length} characters.`);
    };
    expect(await authenticator.authenticate(`Bearer ${ofLength(8_192)}`)).toMatchObject({ kind: 'person' });
    const longer = ofLength(8_193);
    expect(() => authenticator.authenticate(`Bearer ${longer}`)).toThrow('not good');
    expect(causes).toEqual(['too_long']);
  });
});

const GROUPS: [string, (forge: TokenForge) => HostileCase[]][] = [
  ['an algorithm', wrongAlgorithms],
  ['a claim', wrongClaims],
  ['a signature', wrongSignatures],
  ['a header', wrongHeaders],
  ['a payload', wrongPayloads],
  ['a text', wrongText],
  ['an API key', wrongKeys],
];
const titles = (cases: (forge: TokenForge) => HostileCase[]) =>
  cases(new TokenForge('http://127.0.0.1')).map(([title, cause], n) => [title, cause, n] as const);

describe.each(GROUPS)('%s that is not good is refused for its own reason, in the same words', (_group, cases) => {
  let made: HostileCase[];
  beforeAll(() => {
    made = cases(forge);
  });

  it.each(titles(cases))('%s (%s)', async (_title, cause, n) => {
    const [, , authorization] = made[n];
    const refusal = await (async () => authenticator.authenticate(authorization))().catch((error) => error);
    expect(refusal).toBeInstanceOf(DomainError);
    const { code, message, details } = refusal as DomainError;
    answers.add(JSON.stringify({ code, message, details }));
    expect([code, causes]).toEqual(['UNAUTHENTICATED', [cause]]);
  });
});

describe('all of them', () => {
  it('are more than sixty, and had one answer that says the way out', () => {
    expect(GROUPS.flatMap(([, cases]) => titles(cases)).length).toBeGreaterThan(60);
    expect([...answers]).toEqual([expect.stringContaining('authorization: Bearer TOKEN')]);
  });

  it('asked the issuer for its keys once', () => {
    expect(issuer.asked).toEqual({ discovery: 1, keys: 1 });
  });
});
