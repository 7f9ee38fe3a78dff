/** A number as it is, without the rounding of a division. */
export interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** Decimal places of figures that are no whole numbers; what is finer is rounded when it is read. */
const FINEST = 6;
const FINE = 10n ** BigInt(FINEST);

/** Of a number that was told, in millionths. */
export const inMillionths = (value: number): bigint => BigInt(value.toFixed(FINEST).replace('.', ''));

/** From millionths. */
export const fractionOf = (millionths: bigint): Fraction => ({ numerator: millionths, denominator: FINE });

/** Thousands set apart by commas: 1,870. */
export const inThousands = (text: string): string => text.replace(/\B(?<!\.\d*)(?=(\d{3})+(?!\d))/g, ',');

/**
 * Worked out in whole numbers and rounded half away from zero to so many decimals, which are all printed: 95.0. A
 * denominator of 0 has no value.
 */
export function toDecimal({ numerator, denominator }: Fraction, decimals: number): string | null {
  if (denominator === 0n) return null;
  const isNegative = numerator < 0n !== denominator < 0n;
  const [n, d] = [abs(numerator) * 10n ** BigInt(decimals), abs(denominator)];
  const rounded = (2n * n + d) / (2n * d);
  const digits = String(rounded).padStart(decimals + 1, '0');
  const whole = inThousands(digits.slice(0, digits.length - decimals));
  const sign = isNegative && rounded > 0n ? '-' : '';
  return `${sign}${whole}${decimals > 0 ? `.${digits.slice(-decimals)}` : ''}`;
}

/** 1,777 of 1,870 to one decimal: "95.0 %". Nothing of nothing has no value. */
export function toPercent(part: number, whole: number, decimals: number): string | null {
  const text = toDecimal({ numerator: BigInt(part) * 100n, denominator: BigInt(whole) }, decimals);
  return text === null ? null : `${text} %`;
}

/** By how much the second is more or less than the first: "+12.5 %". From nothing there is no value. */
export function toChange(first: number, second: number, decimals: number): string | null {
  const text = toDecimal({ numerator: BigInt(second - first) * 100n, denominator: BigInt(first) }, decimals);
  return text === null ? null : `${signed(text)} %`;
}

/** By how many percentage points the second share is more or less than the first: "-0.4 points". */
export function toPoints(first: Fraction, second: Fraction, decimals: number): string | null {
  const numerator = (second.numerator * first.denominator - first.numerator * second.denominator) * 100n;
  const text = toDecimal({ numerator, denominator: first.denominator * second.denominator }, decimals);
  return text === null ? null : `${signed(text)} points`;
}

const abs = (value: bigint) => (value < 0n ? -value : value);
const signed = (text: string) => (/[1-9]/.test(text) && !text.startsWith('-') ? `+${text}` : text);
