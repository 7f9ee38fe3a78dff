import { sql, type Transaction } from 'kysely';
import type { Database } from '../../db/tables.ts';
import { DomainError } from '../../errors.ts';
import type { CodeDraft } from '../territory.type.ts';

type Trx = Transaction<Database>;

/** All codes that a grid is to have, the main one first. */
export interface GridCodes {
  readonly gridId: string;
  readonly codes: readonly CodeDraft[];
}

/**
 * Gives grids exactly these codes. A code that another grid holds is taken over where that one has ended by `from`, as
 * the edition leaves it; else the database refuses it as taken. Codes have no dates: they change with the edition.
 */
export async function setCodes(trx: Trx, edition: number, grids: readonly GridCodes[], from: Date): Promise<void> {
  const rows = grids.flatMap(({ gridId, codes }) => codes.map((code, i) => ({ gridId, ...code, main: i === 0 })));
  await assertSchemes(trx, new Set(rows.map(({ scheme }) => scheme)));
  const wanted = sql`(select w.grid_id, s.id as scheme_id, w.code, w.main
    from unnest(${rows.map((row) => row.gridId)}::uuid[], ${rows.map((row) => row.scheme)}::text[],
      ${rows.map((row) => row.code)}::text[], ${rows.map((row) => row.main)}::boolean[]) as w (grid_id, scheme, code, main)
    join scheme s on s.code = w.scheme)`;
  await sql`update grid_code c set edition_to = ${edition}::int
    where c.edition_to is null and c.grid_id = any(${grids.map(({ gridId }) => gridId)}::uuid[])
      and not exists (select from ${wanted} w where w.grid_id = c.grid_id and w.scheme_id = c.scheme_id
        and w.code = c.code and w.main = c.main)`.execute(trx);
  await sql`update grid_code c set edition_to = ${edition}::int from ${wanted} w
    where c.edition_to is null and c.scheme_id = w.scheme_id and c.code = w.code and c.grid_id <> w.grid_id
      and not exists (select from grid_version v where v.grid_id = c.grid_id and v.edition_to is null
        and v.valid && tstzrange(${from}::timestamptz, null))`.execute(trx);
  await sql`insert into grid_code (grid_id, scheme_id, code, main, edition_from)
    select w.grid_id, w.scheme_id, w.code, w.main, ${edition}::int from ${wanted} w
    where not exists (select from grid_code c where c.edition_to is null and c.grid_id = w.grid_id
      and c.scheme_id = w.scheme_id and c.code = w.code and c.main = w.main)`.execute(trx);
}

async function assertSchemes(trx: Trx, codes: ReadonlySet<string>): Promise<void> {
  if (codes.size === 0) return;
  const known = await trx
    .selectFrom('scheme')
    .select('code')
    .where('code', 'in', [...codes])
    .execute();
  const missing = [...codes].find((code) => !known.some((scheme) => scheme.code === code));
  if (missing === undefined) return;
  throw new DomainError('NOT_FOUND', `scheme: there is no scheme ${missing}; name one that grids have codes in.`, {
    field: 'scheme',
    scheme: missing,
  });
}
