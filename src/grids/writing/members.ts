import { sql, type Transaction } from 'kysely';
import type { Database } from '../../db/tables.ts';

type Trx = Transaction<Database>;

/** All grids of another layer that are to make up a grid. */
export interface GridMembers {
  readonly gridId: string;
  readonly memberIds: readonly string[];
}

/** How a grid goes on in another. */
export interface LineageDraft {
  readonly from: string;
  readonly to: string;
  readonly how: 'MERGED' | 'SPLIT' | 'RETIRED';
}

/** Makes grids up of exactly these members from an instant on; who was a member before it is kept. */
export async function setMembers(trx: Trx, edition: number, grids: readonly GridMembers[], from: Date): Promise<void> {
  const rows = grids.flatMap(({ gridId, memberIds }) => memberIds.map((memberId) => ({ gridId, memberId })));
  const wanted = sql`unnest(${rows.map((row) => row.gridId)}::uuid[], ${rows.map((row) => row.memberId)}::uuid[])
    as w (grid_id, member_id)`;
  const later = sql`tstzrange(${from}::timestamptz, null)`;
  await sql`with closed as (
      update grid_member m set edition_to = ${edition}::int
      where m.edition_to is null and m.valid && ${later} and m.grid_id = any(${grids.map(({ gridId }) => gridId)}::uuid[])
        and not (m.valid @> ${later}
          and exists (select from ${wanted} where w.grid_id = m.grid_id and w.member_id = m.member_id))
      returning grid_id, layer_id, tier_id, member_id, valid
    )
    insert into grid_member (grid_id, layer_id, tier_id, member_id, valid, edition_from)
    select grid_id, layer_id, tier_id, member_id, valid * tstzrange(null, ${from}::timestamptz), ${edition}::int
    from closed where lower(valid) < ${from}::timestamptz`.execute(trx);
  await sql`insert into grid_member (grid_id, layer_id, tier_id, member_id, valid, edition_from)
    select g.id, g.layer_id, g.tier_id, w.member_id, ${later}, ${edition}::int
    from ${wanted} join grid g on g.id = w.grid_id
    where not exists (select from grid_member m where m.edition_to is null and m.grid_id = w.grid_id
      and m.member_id = w.member_id and m.valid @> ${later})`.execute(trx);
}

/** Writes down in which grids others go on from an instant on. */
export async function insertLineage(
  trx: Trx,
  edition: number,
  links: readonly LineageDraft[],
  at: Date,
): Promise<void> {
  if (links.length === 0) return;
  await trx
    .insertInto('grid_lineage')
    .values(links.map(({ from, to, how }) => ({ from_id: from, to_id: to, how, at, edition_from: edition })))
    .execute();
}
