import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { Database } from '../../db/tables.ts';
import type { Validity } from '../team.type.ts';

type Trx = Transaction<Database>;

/** A grid that a team covers on some dates: always, or on the days of a circuit. */
export interface WrittenCoverage extends Validity {
  readonly id: string;
  readonly gridId: string;
  readonly onCircuit: boolean;
}

export interface GridSpan extends Validity {
  readonly gridId: string;
}

/** Reads what is written about teams by the newest edition, within the publication that changes it. */
export class ManagedTeamRepository {
  /** The grids that a body covers at or after an instant. One that does not exist then is covered by nobody. */
  async listCoveredGrids(trx: Trx, bodyId: string, since: Date): Promise<string[]> {
    const found = await rows<{ gridId: string }>(
      trx,
      sql`select distinct r.grid_id as "gridId" from team_coverage r
        where r.body_id = ${bodyId}::uuid and r.edition_to is null and exists (
          select from grid_version v where v.grid_id = r.grid_id and v.edition_to is null
            and v.valid && (r.valid * tstzrange(${since}::timestamptz, null))) order by 1`,
    );
    return found.map(({ gridId }) => gridId);
  }

  /** How a body covers some grids at or after an instant. */
  listCoverage(trx: Trx, bodyId: string, gridIds: readonly string[], since: Date): Promise<WrittenCoverage[]> {
    return rows(
      trx,
      sql`select coverage_id as id, grid_id as "gridId", time_zone is not null as "onCircuit",
          lower(valid) as "validFrom", upper(valid) as "validTo"
        from team_coverage where body_id = ${bodyId}::uuid and grid_id = any(${gridIds}::uuid[]) and edition_to is null
          and valid && tstzrange(${since}::timestamptz, null) order by lower(valid), coverage_id`,
    );
  }

  /** From the first to the last instant at which each grid is known to exist. */
  listGridSpans(trx: Trx, gridIds: readonly string[]): Promise<GridSpan[]> {
    return rows(
      trx,
      sql`select grid_id as "gridId", min(lower(valid)) as "validFrom",
          case when bool_or(upper_inf(valid)) then null else max(upper(valid)) end as "validTo"
        from grid_version where grid_id = any(${gridIds}::uuid[]) and edition_to is null group by grid_id`,
    );
  }

  isBody(trx: Trx, bodyId: string): Promise<boolean> {
    return any(trx, sql`select from body_version where body_id = ${bodyId}::uuid and edition_to is null limit 1`);
  }

  /** Whether anything is known of a body as a team at or after an instant. */
  isTeam(trx: Trx, bodyId: string, since: Date): Promise<boolean> {
    return any(
      trx,
      sql`select from team_version where body_id = ${bodyId}::uuid and edition_to is null
        and valid && tstzrange(${since}::timestamptz, null) limit 1`,
    );
  }

  /** Whether a body has a parent in a line at or after an instant. */
  hasParent(trx: Trx, bodyId: string, line: string, since: Date): Promise<boolean> {
    return any(
      trx,
      sql`select from body_parent where body_id = ${bodyId}::uuid and line = ${line} and edition_to is null
        and valid && tstzrange(${since}::timestamptz, null) limit 1`,
    );
  }

  /** A body of this name and kind that covers one of the grids at or after an instant. */
  async findSame(trx: Trx, name: string, kind: string, gridIds: readonly string[], since: Date) {
    const [same] = await rows<{ id: string }>(
      trx,
      sql`select b.body_id as id from team_coverage r join body_version b on b.body_id = r.body_id
        where r.grid_id = any(${gridIds}::uuid[]) and r.edition_to is null and b.edition_to is null
          and b.name = ${name} and b.kind = ${kind}
          and b.valid && (r.valid * tstzrange(${since}::timestamptz, null)) order by 1 limit 1`,
    );
    return same?.id;
  }
}

async function rows<T>(trx: Trx, query: RawBuilder<unknown>): Promise<T[]> {
  return (await (query as RawBuilder<T>).execute(trx)).rows;
}

async function any(trx: Trx, query: RawBuilder<unknown>): Promise<boolean> {
  return (await query.execute(trx)).rows.length > 0;
}
