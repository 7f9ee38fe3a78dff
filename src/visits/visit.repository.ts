import { sql, type Transaction } from 'kysely';
import type { Database } from '../db/tables.ts';
import type { VisitDraft, VisitFilter, VisitRecord, VisitReview } from './visit.type.ts';
import type { RetryKey } from './visitDesk.ts';

type Trx = Transaction<Database>;

const COLUMNS = sql`id, position, kind, contact_kind as "contactKind", post_id as "postId", role, staff_id as "staffId",
  post_grid_id as "postGridId", grid_id as "gridId", grid_ids as "gridIds", site_id as "siteId", premises_id as "premisesId",
  address_id as "addressId", x, y, visited_at as "visitedAt", recorded_at as "recordedAt", recorded_by as "recordedBy",
  recorder_id as "recorderId", note, flags, state, reviewed_at as "reviewedAt", reviewed_by as "reviewedBy",
  reviewer_id as "reviewerId", review_reason as "reviewReason"`;

/** A visit with the hash of what was said of it. */
export type KeyedVisit = VisitRecord & { readonly inputHash: Uint8Array };

/** When a place was last visited, and accepted, in one kind. */
export interface LastVisit {
  readonly placeId: string;
  readonly kind: string;
  readonly at: Date;
}

/** Visits in the database. Every method sees what its transaction's areas show. */
export class VisitRepository {
  /** Writes nothing where something was recorded under the key. */
  async insert(trx: Trx, draft: VisitDraft, key: RetryKey | null): Promise<void> {
    await sql`
      insert into visit (id, kind, contact_kind, post_id, role, staff_id, post_grid_id, grid_id, grid_ids, site_id, premises_id,
        address_id, x, y, visited_at, recorded_at, recorded_by, recorder_id, note, key_hash, input_hash)
      values (${draft.id}::uuid, ${draft.kind}, ${draft.contactKind}, ${draft.postId}, ${draft.role},
        ${draft.staffId}::uuid, ${draft.postGridId}::uuid, ${draft.gridId}::uuid, ${draft.gridIds}::uuid[], ${draft.siteId}::uuid,
        ${draft.premisesId}::uuid, ${draft.addressId}::uuid, ${draft.x}::int, ${draft.y}::int,
        ${draft.visitedAt.toISOString()}::timestamptz, ${draft.recordedAt.toISOString()}::timestamptz,
        ${draft.recordedBy}, ${draft.recorderId}::uuid, ${draft.note}, ${key?.keyHash ?? null}::bytea,
        ${key?.inputHash ?? null}::bytea)
      on conflict (key_hash) do nothing`.execute(trx);
  }

  async find(trx: Trx, id: string): Promise<VisitRecord | undefined> {
    const { rows } = await sql<VisitRecord>`select ${COLUMNS} from visit where id = ${id}::uuid`.execute(trx);
    return rows.at(0);
  }

  async findByKey(trx: Trx, { keyHash }: RetryKey): Promise<KeyedVisit | undefined> {
    const { rows } = await sql<KeyedVisit>`
      select ${COLUMNS}, input_hash as "inputHash" from visit where key_hash = ${keyHash}::bytea`.execute(trx);
    return rows.at(0);
  }

  /** Waits for whoever reviews it. */
  async lock(trx: Trx, id: string): Promise<VisitRecord | undefined> {
    const { rows } = await sql<VisitRecord>`select ${COLUMNS} from visit where id = ${id}::uuid for update`.execute(
      trx,
    );
    return rows.at(0);
  }

  async review(trx: Trx, id: string, review: VisitReview): Promise<void> {
    await sql`update visit set state = ${review.state}, reviewed_at = ${review.reviewedAt.toISOString()}::timestamptz,
        reviewed_by = ${review.reviewedBy}, reviewer_id = ${review.reviewerId}::uuid, review_reason = ${review.reviewReason}
      where id = ${id}::uuid`.execute(trx);
  }

  /** Newest first, one more than `limit` if there is one, and how many there are in all; of `gridIds`, or of every grid. */
  async list(
    trx: Trx,
    filter: VisitFilter,
    gridIds: readonly string[] | undefined,
    { limit, before }: { readonly limit: number; readonly before: number | undefined },
  ): Promise<{ records: VisitRecord[]; total: number }> {
    const { kind = null, contactKind = null, state = null, flagged = null, from, to, postId = null } = filter;
    const within = gridIds
      ? sql`exists (select from unnest(grid_ids) as g where g in (select unnest(${gridIds}::uuid[])))`
      : sql`true`;
    const which = sql`${within}
      and (${kind}::text is null or kind = ${kind}::text)
      and (${contactKind}::text is null or contact_kind = ${contactKind}::text)
      and (${state}::text is null or state = ${state}::text)
      and (${flagged}::boolean is null or (flags <> '{}') = ${flagged}::boolean)
      and (${from?.toISOString() ?? null}::timestamptz is null or visited_at >= ${from?.toISOString() ?? null}::timestamptz)
      and (${to?.toISOString() ?? null}::timestamptz is null or visited_at < ${to?.toISOString() ?? null}::timestamptz)
      and (${postId}::text is null or post_id = ${postId}::text)`;
    const { rows } = await sql<VisitRecord>`select ${COLUMNS} from visit
      where ${which} and (${before ?? null}::bigint is null or position < ${before ?? null}::bigint)
      order by position desc limit ${limit + 1}::int`.execute(trx);
    const counted = await sql<{ total: number }>`select count(*) as total from visit where ${which}`.execute(trx);
    return { records: rows, total: counted.rows[0].total };
  }

  /** The last accepted visit of each place in its kind up to the instant, where there is one; none that is unreviewed. */
  async listLast(trx: Trx, asked: readonly Omit<LastVisit, 'at'>[], upTo: Date): Promise<LastVisit[]> {
    const [placeIds, kinds] = [asked.map(({ placeId }) => placeId), asked.map(({ kind }) => kind)];
    const { rows } = await sql<LastVisit>`
      select a.place_id as "placeId", a.kind, v.at
      from unnest(${placeIds}::uuid[], ${kinds}::text[]) as a (place_id, kind) cross join lateral (
        select max(visited_at) as at from visit
        where state = 'ACCEPTED' and place_id = a.place_id and kind = a.kind
          and visited_at <= ${upTo.toISOString()}::timestamptz
      ) v where v.at is not null`.execute(trx);
    return rows;
  }
}
