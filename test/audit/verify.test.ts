import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { Command } from 'commander';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { AuditVerifier } from '../../src/audit/auditVerifier.ts';
import { HeadKeeper } from '../../src/audit/head/headKeeper.ts';
import { readSignedHead, signHead } from '../../src/audit/head/signedHead.ts';
import { type AuditHouse, addAuditCommand, verifyAudit } from '../../src/cli/audit.ts';
import { asSuperuser } from '../support/database.ts';
import { AuditWorld, fill, KEY, system } from './auditFixture.ts';
import { MENDED, TAMPERS } from './databaseTampers.ts';

const COUNT = 60;
let world: AuditWorld;
let folder: string;
let file: string;
let house: AuditHouse;

function houseOf(place: { file: string | undefined; key: Buffer }): AuditHouse {
  const log = { error: () => {} };
  const heads = new HeadKeeper(world.chain, place, () => world.now, log);
  return { audit: { heads, verifier: new AuditVerifier(world.chain, place) } };
}

beforeAll(async () => {
  world = await AuditWorld.open();
  folder = await mkdtemp(join(tmpdir(), 'wangge-audit-'));
  file = join(folder, 'head.jws');
  await fill(world, COUNT, [null]);
  house = houseOf({ file, key: KEY });
  await writeFile(file, `${await house.audit.heads.sign()}\n`);
  await asSuperuser(world.db, async (trx) => {
    await sql`create schema if not exists kept`.execute(trx);
    await sql`create table kept.entry as table audit_entry`.execute(trx);
  });
});

afterAll(async () => {
  await asSuperuser(world.db, (trx) => sql`drop schema kept cascade`.execute(trx));
  await rm(folder, { recursive: true });
});

async function restore(): Promise<void> {
  await world.tamper(sql`truncate audit_entry`);
  await world.tamper(sql`insert into audit_entry table kept.entry`);
}

/** What the command prints, and its exit code. */
async function verify(from: AuditHouse = house, head?: string): Promise<{ code: number; lines: string[] }> {
  const pieces: string[] = [];
  const out = new Writable({ write: (chunk, _encoding, done) => done(void pieces.push(String(chunk))) });
  const code = await verifyAudit(from, head, out);
  return { code, lines: pieces.join('').trimEnd().split('\n') };
}

describe('the audit in the database, tampered with by a superuser', () => {
  beforeEach(restore);

  it('is found whole before', async () => {
    const { code, lines } = await verify();
    expect(lines).toEqual([
      expect.stringMatching(
        /^60 entries, no fault; head 60 [0-9a-f]{64}; compared with 1 signed head of .*head\.jws\.$/,
      ),
    ]);
    expect(code).toBe(0);
  });

  it.each(TAMPERS)('is found out: %s', async (_name, statements, kind) => {
    for (const statement of statements) await world.tamper(statement);
    const { code, lines } = await verify();
    await restore();
    for (const statement of MENDED) await world.tamper(statement);
    expect(code).toBe(1);
    expect(lines.slice(0, -1).map((line) => line.split(':')[0])).toContain(kind);
    expect(lines.at(-1)).toMatch(/^\d+ entries, \d+ faults?; head /);
    expect((await verify()).code).toBe(0);
  });

  it('is found out when the trigger was changed to write other hashes', async () => {
    const { rows } = await asSuperuser(world.db, (trx) =>
      sql<{ text: string }>`select pg_get_functiondef('audit_hash(audit_entry)'::regprocedure) as text`.execute(trx),
    );
    await world.tamper(sql`${sql.raw(rows[0].text.replace('audit_text(e.subject)', "audit_text('somebody')"))}`);
    await world.act(system);
    const { code, lines } = await verify();
    await world.tamper(sql`${sql.raw(rows[0].text)}`);
    expect([code, lines[0]]).toEqual([1, expect.stringMatching(/^EDITED: Entry 61 was edited/)]);
  });
});

