import { createPublicKey } from 'node:crypto';
import type { RefusalCause } from '../../../src/access/tokens/refusal.ts';
import {
  bearer,
  type Change,
  type HostileCase,
  JWKS,
  KEYS,
  part,
  parts,
  SECONDS,
  type TokenForge,
} from './tokenForge.ts';

const spki = createPublicKey(KEYS.rsa).export({ type: 'spki', format: 'pem' }) as string;
const pkcs1 = createPublicKey(KEYS.rsa).export({ type: 'pkcs1', format: 'pem' }) as string;

export function wrongAlgorithms(f: TokenForge): HostileCase[] {
  const [, payload, signature] = parts(f.token());
  const none = (alg: unknown) => part(f.header({ alg }));
  return bearer([
    ['none, unsigned', 'malformed', `${none('none')}.${payload}.`],
    ['none, two parts', 'malformed', `${none('none')}.${payload}`],
    ['none, with the good signature', 'algorithm', `${none('none')}.${payload}.${signature}`],
    ['None', 'algorithm', `${none('None')}.${payload}.${signature}`],
    ['NONE', 'algorithm', `${none('NONE')}.${payload}.${signature}`],
    ['nOnE without a kid', 'algorithm', `${part({ alg: 'nOnE', typ: 'at+jwt' })}.${payload}.${signature}`],
    ['no algorithm', 'malformed', f.token({ header: { alg: undefined } })],
    ['an empty algorithm', 'malformed', f.token({ header: { alg: '' } })],
    ['null as algorithm', 'malformed', f.token({ header: { alg: null } })],
    ['a list of algorithms', 'malformed', f.token({ header: { alg: ['RS256'] } })],
    ['rs256 in small letters', 'algorithm', f.token({ header: { alg: 'rs256' } })],
    ['HS256 with the public key as PEM', 'algorithm', f.symmetric(spki)],
    ['HS256 with the PEM without its last line break', 'algorithm', f.symmetric(spki.trim())],
    ['HS256 with the public key as PKCS#1', 'algorithm', f.symmetric(pkcs1)],
    ['HS256 with the text of the JWK', 'algorithm', f.symmetric(JSON.stringify(JWKS[0]))],
    [
      'HS256 with the modulus of the JWK',
      'algorithm',
      f.symmetric(Buffer.from((JWKS[0] as { n?: string }).n!, 'base64url')),
    ],
    ['HS256 with an empty secret', 'algorithm', f.symmetric('')],
    ['HS512 with the public key as PEM', 'algorithm', f.symmetric(spki, { alg: 'HS512' }, 'sha512')],
    ['HS256 signed, RS256 said', 'signature', f.symmetric(spki, { alg: 'RS256' })],
    ['RS256 with the kid of an EC key', 'unknown_key', f.token({ header: { kid: 'ec' } })],
    [
      'ES256 with the kid of an RSA key',
      'unknown_key',
      f.token({ header: { alg: 'ES256' }, as: 'ES256', key: KEYS.ec }),
    ],
    [
      'EdDSA with the kid of an RSA key',
      'unknown_key',
      f.token({ header: { alg: 'EdDSA' }, as: 'EdDSA', key: KEYS.ed }),
    ],
    ['PS256 signed, RS256 said', 'signature', f.token({ as: 'PS256' })],
    ['RS512, which is not set', 'algorithm', f.token({ header: { alg: 'RS512' }, as: 'RS512' })],
    [
      'ES384, which is not set',
      'algorithm',
      f.token({ header: { alg: 'ES384', kid: 'ec384' }, as: 'ES384', key: KEYS.ec384 }),
    ],
  ]);
}

