import { createHash } from 'node:crypto';
import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { Areas } from '../../access/viewer.ts';
import type { Database } from '../../db/tables.ts';
import type { AppointmentRank, BodyState, HolderRef, PersonState, Validity } from '../post.type.ts';

type Trx = Transaction<Database>;

/** A post as it is written, and when it exists by the newest edition. */
export interface WrittenPost {
  readonly id: string;
  readonly roleCode: string;
  /** The grid it is on, or in whose area its place counts. */
  readonly gridId: string;
  /** The building, site, premises or line it answers for, if it is not on the grid. */
  readonly placeId: string | null;
  readonly spans: readonly Validity[];
}

/** One part of an appointment; parts of one id follow one another. */
export interface WrittenAppointment extends Validity {
  readonly id: string;
  readonly postId: string;
  readonly personId: string | null;
  readonly bodyId: string | null;
  readonly rank: AppointmentRank;
  readonly homeBodyId: string | null;
}

/** What an act was answered with: ids of what is shown, and the instant for which. */
export interface ActAnswer {
  /** In milliseconds since 1970. */
  readonly asOf: number;
  readonly postId?: string;
  /** The grid of the post; left out for one on a place. */
  readonly gridId?: string;
  readonly appointmentId?: string;
  readonly personId?: string;
  readonly bodyId?: string;
}

/** A grid for which somebody answers: `standing` in the first place or as a deputy. */
export interface AnsweredGrid {
  readonly gridId: string;
  readonly standing: boolean;
}

export interface WrittenAct {
  readonly inputHash: string;
  readonly edition: number;
  readonly answer: ActAnswer;
}

const DATES = sql`lower(r.valid) as "validFrom", upper(r.valid) as "validTo"`;
const HELD = sql`r.appointment_id as id, r.post_id as "postId", r.person_id as "personId", r.body_id as "bodyId", r.rank,
  r.home_body_id as "homeBodyId", ${DATES}`;

/** Reads, within the publication that changes it, what is written about staff. Sees what its transaction's areas show. */
export class StaffingRepository {
  /** A post by id, or by role and grid. */
  async findPost(
    trx: Trx,
    wanted: { id: string } | { roleCode: string; gridId: string },
  ): Promise<WrittenPost | undefined> {
    const which =
      'id' in wanted
        ? sql`p.id = ${wanted.id}::uuid`
        : sql`o.code = ${wanted.roleCode} and p.grid_id = ${wanted.gridId}::uuid and p.place_id is null`;
    const found = await sql<Omit<WrittenPost, 'spans'>>`select p.id, o.code as "roleCode", p.grid_id as "gridId",
        p.place_id as "placeId"
      from post p join role o on o.id = p.role_id where ${which}`.execute(trx);
    const [post] = found.rows;
    if (!post) return undefined;
    const spans = await sql<Validity>`select ${DATES} from post_version r
      where r.post_id = ${post.id}::uuid and r.edition_to is null order by lower(r.valid)`.execute(trx);
    return { ...post, spans: spans.rows };
  }

  /** Every part of every appointment to the post that the newest edition knows. */
  listHeld(trx: Trx, postId: string): Promise<WrittenAppointment[]> {
    return rows(trx, sql`select ${HELD} from appointment r where r.post_id = ${postId}::uuid and r.edition_to is null`);
  }

  /** The parts of one appointment, by date; none for an unknown one and for one that never began. */
  listParts(trx: Trx, appointmentId: string): Promise<WrittenAppointment[]> {
    return rows(
      trx,
      sql`select ${HELD} from appointment r where r.appointment_id = ${appointmentId}::uuid and r.edition_to is null
        order by lower(r.valid)`,
    );
  }

  /** Versions of a person, who may be from anywhere: people are lent from other areas. `areas` are seen again afterwards. */
  listPerson(trx: Trx, areas: Areas, personId: string): Promise<(PersonState & Validity)[]> {
    return seeingAll(trx, areas, () =>
      rows(
        trx,
        sql`select r.person_id as id, r.name, r.office_phone as "officePhone", r.body_id as "bodyId", r.languages, ${DATES}
          from person_version r where r.person_id = ${personId}::uuid and r.edition_to is null order by lower(r.valid)`,
      ),
    );
  }

