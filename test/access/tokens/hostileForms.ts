import { createPublicKey } from 'node:crypto';
import type { RefusalCause } from '../../../src/access/tokens/refusal.ts';
import { GOOD_KEY } from '../fakes.ts';
import { type Part, publicJwk } from './oidcIssuer.ts';
import { bearer, type Change, type HostileCase, KEYS, part, parts, SECONDS, type TokenForge } from './tokenForge.ts';

export function wrongHeaders(f: TokenForge): HostileCase[] {
  const stolen = (title: string, header: Change, cause: RefusalCause = 'signature'): [string, RefusalCause, string] => [
    title,
    cause,
    f.token({ header, key: KEYS.thief }),
  ];
  const jwk = publicJwk(KEYS.thief, 'thief');
  const url = 'https://thief.example.org/keys';
  const certificate = createPublicKey(KEYS.thief).export({ type: 'spki', format: 'der' }).toString('base64');
  const deep = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
  const crit = (title: string, change: Change): [string, RefusalCause, string] => [
    title,
    'malformed',
    f.token({ header: change }),
  ];
  return bearer([
    stolen('its own key in the header', { jwk }),
    stolen('its own key and its own kid in the header', { jwk, kid: 'thief' }, 'unknown_key'),
    stolen('the address of its own keys', { jku: url }),
    stolen('the address of its own keys and its own kid', { jku: url, kid: 'thief' }, 'unknown_key'),
    stolen('the address of its own certificate', { x5u: url }),
    stolen('its own certificate', { x5c: [certificate] }),
    stolen('a path as kid', { kid: '../../../../etc/passwd' }, 'unknown_key'),
    stolen('an empty file as kid', { kid: '/dev/null' }, 'unknown_key'),
    stolen('SQL as kid', { kid: "rsa' UNION SELECT 'key" }, 'unknown_key'),
    stolen('a command as kid', { kid: 'rsa; curl thief.example.org' }, 'unknown_key'),
    stolen('an address as kid', { kid: url }, 'unknown_key'),
    stolen('the name of a prototype as kid', { kid: '__proto__' }, 'unknown_key'),
    stolen('an empty kid', { kid: '' }, 'unknown_key'),
    stolen('a kid of 4,000 letters', { kid: 'k'.repeat(4_000) }, 'unknown_key'),
    stolen('a number as kid', { kid: 0 }, 'unknown_key'),
    stolen('null as kid', { kid: null }, 'unknown_key'),
    stolen('a list as kid', { kid: ['rsa'] }, 'unknown_key'),
    stolen('no kid where several keys would do', { kid: undefined }, 'unknown_key'),
    crit('something critical that nobody knows', { crit: ['wangge'], wangge: true }),
    crit('something critical that is missing', { crit: ['exp'] }),
    crit('an empty list of what is critical', { crit: [] }),
    crit('a payload that is not encoded, b64 false', { crit: ['b64'], b64: false }),
    ['b64 false without saying that it is critical', 'signature', f.token({ header: { b64: false }, key: KEYS.thief })],
    [
      'a header 500 deep',
      'signature',
      f.raw(`{"alg":"RS256","typ":"at+jwt","kid":"rsa","x":${deep(500)}}`, f.claims(), 'RS256', KEYS.thief),
    ],
    [
      'a payload 500 deep',
      'signature',
      f.raw(f.header(), `{"iss":"${f.issuer}","x":${deep(500)}}`, 'RS256', KEYS.thief),
    ],
    ['a list as header', 'malformed', f.raw([f.header()], f.claims())],
    ['a header that is no JSON', 'malformed', f.raw('{alg:RS256}', f.claims())],
    [
      'two algorithms in one header',
      'algorithm',
      f.raw('{"alg":"RS256","typ":"at+jwt","kid":"rsa","alg":"none"}', f.claims()),
    ],
  ]);
}

export function wrongPayloads(f: TokenForge): HostileCase[] {
  const raw = (title: string, payload: Part, cause: RefusalCause = 'malformed'): [string, RefusalCause, string] => [
    title,
    cause,
    f.raw(f.header(), payload),
  ];
  const twice = (claim: string) => `${JSON.stringify(f.claims()).slice(0, -1)},${claim}}`;
  const [header, payload, signature] = parts(f.token());
  return bearer([
    raw('a list as payload', [f.claims()]),
    raw('a text as payload', '"wangge"'),
    raw('a number as payload', '7'),
    raw('null as payload', 'null'),
    raw('no JSON', '{sub:user-7}'),
    raw('half of the JSON', JSON.stringify(f.claims()).slice(0, -2)),
    raw('an empty object', {}, 'unknown_issuer'),
    raw('a token in a token', f.token()),
    raw('two audiences, the last another', twice('"aud":"other"'), 'claims'),
    raw('two ends, the last in the past', twice(`"exp":${SECONDS - 60}`), 'expired'),
    raw('two issuers, the last another', twice('"iss":"https://thief.example.org"'), 'unknown_issuer'),
    raw('an end without end', twice('"exp":1e999'), 'claims'),
    [
      'bytes that are no UTF-8',
      'malformed',
      `${header}.${Buffer.from([0x7b, 0xff, 0xfe, 0x7d]).toString('base64url')}.${signature}`,
    ],
    ['an encrypted token', 'malformed', `${part({ alg: 'RSA-OAEP', enc: 'A256GCM' })}.AAAA.AAAA.AAAA.AAAA`],
    ['an encrypted token without a key part', 'malformed', `${part({ alg: 'dir', enc: 'A256GCM' })}..AAAA.AAAA.AAAA`],
    ['four parts', 'malformed', `${header}.${payload}.${signature}.AAAA`],
    ['one part', 'malformed', header],
    ['dots alone', 'malformed', '..'],
    ['a token of 1 MB', 'too_long', `${header}.${payload}.${'A'.repeat(1_048_576)}`],
    [
      'a good token of 8,193 characters',
      'too_long',
      f.token({ claims: { pad: 'x'.repeat(5_604) } }).padEnd(8_193, 'A'),
    ],
  ]);
}

