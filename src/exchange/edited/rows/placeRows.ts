import { type DraftGrid, mainCodeOf } from '../../../changesets/territory/draftGrid.ts';
import type { Territory } from '../../../changesets/territory/territory.ts';
import { DomainError } from '../../../errors.ts';
import { latticeArea2 } from '../../../geometry/coverage.ts';
import { isSameShape } from '../../../geometry/rings/sameShape.ts';
import type { RowFault } from '../../exchange.type.ts';
import type { DiffOptions } from '../editedFile.type.ts';
import type { EditedRow } from '../editedRows.ts';
import { type Origin, type Origins, originInDraft } from '../origins.ts';

/** A row with what it is about: a grid of the draft, or one that the file draws. */
export interface PlacedRow {
  readonly row: EditedRow;
  /** Of the grid that it is or will be. */
  readonly id: string;
  /** Where it is or will be; undefined where nobody says. */
  readonly tier: TierName | undefined;
  /** What it is now; undefined for a new grid, and for one that has ended. */
  readonly present: DraftGrid | undefined;
  /** What it was written from; undefined for a grid drawn in the file, and where that is not known. */
  readonly origin: Origin | undefined;
  /** The grid that it was cut off in the file. */
  readonly cutFrom: DraftGrid | undefined;
  readonly isNew: boolean;
}

export interface TierName {
  readonly layer: string;
  readonly tier: string;
}

/**
 * Which grid each row is. Of several rows with one id, as a split in a GIS leaves them, the largest is the grid and the
 * others are new ones. What no export writes becomes a fault of its row.
 */
export function placeRows(
  rows: readonly EditedRow[],
  origins: Origins,
  territory: Territory,
  options: DiffOptions & { readonly newId: () => string },
): PlacedRow[] {
  const groups = groupById(rows, territory);
  return rows.map((row): PlacedRow => {
    const group = row.id === null ? undefined : groups.get(row.id);
    if (group === undefined) return drawn(row, territory, options);
    const origin = attempt(row.faults, () => origins.find(row));
    const present = territory.find(row.id!);
    checkTier(row, present ?? origin);
    if (!present || group[0] === row) {
      return { row, id: row.id!, tier: present ?? origin, present, origin, cutFrom: undefined, isNew: false };
    }
    checkPart(row, group);
    const from = origin ?? originInDraft(present, territory);
    const id = options.newId();
    return { row, id, tier: present, present: undefined, origin: from, cutFrom: present, isNew: true };
  });
}

function drawn(
  row: EditedRow,
  territory: Territory,
  { layer, tier, newId }: Parameters<typeof placeRows>[3],
): PlacedRow {
  const named = { layer: row.said.layer ?? layer, tier: row.said.tier ?? tier };
  const place = attempt(row.faults, () => {
    const field = named.layer === undefined ? 'layer' : 'tier';
    if (named.layer === undefined || named.tier === undefined) {
      const message = `A new grid needs its ${field}: fill in "${field}", or give --${field}.`;
      throw new DomainError('BAD_INPUT', message, { field });
    }
    territory.getTier(named.layer, named.tier);
    return { layer: named.layer, tier: named.tier };
  });
  for (const field of ['code', 'name'] as const) {
    if (row.said[field] !== undefined || row.faults.some((fault) => fault.field === field)) continue;
    row.faults.push({ code: 'BAD_INPUT', field, message: `A new grid needs a ${field}: fill in "${field}".` });
  }
  const id = row.faults.length > 0 ? '' : newId();
  return { row, id, tier: place, present: undefined, origin: undefined, cutFrom: undefined, isNew: true };
}

function checkTier({ said, faults }: EditedRow, is: TierName | undefined): void {
  for (const field of ['layer', 'tier'] as const) {
    if (!is || said[field] === undefined || said[field] === is[field]) continue;
    const message = `The grid is in ${field} ${is[field]} and stays there; the file says ${said[field]}. Put it back; a grid of another ${field} is a new one, without id and version.`;
    faults.push({ code: 'BAD_INPUT', field, message });
  }
}

/** Rows by the id of their grid, the largest part first; of equal ones that which kept the code. */
function groupById(rows: readonly EditedRow[], territory: Territory): Map<string, EditedRow[]> {
  const groups = new Map<string, EditedRow[]>();
  for (const row of rows) {
    if (row.id === null) continue;
    const group = groups.get(row.id);
    if (group) group.push(row);
    else groups.set(row.id, [row]);
  }
  const area = ({ shape }: EditedRow) => (shape ? latticeArea2(shape) : 0);
  for (const [id, group] of groups) {
    const present = territory.find(id);
    const code = present && mainCodeOf(present);
    const hasOther = ({ said }: EditedRow) => (said.code === code ? 0 : 1);
    if (group.length > 1) group.sort((a, b) => area(b) - area(a) || hasOther(a) - hasOther(b) || a.row - b.row);
  }
  return groups;
}

function checkPart(part: EditedRow, group: readonly EditedRow[]): void {
  const isTwin = (other: EditedRow) =>
    other !== part && other.shape && part.shape && isSameShape(other.shape, part.shape);
  const twin = group.find(isTwin);
  if (twin) {
    const message = `It is row ${twin.row} again, with the same id and boundary. Delete one of the two.`;
    part.faults.push({ code: 'BAD_FILE', field: 'id', message });
  } else if (part.version !== group[0].version || part.revision !== group[0].revision) {
    const message = `It has the id of row ${group[0].row}, from another export. Keep one of the two.`;
    part.faults.push({ code: 'BAD_FILE', field: 'version', message });
  }
}

/** What `find` gives; what it throws becomes a fault. */
function attempt<T>(faults: RowFault[], find: () => T): T | undefined {
  try {
    return find();
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const { code, message, details } = error;
    faults.push({ code, field: typeof details.field === 'string' ? details.field : null, message });
    return undefined;
  }
}
