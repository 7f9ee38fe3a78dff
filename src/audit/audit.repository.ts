import { sql, type Transaction } from 'kysely';
import { runNamed } from '../db/database.ts';
import type { Database } from '../db/tables.ts';
import type { EntryDraft } from './act.ts';
import type { ChainedEntry } from './chain/entryHash.ts';

/** An entry as people read it. */
export interface AuditRecord {
  readonly seq: number;
  readonly at: Date;
  readonly subject: string;
  readonly role: string;
  readonly action: string;
  readonly objectKind: string;
  readonly objectId: string;
  readonly gridId: string | null;
  readonly result: 'DONE' | 'READ' | 'REFUSED';
  readonly purpose: string | null;
  readonly requestId: string | null;
  readonly details: Readonly<Record<string, unknown>>;
  readonly hash: Buffer;
}

/** Which entries; from and to half-open. What is undefined does not matter. */
export interface AuditFilter {
  readonly subject?: string;
  readonly action?: string;
  readonly from?: Date;
  readonly to?: Date;
  /**
   * Only about these grids. Row security asks the same, but slowly: with the grids named, it is asked only of entries
   * that it will show (200,000 entries with none to show: 4.5 s without).
   */
  readonly gridIds?: readonly string[];
  /** Only entries older than this one. */
  readonly before?: number;
  readonly limit: number;
}

/** Where the chain ends; the hash in hex. */
export interface ChainEnd {
  readonly seq: number;
  readonly hash: string;
}

const INSERT = `insert into audit_entry
  (at, subject, role, action, object_kind, object_id, grid_id, result, purpose, request_id, details)
  values ($1::timestamptz, $2, $3, $4, $5, $6, $7::uuid, $8, $9, $10, $11::jsonb)`;

// Everything as text: a verifier must not depend on how a driver reads a value.
const PAGE_OF_CHAIN = `select seq::text as seq, trunc(extract(epoch from at) * 1000000)::text as at, subject, role,
  action, object_kind as "objectKind", object_id as "objectId", grid_id::text as "gridId", result, purpose,
  request_id as "requestId", details::text as details, encode(prev_hash, 'hex') as "prevHash", encode(hash, 'hex') as hash
  from audit_entry e where e.seq > $1::bigint order by e.seq limit $2::int`;

const LEAST_BIGINT = '-9223372036854775808';

/** The table of entries. Reading takes a transaction that sees their areas (db/areas.ts). */
export class AuditRepository {
  async insert(trx: Transaction<Database>, entry: EntryDraft): Promise<void> {
    const { at, subject, role, action, objectKind, objectId, gridId, result, purpose, requestId, details } = entry;
    const names = [subject, role, action, objectKind, objectId, gridId, result, purpose, requestId];
    await runNamed(trx, 'audit.record', INSERT, [at.toISOString(), ...names, details]);
  }

  /** The entries that the transaction sees, newest first. */
  async list(trx: Transaction<Database>, filter: AuditFilter): Promise<AuditRecord[]> {
    const { subject, action, from, to, gridIds, before, limit } = filter;
    return trx
      .selectFrom('audit_entry')
      .select(['seq', 'at', 'subject', 'role', 'action', 'result', 'purpose', 'details', 'hash'])
      .select(['object_kind as objectKind', 'object_id as objectId', 'grid_id as gridId', 'request_id as requestId'])
      .$if(subject !== undefined, (query) => query.where('subject', '=', subject!))
      .$if(action !== undefined, (query) => query.where('action', '=', action!))
      .$if(from !== undefined, (query) => query.where('at', '>=', from!))
      .$if(to !== undefined, (query) => query.where('at', '<', to!))
      .$if(gridIds !== undefined, (query) => query.where('grid_id', '=', sql<string>`any (${gridIds}::uuid[])`))
      .$if(before !== undefined, (query) => query.where('seq', '<', before!))
      .orderBy('seq', 'desc')
      .limit(limit)
      .execute();
  }

  /** The grids and all below them at the instant, in the current edition. */
  async listGridsBelow(trx: Transaction<Database>, gridIds: readonly string[], now: Date): Promise<string[]> {
    const { rows } = await sql<{ id: string }>`
      with recursive below as (
        select unnest(${gridIds}::uuid[]) as id
        union
        select v.grid_id from grid_version v join below on v.parent_id = below.id
        where v.edition_to is null and v.valid @> ${now.toISOString()}::timestamptz
      ) select id from below`.execute(trx);
    return rows.map(({ id }) => id);
  }

  /** The newest entry that the transaction sees. */
  async findEnd(trx: Transaction<Database>): Promise<ChainEnd | undefined> {
    const { rows } = await sql<ChainEnd>`
      select seq, encode(hash, 'hex') as hash from audit_entry order by seq desc limit 1`.execute(trx);
    return rows[0];
  }

  /** The hash of one entry, in hex. */
  async findHash(trx: Transaction<Database>, seq: number): Promise<string | undefined> {
    const { rows } = await sql<{ hash: string }>`
      select encode(hash, 'hex') as hash from audit_entry where seq = ${seq}::bigint`.execute(trx);
    return rows[0]?.hash;
  }

  async count(trx: Transaction<Database>): Promise<number> {
    const { rows } = await sql<{ count: number }>`select count(*) as count from audit_entry`.execute(trx);
    return rows[0].count;
  }

  /** Every entry in the order of their numbers, a page at a time. */
  async *readChain(trx: Transaction<Database>, pageSize = 2000): AsyncGenerator<ChainedEntry> {
    let after: string | null = LEAST_BIGINT;
    for (;;) {
      const page: ChainedEntry[] = await runNamed(trx, 'audit.chain', PAGE_OF_CHAIN, [after, pageSize]);
      yield* page;
      if (page.length < pageSize) return;
      after = page[page.length - 1].seq;
    }
  }
}