describe('the signed heads', () => {
  beforeEach(restore);
  const line = async (key = KEY, seq = COUNT) => {
    const hash = (await world.entries())[seq - 1].hash!;
    return signHead({ seq, hash, at: '2026-06-01T04:00:00.000Z' }, key);
  };
  const verdict = async (text: string) => {
    const other = join(folder, 'other.jws');
    await writeFile(other, text);
    const { code, lines } = await verify(house, other);
    return [code, ...lines.slice(0, -1)];
  };
  const REFUSED = [1, expect.stringMatching(/^BAD_HEAD: Line 1 of .* is no head signed with the key of this registry/)];

  it('of several days are all compared', async () => {
    expect(await verdict(`${await line(KEY, 5)}\n${await line(KEY, 40)}\n${await line()}\n`)).toEqual([0]);
  });

  it('are refused when signed with another key, edited, unsigned, or signed as something else', async () => {
    const good = await line();
    const [header, payload, signature] = good.split('.');
    const forged = Buffer.from(Buffer.from(payload, 'base64url').toString().replace('60', '59')).toString('base64url');
    const none = Buffer.from('{"alg":"none","typ":"wangge-audit-head"}').toString('base64url');
    expect(await verdict(await line(Buffer.alloc(32, 8)))).toEqual(REFUSED);
    expect(await verdict([header, forged, signature].join('.'))).toEqual(REFUSED);
    expect(await verdict([none, payload, ''].join('.'))).toEqual(REFUSED);
    expect(await verdict([header, payload].join('.'))).toEqual(REFUSED);
    expect(await verdict('x'.repeat(1_000_000))).toEqual(REFUSED);
    expect(await verdict(await jws({ typ: 'JWT' }, { seq: COUNT }))).toEqual(REFUSED);
    expect(await verdict(await jws({ typ: 'wangge-audit-head' }, { seq: -1, hash: 'x', at: 'y' }))).toEqual(REFUSED);
  });

  it('that are gone are missed', async () => {
    expect(await verdict('')).toEqual([1, expect.stringMatching(/^BAD_HEAD: .* holds no signed head/)]);
    expect((await verify(house, join(folder, 'nothing.jws'))).code).toBe(1);
  });

  it('are not demanded where none are kept, and the summary says what that means', async () => {
    const { code, lines } = await verify(houseOf({ file: undefined, key: KEY }));
    expect([code, lines]).toEqual([0, [expect.stringContaining('compared with no signed head')]]);
  });

  it('are asked for and compared by the commands', async () => {
    const out = join(folder, 'asked.jws');
    const codes: unknown[] = [];
    const run = async (...args: string[]) => {
      const program = new Command().exitOverride();
      addAuditCommand(program, async (work) => void codes.push(await work(house)));
      await program.parseAsync(['audit', ...args], { from: 'user' });
    };
    const printed = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    await run('head', '--out', out);
    await world.act(system);
    await run('head', '--out', out);
    expect((await readFile(out, 'utf8')).trimEnd().split('\n')).toHaveLength(2);
    await run('verify', '--head', out);
    await world.tamper(sql`update audit_entry set subject = 'x' where seq = 3`);
    await run('verify', '--head', out);
    await run('head');
    const said = printed.mock.calls.map(([text]) => String(text));
    printed.mockRestore();
    expect(codes).toEqual([undefined, undefined, 0, 1, undefined]);
    expect(said[1]).toMatch(/^EDITED: Entry 3 was edited/);
    expect(await readSignedHead(said.at(-1)!.trim(), KEY)).toMatchObject({ seq: 61 });
  });
});

async function jws(header: object, payload: object): Promise<string> {
  const { CompactSign } = await import('jose');
  const bytes = new TextEncoder().encode(JSON.stringify(payload));
  return new CompactSign(bytes).setProtectedHeader({ alg: 'HS256', ...header }).sign(KEY);
}
