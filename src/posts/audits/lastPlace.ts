import { chainOf, type GridEntry, historyOf, type VersionEntry, versionAt } from '../../grids/atlas/rows.ts';
import type { Moment } from '../../grids/moment.ts';

/** The version that is valid at the moment or was last before it, or else the first to come; undefined for an unknown grid. */
export function lastVersion(grid: GridEntry, { asOf, edition }: Moment): VersionEntry | undefined {
  const history = historyOf(grid, edition);
  return history.findLast((version) => version.validFrom <= asOf) ?? history[0];
}

/** Ids of where a grid lies, or lay last: itself, then up its last parents to one that exists, and to the root from there. */
export function lastChain(version: VersionEntry, moment: Moment): readonly string[] {
  const existing = versionAt(version.grid, moment);
  if (existing) return chainOf(existing, moment).map(({ grid }) => grid.id);
  const above = version.parent && lastVersion(version.parent, moment);
  return [version.grid.id, ...(above ? lastChain(above, moment) : [])];
}
