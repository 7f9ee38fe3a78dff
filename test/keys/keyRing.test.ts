import { createHash, randomBytes } from 'node:crypto';
import { Kysely, PostgresDialect, sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import { LendingPool } from '../../src/db/pool.ts';
import type { Database } from '../../src/db/tables.ts';
import { mintKey } from '../../src/keys/apiKey.ts';
import { KeyRepository, type KeyVerdict } from '../../src/keys/key.repository.ts';
import { KeyRing } from '../../src/keys/keyRing.ts';
import { asSuperuser } from '../support/database.ts';
import { contextOf, DAY_MS, HMAC_KEY, KeysWorld, NOW, OWNER } from './keysWorld.ts';

let world: KeysWorld;
beforeEach(async () => {
  world = await KeysWorld.open();
});

/** Counts its questions and can hold back the answers. */
class WatchedRepository extends KeyRepository {
  asked = 0;
  answered = 0;
  held: Promise<void> = Promise.resolve();

  override async findVerdict(keyId: string): Promise<KeyVerdict | undefined> {
    this.asked += 1;
    const verdict = await super.findVerdict(keyId);
    this.answered += 1;
    await this.held;
    return verdict;
  }
}

const watched = () => new WatchedRepository(world.db, world.clock);

describe('a key', () => {
  it('stands for its client, with the areas, rights, kinds of events and end that were given', async () => {
    const asked = { actions: ['registry.read', 'editions.follow'], eventTypes: ['ENTERED'], days: 30 };
    const { secret, key, client } = await world.issue(['D1', world.id('S3')], asked);
    expect(await world.ring.findViewer(secret)).toEqual({
      kind: 'key',
      subject: `key:${client.id}/${key.id}`,
      grants: [{ role: 'integrator', areas: [world.id('D1'), world.id('S3')] }],
      actions: new Set(['registry.read', 'editions.follow']),
      eventTypes: new Set(['ENTERED']),
      expiresAt: NOW.getTime() + 30 * DAY_MS,
    });
  });

  it('of everywhere and of all kinds of events says so', async () => {
    const viewer = await world.ring.findViewer((await world.issue('everywhere')).secret);
    expect(viewer?.grants).toEqual([{ role: 'integrator', areas: 'everywhere' }]);
    expect(viewer?.eventTypes).toBeUndefined();
  });

  it('gives no right that integrators no longer have', async () => {
    const { key, client } = await world.issue(['D1']);
    const { id, text, hash } = mintKey(HMAC_KEY);
    const widened = crypto.randomUUID();
    await asSuperuser(world.db, async (trx) => {
      await sql`insert into api_client select ${widened}::uuid, name, area_ids, everywhere,
        '{keys.manage,registry.read,wave}', event_types, created_at, created_by
        from api_client where id = ${client.id}::uuid`.execute(trx);
      await sql`insert into api_key select ${id}, ${widened}::uuid, ${hash}::bytea, created_at, expires_at
        from api_key where id = ${key.id}`.execute(trx);
    });
    expect((await world.ring.findViewer(text))?.actions).toEqual(new Set(['registry.read']));
  });

  it('has 256 random bits, and the table has a keyed hash of it, not a plain one', async () => {
    const { secret, key } = await world.issue(['D1']);
    expect(secret).toMatch(/^wgk_[0-9a-f]{20}_[A-Za-z0-9_-]{43}$/);
    const random = secret.slice(25);
    expect(Buffer.from(random, 'base64url')).toHaveLength(32);
    const [{ secret_hash: hash }] = await world.repository.seeing('everywhere', (trx) =>
      trx.selectFrom('api_key').select('secret_hash').where('id', '=', key.id).execute(),
    );
    const plain = [secret, random, Buffer.from(random, 'base64url')].flatMap((part) => [
      createHash('sha256').update(part).digest('hex'),
      Buffer.from(part).toString('hex'),
    ]);
    expect(hash).toHaveLength(32);
    expect(plain).not.toContain(hash.toString('hex'));
  });

  it('ends by the clock', async () => {
    const { secret } = await world.issue(['D1'], { days: 1 });
    world.now = new Date(NOW.getTime() + DAY_MS - 1);
    expect(await world.ring.findViewer(secret)).toBeDefined();
    world.now = new Date(NOW.getTime() + DAY_MS);
    expect(await world.ring.findViewer(secret)).toBeUndefined();
  });

  it('copied to the id of another fits neither', async () => {
    const [mine, other] = [await world.issue(['S1']), await world.issue('everywhere')];
    expect(await world.ring.findViewer(`wgk_${other.key.id}_${mine.secret.slice(25)}`)).toBeUndefined();
    const [id, hash] = [randomBytes(10).toString('hex'), 'secret_hash'];
    await asSuperuser(world.db, (trx) =>
      sql`insert into api_key select ${id}, ${other.client.id}::uuid, ${sql.ref(hash)}, created_at, expires_at
        from api_key where id = ${mine.key.id}`.execute(trx),
    );
    expect(await world.ring.findViewer(`wgk_${id}_${mine.secret.slice(25)}`)).toBeUndefined();
  });
});

describe('what is no key', () => {
  it('is refused without a question when it has not the form', async () => {
    const { secret } = await world.issue(['D1']);
    const repository = watched();
    const ring = new KeyRing(repository, world.clock, HMAC_KEY);
    const wrong = [
      '',
      'wgk_',
      secret.slice(0, -1),
      `${secret}A`,
      ` ${secret}`,
      `${secret}\n`,
      secret.toUpperCase(),
      secret.replace('wgk', 'WGK'),
      secret.replace('wgk', 'wgκ'),
      `${secret.slice(0, -1)}é`,
      `${secret.slice(0, -1)}\u{1f511}`,
      `${secret.slice(0, -1)}\0`,
      `wgk_${"' or 1=1 --".padEnd(20)}_${secret.slice(25)}`,
      `${secret}${'A'.repeat(1_000_000)}`,
    ];
    for (const text of wrong) expect(await ring.findViewer(text), text.slice(0, 80)).toBeUndefined();
    expect(repository.asked).toBe(0);
  });

  it('is refused with a wrong secret, a wrong id, and the key of another SECRET_KEY', async () => {
    const { secret } = await world.issue(['D1']);
    const last = secret.at(-1) === 'A' ? 'E' : 'A';
    expect(await world.ring.findViewer(secret.slice(0, -1) + last)).toBeUndefined();
    // The last character holds two bits too many: another text of the same bytes is another key.
    const [head, tail] = [secret.slice(0, -1), secret.slice(25)];
    const bytes = Buffer.from(tail, 'base64url');
    const twins = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'].filter(
      (end) => end !== secret.at(-1) && Buffer.from(tail.slice(0, -1) + end, 'base64url').equals(bytes),
    );
    expect(twins).toHaveLength(3);
    for (const end of twins) expect(await world.ring.findViewer(head + end)).toBeUndefined();
    expect(await world.ring.findViewer(`wgk_${randomBytes(10).toString('hex')}_${tail}`)).toBeUndefined();
    const elsewhere = new KeyRing(world.repository, world.clock, Buffer.alloc(32, 8));
    expect(await elsewhere.findViewer(secret)).toBeUndefined();
    expect(await world.ring.findViewer(secret)).toBeDefined();
  });

  it('is everything where no SECRET_KEY is set, and none can be made', async () => {
    const { secret } = await world.issue(['D1']);
    const repository = watched();
    const ring = new KeyRing(repository, world.clock, undefined);
    expect(await ring.findViewer(secret)).toBeUndefined();
    expect(repository.asked).toBe(0);
    expect(() => ring.mint('a client', 1)).toThrow(expect.objectContaining({ code: 'BAD_CONFIG' }));
    expect(() => ring.mint('a client', 1)).toThrow(/Set it/);
  });

  it('costs one question an id in a flood, and no more memory than the limit', async () => {
    const repository = watched();
    repository.findVerdict = async () => {
      repository.asked += 1;
      return undefined;
    };
    const ring = new KeyRing(repository, world.clock, HMAC_KEY);
    const flood = Array.from({ length: 30_000 }, () => `wgk_${randomBytes(10).toString('hex')}_${'A'.repeat(43)}`);
    for (const key of flood) await ring.findViewer(key);
    expect(repository.asked).toBe(flood.length);
    expect(ring.remembered).toBe(10_000);
  });
});

