import { sql, type Transaction } from 'kysely';
import type { Database } from '../../db/tables.ts';
import { DomainError } from '../../errors.ts';
import { assertDates } from '../../posts/post.type.ts';
import { assertDays } from '../circuitCalendar.ts';
import type { CoverageDraft, ParentDraft, TeamDraft, TeamRevision, Validity } from '../team.type.ts';
import { assertMembers } from './assertMembers.ts';

type Trx = Transaction<Database>;

const BATCH = 10_000; // Some two megabytes of JSON.
const VALID = sql`tstzrange(d."validFrom", d."validTo")`;
const VALID_COLUMNS = sql`"validFrom" timestamptz, "validTo" timestamptz`;

/** Which body stands under which in a line. */
export interface ParentKey {
  readonly bodyId: string;
  readonly line: string;
}

/**
 * Writes what bodies are as teams inside an edition being published; the bodies themselves are written as such. Two
 * rows that speak of one thing on one date are refused by the database, and so are a body above itself, a count below
 * zero, and a coverage of a grid on dates on which it does not exist.
 */
export class TeamRepository {
  /** Throws BAD_INPUT for members that are not counts of kinds. */
  async insertTeams(trx: Trx, edition: number, drafts: readonly TeamDraft[]): Promise<void> {
    for (const { members } of drafts) assertMembers(members);
    const rows = drafts.map(({ members, ...draft }) => ({
      ...draft,
      kinds: members.map(({ kind }) => kind),
      counts: members.map(({ count }) => count),
    }));
    await inBatches(rows, async (json) => {
      await sql`insert into team_version (body_id, standing, member_kinds, member_counts, valid, edition_from)
        select "bodyId", standing, kinds, counts, ${VALID}, ${edition}::int
        from jsonb_to_recordset(${json}::text::jsonb) as d ("bodyId" uuid, standing text, kinds text[], counts int[],
          ${VALID_COLUMNS})`.execute(trx);
    });
  }

  /** Changes teams from an instant on. Throws NOT_FOUND for one of which nothing is known on or after it. */
  async reviseTeams(trx: Trx, edition: number, revisions: readonly TeamRevision[]): Promise<void> {
    for (const { bodyId, from, set } of revisions) {
      const closed = await sql<TeamDraft>`update team_version r set edition_to = ${edition}::int
        where r.body_id = ${bodyId}::uuid and r.edition_to is null and r.valid && tstzrange(${from}, null)
        returning body_id as "bodyId", standing, lower(valid) as "validFrom", upper(valid) as "validTo",
          (select coalesce(jsonb_agg(jsonb_build_object('kind', kind, 'count', count) order by n), '[]')
           from unnest(member_kinds, member_counts) with ordinality as m (kind, count, n)) as members`.execute(trx);
      if (closed.rows.length === 0) throw notKnown('team', bodyId, from);
      const changed = closed.rows.map((row) => ({ ...row, ...set, validFrom: later(row.validFrom, from) }));
      await this.insertTeams(trx, edition, [...before(closed.rows, from), ...changed]);
    }
  }

  async insertParents(trx: Trx, edition: number, drafts: readonly ParentDraft[]): Promise<void> {
    await inBatches(drafts, async (json) => {
      await sql`insert into body_parent (body_id, line, parent_id, valid, edition_from)
        select "bodyId", line, "parentId", ${VALID}, ${edition}::int
        from jsonb_to_recordset(${json}::text::jsonb) as d ("bodyId" uuid, line text, "parentId" uuid, ${VALID_COLUMNS})`.execute(
        trx,
      );
    });
  }

  /** Takes bodies out of lines from an instant on. Throws NOT_FOUND for one that has no parent there on or after it. */
  async endParents(trx: Trx, edition: number, keys: readonly ParentKey[], at: Date): Promise<void> {
    for (const { bodyId, line } of keys) {
      const closed = await sql<ParentDraft>`update body_parent r set edition_to = ${edition}::int
        where r.body_id = ${bodyId}::uuid and r.line = ${line} and r.edition_to is null and r.valid && tstzrange(${at}, null)
        returning body_id as "bodyId", line, parent_id as "parentId", lower(valid) as "validFrom", upper(valid) as "validTo"`.execute(
        trx,
      );
      if (closed.rows.length === 0) throw notKnown(`parent in the line ${line} of body`, bodyId, at);
      await this.insertParents(trx, edition, before(closed.rows, at));
    }
  }

