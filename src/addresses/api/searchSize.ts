import type { ComplexityEstimator } from 'graphql-query-complexity';

/** Comparing candidates is work whatever is asked of them. */
const SEARCH = 100;

/** What a search costs that gives `first` entries, or `usual` ones where that is not said. */
export function searchSize(usual: number, base = SEARCH): ComplexityEstimator {
  return ({ args, childComplexity }) => base + Math.max(1, args.first ?? usual) * (1 + childComplexity);
}
