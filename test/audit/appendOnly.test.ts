import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import { inAreas } from '../../src/db/areas.ts';
import { inTransaction } from '../../src/db/pgErrors.ts';
import { asSuperuser } from '../support/database.ts';
import { AuditWorld, NOW, system } from './auditFixture.ts';

let world: AuditWorld;

beforeEach(async () => {
  world = await AuditWorld.open();
});

const read = (limit = 200) => world.seeing((trx) => world.repository.list(trx, { limit }));
const GRID = '11111111-1111-4111-8111-111111111111';
const faultOf = (work: Promise<unknown>) => work.then(String, (error) => `${error.code}: ${error.message}`);

describe('the role of the server', () => {
  const values = sql`at, subject, role, action, object_kind, object_id, result, details`;
  const row = sql`now(), 's', 'r', 'a', 'k', 'i', 'DONE', '{}'`;
  const attempts = {
    'change an entry': sql`update audit_entry set subject = 'other'`,
    'delete entries': sql`delete from audit_entry`,
    'empty the table': sql`truncate audit_entry`,
    'number an entry': sql`insert into audit_entry (seq, ${values}) values (9, ${row})`,
    'bring a hash': sql`insert into audit_entry (hash, ${values}) values ('\\x00', ${row})`,
    'bring the hash before': sql`insert into audit_entry (prev_hash, ${values}) values ('\\x00', ${row})`,
    'call the trigger’s hash': sql`select audit_hash(e) from audit_entry e`,
    'take the trigger off': sql`alter table audit_entry disable trigger all`,
    'switch row security off': sql`alter table audit_entry disable row level security`,
  };

  it.each(Object.entries(attempts))('may not %s', async (_name, statement) => {
    await world.act(system);
    const failed = await faultOf(world.seeing((trx) => statement.execute(trx)));
    expect(failed).toMatch(/^DATABASE_FAILED: .*42501/);
    expect((await world.chain.verify([])).faults).toEqual([]);
  });

  it('sees what it saw before when it has recorded something', async () => {
    await world.act(system);
    await world.act(system, { gridId: GRID });
    const act = { action: 'x', object: { kind: 'grid', id: '1' }, result: 'DONE' } as const;
    for (const areas of [[], ['none']]) {
      await inAreas(world.db, areas, world.now, async (trx) => {
        await world.log.record(trx, system, act);
        expect(await world.repository.list(trx, { limit: 9 })).toEqual([]);
      });
    }
    expect(await read()).toHaveLength(4);
  });

  it('cannot record in a transaction that sees an old state of the chain', async () => {
    const work = world.db
      .transaction()
      .setIsolationLevel('repeatable read')
      .execute((trx) =>
        world.log.record(trx, system, { action: 'x', object: { kind: 'grid', id: '1' }, result: 'DONE' }),
      );
    expect(await faultOf(work)).toMatch(/^CONFLICT: An act is recorded at READ COMMITTED only/);
  });

  it('sees no entry without areas, and may record all the same', async () => {
    await world.act(system, { gridId: GRID });
    const seen = await inTransaction(world.db, (trx) => world.repository.list(trx, { limit: 9 }));
    expect(seen).toEqual([]);
    expect(await world.entries()).toHaveLength(1);
  });
});

describe('whoever owns the tables', () => {
  const attempts = {
    update: sql`update audit_entry set subject = 'other' where seq = 99`,
    delete: sql`delete from audit_entry`,
    truncate: sql`truncate audit_entry`,
  };

  it.each(Object.entries(attempts))('is refused an %s in plain words', async (_name, statement) => {
    await world.act(system);
    const failed = await faultOf(asSuperuser(world.db, (trx) => statement.execute(trx)));
    expect(failed).toBe(
      'APPEND_ONLY: Rows of audit_entry are never changed or deleted. Record what happened since as a new entry.',
    );
  });

  it('cannot choose the number or hash of an entry while the trigger stands', async () => {
    await world.act(system);
    await asSuperuser(world.db, (trx) =>
      sql`insert into audit_entry (seq, hash, prev_hash, at, subject, role, action, object_kind, object_id, result, details)
        values (77, '\\x00', '\\x00', '1999-01-01', 's', 'r', 'a', 'k', 'i', 'DONE', '{}')`.execute(trx),
    );
    expect((await read()).map(({ seq, at }) => [seq, at])).toEqual([
      [2, NOW],
      [1, NOW],
    ]);
    expect((await world.chain.verify([])).faults).toEqual([]);
  });
});
