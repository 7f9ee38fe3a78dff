import { type Kysely, type RawBuilder, sql, type Transaction } from 'kysely';
import { inEveryArea } from '../db/areas.ts';
import type { Database } from '../db/tables.ts';
import { FOREVER, OPEN_EDITION } from '../grids/moment.ts';
import type { AppointmentRank, BodyState, PersonState, RoleState } from './post.type.ts';

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

export interface PostState {
  readonly id: string;
  readonly roleId: number;
  readonly gridId: string;
}

/** Exactly one of `personId` and `bodyId` is given. */
export interface AppointmentState {
  readonly id: string;
  readonly postId: string;
  readonly personId: string | null;
  readonly bodyId: string | null;
  readonly rank: AppointmentRank;
}

/** A role sits at a tier since an edition. */
export interface RoleSeat {
  readonly roleId: number;
  readonly tierId: number;
  readonly required: boolean;
  readonly editionFrom: number;
}

export interface PostLog {
  readonly bodies: TableLog<BodyState>;
  readonly people: TableLog<PersonState>;
  readonly posts: TableLog<PostState>;
  readonly appointments: TableLog<AppointmentState>;
  readonly roles: readonly RoleState[];
  readonly seats: readonly RoleSeat[];
}

/** The belief of one edition about all dates. */
export interface KnownStaff {
  readonly bodies: readonly DatedRow<BodyState>[];
  readonly people: readonly DatedRow<PersonState>[];
  readonly posts: readonly DatedRow<PostState>[];
  readonly appointments: readonly DatedRow<AppointmentState>[];
}

interface Stamps {
  readonly rowId: number;
  readonly validFrom: number;
  readonly validTo: number | null;
  readonly editionFrom: number;
  readonly editionTo: number | null;
}

/** Reads what the Directory holds, by the log of editions. */
export class DirectoryRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** What the editions in (after, upTo] opened and closed, for all areas. */
  readLog(after: number, upTo: number): Promise<PostLog> {
    return inEveryArea(this.#db, (trx) => readSlice({ trx, after, upTo }));
  }
}

/** The editions in (after, upTo]. */
interface Slice {
  readonly trx: Transaction<Database>;
  readonly after: number;
  readonly upTo: number;
}

async function readSlice(slice: Slice): Promise<PostLog> {
  return {
    roles: await readRoles(slice),
    seats: await readSeats(slice),
    bodies: await readTable<BodyState>(
      slice,
      sql`body_version r`,
      sql`r.body_id as id, r.name, r.kind, r.office_phone as "officePhone", r.languages, r.categories`,
    ),
    people: await readTable<PersonState>(
      slice,
      sql`person_version r`,
      sql`r.person_id as id, r.name, r.office_phone as "officePhone", r.body_id as "bodyId", r.languages`,
    ),
    posts: await readTable<PostState>(
      slice,
      sql`post_version r join post p on p.id = r.post_id`,
      sql`p.id, p.role_id as "roleId", p.grid_id as "gridId"`,
    ),
    appointments: await readTable<AppointmentState>(
      slice,
      sql`appointment r`,
      sql`r.appointment_id as id, r.post_id as "postId", r.person_id as "personId", r.body_id as "bodyId", r.rank`,
    ),
  };
}

async function readRoles({ trx, after, upTo }: Slice): Promise<readonly RoleState[]> {
  const found = await sql<RoleState>`select id, code, name, answers_as as "answersAs", position, categories,
    edition_from as "editionFrom" from role where edition_from > ${after}::int and edition_from <= ${upTo}::int`.execute(
    trx,
  );
  return found.rows;
}

async function readSeats({ trx, after, upTo }: Slice): Promise<readonly RoleSeat[]> {
  const found = await sql<RoleSeat>`select role_id as "roleId", tier_id as "tierId", required,
    edition_from as "editionFrom" from role_tier
    where edition_from > ${after}::int and edition_from <= ${upTo}::int`.execute(trx);
  return found.rows;
}

async function readTable<T>(
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
