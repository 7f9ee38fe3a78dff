import { type Insertable, type Kysely, type Selectable, sql, type Transaction, type Updateable } from 'kysely';
import type { ChangesetTable } from '../db/tables/changesetTables.ts';
import type { Database } from '../db/tables.ts';
import type { ChangesetFilter, ChangesetRecord, ChangesetStatus, Waiver } from './changeset.type.ts';

type Trx = Transaction<Database>;

/** What a list is made from. `gridIds` only where they decide who may see it. */
export interface ChangesetKey {
  readonly id: string;
  readonly openedAt: Date;
  readonly author: string;
  readonly gridIds: readonly string[];
}

/** What changes in a changeset; its revision grows by one. */
export type ChangesetUpdate = Partial<
  Pick<
    Updateable<ChangesetTable>,
    | 'status'
    | 'base_edition'
    | 'base_as_of'
    | 'submitted_at'
    | 'approved_at'
    | 'approved_by'
    | 'edition'
    | 'effective_at'
  >
> & { readonly changed_at: Date; readonly grid_ids?: readonly string[] };

/** What a new changeset begins with. */
export type NewChangeset = Pick<
  Insertable<ChangesetTable>,
  'id' | 'title' | 'author' | 'base_edition' | 'base_as_of' | 'reverts'
> & { readonly opened_at: Date; readonly grid_ids: readonly string[] };

/** Reads and writes changesets, their steps and their waivers. */
export class ChangesetRepository {
  async insert(trx: Trx, row: NewChangeset): Promise<void> {
    await trx
      .insertInto('changeset')
      .values({ ...row, changed_at: row.opened_at, grid_ids: uuids(row.grid_ids) })
      .execute();
  }

  /** The changeset as it stands at `now`. */
  async find(db: Kysely<Database>, id: string, now: Date): Promise<ChangesetRecord | undefined> {
    return (await this.listByIds(db, [id], now))[0];
  }

  async listByIds(db: Kysely<Database>, ids: readonly string[], now: Date): Promise<ChangesetRecord[]> {
    const rows = await db
      .selectFrom('changeset')
      .selectAll()
      .where('id', 'in', [...ids])
      .execute();
    const waivers = await db
      .selectFrom('changeset_waiver')
      .select(['changeset_id as of', 'issue_id as issueId', 'reason', 'waived_by as by', 'waived_at as at'])
      .where('changeset_id', 'in', [...ids])
      .orderBy('waived_at')
      .orderBy('issue_id')
      .execute();
    return rows.map((row) => {
      const own = waivers.filter(({ of }) => of === row.id).map(({ of: _, ...waiver }) => waiver);
      return toRecord(row, own, now);
    });
  }

  /** Locks the changeset until the end of the transaction. Gives its status in the table and its revision. */
  async lock(trx: Trx, id: string): Promise<Pick<Selectable<ChangesetTable>, 'status' | 'revision'>> {
    return trx
      .selectFrom('changeset')
      .select(['status', 'revision'])
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirstOrThrow();
  }

  /** Newest first. */
  async listKeys(
    db: Kysely<Database>,
    { status, author }: ChangesetFilter,
    withGrids: boolean,
    now: Date,
  ): Promise<ChangesetKey[]> {
    const stored = status === 'SCHEDULED' ? 'PUBLISHED' : status;
    return db
      .selectFrom('changeset')
      .select(['id', 'opened_at as openedAt', 'author'])
      .select((withGrids ? sql<string[]>`grid_ids` : sql<string[]>`'{}'::uuid[]`).as('gridIds'))
      .$if(stored != null, (query) => query.where('status', '=', stored as 'PUBLISHED'))
      .$if(status === 'SCHEDULED', (query) => query.where('effective_at', '>', now))
      .$if(status === 'PUBLISHED', (query) => query.where('effective_at', '<=', now))
      .$if(author != null, (query) => query.where('author', '=', author!))
      .orderBy('opened_at', 'desc')
      .orderBy('id')
      .execute();
  }

  /** Changes a changeset that nobody has changed since that revision. False: somebody has. */
  async update(trx: Trx, id: string, revision: number, set: ChangesetUpdate): Promise<boolean> {
    const { grid_ids, ...rest } = set;
    const result = await trx
      .updateTable('changeset')
      .set({ ...rest, ...(grid_ids && { grid_ids: uuids(grid_ids) }), revision: revision + 1 })
      .where('id', '=', id)
      .where('revision', '=', revision)
      .executeTakeFirst();
    return result.numUpdatedRows === 1n;
  }
}

function uuids(ids: readonly string[]) {
  return sql<string[]>`${ids}::uuid[]`;
}

function toRecord(row: Selectable<ChangesetTable>, waivers: Waiver[], now: Date): ChangesetRecord {
  const waits = row.status === 'PUBLISHED' && row.effective_at !== null && row.effective_at > now;
  const status: ChangesetStatus = waits ? 'SCHEDULED' : row.status;
  const { id, title, revision, author, reverts, edition } = row;
  return {
    ...{ id, title, status, revision, author, reverts, edition, waivers },
    baseEdition: row.base_edition,
    baseAsOf: row.base_as_of,
    openedAt: row.opened_at,
    submittedAt: row.submitted_at,
    approvedBy: row.approved_by,
    approvedAt: row.approved_at,
    effectiveAt: row.effective_at,
  };
}
