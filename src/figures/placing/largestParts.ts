import { byMainCode, childrenOf, type VersionEntry } from '../../grids/atlas/rows.ts';
import type { Moment } from '../../grids/moment.ts';
import { byShare } from '../../grids/shareOrder.ts';
import type { PartOf } from './place.repository.ts';

/** Of a grid with nothing below it. */
const DEEPEST = Number.MAX_SAFE_INTEGER;

/** A matter that is an area or a line, and the grids that it may lie in. */
export interface AreaMatter {
  readonly position: number;
  readonly candidates: readonly VersionEntry[];
}

/**
 * The grid in which each counts: of those with nothing below them the one with the largest part, of equal ones the one
 * with the lower code; where it lies in none of these, the deepest one. Judged among the smallest grids and taken up the
 * tree from there, so that it is in the same place at every tier.
 */
export function largestParts(
  matters: readonly AreaMatter[],
  parts: readonly PartOf[],
  moment: Moment,
): Map<number, VersionEntry> {
  const known = new Map(matters.flatMap(({ candidates }) => candidates.map((each) => [each.id, each] as const)));
  const whole = new Map<number, number>();
  for (const { position, size } of parts) whole.set(position, Math.max(size, whole.get(position) ?? 0));
  const depthOf = ({ grid }: VersionEntry) => (childrenOf(grid, moment).length === 0 ? DEEPEST : grid.tier.rank);
  const order = byMainCode(moment.edition);
  const ranked = parts
    .filter(({ size, versionId }) => size > 0 && known.has(versionId))
    .map(({ position, versionId, size }) => ({ position, version: known.get(versionId)!, size }))
    .map((part) => ({ ...part, depth: depthOf(part.version), share: part.size / whole.get(part.position)! }))
    .sort((a, b) => b.depth - a.depth || byShare(a.share, b.share) || order(a.version, b.version));
  const best = new Map<number, VersionEntry>();
  for (const { position, version } of ranked) if (!best.has(position)) best.set(position, version);
  return best;
}