export function wrongClaims(f: TokenForge): HostileCase[] {
  const bad = (title: string, claims: Change, cause: RefusalCause = 'claims'): [string, RefusalCause, string] => [
    title,
    cause,
    f.token({ claims }),
  ];
  const typed = (title: string, typ: unknown): [string, RefusalCause, string] => [
    title,
    'claims',
    f.token({ header: { typ } }),
  ];
  return bearer([
    bad('no issuer', { iss: undefined }, 'unknown_issuer'),
    bad('another issuer', { iss: 'https://login.example.org' }, 'unknown_issuer'),
    bad('the issuer with a slash', { iss: `${f.issuer}/` }, 'unknown_issuer'),
    bad('the issuer in a list', { iss: [f.issuer] }, 'unknown_issuer'),
    bad('the issuer in capitals', { iss: f.issuer.toUpperCase() }, 'unknown_issuer'),
    bad('the name of a prototype as issuer', { iss: '__proto__' }, 'unknown_issuer'),
    bad('the local issuer, which is off', { iss: 'urn:wangge:local' }, 'unknown_issuer'),
    bad('no audience', { aud: undefined }),
    bad('another audience', { aud: 'other-service' }),
    bad('an audience that begins alike', { aud: 'wangge-admin' }),
    bad('an audience in capitals', { aud: 'WANGGE' }),
    bad('no audience in the list', { aud: [] }),
    bad('other audiences in the list', { aud: ['a', 'b'] }),
    bad('the audience in a list in the list', { aud: [['wangge']] }),
    bad('an audience as an object', { aud: { wangge: true } }),
    bad('no end', { exp: undefined }),
    bad('null as end', { exp: null }),
    bad('the end as a text', { exp: String(SECONDS + 600) }),
    bad('an end after the last day there is', { exp: 1e300 }),
    bad('at its end', { exp: SECONDS }, 'expired'),
    bad('ended a second ago', { exp: SECONDS - 1 }, 'expired'),
    bad('ended a minute ago', { exp: SECONDS - 60 }, 'expired'),
    bad('ended in 1970', { exp: 0 }, 'expired'),
    bad('ended before 1970', { exp: -1 }, 'expired'),
    bad('not good before a minute from now', { nbf: SECONDS + 60 }),
    bad('not good before a text', { nbf: 'now' }),
    bad('no beginning', { iat: undefined }),
    bad('a beginning as a text', { iat: String(SECONDS) }),
    bad('issued a minute from now', { iat: SECONDS + 60 }),
    bad('no subject', { sub: undefined }),
    bad('an empty subject', { sub: '' }),
    bad('spaces as subject', { sub: '   ' }),
    bad('null as subject', { sub: null }),
    bad('a number as subject', { sub: 7 }),
    bad('an object as subject', { sub: { id: 'user-7' } }),
    bad('NUL in the subject', { sub: 'user\u00007' }),
    bad('a line break in the subject', { sub: 'user-7\nadmin' }),
    bad('text turned around in the subject', { sub: 'user\u202e7' }),
    typed('no type', undefined),
    typed('type JWT, as ID tokens have', 'JWT'),
    typed('type logout+jwt', 'logout+jwt'),
    typed('a type that begins alike', 'at+jwt2'),
    typed('a number as type', 7),
    typed('a list as type', ['at+jwt']),
    bad('an ID token by its at_hash', { at_hash: 'x' }),
    bad('an ID token by its c_hash', { c_hash: 'x' }),
    bad('an ID token of Keycloak', { typ: 'ID' }),
    bad('an ID token of Cognito', { token_use: 'id' }),
  ]);
}

export function wrongSignatures(f: TokenForge): HostileCase[] {
  const good = f.token();
  const [header, payload, signature] = parts(good);
  const bytes = Buffer.from(signature, 'base64url');
  const flipped = (at: number) =>
    Buffer.from(bytes.map((byte, n) => (n === at ? byte ^ 1 : byte))).toString('base64url');
  const admin = part(f.claims({ wangge_roles: ['admin@*'] }));
  const [ecHeader, ecPayload] = parts(f.token({ header: { alg: 'ES256', kid: 'ec' }, as: 'ES256', key: KEYS.ec }));
  const zeros = (size: number) => Buffer.alloc(size).toString('base64url');
  return bearer([
    ['no signature', 'malformed', `${header}.${payload}.`],
    ['no signature and no dot', 'malformed', `${header}.${payload}`],
    ['the first bit of the signature flipped', 'signature', `${header}.${payload}.${flipped(0)}`],
    ['the last bit of the signature flipped', 'signature', `${header}.${payload}.${flipped(bytes.length - 1)}`],
    ['half a signature', 'signature', `${header}.${payload}.${signature.slice(0, 170)}`],
    ['a signature twice', 'signature', `${header}.${payload}.${signature}${signature}`],
    ['zeros as signature', 'signature', `${header}.${payload}.${zeros(256)}`],
    ['zeros as signature of an EC key', 'signature', `${ecHeader}.${ecPayload}.${zeros(64)}`],
    ['a signature of one letter', 'signature', `${header}.${payload}.AA`],
    ['the key of a thief under a good kid', 'signature', f.token({ key: KEYS.thief })],
    ['an older key under the kid of another', 'signature', f.token({ key: KEYS.rsaOld })],
    [
      'the signature of another token',
      'signature',
      `${header}.${payload}.${parts(f.token({ claims: { sub: 'user-8' } }))[2]}`,
    ],
    ['the payload swapped', 'signature', `${header}.${admin}.${signature}`],
    ['the header swapped', 'signature', `${part(f.header({ x: 1 }))}.${payload}.${signature}`],
    ['header and payload exchanged', 'unknown_issuer', `${payload}.${header}.${signature}`],
  ]);
}
