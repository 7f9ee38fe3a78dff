import type { Atlas } from '../../grids/atlas/atlas.ts';
import { type GridEntry, isKnown, mainCode } from '../../grids/atlas/rows.ts';
import type { RowFault } from '../exchange.type.ts';
import type { PlannedGrid } from './plannedGrid.ts';
import { type ImportTarget, knownUntil } from './target.ts';

/** Finds the parents named by code; what is wrong with one stands with its row. */
export function findParentsByCode(
  planned: readonly PlannedGrid[],
  atlas: Atlas,
  target: ImportTarget,
  field: string,
): void {
  for (const grid of planned) {
    const found = grid.parentCode === null ? [] : candidatesByCode(grid.parentCode, atlas, target);
    if (found.length === 1) grid.parent = found[0];
    else grid.faults.push(parentFault(grid, found, target, field));
  }
}

/** Of several tiers that know the code, the nearest above counts. */
function candidatesByCode(code: string, atlas: Atlas, { layer, rank, moment }: ImportTarget): GridEntry[] {
  const uses = atlas.listCodes(code, moment.edition).map((use) => use.grid);
  const above = [...new Set(uses)].filter((grid) => grid.layer === layer && grid.tier.rank < rank);
  const nearest = Math.max(...above.map((grid) => grid.tier.rank));
  return above.filter((grid) => grid.tier.rank === nearest);
}

function parentFault(grid: PlannedGrid, found: readonly GridEntry[], target: ImportTarget, field: string): RowFault {
  if (found.length > 1) {
    const message = `The parent ${grid.parentCode} in "${field}" is the code of ${found.length} grids in different schemes. Give a code that names one.`;
    return { code: 'AMBIGUOUS_CODE', field, message };
  }
  const tiers = target.layer?.tiers.filter((tier) => tier.rank < target.rank).map((tier) => tier.code);
  const message =
    grid.parentCode === null
      ? `Grid ${grid.code} names no parent in "${field}". Fill it in.`
      : `Grid ${grid.code} names the parent ${grid.parentCode} in "${field}", which no grid of ${target.layerCode} (${tiers?.join(', ')}) has as its code. Correct it, or import the parents first.`;
  return { code: 'MISSING_PARENT', field, message };
}

/** Every parent must exist from `effectiveAt` on for ever, as its child will. */
export function checkParentDates(planned: readonly PlannedGrid[], target: ImportTarget): void {
  for (const { parent, code, faults } of planned) {
    if (!parent) continue;
    const until = knownUntil(parent, target.moment);
    if (until === Infinity) continue;
    const name = mainCode(parent, target.moment.edition);
    const first = parent.versions.find((v) => isKnown(v, target.moment.edition) && v.validFrom > until);
    const message =
      until > target.moment.asOf || !first
        ? `The parent ${name} of ${code} ends at ${new Date(until).toISOString()}. Name one that goes on.`
        : `The parent ${name} of ${code} exists only from ${new Date(first.validFrom).toISOString()}. Give --effective-at of that instant or later.`;
    faults.push({ code: 'MISSING_PARENT', field: '--effective-at', message });
  }
}
