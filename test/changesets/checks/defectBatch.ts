import type { CheckContext } from '../../../src/changesets/checks/scope.ts';
import type { DraftGrid } from '../../../src/changesets/territory/draftGrid.ts';
import { compose, type Patch } from '../../../src/changesets/territory/patch.ts';
import type { Territory } from '../../../src/changesets/territory/territory.ts';
import { seededRandom } from '../../geometry/jitteredPartition.ts';
import { type Defect, type DefectKind, isAtRim, makeDefect } from './defects.ts';
import { contextOf, type LayerPlan } from './nestedLayer.ts';

export const PLAN: LayerPlan = { columns: 50, rows: 40, seed: 4, districtSide: 5, sectorSide: 5, enclaves: 37 };

export interface Batch {
  readonly defects: readonly Defect[];
  readonly patch: Patch;
  readonly draft: Territory;
  readonly context: CheckContext;
}

/** A draft with one defect of each of the kinds, far enough apart that none has to do with another. */
export function plantDefects(base: Territory, kinds: readonly DefectKind[], seed: number): Batch {
  const random = seededRandom(seed);
  const used = new Set<string>();
  const [vacant, strange] = [new Set<string>(), new Set<string>()];
  const defects: Defect[] = [];
  const patches: Patch[] = [];
  let draft = base;
  const derivedIn = new Set<string>();
  for (const kind of kinds) {
    // A crowded rim may have no room left for a kind: it is then left out.
    for (let tries = 0; tries < 500; tries++) {
      const site = pickSite(draft, kind, random, used);
      const defect = site && makeDefect(kind, { base: draft, ...site, random, vacant, strange });
      if (!defect) continue;
      const names = defect.expected.map(({ grids }) => grids.join()).join();
      // Of a grid that differs from its members in two places the larger is told.
      if (kind === 'derived_differs' && derivedIn.has(names)) continue;
      if (kind === 'derived_differs') derivedIn.add(names);
      const reach = isAtRim(kind) ? 1 : 3;
      for (let dc = -1; dc <= reach; dc++)
        for (let dr = -1; dr <= 1; dr++) used.add(`${site.column + dc} ${site.row + dr}`);
      const patch: Patch = new Map(defect.changes.map((each) => [(each.before ?? each.after)!.id, each]));
      draft = draft.with(patch);
      patches.push(patch);
      defects.push(defect);
      break;
    }
  }
  const listVacantRoles = ({ id, kind }: DraftGrid) => (vacant.has(id) && kind === 'EXCLUSIVE' ? ['grid worker'] : []);
  const context = contextOf(base, { isInArea: (id) => !strange.has(id), listVacantRoles });
  return { defects, patch: compose(patches), draft, context };
}

/** Cells of one district without enclaves that nothing was done to. */
function pickSite(draft: Territory, kind: DefectKind, random: () => number, used: ReadonlySet<string>) {
  const column = 5 * Math.floor(random() * 10) + Math.floor(random() * 3);
  const row = isAtRim(kind) ? 0 : 2 + Math.floor(random() * (PLAN.rows - 4));
  for (let dc = 0; dc <= 2; dc++) {
    if (used.has(`${column + dc} ${row}`) || draft.get(`cell-${column + dc}-${row}`, 'test').shape[0].length > 1)
      return;
  }
  return { column, row };
}
