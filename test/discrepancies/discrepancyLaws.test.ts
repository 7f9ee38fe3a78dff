import { randomUUID } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Areas } from '../../src/access/viewer.ts';
import { inAreas } from '../../src/db/areas.ts';
import type { OpenDatabase } from '../../src/db/database.ts';
import { inTransaction } from '../../src/db/pgErrors.ts';
import { DiscrepancyRepository } from '../../src/discrepancies/discrepancy.repository.ts';
import type { Trx } from '../proofs/rawRegistry.ts';
import { NOW } from '../support/api.ts';
import { asSuperuser, openTestDatabase } from '../support/database.ts';
import { at, openReportWorld, type ReportWorld } from './reportWorld.ts';

let world: ReportWorld;
let database: OpenDatabase;
/** Reports by where they go. */
const reports: Record<string, string> = {};

beforeAll(async () => {
  world = await openReportWorld();
  database = await openTestDatabase();
  const places = { A: at(3, 5), B: at(15, 5), T1: at(9.5, 5), C: at(25, 5), nowhere: at(25, 90) };
  for (const [name, place] of Object.entries(places)) {
    const report = await world.report({ kind: 'GAP', at: place, note: `note of ${name}`, clientKey: `key of ${name}` });
    reports[name] = report.id;
  }
});
afterAll(() => world.api.close());

const as = <T>(areas: Areas, statement: RawBuilder<T>) =>
  inAreas(database.db, areas, NOW, (trx) => statement.execute(trx));