export function wrongText(f: TokenForge): HostileCase[] {
  const good = f.token();
  const [header, payload, signature] = parts(good);
  return [
    ['an empty header', 'malformed', ''],
    ['a space', 'malformed', ' '],
    ['the scheme alone', 'malformed', 'Bearer'],
    ['the scheme and a space', 'malformed', 'Bearer '],
    ['the token alone', 'malformed', good],
    ['Basic', 'malformed', 'Basic dXNlcjpwYXNzd29yZA=='],
    ['Basic with the token', 'malformed', `Basic ${good}`],
    ['DPoP', 'malformed', `DPoP ${good}`],
    ['a scheme that begins alike', 'malformed', `BearerX ${good}`],
    ['a colon after the scheme', 'malformed', `Bearer: ${good}`],
    ['an equals sign after the scheme', 'malformed', `Bearer=${good}`],
    ['no space after the scheme', 'malformed', `Bearer${good}`],
    ['a tab after the scheme', 'malformed', `Bearer\t${good}`],
    ['a space before the scheme', 'malformed', ` Bearer ${good}`],
    ['the scheme twice', 'malformed', `Bearer Bearer ${good}`],
    ['the scheme in wide letters', 'malformed', `Ｂearer ${good}`],
    ['two tokens with a space', 'malformed', `Bearer ${good} ${good}`],
    ['two tokens with a comma', 'malformed', `Bearer ${good},${good}`],
    ['two headers joined', 'malformed', `Bearer ${good}, Bearer ${good}`],
    ['a token in quotation marks', 'malformed', `Bearer "${good}"`],
    ['a space behind', 'malformed', `Bearer ${good} `],
    ['a line break behind', 'malformed', `Bearer ${good}\n`],
    ['another header behind a line break', 'malformed', `Bearer ${good}\r\nx-role: admin`],
    ['a line break within', 'malformed', `Bearer ${header}.\n${payload}.${signature}`],
    ['NUL within', 'malformed', `Bearer ${header}.${payload}\u0000.${signature}`],
    ['a space of no width within', 'malformed', `Bearer ${header}.\u200b${payload}.${signature}`],
    ['a wide dot', 'malformed', `Bearer ${header}．${payload}.${signature}`],
    ['an escaped dot', 'malformed', `Bearer ${header}%2E${payload}.${signature}`],
    ['padding at the end', 'malformed', `Bearer ${good}==`],
    ['padding within', 'malformed', `Bearer ${header}=.${payload}.${signature}`],
    ['letters of plain base64', 'malformed', `Bearer ${header}.${payload}.${signature.slice(0, -2)}+/`],
    ['the token as JSON', 'malformed', `Bearer ${JSON.stringify({ protected: header, payload, signature })}`],
    ['1 MB of spaces', 'too_long', `Bearer${' '.repeat(1_048_576)}x`],
    ['1 MB of nothing known', 'too_long', 'x'.repeat(1_048_576)],
  ];
}

export function wrongKeys(): HostileCase[] {
  const rows: [string, RefusalCause, string][] = [
    ['the prefix alone', 'api_key', 'wgk_'],
    ['a key that nobody has', 'api_key', GOOD_KEY.replace('abc', 'abd')],
    ['the good id with another secret', 'api_key', `${GOOD_KEY.slice(0, -1)}x`],
    ['half a key', 'api_key', GOOD_KEY.slice(0, 20)],
    ['a key and more', 'api_key', `${GOOD_KEY}A`],
    ['a key with padding', 'api_key', `${GOOD_KEY}=`],
    ['a path in a key', 'api_key', 'wgk_../../etc/passwd'],
    ['a key of 8,000 letters', 'api_key', `wgk_${'a'.repeat(8_000)}`],
    ['a key of 1 MB', 'too_long', `wgk_${'a'.repeat(1_048_576)}`],
    ['SQL in a key', 'malformed', "wgk_abc'--"],
    ['any key', 'malformed', 'wgk_%'],
    ['two keys', 'malformed', `${GOOD_KEY} ${GOOD_KEY}`],
    ['a key with NUL', 'malformed', `${GOOD_KEY}\u0000`],
    ['a key in wide letters', 'malformed', `ｗｇｋ_${GOOD_KEY.slice(4)}`],
    ['the prefix in capitals', 'malformed', `WGK_${GOOD_KEY.slice(4)}`],
  ];
  return [
    ...bearer(rows),
    ['a key without its scheme', 'malformed', GOOD_KEY],
    ['a key as Basic', 'malformed', `Basic ${Buffer.from(`${GOOD_KEY}:`).toString('base64')}`],
  ];
}
