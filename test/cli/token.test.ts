import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openTokens } from '../../src/access/tokens/accessTokens.ts';
import { addTokenCommand } from '../../src/cli/token.ts';
import { systemClock } from '../../src/clock.ts';
import { readConfig } from '../../src/config.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'wangge-token-'));
  for (const [name, value] of Object.entries({ DATA_DIR: dataDir, DATABASE_URL: '', LOCAL_ISSUER: '' })) {
    vi.stubEnv(name, value);
  }
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(dataDir, { recursive: true, force: true });
});

/** What `wangge token …` prints. */
async function run(...words: string[]): Promise<{ out: string; hint: string }> {
  const printed = { out: '', hint: '' };
  const catching = (into: 'out' | 'hint') => (text: string | Uint8Array) => {
    printed[into] += String(text);
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(catching('out'));
  vi.spyOn(process.stderr, 'write').mockImplementation(catching('hint'));
  const program = new Command('wangge').exitOverride();
  addTokenCommand(program);
  program.commands[0].exitOverride();
  try {
    await program.parseAsync(['token', ...words], { from: 'user' });
  } finally {
    vi.restoreAllMocks();
  }
  return printed;
}

describe('wangge token', () => {
  it('prints a token that the server takes, alone on stdout, and how to send it on stderr', async () => {
    const { out, hint } = await run('--role', 'gis_editor', '--within', '421303187', '--within', '421303188');
    expect(out).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    expect(hint).toContain('authorization: Bearer');
    expect(hint).not.toContain(out.trim());
    const config = readConfig({ DATA_DIR: dataDir });
    expect(await openTokens(config, systemClock).tokens.verify(out.trim())).toMatchObject({
      subject: 'urn:wangge:local|demo-gis_editor',
      claimed: [
        { role: 'gis_editor', area: '421303187' },
        { role: 'gis_editor', area: '421303188' },
      ],
    });
  });

  it('is good for eight hours unless it is told otherwise, and names whom it is told', async () => {
    const usual = decodeJwt((await run('--role', 'auditor', '--within', '*')).out);
    expect([usual.exp! - usual.iat!, usual.wangge_roles]).toEqual([28_800, ['auditor@*']]);
    const { out } = await run('--role', 'auditor', '--within', '*', '--hours', '0.5', '--subject', 'li.wei');
    const { exp, iat, sub } = decodeJwt(out);
    expect([exp! - iat!, sub, decodeProtectedHeader(out)]).toEqual([1_800, 'li.wei', { alg: 'EdDSA', typ: 'at+jwt' }]);
  });

  it('touches nothing but its key, so that it runs beside the server', async () => {
    await run('--role', 'officer', '--within', 'x');
    expect([readdirSync(dataDir), readdirSync(join(dataDir, 'keys'))]).toEqual([['keys'], ['issuer.json']]);
    expect((statSync(join(dataDir, 'keys', 'issuer.json')).mode & 0o777).toString(8)).toBe('600');
  });

  it.each([
    ['LOCAL_ISSUER is off', { LOCAL_ISSUER: 'off' }, 'LOCAL_ISSUER'],
    ['the database is PostgreSQL', { DATABASE_URL: 'postgres://127.0.0.1/wangge' }, 'LOCAL_ISSUER'],
    [
      'it is switched on in production',
      { DATABASE_URL: 'postgres://127.0.0.1/wangge', LOCAL_ISSUER: 'on', NODE_ENV: 'production' },
      'LOCAL_ISSUER',
    ],
    ['nothing is kept', { DATA_DIR: ':memory:' }, 'DATA_DIR'],
  ])('is refused in plain words where %s', async (_title, env, name) => {
    for (const [variable, value] of Object.entries(env)) vi.stubEnv(variable, value);
    const attempt = run('--role', 'officer', '--within', 'x');
    await expect(attempt).rejects.toMatchObject({ code: 'BAD_CONFIG', message: expect.stringContaining(`${name}: `) });
    expect(readdirSync(dataDir)).toEqual([]);
  });

  it.each([
    ['no role', ['--within', 'x']],
    ['no grid', ['--role', 'officer']],
    ['an unknown role', ['--role', 'chief', '--within', 'x']],
    ['the public', ['--role', 'public', '--within', 'x']],
    ['an integrator', ['--role', 'integrator', '--within', 'x']],
    ['an empty grid', ['--role', 'officer', '--within', '']],
    ['a grid with a space', ['--role', 'officer', '--within', 'x y']],
    ['no hours', ['--role', 'officer', '--within', 'x', '--hours', '0']],
    ['hours that are no number', ['--role', 'officer', '--within', 'x', '--hours', 'long']],
    ['more than thirty days', ['--role', 'officer', '--within', 'x', '--hours', '721']],
    ['a subject with a space', ['--role', 'officer', '--within', 'x', '--subject', 'li wei']],
    [
      'more than fifty grids',
      ['--role', 'officer', ...Array.from({ length: 51 }, (_, n) => ['--within', `x${n}`]).flat()],
    ],
  ])('is a wrong usage with %s', async (_title, words) => {
    await expect(run(...words)).rejects.toBeInstanceOf(CommanderError);
    expect(readdirSync(dataDir)).toEqual([]);
  });
});