/** Names of the reports that a transaction sees with nothing between it and the table. */
async function seen(trx: Trx): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select id from discrepancy`.execute(trx);
  return Object.keys(reports).filter((name) => rows.some(({ id }) => id === reports[name]));
}

const areasOf = (...codes: string[]) => codes.map((code) => world.ids[code]);

describe('row security of reports', () => {
  const expected: [string[], string[]][] = [
    [['A'], ['A']],
    [['T1'], ['A', 'B', 'T1']],
    [['T2'], ['C']],
    [
      ['A', 'C'],
      ['A', 'C'],
    ],
    [['D'], []],
  ];

  it('shows each area its own, everything to whoever sees everything, and nothing without areas', async () => {
    for (const [areas, names] of expected) {
      expect(await inAreas(database.db, areasOf(...areas), NOW, seen)).toEqual(names);
    }
    expect(await inAreas(database.db, 'everywhere', NOW, seen)).toEqual(Object.keys(reports));
    expect(await inAreas(database.db, [], NOW, seen)).toEqual([]);
    expect(await inTransaction(database.db, seen)).toEqual([]);
  });

  it('a twin without it is found out by the same areas', async () => {
    const undo = new Error('undo');
    const leak = inTransaction(database.db, async (trx) => {
      await sql`set local role none`.execute(trx);
      await sql`create policy discrepancy_open on discrepancy using (true)`.execute(trx);
      await sql`set local role wangge_server`.execute(trx);
      expect(await seen(trx)).not.toEqual([]);
      throw undo;
    });
    await expect(leak).rejects.toBe(undo);
  });

  it('answers nothing outside, though nothing but the database looks', async () => {
    const repository = new DiscrepancyRepository();
    const answer = { outcome: 'WILL_FIX' as const, answer: 'x', answeredAt: NOW, changesetId: null };
    const by = (areas: Areas, name: string) =>
      inAreas(database.db, areas, NOW, (trx) => repository.answer(trx, reports[name], answer));
    for (const name of ['C', 'nowhere']) expect(await by(areasOf('T1'), name)).toBeUndefined();
    expect(await by([], 'A')).toBeUndefined();
    expect(await by(areasOf('T1'), 'A')).toMatchObject({ outcome: 'WILL_FIX' });
  });

  it('lets whoever has an id read that report alone, without its note, and keeps the areas as they were', async () => {
    await inAreas(database.db, areasOf('A'), NOW, async (trx) => {
      const { rows } = await sql<Record<string, unknown>>`select * from read_discrepancy(${reports.C}::uuid)`.execute(
        trx,
      );
      expect(rows).toHaveLength(1);
      expect([rows[0].id, rows[0].note]).toEqual([reports.C, null]);
      expect((await sql`select * from read_discrepancy(${randomUUID()}::uuid)`.execute(trx)).rows).toEqual([]);
      expect(await seen(trx)).toEqual(['A']);
    });
  });
});

describe('what was reported', () => {
  const all = 'everywhere' as const;
  const ofC = () => sql`where id = ${reports.C}::uuid`;
  const ofA = () => sql`where id = ${reports.A}::uuid`;

  it.each<[string, () => RawBuilder<unknown>]>([
    [
      'is not written past the door',
      () => sql`insert into discrepancy (id, kind, x, y, edition, found, confirmed, reported_at)
      values (${randomUUID()}::uuid, 'GAP', 1, 1, 1, '[]', false, now())`,
    ],
    ['is not rewritten', () => sql`update discrepancy set note = 'other' ${ofA()}`],
    ['is not moved to another grid', () => sql`update discrepancy set grid_id = null ${ofA()}`],
    ['is not counted by hand', () => sql`update discrepancy set count = 99 ${ofA()}`],
    ['is not deleted', () => sql`delete from discrepancy ${ofA()}`],
    ['is not emptied', () => sql`truncate discrepancy, discrepancy_request`],
    ['keeps its keys to itself', () => sql`select * from discrepancy_request`],
    [
      'knows no other outcome',
      () =>
        sql`update discrepancy set status = 'ANSWERED', outcome = 'MAYBE', answer = 'x', answered_at = now() ${ofC()}`,
    ],
    [
      'is not answered without words',
      () => sql`update discrepancy set status = 'ANSWERED', outcome = 'FIXED', answered_at = now() ${ofC()}`,
    ],
  ])('%s by the server', async (_, statement) => {
    await expect(as(all, statement())).rejects.toMatchObject({ name: 'DomainError' });
  });

  it.each<[string, () => RawBuilder<unknown>]>([
    ['its note', () => sql`update discrepancy set note = 'other' ${ofA()}`],
    ['its place', () => sql`update discrepancy set x = x + 1 ${ofA()}`],
    ['its grid', () => sql`update discrepancy set grid_id = null ${ofA()}`],
    ['its count, downwards', () => sql`update discrepancy set count = count - 1 ${ofA()}`],
    ['that it is there', () => sql`delete from discrepancy ${ofA()}`],
    ['the table', () => sql`truncate discrepancy cascade`],
    ['the keys', () => sql`delete from discrepancy_request`],
  ])('is not changed by the owner either: %s', async (_, statement) => {
    const tried = asSuperuser(database.db, (trx) => statement().execute(trx));
    await expect(tried).rejects.toMatchObject({ name: 'DomainError' });
  });

  it('keeps a final answer, and takes one after a promise', async () => {
    const answer = (outcome: string) => sql`update discrepancy set status = 'ANSWERED', outcome = ${outcome},
      answer = ${outcome}, answered_at = ${NOW.toISOString()}::timestamptz where id = ${reports.B}::uuid`;
    await as(all, answer('WILL_FIX'));
    await as(all, answer('NOT_A_FAULT'));
    for (const outcome of ['WILL_FIX', 'FIXED', 'NOT_A_FAULT']) {
      await expect(as(all, answer(outcome))).rejects.toMatchObject({ code: 'CONFLICT' });
    }
    const reopen = sql`update discrepancy set status = 'OPEN', outcome = null, answer = null, answered_at = null
      where id = ${reports.A}::uuid`;
    await expect(as(all, reopen)).rejects.toMatchObject({ code: 'APPEND_ONLY' });
  });

  it('is filed at READ COMMITTED only, where two of one place see each other', async () => {
    const filing = database.db
      .transaction()
      .setIsolationLevel('repeatable read')
      .execute((trx) => sql`select * from file_discrepancy(null, 1, 1, null)`.execute(trx));
    await expect(filing).rejects.toMatchObject({ code: 'CONFLICT' });
  });
});
