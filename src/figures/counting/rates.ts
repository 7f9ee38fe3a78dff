import type { Counts } from './counts.ts';
import { type Fraction, inThousands, toPercent } from './percent.ts';

/** What a rate is worked out from: the counts of an area, and the grids of the tier that it is broken down by. */
export interface RateSource {
  readonly counts: Readonly<Counts>;
  /** Null where nothing is broken down. */
  readonly grids: { readonly existing: number; readonly withoutMatter: number } | null;
}

export type RateKind = 'FOUND_FIRST' | 'SETTLED' | 'CLOSED_OF_FOUND' | 'IN_TIME' | 'ZERO_CASE';

interface RateDefinition {
  readonly name: string;
  readonly numerator: string;
  readonly denominator: string;
  /** Decimals that are printed where none are asked for. */
  readonly decimals: number;
  /** Undefined where the source does not say. */
  of(source: RateSource): readonly [part: number, whole: number] | undefined;
}

/** Every rate with what it is a share of. A rate is never printed without these words. */
const RATES: Readonly<Record<RateKind, RateDefinition>> = {
  FOUND_FIRST: {
    name: 'Found before they became cases',
    numerator: 'matters that staff found before anybody reported them',
    denominator: 'matters that came in the period',
    decimals: 1,
    of: ({ counts }) => [counts.found, counts.reported],
  },
  SETTLED: {
    name: 'Settled',
    numerator: 'of these, those settled before the period ended',
    denominator: 'matters that came in the period',
    decimals: 1,
    of: ({ counts }) => [counts.settled, counts.reported],
  },
  CLOSED_OF_FOUND: {
    name: 'Closed of those found',
    numerator: 'of these, those closed before the period ended, with whatever outcome',
    denominator: 'matters that staff found in the period',
    decimals: 1,
    of: ({ counts }) => [counts.foundClosed, counts.found],
  },
  IN_TIME: {
    name: 'Handled in time',
    numerator: 'of these, those handled when they were due or earlier',
    denominator: 'tasks that fell due in the period, without those declined or withdrawn',
    decimals: 1,
    of: ({ counts }) => [counts.tasksInTime, counts.tasksDue],
  },
  ZERO_CASE: {
    name: 'Without a matter',
    numerator: 'of these, those in which no matter came in the period',
    denominator: 'grids of the tier that existed on the day of the boundaries',
    decimals: 2,
    of: ({ grids }) => (grids ? [grids.withoutMatter, grids.existing] : undefined),
  },
};

export const RATE_KINDS = Object.keys(RATES) as readonly RateKind[];

/** A rate with its definition. */
export interface Rate {
  readonly kind: RateKind;
  readonly name: string;
  readonly part: number;
  readonly whole: number;
  readonly numerator: string;
  readonly denominator: string;
  /** Null: nothing of nothing. */
  readonly value: number | null;
  readonly percent: string | null;
  /** All of it in words, but for the frame. */
  readonly text: string;
}

/** Undefined where the source does not say. Decimals: the rate's own where null. */
export function rateOf(kind: RateKind, source: RateSource, decimals: number | null): Rate | undefined {
  const { name, numerator, denominator, ...rate } = RATES[kind];
  const [part, whole] = rate.of(source) ?? [];
  if (part === undefined || whole === undefined) return undefined;
  const percent = toPercent(part, whole, decimals ?? rate.decimals);
  const [shownPart, shownWhole] = [inThousands(String(part)), inThousands(String(whole))];
  const share = percent === null ? 'no value, for there are none' : `${shownPart} of ${shownWhole}, ${percent}`;
  const text = `${name}: ${share}. Of ${shownWhole} ${denominator}: ${numerator}, ${shownPart}.`;
  return { kind, name, part, whole, numerator, denominator, value: whole === 0 ? null : part / whole, percent, text };
}

/** Decimals in which a rate is printed. */
export const decimalsOf = (kind: RateKind, asked: number | null): number => asked ?? RATES[kind].decimals;

export const shareOf = ({ part, whole }: Rate): Fraction => ({ numerator: BigInt(part), denominator: BigInt(whole) });
