import type { DraftGrid } from '../../../changesets/territory/draftGrid.ts';
import type { Territory } from '../../../changesets/territory/territory.ts';
import type { DiffOptions, EditedRowReport } from '../editedFile.type.ts';
import { originInDraft } from '../origins.ts';
import type { CreateWish } from '../wishes.ts';
import { type CodeBook, mainSchemeOf } from './codeBook.ts';
import {
  type Comparison,
  changedFields,
  compareFields,
  type FieldName,
  settleOnto,
  type Values,
  valuesOf,
  valuesOfOrigin,
} from './compareFields.ts';
import type { PlacedRow } from './placeRows.ts';

/** A row on its way: what it changes, as far as it has been compared. */
export interface JudgedRow extends PlacedRow {
  /** What the file says, without the parent. */
  readonly file: Partial<Values>;
  comparison: Comparison;
  /** Found last, because a parent may be named by a code that the file gives. Undefined: as it is. */
  parent: string | null | undefined;
}

const NOTHING: Comparison = { taken: {}, conflicts: [] };

/** Compares all but the parent of a grid that is there. */
export function compareRow(placed: PlacedRow, territory: Territory, options: DiffOptions): JudgedRow {
  const { row, present, origin } = placed;
  const file = fileValues(placed, territory, options);
  if (!present || row.faults.length > 0) return { ...placed, file, comparison: NOTHING, parent: undefined };
  const from = origin && valuesOfOrigin(origin);
  const comparison = compareFields(file, from, valuesOf(present), options.takeFile ?? false);
  return { ...placed, file, comparison, parent: undefined };
}

function fileValues({ row, present, origin, tier }: PlacedRow, territory: Territory, { settle }: DiffOptions) {
  const { code, name, kind, managerId: manager } = row.said;
  const from = origin?.shape ?? present?.shape;
  const boundary = row.shape && settle && from ? settleOnto(row.shape, from) : (row.shape ?? undefined);
  const isDrawn = !tier || row.faults.length > 0 || territory.getTier(tier.layer, tier.tier).source === 'DRAWN';
  if (isDrawn) return { code, name, kind, manager, boundary };
  const moved = boundary && origin && changedFields({ boundary }, valuesOfOrigin(origin)).length > 0;
  if (moved) {
    row.notes.push(
      'Its boundary is the union of what it is made of and follows that; what the file draws was not taken.',
    );
  }
  return { code, name, kind, manager };
}

/** Gives codes away, to grids that have another one now before new ones; a code that is taken is a fault of its row. */
export function claimCodes(rows: readonly JudgedRow[], book: CodeBook): void {
  const recoded = rows.filter(({ comparison }) => comparison.taken.code !== undefined);
  for (const { id, present } of recoded)
    book.release(id, present!.layer, mainSchemeOf(present!, book), valuesOf(present!).code);
  for (const row of recoded) claim(row, mainSchemeOf(row.present!, book), row.comparison.taken.code!, book);
  for (const row of rows) {
    if (!row.isNew || !row.tier || row.row.faults.length > 0) continue;
    claim(row, book.schemeOf(row.tier.layer, row.tier.tier), row.file.code ?? row.origin!.code, book);
  }
}

function claim({ id, tier, row, cutFrom }: JudgedRow, scheme: string, code: string, book: CodeBook): void {
  if (book.findOther(scheme, code, id) === undefined) {
    book.claim(id, tier!, scheme, code);
    return;
  }
  const what = cutFrom ? 'It was cut off another grid and still has its code' : 'Another grid has it';
  const message = `${what}: ${code}. Fill in a code of its own, such as ${book.freeCode(scheme, code)}, which is free.`;
  row.faults.push({ code: 'DUPLICATE_CODE', field: 'code', message });
}

/** Finds and compares the parent, by the id or the code that the file changed. */
export function compareParent(judged: JudgedRow, book: CodeBook, territory: Territory, options: DiffOptions): void {
  const { row, present, tier, cutFrom } = judged;
  if (row.faults.length > 0 || !tier) return;
  const found = findParent(judged, book, territory);
  judged.parent = found ?? cutFrom?.parentId;
  if (!present || !found) return;
  const from = judged.origin && valuesOfOrigin(judged.origin);
  const compared = compareFields({ parent: found }, from, valuesOf(present), options.takeFile ?? false);
  const { taken, conflicts } = judged.comparison;
  judged.comparison = { taken: { ...taken, ...compared.taken }, conflicts: [...conflicts, ...compared.conflicts] };
}

