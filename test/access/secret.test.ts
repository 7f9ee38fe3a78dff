import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deriveKey, readOrMakeKeyFile, readSecret } from '../../src/access/secret.ts';
import { LocalIssuer } from '../../src/access/tokens/localIssuer.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'wangge-secret-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const settings = (change: object = {}) => ({ secretKey: undefined, databaseUrl: undefined, dataDir, ...change });
const mode = (...path: string[]) => (statSync(join(dataDir, ...path)).mode & 0o777).toString(8);

describe('the secret of the registry', () => {
  it('is SECRET_KEY where it is set, and no file is made', () => {
    const secretKey = 'x'.repeat(32);
    expect(readSecret(settings({ secretKey }))?.toString()).toBe(secretKey);
    expect(readdirSync(dataDir)).toEqual([]);
  });

  it('is made once on the embedded database, of 256 bits, for its owner only', () => {
    const secret = readSecret(settings());
    expect([secret?.length, readSecret(settings())]).toEqual([32, secret]);
    expect([mode('keys'), mode('keys', 'secret'), readdirSync(join(dataDir, 'keys'))]).toEqual([
      '700',
      '600',
      ['secret'],
    ]);
  });

  it('is not made for PostgreSQL, whose servers must share one', () => {
    expect(readSecret(settings({ databaseUrl: 'postgres://127.0.0.1/wangge' }))).toBeUndefined();
    expect(readdirSync(dataDir)).toEqual([]);
  });

  it('stays in the process where nothing is kept', () => {
    const secret = readSecret(settings({ dataDir: ':memory:' }));
    expect([secret?.length, existsSync(':memory:')]).toEqual([32, false]);
    expect(readSecret(settings({ dataDir: ':memory:' }))).not.toEqual(secret);
  });

  it.each(['', 'abc', 'z'.repeat(64), 'ab'.repeat(31)])('that is damaged is not used: "%s"', (text) => {
    mkdirSync(join(dataDir, 'keys'));
    writeFileSync(join(dataDir, 'keys', 'secret'), text);
    expect(() => readSecret(settings())).toThrow(expect.objectContaining({ code: 'BAD_CONFIG' }));
    expect(readFileSync(join(dataDir, 'keys', 'secret'), 'utf8')).toBe(text);
  });

  it('that cannot be made is told of by the name of its file', () => {
    writeFileSync(join(dataDir, 'keys'), 'a file where the folder should be');
    expect(() => readSecret(settings())).toThrow(join(dataDir, 'keys', 'secret'));
  });
});

describe('a key for one purpose', () => {
  it('is the same each time, another for each label, and never the secret', () => {
    const secret = Buffer.alloc(32, 7);
    const keys = ['api-keys', 'audit', ''].map((label) => deriveKey(secret, label).toString('hex'));
    expect(new Set([...keys, secret.toString('hex')]).size).toBe(4);
    expect(deriveKey(secret, 'audit').toString('hex')).toBe(keys[1]);
    expect(keys.map((key) => key.length)).toEqual([64, 64, 64]);
  });
});

describe('the key of the local issuer', () => {
  it('is one for all who open the folder, for its owner only', async () => {
    const wish = { role: 'officer', within: ['*'], subject: 'x', hours: 1 } as const;
    const token = await new LocalIssuer(dataDir).issue(wish, new Date());
    const { subject } = await new LocalIssuer(dataDir).verifier(() => new Date()).verify(token);
    expect([subject, mode('keys', 'issuer.json')]).toEqual(['urn:wangge:local|x', '600']);
  });

  it.each([
    ['no JSON', '{'],
    ['a public key', '{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}'],
    ['nothing', ''],
    ['null', 'null'],
  ])('that is damaged is not used: %s', (_title, text) => {
    mkdirSync(join(dataDir, 'keys'));
    writeFileSync(join(dataDir, 'keys', 'issuer.json'), text);
    expect(() => new LocalIssuer(dataDir)).toThrow(expect.objectContaining({ code: 'BAD_CONFIG' }));
  });
});

describe('eight processes that begin at once', () => {
  it('agree on one file, whole, and leave no drafts', async () => {
    const script = `
      import { readSecret } from './src/access/secret.ts';
      await new Promise((resolve) => setTimeout(resolve, Number(process.argv[1]) - Date.now()));
      process.stdout.write(readSecret({ dataDir: process.argv[2] }).toString('hex'));`;
    const at = String(Date.now() + 2_500);
    const run = () =>
      new Promise<string>((resolve) => {
        const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script, at, dataDir]);
        let text = '';
        child.stdout.on('data', (part) => {
          text += part;
        });
        child.on('close', () => resolve(text));
      });
    const secrets = await Promise.all(Array.from({ length: 8 }, run));
    expect(new Set(secrets)).toEqual(new Set([readSecret(settings())?.toString('hex')]));
    expect(readdirSync(join(dataDir, 'keys'))).toEqual(['secret']);
  });

  it('and one whose file appears in between takes the one that is there', () => {
    const make = () => {
      writeFileSync(join(dataDir, 'keys', 'k'), 'first');
      return 'second';
    };
    expect(readOrMakeKeyFile(dataDir, 'k', make, (text) => text)).toBe('first');
  });
});
