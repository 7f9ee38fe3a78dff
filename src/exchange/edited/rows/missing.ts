import { type DraftGrid, mainCodeOf } from '../../../changesets/territory/draftGrid.ts';
import type { EditedRowReport } from '../editedFile.type.ts';
import type { ComparedDraft, Origins } from '../origins.ts';
import type { PlacedRow } from './placeRows.ts';

/**
 * The grids that the file leaves out of the tiers that it is about, by code. Those that are newer than the file were never
 * in it. With `retire` they end, unless somebody changed them since the file was written.
 */
export function listMissing(
  placed: readonly PlacedRow[],
  origins: Origins,
  draft: ComparedDraft,
  retire: boolean,
): EditedRowReport[] {
  const named = new Set(placed.map(({ id }) => id));
  const editions = placed.flatMap(({ row }) => (row.edition === null ? [] : [row.edition]));
  const written = editions.length > 0 ? Math.min(...editions) : draft.baseEdition;
  return expected(placed, draft)
    .filter((grid) => !named.has(grid.id))
    .map((grid): EditedRowReport => {
      const isAsWritten = isFromDraft(placed, draft) || origins.held(grid, written);
      const action = retire && isAsWritten ? 'RETIRED' : 'MISSING';
      const notes = retire && !isAsWritten ? ['Newer than the file, so it is kept; retire it in the draft.'] : [];
      const versions = { file: null, present: grid.versionId };
      const { id, name } = grid;
      return {
        row: null,
        grid: id,
        code: mainCodeOf(grid),
        name,
        action,
        fields: [],
        conflicts: [],
        versions,
        faults: [],
        notes,
      };
    })
    .sort((a, b) => (a.code! < b.code! ? -1 : 1));
}

/** Grids that the file would have, had nobody taken them out. */
function expected(placed: readonly PlacedRow[], { base, territory }: ComparedDraft): DraftGrid[] {
  const known = placed.filter(({ isNew }) => !isNew);
  const tiers = new Map(known.flatMap(({ tier }) => (tier ? [[`${tier.layer}/${tier.tier}`, tier] as const] : [])));
  const grids = [...tiers.values()].flatMap(({ layer, tier }) => [...territory.grids(layer, tier)]);
  if (!known.some(({ row }) => row.isPart)) return grids;
  return grids.filter((grid) => base.find(grid.id) !== grid);
}

function isFromDraft(placed: readonly PlacedRow[], { id, revision }: ComparedDraft): boolean {
  return placed.some(({ row }) => row.changeset === id && row.revision === revision);
}
