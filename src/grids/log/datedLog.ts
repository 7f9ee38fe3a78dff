import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { Database } from '../../db/tables.ts';
import { FOREVER, OPEN_EDITION } from '../moment.ts';

/** One belief: `value` holds in [validFrom, validTo) in the editions [editionFrom, editionTo). Instants in milliseconds. */
export interface DatedRow<T> {
  readonly rowId: number;
  readonly value: T;
  readonly validFrom: number;
  readonly validTo: number;
  readonly editionFrom: number;
  /** OPEN_EDITION while no edition has closed the row. */
  editionTo: number;
}

/** What some editions opened and closed in one table. */
export interface TableLog<T> {
  readonly opened: readonly DatedRow<T>[];
  readonly closed: readonly { readonly rowId: number; readonly edition: number }[];
}

/** The editions in (after, upTo]. */
export interface Slice {
  readonly trx: Transaction<Database>;
  readonly after: number;
  readonly upTo: number;
}

interface Stamps {
  readonly rowId: number;
  readonly validFrom: number;
  readonly validTo: number | null;
  readonly editionFrom: number;
  readonly editionTo: number | null;
}

/** Reads what a slice opened and closed in a dated table: `source` names it as `r`, `state` selects what a row says. */
export async function readTable<T>(
  slice: Slice,
  source: RawBuilder<unknown>,
  state: RawBuilder<unknown>,
): Promise<TableLog<T>> {
  const { trx, after, upTo } = slice;
  const opened = await sql<Stamps & T>`select ${state}, r.id as "rowId",
      ${milliseconds(sql`lower(r.valid)`)} as "validFrom", ${milliseconds(sql`upper(r.valid)`)} as "validTo",
      r.edition_from as "editionFrom", r.edition_to as "editionTo"
    from ${source} where r.edition_from > ${after}::int and r.edition_from <= ${upTo}::int`.execute(trx);
  const closed = await sql<{ rowId: number; edition: number }>`select r.id as "rowId", r.edition_to as edition
    from ${source} where r.edition_from <= ${after}::int and r.edition_to > ${after}::int and r.edition_to <= ${upTo}::int`.execute(
    trx,
  );
  return { opened: opened.rows.map(toDatedRow), closed: closed.rows };
}

function toDatedRow<T>(row: Stamps & T): DatedRow<T> {
  const { rowId, validFrom, validTo, editionFrom, editionTo, ...value } = row;
  return {
    rowId,
    validFrom,
    validTo: validTo ?? FOREVER,
    editionFrom,
    editionTo: editionTo ?? OPEN_EDITION,
    value: value as T,
  };
}

// A number, because the two engines' drivers need not agree on dates beyond the range of Date.
function milliseconds(instant: RawBuilder<unknown>): RawBuilder<number> {
  return sql<number>`(extract(epoch from ${instant}) * 1000)::float8`;
}
