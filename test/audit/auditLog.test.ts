import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import { inTransaction } from '../../src/db/pgErrors.ts';
import { AuditWorld, NOW, person, system, TRICKY } from './auditFixture.ts';

let world: AuditWorld;

beforeEach(async () => {
  world = await AuditWorld.open();
});

const read = (limit = 200) => world.seeing((trx) => world.repository.list(trx, { limit }));
const GRID = '11111111-1111-4111-8111-111111111111';

describe('an act that is recorded', () => {
  it('says who, in which role, did what to what, when, where, why and on which request', async () => {
    const by = { ...person('https://id.example.org|7', 'dispatcher'), purpose: 'A call at night', requestId: 'r-1' };
    await world.act(by, { gridId: GRID, details: { posts: 3, codes: ['a', 'b'], commit: true } });
    expect(await read()).toEqual([
      {
        seq: 1,
        at: NOW,
        subject: 'https://id.example.org|7',
        role: 'dispatcher',
        action: 'staff.read',
        objectKind: 'person',
        objectId: 'p1',
        gridId: GRID,
        result: 'READ',
        purpose: 'A call at night',
        requestId: 'r-1',
        details: { posts: 3, codes: ['a', 'b'], commit: true },
        hash: expect.any(Buffer),
      },
    ]);
  });

  it('names the role by which it was allowed, or those that did not allow it', async () => {
    await world.act(system);
    await world.act(person('a', 'gis_editor'));
    await world.act(person('b', 'admin'), { action: 'keys.manage' });
    await world.act(person('c', 'officer'), { action: 'something.else', role: 'owner' });
    await world.act({ viewer: { kind: 'person', subject: 'd', grants: [] } });
    expect((await read()).reverse().map(({ role }) => role)).toEqual([
      'system',
      'gis_editor',
      'admin',
      'owner',
      'none',
    ]);
  });

  it('leaves no entry when it is rolled back, and no hole', async () => {
    await world.act(system);
    const failed = inTransaction(world.db, async (trx) => {
      await world.log.record(trx, system, { action: 'x', object: { kind: 'grid', id: '1' }, result: 'DONE' });
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    await world.act(system);
    expect((await read()).map(({ seq }) => seq)).toEqual([2, 1]);
    expect((await world.chain.verify([])).faults).toEqual([]);
  });

  it('may be one of several in a transaction, and its time never goes back', async () => {
    await inTransaction(world.db, async (trx) => {
      const act = { action: 'x', object: { kind: 'grid', id: '1' }, result: 'DONE' } as const;
      await world.log.record(trx, system, act);
      world.now = new Date(NOW.getTime() - 5000);
      await world.log.record(trx, system, act);
      world.now = new Date(NOW.getTime() + 1);
      await world.log.record(trx, system, act);
    });
    expect((await read()).map(({ seq, at }) => [seq, at.getTime() - NOW.getTime()])).toEqual([
      [3, 1],
      [2, 0],
      [1, 0],
    ]);
    expect((await world.chain.verify([])).faults).toEqual([]);
  });

  it.each(TRICKY.map((text) => [JSON.stringify(text).slice(0, 30), text]))(
    'is never lost for its text: %s',
    async (_name, text) => {
      const by = { viewer: { ...system.viewer, subject: text }, purpose: text, requestId: text };
      const details = { [text]: text, list: Array.from({ length: 80 }, () => text), big: 1e300, odd: Number.NaN };
      await world.act(by, { action: `a${text}`, object: { kind: `k${text}`, id: text }, details });
      expect((await world.chain.verify([])).faults).toEqual([]);
      const [entry] = await read();
      const clean = Buffer.from(text).toString().replaceAll('\0', '\ufffd');
      expect([entry.purpose, entry.objectId]).toEqual([clean.slice(0, 200), clean.slice(0, 300)]);
    },
  );

  it('keeps the first of too many details, and says that it did', async () => {
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`k${index}`, index]));
    await world.act(system, { details: many });
    await world.act(system, { details: { a: 1, b: Array.from({ length: 50 }, () => '字'.repeat(100)) } });
    const [long, wide] = await read();
    expect(long.details).toEqual({ a: 1, clipped: true });
    expect(Object.keys(wide.details)).toHaveLength(21);
    expect(wide.details).toMatchObject({ k19: 19, clipped: true });
  });
});

describe('the hash', () => {
  it.each(['Asia/Shanghai', 'America/St_Johns'])(
    'is the same in a session in %s that writes dates otherwise',
    async (zone) => {
      await inTransaction(world.db, async (trx) => {
        await sql`set local timezone = ${sql.lit(zone)}`.execute(trx);
        await sql`set local datestyle = 'German, DMY'`.execute(trx);
        await sql`set local bytea_output = 'escape'`.execute(trx);
        await sql`set local extra_float_digits = -10`.execute(trx);
        const act = { action: 'x', object: { kind: 'grid', id: '1' }, gridId: GRID, details: { share: 0.1 + 0.2 } };
        await world.log.record(trx, system, { ...act, result: 'DONE' });
      });
      expect((await world.chain.verify([])).faults).toEqual([]);
    },
  );
});