  listBody(trx: Trx, bodyId: string): Promise<(BodyState & Validity)[]> {
    return rows(
      trx,
      sql`select r.body_id as id, r.name, r.kind, r.office_phone as "officePhone", r.languages, r.categories, ${DATES}
        from body_version r where r.body_id = ${bodyId}::uuid and r.edition_to is null order by lower(r.valid)`,
    );
  }

  /** Somebody filed under the same name, office phone and body. */
  async findSame(trx: Trx, areas: Areas, person: Pick<PersonState, 'name' | 'officePhone' | 'bodyId'>) {
    const found = await seeingAll(trx, areas, () =>
      rows<{ id: string }>(
        trx,
        sql`select person_id as id from person_version where edition_to is null and name = ${person.name}
          and office_phone is not distinct from ${person.officePhone}::text
          and body_id is not distinct from ${person.bodyId}::uuid order by 1 limit 1`,
      ),
    );
    return found[0]?.id;
  }

  /** The grids for which a person or body answers at or after an instant, anywhere; `areas` are seen again afterwards. */
  listGridsOf(trx: Trx, areas: Areas, holder: HolderRef, since: Date): Promise<AnsweredGrid[]> {
    const still = sql`r.edition_to is null and r.valid && tstzrange(${since}::timestamptz, null)`;
    const [column, id] = 'personId' in holder ? [sql`person_id`, holder.personId] : [sql`body_id`, holder.bodyId];
    // A person manages no grid, and no body has a person's id.
    return seeingAll(trx, areas, () =>
      rows(
        trx,
        sql`select distinct p.grid_id as "gridId", r.rank in ('PRIMARY', 'DEPUTY') as standing
            from appointment r join post p on p.id = r.post_id where r.${column} = ${id}::uuid and ${still}
          union select r.grid_id, true from grid_version r where r.manager_id = ${id}::uuid and ${still}`,
      ),
    );
  }

  /** From the first to the last instant at which a grid is known to exist; undefined for none. */
  async findGridSpan(trx: Trx, gridId: string): Promise<Validity | undefined> {
    const [span] = await rows<Validity>(
      trx,
      sql`select min(lower(r.valid)) as "validFrom",
          case when bool_or(upper_inf(r.valid)) then null else max(upper(r.valid)) end as "validTo"
        from grid_version r where r.grid_id = ${gridId}::uuid and r.edition_to is null having count(*) > 0`,
    );
    return span;
  }

  /** Ends the versions of a post at an instant; what was before it stays. */
  async endPost(trx: Trx, edition: number, postId: string, at: Date): Promise<void> {
    await sql`with closed as (
        update post_version r set edition_to = ${edition}::int
        where r.post_id = ${postId}::uuid and r.edition_to is null and r.valid && tstzrange(${at}::timestamptz, null)
        returning lower(r.valid) as begun)
      insert into post_version (post_id, valid, edition_from)
      select ${postId}::uuid, tstzrange(begun, ${at}::timestamptz), ${edition}::int from closed
      where begun < ${at}::timestamptz`.execute(trx);
  }

  /** What was done under a key before, by whomever the hash is of. */
  async findAct(trx: Trx, keyHash: Buffer): Promise<WrittenAct | undefined> {
    const [act] = await rows<WrittenAct>(
      trx,
      sql`select encode(input_hash, 'hex') as "inputHash", published_in as edition, answer from staff_act
        where key_hash = ${keyHash}::bytea`,
    );
    return act;
  }

  async insertAct(trx: Trx, keyHash: Buffer, { inputHash, edition, answer }: WrittenAct): Promise<void> {
    await sql`insert into staff_act (key_hash, input_hash, published_in, answer)
      values (${keyHash}::bytea, decode(${inputHash}, 'hex'), ${edition}::int, ${JSON.stringify(answer)}::text::jsonb)`.execute(
      trx,
    );
  }
}

/** A hash of parts, none of which can be mistaken for two. */
export function hashOf(...parts: readonly string[]): Buffer {
  return createHash('sha256').update(JSON.stringify(parts)).digest();
}

async function rows<T>(trx: Trx, query: RawBuilder<unknown>): Promise<T[]> {
  return (await (query as RawBuilder<T>).execute(trx)).rows;
}

async function seeingAll<T>(trx: Trx, areas: Areas, work: () => Promise<T>): Promise<T> {
  const see = (roots: string) => sql`select set_config('wangge.areas', ${roots}::text, true)`.execute(trx);
  await see('*');
  const result = await work();
  await see(areas === 'everywhere' ? '*' : areas.join(','));
  return result;
}
