/** Shares are given to four decimals: in parts of so many. */
const PARTS = 10_000;

/**
 * What each count is of their sum, to four decimals, so rounded that all of them sum to exactly 1: what rounding leaves
 * goes to those that lost most by it, among equals to the first. Zeros where there is nothing.
 */
export function sharesOf(counts: readonly number[]): readonly number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return counts.map(() => 0);
  const parts = counts.map((count) => Math.floor((count * PARTS) / total));
  const left = PARTS - parts.reduce((sum, part) => sum + part, 0);
  const byLoss = counts
    .map((count, i) => ({ i, lost: (count * PARTS) % total }))
    .sort((a, b) => b.lost - a.lost || a.i - b.i);
  for (const { i } of byLoss.slice(0, left)) parts[i] += 1;
  return parts.map((part) => part / PARTS);
}
