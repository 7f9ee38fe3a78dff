import { type NumberedPart, numberedPage } from '../../api/lists/numberedPage.ts';
import type { Page } from '../../api/page.type.ts';

/** What was read of a page: one more than its limit, where there is one, and how many there are on all pages. */
export interface Found<T> {
  readonly records: readonly T[];
  readonly total: number;
}

/** Newest first. A later one never moves what a cursor points at, so pages lose and repeat none while others arrive. */
export function pageOf<T extends { readonly position: number }>(
  list: string,
  { records, total }: Found<T>,
  part: NumberedPart,
): Page<T> {
  return { ...numberedPage(list, records, part, (record) => record), totalCount: total };
}
