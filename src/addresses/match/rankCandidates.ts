import type { ParsedAddress } from '../text/element.ts';
import { compareAddresses } from './compareAddresses.ts';
import type { Comparison } from './evidence.ts';

/** Odds that the right address is none of the candidates, before anything is compared. */
const NONE = 5;

/** A slip more than the best candidate needs: few people misspell a name into another that is there too. */
const MORE_SLIPS = -3;

export interface Ranked<C> extends Comparison {
  readonly candidate: C;
  /** Probability that this is the address meant, as far as the address book and the text can tell; all sum to at most 1. */
  readonly score: number;
}

/**
 * Candidates with the probability that each is the one meant, best first. Every candidate is worth what its best text
 * is worth under the likeliest reading of the question; the candidates and "none of them" share one whole, so two that
 * fit equally well have at most a half each.
 */
export function rankCandidates<C>(
  readings: readonly ParsedAddress[],
  candidates: readonly { readonly candidate: C; readonly texts: readonly ParsedAddress[] }[],
): Ranked<C>[] {
  const compared = candidates.flatMap(({ candidate, texts }) => {
    const best = bestComparison(readings, texts);
    return best ? [{ candidate, ...best }] : [];
  });
  const best = compared.reduce<Comparison | undefined>(
    (top, each) => (each.logOdds > (top?.logOdds ?? NONE) ? each : top),
    undefined,
  );
  const odds = compared.map(({ logOdds, slips }) => logOdds + MORE_SLIPS * Math.max(0, slips - (best?.slips ?? slips)));
  const highest = Math.max(NONE, ...odds);
  const parts = odds.map((each) => Math.exp(each - highest));
  const whole = Math.exp(NONE - highest) + parts.reduce((sum, part) => sum + part, 0);
  return compared.map((each, i) => ({ ...each, score: parts[i] / whole })).sort((a, b) => b.score - a.score);
}

function bestComparison(readings: readonly ParsedAddress[], texts: readonly ParsedAddress[]): Comparison | undefined {
  let best: Comparison | undefined;
  for (const reading of readings) {
    for (const text of texts) {
      const comparison = compareAddresses(reading, text);
      if (comparison && comparison.logOdds > (best?.logOdds ?? Number.NEGATIVE_INFINITY)) best = comparison;
    }
  }
  return best;
}