/** The parent that the file names; undefined where it leaves it as it was. */
function findParent(judged: JudgedRow, book: CodeBook, territory: Territory): string | undefined {
  const { present, cutFrom, row } = judged;
  const known = judged.origin ?? (present && originInDraft(present, territory));
  const { parent: code, parentId } = row.said;
  const isOtherCode = code !== undefined && code !== (known?.parentCode ?? null);
  const isOtherId = parentId !== undefined && parentId !== (known?.parentId ?? null);
  if (!isOtherCode && !isOtherId) return undefined;
  const found = isOtherCode ? findByCode(judged, code, book, territory) : parentId;
  if (found === undefined) return undefined;
  if (isOtherCode && isOtherId && found !== parentId) {
    refuse(judged, 'parentId', `"parent" names ${code} and "parentId" another grid. Change one of the two only.`);
  } else if (found !== null) return found;
  else if (present || cutFrom) {
    const message =
      'The file takes its parent away, but every grid below the root has one. Name another, or put it back.';
    refuse(judged, 'parent', message);
  }
  return undefined;
}

function findByCode(
  judged: JudgedRow,
  code: string | null,
  book: CodeBook,
  territory: Territory,
): string | null | undefined {
  if (code === null) return null;
  const { layer, tier } = judged.tier!;
  const { rank } = territory.getTier(layer, tier);
  const higher = book
    .listByCode(layer, code)
    .filter(({ tier: other }) => territory.getTier(layer, other).rank < rank)
    .map(({ id }) => id);
  const [found, ...others] = [...new Set(higher)];
  if (found !== undefined && others.length === 0) return found;
  const what = found === undefined ? 'no grid of a higher tier has' : 'several grids of higher tiers have';
  refuse(
    judged,
    'parent',
    `${what} the code ${code} in layer ${layer}. Correct it, or give the parent's id in "parentId".`,
  );
  return undefined;
}

function refuse({ row }: JudgedRow, field: string, message: string): void {
  row.faults.push({ code: 'MISSING_PARENT', field, message: message[0].toUpperCase() + message.slice(1) });
}

/** The grid that a row draws, where it has no fault. */
export function creationOf({ row, id, tier, file, origin, cutFrom, parent }: JudgedRow): CreateWish | undefined {
  const code = file.code ?? origin?.code;
  const name = file.name ?? origin?.name;
  if (row.faults.length > 0 || !tier || !code || !name || !row.shape) return undefined;
  return {
    id,
    layer: tier.layer,
    tier: tier.tier,
    code,
    name,
    kind: file.kind ?? cutFrom?.kind,
    parent: parent ?? undefined,
    manager: (file.manager === undefined ? cutFrom?.managerId : file.manager) ?? null,
    boundary: file.boundary ?? row.shape,
    cutFrom: cutFrom?.id ?? null,
  };
}

/** The row in the report. */
export function reportOf(judged: JudgedRow): EditedRowReport {
  const { row, id, present, origin, file, comparison, isNew } = judged;
  if (!isNew && !present && row.faults.length === 0) reportEnded(judged);
  const fields = Object.keys(comparison.taken) as FieldName[];
  const isRefused = row.faults.length > 0;
  const isConflict = comparison.conflicts.length > 0;
  const action = isRefused
    ? 'REFUSED'
    : isConflict
      ? 'CONFLICT'
      : isNew
        ? 'NEW'
        : fields.length > 0
          ? 'CHANGED'
          : 'SAME';
  return {
    row: row.row,
    grid: isRefused && isNew ? null : id,
    code: file.code ?? (present && valuesOf(present).code) ?? origin?.code ?? null,
    name: file.name ?? present?.name ?? origin?.name ?? null,
    action,
    fields: action === 'CHANGED' ? fields : [],
    conflicts: isRefused ? [] : comparison.conflicts,
    versions: { file: row.version, present: versionOf(present) },
    faults: row.faults,
    notes: row.notes,
  };
}

function reportEnded({ row, origin, file }: JudgedRow): void {
  const changed = origin ? changedFields(file, valuesOfOrigin(origin)) : [];
  if (changed.length === 0) {
    row.notes.push('The draft does not have it any more, and the file did not change it.');
    return;
  }
  const message = `The file changes its ${changed.join(' and ')}, but the draft does not have it any more: it ended in between. Leave the feature out, or draw it as a new grid, without id and version.`;
  row.faults.push({ code: 'CONFLICT', field: 'id', message });
}

function versionOf(present: DraftGrid | undefined): number | null {
  return present?.versionId ?? null;
}
