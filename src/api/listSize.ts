import type { ComplexityEstimator } from 'graphql-query-complexity';

/** Entries on a page where none are asked for. */
const DEFAULT_PAGE = 50;

/**
 * What a list costs that has typically `size` entries: each counts one, and what is asked of it. `base` is for finding
 * them, where that is more work than reading them out of memory.
 */
export function listOf(size: number, base = 0): ComplexityEstimator {
  return ({ childComplexity }) => base + size * (1 + childComplexity);
}

/** What a page costs: `first` entries, 50 where it is not given. The list of edges within it then counts as one. */
export function pageSized(base = 0): ComplexityEstimator {
  return ({ args, childComplexity }) => base + 1 + Math.max(0, args.first ?? DEFAULT_PAGE) * childComplexity;
}

/** What a list costs that has one entry for each of those in its argument. */
export function oneForEach(argument: string): ComplexityEstimator {
  return ({ args, childComplexity }) => (args[argument]?.length ?? 0) * (1 + childComplexity);
}
