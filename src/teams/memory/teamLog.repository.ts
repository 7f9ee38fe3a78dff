import { type Kysely, sql } from 'kysely';
import { inEveryArea } from '../../db/areas.ts';
import type { Database } from '../../db/tables.ts';
import { readTable, type TableLog } from '../../grids/log/datedLog.ts';
import type { CoverageState, ParentState, TeamState } from '../team.type.ts';

export interface TeamLog {
  readonly teams: TableLog<TeamState>;
  readonly parents: TableLog<ParentState>;
  readonly coverage: TableLog<CoverageState>;
}

const MEMBERS = sql`(select coalesce(jsonb_agg(jsonb_build_object('kind', kind, 'count', count) order by n), '[]')
  from unnest(r.member_kinds, r.member_counts) with ordinality as m (kind, count, n))`;
const DAYS = sql`case when r.time_zone is not null then jsonb_build_object('weekdays', r.weekdays,
  'monthDays', r.month_days, 'monthWeeks', r.month_weeks, 'timeZone', r.time_zone) end`;

/** Reads what the TeamBook holds, by the log of editions. */
export class TeamLogRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** What the editions in (after, upTo] opened and closed. */
  readLog(after: number, upTo: number): Promise<TeamLog> {
    return inEveryArea(this.#db, async (trx) => {
      const slice = { trx, after, upTo };
      const team = sql`r.body_id as "bodyId", r.standing, ${MEMBERS} as members`;
      const parent = sql`r.body_id as "bodyId", r.line, r.parent_id as "parentId"`;
      const coverage = sql`r.coverage_id as id, r.body_id as "bodyId", r.grid_id as "gridId", r.categories, ${DAYS} as days`;
      return {
        teams: await readTable<TeamState>(slice, sql`team_version r`, team),
        parents: await readTable<ParentState>(slice, sql`body_parent r`, parent),
        coverage: await readTable<CoverageState>(slice, sql`team_coverage r`, coverage),
      };
    });
  }
}
