import type { VersionEntry } from '../../grids/atlas/rows.ts';
import type { Buckets } from './buckets.ts';
import { type Counts, type Measure, noCounts, sumOf } from './counts.ts';

export interface CountedIn {
  readonly gridId: string;
  readonly measure: Measure;
  readonly slot: number;
  readonly count: number;
}

/** Counts of a grid of the tier, or of what lies in none of them. */
export interface FigureRow {
  readonly grid: VersionEntry | null;
  readonly counts: Readonly<Counts>;
}

export interface Tally {
  /** One for each grid of the tier, in listing order; behind them what lies in none, where the area is broken down. */
  readonly rows: readonly FigureRow[];
  readonly total: Readonly<Counts>;
  /** The total of each slot. */
  readonly slots: readonly Readonly<Counts>[];
}

/** Takes counts of single grids up the tree. Rows and slots both sum to the total. */
export function tallyUp(buckets: Buckets, counted: Iterable<CountedIn>, slotCount: number): Tally {
  const rows = Array.from({ length: buckets.size }, noCounts);
  const slots = Array.from({ length: slotCount }, noCounts);
  for (const { gridId, measure, slot, count } of counted) {
    const bucket = buckets.of(gridId);
    if (bucket === undefined) continue;
    rows[bucket][measure] += count;
    slots[slot][measure] += count;
  }
  const [none, ...others] = rows;
  const named = buckets.grids.map((grid, i): FigureRow => ({ grid, counts: others[i] }));
  return {
    rows: buckets.grids.length === 0 ? [] : [...named, { grid: null, counts: none }],
    total: sumOf(rows),
    slots,
  };
}