  /** Throws BAD_INPUT for circuit days that can never come. */
  async insertCoverage(trx: Trx, edition: number, drafts: readonly CoverageDraft[]): Promise<void> {
    for (const { days } of drafts) if (days) assertDays(days);
    const rows = drafts.map(({ days, ...draft }) => ({
      weekdays: [],
      monthDays: [],
      monthWeeks: [],
      ...draft,
      ...days,
    }));
    await inBatches(rows, async (json) => {
      await sql`insert into team_coverage (coverage_id, body_id, grid_id, categories, weekdays, month_days, month_weeks,
          time_zone, valid, edition_from)
        select d.id, "bodyId", "gridId", categories, weekdays, "monthDays", "monthWeeks", "timeZone", ${VALID}, ${edition}::int
        from jsonb_to_recordset(${json}::text::jsonb) as d (id uuid, "bodyId" uuid, "gridId" uuid, categories text[],
          weekdays smallint[], "monthDays" smallint[], "monthWeeks" smallint[], "timeZone" text, ${VALID_COLUMNS})`.execute(
        trx,
      );
    });
  }

  /** Ends coverages, standing or on circuits, at an instant. Throws NOT_FOUND for one that is over by then. */
  async endCoverage(trx: Trx, edition: number, ids: readonly string[], at: Date): Promise<void> {
    const closed = await closeCoverage(trx, edition, sql`r.coverage_id = any(${ids}::uuid[])`, at);
    const found = new Set(closed.map(({ id }) => id));
    const missing = ids.find((id) => !found.has(id));
    if (missing) throw notKnown('coverage', missing, at);
    await this.insertCoverage(trx, edition, before(closed, at));
  }

  /** Ends all that a body is as a team, as when it is dissolved: members, lines above and below it, and coverage. */
  async endTeam(trx: Trx, edition: number, bodyId: string, at: Date): Promise<void> {
    const teams = await sql<{ ends: boolean }>`select true as ends from team_version where body_id = ${bodyId}::uuid
      and edition_to is null and valid && tstzrange(${at}, null) limit 1`.execute(trx);
    if (teams.rows.length > 0) await this.#endComposition(trx, edition, bodyId, at);
    const lines = await sql<ParentKey>`select distinct body_id as "bodyId", line from body_parent
      where ${bodyId}::uuid in (body_id, parent_id) and edition_to is null and valid && tstzrange(${at}, null)`.execute(
      trx,
    );
    await this.endParents(trx, edition, lines.rows, at);
    const covered = await closeCoverage(trx, edition, sql`r.body_id = ${bodyId}::uuid`, at);
    await this.insertCoverage(trx, edition, before(covered, at));
  }

  async #endComposition(trx: Trx, edition: number, bodyId: string, at: Date): Promise<void> {
    await sql`with closed as (
        update team_version set edition_to = ${edition}::int
        where body_id = ${bodyId}::uuid and edition_to is null and valid && tstzrange(${at}, null)
        returning body_id, standing, member_kinds, member_counts, valid)
      insert into team_version (body_id, standing, member_kinds, member_counts, valid, edition_from)
      select body_id, standing, member_kinds, member_counts, valid * tstzrange(null, ${at}), ${edition}::int
      from closed where lower(valid) < ${at}`.execute(trx);
  }
}

async function closeCoverage(
  trx: Trx,
  edition: number,
  which: ReturnType<typeof sql>,
  at: Date,
): Promise<CoverageDraft[]> {
  const closed = await sql<CoverageDraft>`update team_coverage r set edition_to = ${edition}::int
    where ${which} and r.edition_to is null and r.valid && tstzrange(${at}, null)
    returning coverage_id as id, body_id as "bodyId", grid_id as "gridId", categories,
      case when time_zone is not null then jsonb_build_object('weekdays', weekdays, 'monthDays', month_days,
        'monthWeeks', month_weeks, 'timeZone', time_zone) end as days,
      lower(valid) as "validFrom", upper(valid) as "validTo"`.execute(trx);
  return closed.rows;
}

async function inBatches<T extends object>(rows: readonly T[], write: (json: string) => Promise<void>): Promise<void> {
  for (const row of rows) assertDates(row);
  for (let i = 0; i < rows.length; i += BATCH) await write(JSON.stringify(rows.slice(i, i + BATCH)));
}

/** What the rows said before the instant. */
function before<T extends Validity>(rows: readonly T[], at: Date): T[] {
  return rows.filter(({ validFrom }) => validFrom < at).map((row) => ({ ...row, validTo: at }));
}

function later(a: Date, b: Date): Date {
  return a > b ? a : b;
}

function notKnown(what: string, id: string, since: Date): DomainError {
  return new DomainError('NOT_FOUND', `No ${what} ${id} exists on or after ${since.toISOString()}.`, { id });
}