describe('questions to the database', () => {
  it('are shared by those who ask together, and the answer is believed for a while', async () => {
    const { secret } = await world.issue(['D1']);
    const repository = watched();
    const ring = new KeyRing(repository, world.clock, HMAC_KEY);
    const viewers = await Promise.all(Array.from({ length: 100 }, () => ring.findViewer(secret)));
    expect(viewers.every((viewer) => viewer?.kind === 'key')).toBe(true);
    await ring.findViewer(secret);
    expect(repository.asked).toBe(1);
  });

  it('that fail refuse nobody and admit nobody: the database is busy, and is asked again', async () => {
    const { secret } = await world.issue(['D1']);
    const pool = new LendingPool({ host: '127.0.0.1', port: 1, connectionTimeoutMillis: 2_000 });
    const away = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
    const ring = new KeyRing(new KeyRepository(away, world.clock), world.clock, HMAC_KEY);
    await expect(ring.findViewer(secret)).rejects.toMatchObject({ code: 'DATABASE_BUSY' });
    await expect(ring.findViewer(secret)).rejects.toMatchObject({ code: 'DATABASE_BUSY' });
    expect(ring.remembered).toBe(0);
    await away.destroy();
  });
});

describe('a revoked key', () => {
  it('is refused at once where it was revoked, and within a second in another process', async () => {
    const { secret, key } = await world.issue(['D1']);
    const other = new KeyRing(new KeyRepository(world.db, world.clock), world.clock, HMAC_KEY);
    expect(await world.ring.findViewer(secret)).toBeDefined();
    expect(await other.findViewer(secret)).toBeDefined();
    await world.service.revokeKey(contextOf(OWNER), key.id);
    const revoked = performance.now();
    expect(await world.ring.findViewer(secret)).toBeUndefined();
    await expect.poll(() => other.findViewer(secret), { interval: 10, timeout: 5_000 }).toBeUndefined();
    expect(performance.now() - revoked).toBeLessThan(1_000);
  });

  it('is refused at once though a question put before is still unanswered', async () => {
    const { secret, key } = await world.issue(['D1']);
    const repository = watched();
    const ring = new KeyRing(repository, world.clock, HMAC_KEY);
    let answer = () => {};
    repository.held = new Promise((resolve) => {
      answer = resolve;
    });
    const before = ring.findViewer(secret);
    await expect.poll(() => repository.answered).toBe(1);
    await world.serviceOn(ring).revokeKey(contextOf(OWNER), key.id);
    repository.held = Promise.resolve();
    expect(await ring.findViewer(secret)).toBeUndefined();
    answer();
    await before;
    expect(await ring.findViewer(secret)).toBeUndefined();
  });
});
