import { DomainError } from '../../../errors.ts';
import type { Validity } from '../../post.type.ts';

/** The end of dates as a number: Infinity where none is known. */
export const endOf = (validTo: Date | null): number => validTo?.getTime() ?? Number.POSITIVE_INFINITY;

export const sayDay = (date: Date | null): string => date?.toISOString() ?? 'no known date';

/** Throws BAD_INPUT for dates that PostgreSQL and clients would not read alike, and for an end before the beginning. */
export function readDates(from: Date, to: Date | null | undefined): Validity {
  assertInstant('from', from);
  if (to) assertInstant('to', to);
  if (to && to <= from) {
    throw new DomainError('BAD_INPUT', `to: ${sayDay(to)} is not after the beginning, ${sayDay(from)}.`, {
      field: 'to',
    });
  }
  return { validFrom: from, validTo: to ?? null };
}

/** Throws BAD_INPUT for an instant outside the years 1900 to 2199. */
export function assertInstant(field: string, at: Date): void {
  const year = at.getUTCFullYear();
  if (year >= 1900 && year < 2200) return;
  throw new DomainError('BAD_INPUT', `${field}: give an instant of the years 1900 to 2199.`, { field });
}

export function overlap(a: Validity, b: Validity): boolean {
  return a.validFrom.getTime() < endOf(b.validTo) && b.validFrom.getTime() < endOf(a.validTo);
}

/** Throws BAD_INPUT unless one of the spans, which may touch, holds all of the dates. */
export function assertCovered(what: string, spans: readonly Validity[], dates: Validity): void {
  let reached = dates.validFrom.getTime();
  for (const { validFrom, validTo } of [...spans].sort((a, b) => a.validFrom.getTime() - b.validFrom.getTime())) {
    if (validFrom.getTime() <= reached) reached = Math.max(reached, endOf(validTo));
  }
  if (reached === dates.validFrom.getTime()) {
    const message = `from: ${what} does not exist on ${sayDay(dates.validFrom)}; give dates on which it does.`;
    throw new DomainError('BAD_INPUT', message, { field: 'from' });
  }
  if (reached < endOf(dates.validTo)) {
    const until = new Date(reached).toISOString();
    const message = `to: ${what} exists until ${until} only; give that or an earlier end.`;
    throw new DomainError('BAD_INPUT', message, { field: 'to', until });
  }
}
