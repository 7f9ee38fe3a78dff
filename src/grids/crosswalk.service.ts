import { type Kysely, sql } from 'kysely';
import type { Database } from '../db/tables.ts';
import { DomainError } from '../errors.ts';
import type { Atlas } from './atlas/atlas.ts';
import type { VersionEntry } from './atlas/rows.ts';
import { type GridFinder, listingKey } from './gridFinder.ts';
import type { Moment } from './moment.ts';
import { byShare } from './shareOrder.ts';

/** One tier of one layer. */
export interface TierName {
  readonly layer: string;
  readonly tier: string;
}

export interface CrosswalkShare {
  readonly from: VersionEntry;
  readonly to: VersionEntry;
  /** Of the area of `from`, 0 to 1. */
  readonly share: number;
}

/** What one crosswalk may span; the way out is `within`. */
const MAX_GRIDS = 5000;

/** Area shares between two tiers. PostGIS is the judge of areas; the Atlas says which versions are meant. */
export class CrosswalkService {
  readonly #db: Kysely<Database>;
  readonly #atlas: Atlas;
  readonly #finder: GridFinder;

  constructor(db: Kysely<Database>, atlas: Atlas, finder: GridFinder) {
    this.#db = db;
    this.#atlas = atlas;
    this.#finder = finder;
  }

  /**
   * For each grid of `from` the grids of `to` that share its area, largest share first. `within` narrows the side whose
   * layer holds that grid. Shares of one grid sum to 1 where the other tier covers it whole. Throws NOT_FOUND, TOO_LARGE.
   */
  async crosswalk(from: TierName, to: TierName, within: string | null, moment: Moment): Promise<CrosswalkShare[]> {
    const sources = this.#gridsOf('from', from, within, moment);
    const targets = this.#gridsOf('to', to, within, moment);
    const byId = new Map([...sources, ...targets].map((version) => [version.id, version]));
    const rows = await this.#readShares(sources, targets);
    const { edition } = moment;
    return rows
      .map((row) => ({ from: byId.get(row.from_id)!, to: byId.get(row.to_id)!, share: row.share }))
      .map((row) => ({ row, key: listingKey(row.from.grid, edition), toKey: listingKey(row.to.grid, edition) }))
      .sort((a, b) => compare(a.key, b.key) || byShare(a.row.share, b.row.share) || compare(a.toKey, b.toKey))
      .map(({ row }) => row);
  }

  #gridsOf(field: string, name: TierName, within: string | null, moment: Moment): VersionEntry[] {
    if (!this.#atlas.findTier(name.layer, name.tier)) {
      throw new DomainError('NOT_FOUND', `${field}: there is no tier ${name.tier} in a layer ${name.layer}.`, {
        field,
      });
    }
    const inside = within && this.#atlas.findGrid(within)?.layer.code === name.layer ? within : null;
    if (within && !this.#atlas.findGrid(within)) {
      throw new DomainError('NOT_FOUND', `within: there is no grid ${within}.`, { field: 'within' });
    }
    const grids = this.#finder.list({ ...name, within: inside }, moment);
    if (field === 'from' && grids.length > MAX_GRIDS) {
      throw new DomainError(
        'TOO_LARGE',
        `from: ${grids.length} grids; a crosswalk spans at most ${MAX_GRIDS}. Narrow it with within.`,
        { field: 'within' },
      );
    }
    return grids;
  }

  async #readShares(sources: VersionEntry[], targets: VersionEntry[]) {
    // A border that merely touches leaves shares of rounding size; one billionth is far below a square metre.
    const { rows } = await sql<{ from_id: number; to_id: number; share: number }>`
      with pair as (
        select f.id as from_id, t.id as to_id, case
          when ST_CoveredBy(f.boundary, t.boundary) then 1
          else ST_Area(ST_Intersection(f.boundary, t.boundary)::geography) / f.area_square_metres end as share
        from grid_version f join grid_version t on t.boundary && f.boundary
        where f.id = any(${sources.map((version) => version.id)}::bigint[])
          and t.id = any(${targets.map((version) => version.id)}::bigint[])
      )
      select from_id, to_id, share::float8 as share from pair where share > 1e-9`.execute(this.#db);
    return rows;
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
