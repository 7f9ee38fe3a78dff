import type { LoadFigure } from '../../../grids/territory.type.ts';
import { type DraftGrid, mainCodeOf } from '../../territory/draftGrid.ts';
import { isDerived } from '../derived.ts';
import type { Ask, Step } from '../step.ts';
import { endGrid } from '../tree.ts';
import { unionOf } from './faces.ts';

export function merge(step: Step, { grids, into }: Ask<'merge'>): void {
  if (new Set(grids).size < 2 || new Set(grids).size < grids.length) {
    step.refuse('grids', 'name at least two grids, each once.');
  }
  if (!grids.includes(into)) step.refuse('into', 'it is to be one of the grids that are merged.');
  const kept = step.get(into, 'into');
  const others = grids.filter((id) => id !== into).map((id) => step.get(id, `grids[${grids.indexOf(id)}]`));
  for (const other of others) {
    if (other.layer === kept.layer && other.tier === kept.tier) continue;
    const words = `it is of tier ${other.tier} of layer ${other.layer}; only grids of one tier are merged.`;
    step.refuse(`grids[${grids.indexOf(other.id)}]`, words, 'BAD_INPUT', { grid: other.id });
  }
  unite(step, kept, others);
  for (const other of others) step.follow(other.id, into, 'MERGED');
}

/** Without an heir the ground is left to nobody, which the checks tell. */
export function retire(step: Step, { grid: id, heir: heirId }: Ask<'retire'>): void {
  const grid = step.get(id, 'grid');
  if (heirId === undefined) {
    const children = step.territory.childrenOf(id);
    if (children.length > 0) {
      const words = `${children.length} grids below ${mainCodeOf(grid)} would lose their parent. Name an heir, or reparent them first.`;
      step.refuse('heir', words, 'MISSING_PARENT', { grids: children.map((child) => child.id).sort() });
    }
    endGrid(step, grid, [], () => id);
    return;
  }
  const heir = step.get(heirId, 'heir');
  if (heir.id === grid.id) step.refuse('heir', 'a grid is not its own heir; name another one.');
  if (heir.layer !== grid.layer || heir.tier !== grid.tier) {
    step.refuse('heir', `it is of tier ${heir.tier} of layer ${heir.layer}; the heir is of the same tier.`);
  }
  unite(step, heir, [grid]);
  step.follow(id, heirId, 'RETIRED');
}

/** Gives a grid the ground, children, members and figures of others of its tier, which end. */
function unite(step: Step, kept: DraftGrid, others: readonly DraftGrid[]): void {
  const all = [kept, ...others];
  const memberIds = all.some((grid) => grid.memberIds) ? all.flatMap((grid) => grid.memberIds ?? []).sort() : null;
  const shape = isDerived(step.territory, kept) ? kept.shape : unionOf(all.map((grid) => grid.shape));
  step.change([{ ...kept, shape, memberIds, loads: sumOf(all) }]);
  for (const other of others) endGrid(step, other, [kept.id], () => kept.id);
}

/** Figures that every grid has, of one measure and date, added up; a figure of a part says nothing about the whole. */
function sumOf(grids: readonly DraftGrid[]): LoadFigure[] {
  const [first, ...rest] = grids;
  const sums: LoadFigure[] = [];
  for (const load of first.loads) {
    const others = rest.map(({ loads }) =>
      loads.find((each) => each.measure === load.measure && each.date === load.date),
    );
    if (!others.every((each) => each !== undefined)) continue;
    const all = [load, ...others];
    const source = [...new Set(all.map((each) => each.source))].join(', ');
    sums.push({ ...load, value: all.reduce((sum, each) => sum + each.value, 0), source });
  }
  return sums;
}
