import { FOREVER, OPEN_EDITION } from '../../../grids/moment.ts';
import type { DatedRow } from '../../directory.repository.ts';
import type { Validity } from '../../post.type.ts';

/** Versions read in a publication, in the form in which the Directory knows them. */
export function datedRows<T>(versions: readonly (T & Validity)[]): DatedRow<T>[] {
  return versions.map(({ validFrom, validTo, ...value }) => ({
    rowId: 0,
    value: value as T,
    validFrom: validFrom.getTime(),
    validTo: validTo?.getTime() ?? FOREVER,
    editionFrom: 0,
    editionTo: OPEN_EDITION,
  }));
}
