import { type Counts, MEASURES, type Measure } from './counting/counts.ts';
import { toChange, toPoints } from './counting/percent.ts';
import { decimalsOf, RATE_KINDS, type Rate, type RateKind, rateOf, shareOf } from './counting/rates.ts';
import type { Figures } from './figure.service.ts';

/** How one count changed from the first figures to the second. */
export interface CountChange {
  readonly measure: Measure;
  readonly first: number;
  readonly second: number;
  /** "+12.5 %"; null from nothing. */
  readonly change: string | null;
}

export interface RateChange {
  readonly kind: RateKind;
  readonly first: Rate;
  readonly second: Rate;
  /** "-0.4 points"; null where one of them has no value. */
  readonly change: string | null;
}

export interface Comparison {
  readonly first: Figures;
  readonly second: Figures;
  readonly counts: readonly CountChange[];
  readonly rates: readonly RateChange[];
}

/** What changed between two figures, as of two years or of two days of boundaries. */
export function compare(first: Figures, second: Figures, decimals: number | null): Comparison {
  const [before, after]: Readonly<Counts>[] = [first.total, second.total];
  const counts = MEASURES.map((measure): CountChange => {
    const change = toChange(before[measure], after[measure], decimals ?? 1);
    return { measure, first: before[measure], second: after[measure], change };
  });
  const rates = RATE_KINDS.flatMap((kind): RateChange[] => {
    const [one, other] = [first, second].map(({ source }) => rateOf(kind, source, decimals));
    if (!one || !other) return [];
    const change = toPoints(shareOf(one), shareOf(other), decimalsOf(kind, decimals));
    return [{ kind, first: one, second: other, change }];
  });
  return { first, second, counts, rates };
}
