import { type Kysely, sql } from 'kysely';
import { inEveryArea } from '../db/areas.ts';
import type { Database } from '../db/tables.ts';
import { type DatedRow, readTable, type Slice, type TableLog } from '../grids/log/datedLog.ts';
import type { AppointmentRank, BodyState, PersonState, RoleState } from './post.type.ts';

export type { DatedRow, TableLog } from '../grids/log/datedLog.ts';

export interface PostState {
  readonly id: string;
  readonly roleId: number;
  /** What it answers for, or, where that is a building, site, premises or line, the grid in whose area it counts. */
  readonly gridId: string;
  /** The building, site, premises or line it answers for; null or left out for a post on a grid. */
  readonly placeId?: string | null;
}

/** Exactly one of `personId` and `bodyId` is given. */
export interface AppointmentState {
  readonly id: string;
  readonly postId: string;
  readonly personId: string | null;
  readonly bodyId: string | null;
  readonly rank: AppointmentRank;
  readonly homeBodyId: string | null;
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
      sql`p.id, p.role_id as "roleId", p.grid_id as "gridId", p.place_id as "placeId"`,
    ),
    appointments: await readTable<AppointmentState>(
      slice,
      sql`appointment r`,
      sql`r.appointment_id as id, r.post_id as "postId", r.person_id as "personId", r.body_id as "bodyId", r.rank,
        r.home_body_id as "homeBodyId"`,
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
