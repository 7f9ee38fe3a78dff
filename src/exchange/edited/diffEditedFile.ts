import { randomUUID } from 'node:crypto';
import type { DiffOptions, EditedRowReport } from './editedFile.type.ts';
import type { EditedRow } from './editedRows.ts';
import type { ComparedDraft, Origins } from './origins.ts';
import { CodeBook } from './rows/codeBook.ts';
import { claimCodes, compareParent, compareRow, creationOf, reportOf } from './rows/judgeRow.ts';
import { listMissing } from './rows/missing.ts';
import { placeRows } from './rows/placeRows.ts';
import type { Wishes } from './wishes.ts';

export interface EditedDiff {
  /** Rows of the file in its order, then grids that it leaves out. */
  readonly rows: readonly EditedRowReport[];
  readonly wishes: Wishes;
}

/**
 * What was edited in a file: a three-way comparison of what the file was written from, what it says, and what the
 * draft says. Whatever tools do to a file that nobody edited is no edit. `planOps` makes ops of it. Pure; what is wrong with a row stands with it.
 */
export function diffEditedFile(
  rows: readonly EditedRow[],
  origins: Origins,
  draft: ComparedDraft,
  options: DiffOptions = {},
): EditedDiff {
  const { territory } = draft;
  const placed = placeRows(rows, origins, territory, { newId: randomUUID, ...options });
  const book = new CodeBook(territory);
  const judged = placed.map((each) => compareRow(each, territory, options));
  claimCodes(judged, book);
  for (const each of judged) compareParent(each, book, territory, options);
  const reports = judged.map(reportOf);
  const missing = listMissing(placed, origins, draft, options.retireMissing ?? false);
  const wishes: Wishes = {
    changes: new Map(
      judged.flatMap(({ id, comparison }, i) =>
        reports[i].action === 'CHANGED' ? [[id, comparison.taken] as const] : [],
      ),
    ),
    created: judged.flatMap((each) => (each.isNew ? (creationOf(each) ?? []) : [])),
    retired: missing.flatMap(({ grid, action }) => (action === 'RETIRED' && grid !== null ? [grid] : [])),
  };
  return { rows: [...reports, ...missing], wishes };
}
