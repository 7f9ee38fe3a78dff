import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { Database } from '../db/tables.ts';
import { DomainError } from '../errors.ts';
import {
  type AppointmentDraft,
  assertDates,
  type BodyDraft,
  type PersonDraft,
  type PostDraft,
  type Revision,
  type RoleDraft,
  type RoleTierDraft,
  type Validity,
} from './post.type.ts';

type Trx = Transaction<Database>;

const BATCH = 10_000; // About two megabytes of JSON.

/**
 * Writes bodies, people, roles, posts and appointments inside an edition being published. An insert of an id that is
 * already known adds a version for other dates; two versions on one date are refused by the database.
 */
export class PostRepository {
  async insertBodies(trx: Trx, edition: number, drafts: readonly BodyDraft[]): Promise<void> {
    await inBatches(trx, drafts, async (json) => [
      identities(sql`body`, json, edition),
      sql`insert into body_version (body_id, name, kind, office_phone, languages, categories, valid, edition_from)
        select d.id, name, kind, "officePhone", languages, categories, ${VALID}, ${edition}::int
        from jsonb_to_recordset(${json}) as d (id uuid, name text, kind text, "officePhone" text,
          languages text[], categories text[], "validFrom" timestamptz, "validTo" timestamptz)`,
    ]);
  }

  /** The database refuses a person who holds no appointment at the end of the edition. */
  async insertPeople(trx: Trx, edition: number, drafts: readonly PersonDraft[]): Promise<void> {
    await inBatches(trx, drafts, async (json) => [
      identities(sql`person`, json, edition),
      sql`insert into person_version (person_id, name, office_phone, body_id, languages, valid, edition_from)
        select d.id, name, "officePhone", "bodyId", languages, ${VALID}, ${edition}::int
        from jsonb_to_recordset(${json}) as d (id uuid, name text, "officePhone" text, "bodyId" uuid,
          languages text[], "validFrom" timestamptz, "validTo" timestamptz)`,
    ]);
  }

  async insertRoles(trx: Trx, edition: number, drafts: readonly RoleDraft[]): Promise<void> {
    await inBatches(trx, drafts, async (json) => [
      sql`insert into role (code, name, answers_as, position, categories, edition_from)
        select code, name, "answersAs", position, categories, ${edition}::int
        from jsonb_to_recordset(${json}) as d (code text, name text, "answersAs" text, position int, categories text[])`,
    ]);
    for (const draft of drafts) await this.insertRoleTiers(trx, edition, draft.code, draft.tiers);
  }

  /** Lets a known role sit at more tiers. Throws NOT_FOUND naming the role or tier that is not there. */
  async insertRoleTiers(trx: Trx, edition: number, roleCode: string, tiers: readonly RoleTierDraft[]): Promise<void> {
    for (const { layer, tier, required } of tiers) {
      const found = await sql`insert into role_tier (role_id, tier_id, required, edition_from)
        select r.id, t.id, ${required}::boolean, ${edition}::int
        from role r, tier t join layer l on l.id = t.layer_id
        where r.code = ${roleCode} and l.code = ${layer} and t.code = ${tier} returning role_id`.execute(trx);
      if (found.rows.length > 0) continue;
      const message = `Role ${roleCode} cannot sit at tier ${tier} of layer ${layer}: one of them is not known.`;
      throw new DomainError('NOT_FOUND', message, { role: roleCode, layer, tier });
    }
  }

  /** Throws BAD_INPUT naming a post whose role or grid is unknown or whose role does not sit at the grid's tier. */
  async insertPosts(trx: Trx, edition: number, drafts: readonly PostDraft[]): Promise<void> {
    const columns = sql`(id uuid, "roleCode" text, "gridId" uuid, "validFrom" timestamptz, "validTo" timestamptz)`;
    const seats = sql`join role r on r.code = d."roleCode" join grid g on g.id = d."gridId"
      join role_tier s on s.role_id = r.id and s.tier_id = g.tier_id`;
    await inBatches(trx, drafts, async (json) => {
      const unseated = await sql<{ id: string }>`select d.id from jsonb_to_recordset(${json}) as d ${columns}
        except select d.id from jsonb_to_recordset(${json}) as d ${columns} ${seats} limit 1`.execute(trx);
      if (unseated.rows[0]) throw unseatedPost(drafts, unseated.rows[0].id);
      return [
        sql`insert into post (id, role_id, grid_id, edition_from)
          select distinct d.id, r.id, g.id, ${edition}::int from jsonb_to_recordset(${json}) as d ${columns} ${seats}
          on conflict (id) do nothing`,
        sql`insert into post_version (post_id, valid, edition_from)
          select d.id, ${VALID}, ${edition}::int from jsonb_to_recordset(${json}) as d ${columns}`,
      ];
    });
  }

  async insertAppointments(trx: Trx, edition: number, drafts: readonly AppointmentDraft[]): Promise<void> {
    const rows = drafts.map(({ holder, ...draft }) => ({ ...draft, ...holder }));
    await this.#insertAppointmentRows(trx, edition, rows);
  }

