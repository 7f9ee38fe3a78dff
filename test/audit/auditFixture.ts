import { type Kysely, sql, type Transaction } from 'kysely';
import type { Viewer } from '../../src/access/viewer.ts';
import { systemViewer } from '../../src/access/viewer.ts';
import type { Act, Actor } from '../../src/audit/act.ts';
import { AuditRepository } from '../../src/audit/audit.repository.ts';
import { AuditLog } from '../../src/audit/auditLog.ts';
import { ChainReader } from '../../src/audit/chain/chainReader.ts';
import type { ChainedEntry } from '../../src/audit/chain/entryHash.ts';
import { showAreas } from '../../src/db/areas.ts';
import type { OpenDatabase } from '../../src/db/database.ts';
import { inTransaction } from '../../src/db/pgErrors.ts';
import type { Database } from '../../src/db/tables.ts';
import { asSuperuser, emptyTables, openTestDatabase } from '../support/database.ts';

export const NOW = new Date('2026-06-01T12:00:00.123+08:00');
export const KEY = Buffer.alloc(32, 7);

/** Text that breaks careless formats. */
export const TRICKY = [
  '',
  '-',
  '1:a',
  'a|b,c;"d"\'e\\',
  'line\nbreak\ttab\r',
  '网格员 👮🏽‍♀️',
  '\u0000NUL',
  '\ud800half',
  'x'.repeat(5000),
];

export const person = (subject: string, role: Viewer['grants'][number]['role'] = 'officer'): Actor => ({
  viewer: { kind: 'person', subject, grants: [{ role, areas: 'everywhere' }] },
  requestId: `req-${subject}`.slice(0, 40),
});

export const system: Actor = { viewer: systemViewer('test') };

/** The audit over the emptied test database. */
export class AuditWorld {
  readonly database: OpenDatabase;
  readonly db: Kysely<Database>;
  readonly repository = new AuditRepository();
  readonly chain: ChainReader;
  now = NOW;
  recorded = 0;
  readonly log = new AuditLog(
    this.repository,
    () => this.now,
    () => {
      this.recorded += 1;
    },
  );

  private constructor(database: OpenDatabase) {
    this.database = database;
    this.db = database.db;
    this.chain = new ChainReader(this.db, this.repository, () => this.now);
  }

  static async open(): Promise<AuditWorld> {
    const world = new AuditWorld(await openTestDatabase());
    await emptyTables(world.db);
    return world;
  }

  /** Records one act in a transaction of its own. */
  act(by: Actor, act: Partial<Act> = {}): Promise<void> {
    return inTransaction(this.db, (trx) => this.log.record(trx, by, { ...READING, ...act }));
  }

  /** Runs with every entry in sight. */
  seeing<T>(work: (trx: Transaction<Database>) => Promise<T>): Promise<T> {
    return inTransaction(this.db, async (trx) => {
      await showAreas(trx, 'everywhere', this.now);
      return work(trx);
    });
  }

  entries(): Promise<ChainedEntry[]> {
    return this.seeing((trx) => collect(this.repository.readChain(trx, 70)));
  }

  /** Whoever owns the whole machine: no trigger, no row security. */
  tamper(statement: ReturnType<typeof sql>): Promise<void> {
    return asSuperuser(this.db, async (trx) => {
      await sql`set local session_replication_role = replica`.execute(trx);
      await statement.execute(trx);
    });
  }
}

const READING: Act = { action: 'staff.read', object: { kind: 'person', id: 'p1' }, result: 'READ' };

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** Writes a chain of entries with all sorts of values; on PostgreSQL by many writers at once. */
export async function fill(world: AuditWorld, count: number, gridIds: readonly (string | null)[]): Promise<void> {
  const writers = world.database.engine === 'postgres' ? 8 : 1;
  const pick = <T>(list: readonly T[], index: number) => list[index % list.length];
  const write = async (writer: number) => {
    for (let index = writer; index < count; index += writers) {
      const purpose = index % 3 === 0 ? undefined : pick(TRICKY, index);
      await world.act(
        { ...person(`${pick(TRICKY, index * 7)}${index % 11}`), purpose },
        {
          action: pick(['staff.read', 'keys.manage', 'edition.publish'], index),
          object: { kind: 'person', id: `${index}${pick(TRICKY, index)}` },
          gridId: pick(gridIds, index),
          result: pick(['DONE', 'READ', 'REFUSED'] as const, index),
          details: index % 2 ? { edition: index, codes: [`c${index}`, pick(TRICKY, index)], commit: true } : {},
        },
      );
    }
  };
  await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
}
