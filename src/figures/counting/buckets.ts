import { chainOf, type VersionEntry } from '../../grids/atlas/rows.ts';
import type { Moment } from '../../grids/moment.ts';

/** What lies in no grid of the tier. */
const NO_GRID = 0;

/** The grids of a tier below one grid, and what else lies in that one: each place of it is in exactly one bucket. */
export class Buckets {
  /** In listing order; bucket 1 is the first of them. Bucket 0 is what lies in none. */
  readonly grids: readonly VersionEntry[];
  readonly #bucketOf: ReadonlyMap<string, number>;

  private constructor(grids: readonly VersionEntry[], bucketOf: ReadonlyMap<string, number>) {
    this.grids = grids;
    this.#bucketOf = bucketOf;
  }

  /** `below`: all grids below `within` at the moment, in listing order. Without a tier there is one bucket. */
  static make(within: VersionEntry, below: readonly VersionEntry[], tierId: number | null, moment: Moment): Buckets {
    const grids = tierId === null ? [] : below.filter(({ grid }) => grid.tier.id === tierId);
    const numbers = new Map(grids.map(({ grid }, i) => [grid.id, i + 1]));
    const bucketOf = new Map([[within.grid.id, NO_GRID]]);
    for (const version of below) {
      const above = chainOf(version, moment).find(({ grid }) => numbers.has(grid.id));
      bucketOf.set(version.grid.id, above ? numbers.get(above.grid.id)! : NO_GRID);
    }
    return new Buckets(grids, bucketOf);
  }

  get size(): number {
    return this.grids.length + 1;
  }

  /** Undefined for a grid that is not in the area. */
  of(gridId: string): number | undefined {
    return this.#bucketOf.get(gridId);
  }

  /** Every grid of the area, itself too. */
  get gridIds(): Iterable<string> {
    return this.#bucketOf.keys();
  }

  get gridCount(): number {
    return this.#bucketOf.size;
  }
}
