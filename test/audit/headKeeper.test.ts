import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AuditVerifier } from '../../src/audit/auditVerifier.ts';
import { HeadFile } from '../../src/audit/head/headFile.ts';
import { HeadKeeper } from '../../src/audit/head/headKeeper.ts';
import { readSignedHead } from '../../src/audit/head/signedHead.ts';
import { inTransaction } from '../../src/db/pgErrors.ts';
import { emptyTables } from '../support/database.ts';
import { AuditWorld, KEY, NOW, system } from './auditFixture.ts';

const DAY_MS = 86_400_000;
let world: AuditWorld;
let folder: string;
let file: string;
let errors: string[];

beforeEach(async () => {
  world = await AuditWorld.open();
  folder = await mkdtemp(join(tmpdir(), 'wangge-head-'));
  file = join(folder, 'not', 'yet', 'head.jws');
  errors = [];
});

afterEach(() => rm(folder, { recursive: true }));

function keeperOf(place: { key?: Buffer | undefined; file?: string | undefined } = {}): HeadKeeper {
  const log = { error: (_details: object, message: string) => void errors.push(message) };
  return new HeadKeeper(world.chain, { file, key: KEY, ...place }, () => world.now, log);
}

/** The numbers of the heads in the file. */
async function heads(): Promise<(number | undefined)[]> {
  const lines = await new HeadFile(file).read();
  return Promise.all(lines.map(async (line) => (await readSignedHead(line, KEY))?.seq));
}

describe('the signed head', () => {
  it('is written within about a second of an act, by itself', async () => {
    const keeper = keeperOf();
    await world.act(system);
    keeper.touch();
    keeper.touch();
    await expect.poll(heads, { timeout: 3000 }).toEqual([1]);
    await world.act(system);
    keeper.touch();
    await expect.poll(heads, { timeout: 3000 }).toEqual([2]);
    await keeper.close();
    expect(errors).toEqual([]);
  });

  it('waits for an act that is committed late', async () => {
    const keeper = keeperOf();
    await inTransaction(world.db, async (trx) => {
      await world.log.record(trx, system, { action: 'x', object: { kind: 'grid', id: '1' }, result: 'DONE' });
      keeper.touch();
      if (world.database.engine === 'postgres') await sql`select pg_sleep(1.3)`.execute(trx);
    });
    expect(await heads()).toEqual([]);
    await expect.poll(heads, { timeout: 5000 }).toEqual([1]);
    await keeper.close();
  });

  it('is written when the house closes, and never after', async () => {
    const keeper = keeperOf();
    await world.act(system);
    keeper.touch();
    await keeper.close();
    expect(await heads()).toEqual([1]);
    keeper.touch();
    expect(await heads()).toEqual([1]);
    expect(await readdir(join(folder, 'not', 'yet'))).toEqual(['head.jws']);
  });

  it('is brought up to date at the start, where a killed process left it behind', async () => {
    await world.act(system);
    await keeperOf().start();
    await world.act(system);
    await world.act(system);
    await keeperOf().start();
    expect(await heads()).toEqual([3]);
  });

  it('is kept once for each day, and of today the newest', async () => {
    for (const days of [0, 0, 1, 1, 3, 3, 3]) {
      world.now = new Date(NOW.getTime() + days * DAY_MS);
      await world.act(system);
      await keeperOf().start();
    }
    expect(await heads()).toEqual([2, 4, 7]);
  });

  it('never goes back, though several processes write one file', async () => {
    await world.act(system);
    const keepers = Array.from({ length: 5 }, () => keeperOf());
    for (let round = 0; round < 5; round += 1) {
      await world.act(system);
      await Promise.all(keepers.map((keeper) => keeper.start()));
    }
    expect(await heads()).toEqual([6]);
    expect(errors).toEqual([]);
  });

  it('is written nowhere without entries, a file or a key', async () => {
    await keeperOf().start();
    await world.act(system);
    const keeper = keeperOf({ file: undefined });
    keeper.touch();
    await keeper.start();
    await keeper.close();
    await keeperOf({ key: undefined }).start();
    expect(await new HeadFile(file).read()).toEqual([]);
    expect(errors).toEqual([]);
    await expect(keeperOf({ key: undefined }).sign()).rejects.toMatchObject({ code: 'BAD_CONFIG' });
    const verifier = new AuditVerifier(world.chain, { file, key: undefined });
    await expect(verifier.verify()).rejects.toMatchObject({ code: 'BAD_CONFIG' });
  });
});

describe('a head that does not fit the database', () => {
  const ways = {
    'because entries were cut off': () => world.tamper(sql`delete from audit_entry where seq > 2`),
    'because an entry was rewritten': () => world.tamper(sql`update audit_entry set hash = sha256('x') where seq = 4`),
    'because the registry was emptied and written anew': async () => {
      await emptyTables(world.db);
      for (let i = 0; i < 6; i += 1) await world.act(system, { object: { kind: 'other', id: String(i) } });
    },
  };

  beforeEach(async () => {
    for (let i = 0; i < 4; i += 1) await world.act(system);
    await keeperOf().start();
  });

  it.each(Object.entries(ways))('%s: is logged loudly and left as it is', async (_name, happen) => {
    const before = await readFile(file, 'utf8');
    await happen();
    const keeper = keeperOf();
    await keeper.start();
    expect(errors).toEqual([expect.stringContaining('does not fit this database: the database has another entry')]);
    await world.act(system);
    keeper.touch();
    await keeper.close();
    expect(errors).toHaveLength(1);
    expect(await readFile(file, 'utf8')).toBe(before);
  });

  it('because it was signed with another key: is logged loudly and left as it is', async () => {
    const before = await readFile(file, 'utf8');
    await world.act(system);
    await keeperOf({ key: Buffer.alloc(32, 9) }).start();
    expect(errors).toEqual([expect.stringContaining('not signed with the key of SECRET_KEY')]);
    await writeFile(file, `${before}forged\n`);
    await keeperOf().start();
    expect(errors).toHaveLength(2);
    expect(await readFile(file, 'utf8')).toBe(`${before}forged\n`);
  });

  it('does not stop anybody from working: neither does a file that cannot be written', async () => {
    const keeper = keeperOf({ file: join(file, 'below', 'a', 'file.jws') });
    await world.act(system);
    keeper.touch();
    await keeper.close();
    expect(errors).toEqual([expect.stringContaining('could not be written')]);
  });
});