  #insertAppointmentRows(trx: Trx, edition: number, rows: readonly object[]): Promise<void> {
    return inBatches(trx, rows, async (json) => [
      sql`insert into appointment (appointment_id, post_id, person_id, body_id, rank, home_body_id, valid, edition_from)
        select d.id, "postId", "personId", "bodyId", rank, "homeBodyId", ${VALID}, ${edition}::int
        from jsonb_to_recordset(${json}) as d (id uuid, "postId" uuid, "personId" uuid, "bodyId" uuid, rank text,
          "homeBodyId" uuid, "validFrom" timestamptz, "validTo" timestamptz)`,
    ]);
  }

  /** Changes bodies from an instant on. Throws NOT_FOUND for one that does not exist on or after its instant. */
  async reviseBodies(trx: Trx, edition: number, revisions: readonly Revision<BodyDraft>[]): Promise<void> {
    const closed = await closeAfter<BodyDraft>(trx, edition, 'body', revisions, {
      table: sql`body_version`,
      id: sql`body_id`,
      state: sql`r.name, r.kind, r.office_phone as "officePhone", r.languages, r.categories`,
    });
    await this.insertBodies(trx, edition, revise(closed, revisions));
  }

  /** Changes people from an instant on. Throws NOT_FOUND for one who is not known on or after the instant. */
  async revisePeople(trx: Trx, edition: number, revisions: readonly Revision<PersonDraft>[]): Promise<void> {
    const closed = await closeAfter<PersonDraft>(trx, edition, 'person', revisions, {
      table: sql`person_version`,
      id: sql`person_id`,
      state: sql`r.name, r.office_phone as "officePhone", r.body_id as "bodyId", r.languages`,
    });
    await this.insertPeople(trx, edition, revise(closed, revisions));
  }

  /** Ends appointments at an instant, past or planned; what was before it stays. Throws NOT_FOUND for one over by then. */
  async endAppointments(trx: Trx, edition: number, ids: readonly string[], at: Date): Promise<void> {
    const ends = ids.map((id) => ({ id, from: at }));
    const closed = await closeAfter<Validity & { id: string }>(trx, edition, 'appointment', ends, {
      table: sql`appointment`,
      id: sql`appointment_id`,
      state: sql`r.post_id as "postId", r.person_id as "personId", r.body_id as "bodyId", r.rank,
        r.home_body_id as "homeBodyId"`,
    });
    const kept = closed.filter((row) => row.validFrom < at).map((row) => ({ ...row, validTo: at }));
    await this.#insertAppointmentRows(trx, edition, kept);
    // Someone whose only appointment never began is not filed any more.
    await sql`select close_unappointed(${edition}::int)`.execute(trx);
  }
}

/** Where the versions of one kind of thing lie; `r` is the row. */
type VersionTable = Record<'table' | 'id' | 'state', RawBuilder<unknown>>;

const VALID = sql`tstzrange(d."validFrom", d."validTo")`;

function identities(table: RawBuilder<unknown>, json: RawBuilder<unknown>, edition: number): RawBuilder<unknown> {
  return sql`insert into ${table} (id, edition_from) select distinct d.id, ${edition}::int
    from jsonb_to_recordset(${json}) as d (id uuid) on conflict do nothing`;
}

/** Runs the statements of each batch, which reaches them as one JSON parameter. */
async function inBatches(
  trx: Trx,
  items: readonly object[],
  statements: (json: RawBuilder<unknown>) => Promise<RawBuilder<unknown>[]>,
): Promise<void> {
  for (const item of items) assertDates(item);
  for (let start = 0; start < items.length; start += BATCH) {
    const json = sql`${JSON.stringify(items.slice(start, start + BATCH))}::text::jsonb`;
    for (const statement of await statements(json)) await statement.execute(trx);
  }
}

/** Closes the open rows that reach past each thing's instant and returns what they said. */
async function closeAfter<Row extends Validity & { id: string }>(
  trx: Trx,
  edition: number,
  kind: string,
  points: readonly { id: string; from: Date }[],
  { table, id, state }: VersionTable,
): Promise<Row[]> {
  const json = JSON.stringify(points.map((point) => ({ id: point.id, from: point.from })));
  const closed = await sql<Row>`update ${table} r set edition_to = ${edition}::int
    from jsonb_to_recordset(${json}::text::jsonb) as d (id uuid, "from" timestamptz)
    where r.${id} = d.id and r.edition_to is null and r.valid && tstzrange(d."from", null)
    returning d.id, ${state}, lower(r.valid) as "validFrom", upper(r.valid) as "validTo"`.execute(trx);
  const found = new Set(closed.rows.map((row) => row.id));
  const missing = points.find((point) => !found.has(point.id));
  if (!missing) return closed.rows;
  const since = missing.from.toISOString();
  throw new DomainError('NOT_FOUND', `No ${kind} ${missing.id} exists on or after ${since}.`, { [kind]: missing.id });
}

/** The closed rows again: as they were before the change, and with the change after it. */
function revise<T extends Validity & { id: string }>(closed: readonly T[], revisions: readonly Revision<T>[]): T[] {
  const byId = new Map(revisions.map((revision) => [revision.id, revision]));
  if (byId.size < revisions.length) throw new DomainError('BAD_INPUT', 'One edition changes each thing only once.');
  return closed.flatMap((row) => {
    const { from, set } = byId.get(row.id)!;
    if (row.validFrom >= from) return [{ ...row, ...set }];
    return [
      { ...row, validTo: from },
      { ...row, ...set, validFrom: from },
    ];
  });
}

function unseatedPost(drafts: readonly PostDraft[], id: string): DomainError {
  const { roleCode: role, gridId: grid } = drafts.find((draft) => draft.id === id)!;
  const message = `Role ${role} does not sit at the tier of grid ${grid}, or one of them is not known; name its tiers first.`;
  return new DomainError('BAD_INPUT', message, { role, grid });
}
