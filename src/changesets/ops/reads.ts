import type { DraftGrid } from '../territory/draftGrid.ts';
import type { Territory } from '../territory/territory.ts';
import { kindOf } from './applyOps.ts';
import type { Op, OpKind } from './op.ts';
import type { Ask } from './step.ts';
import { carvedLayer, gridsIn, partsOf } from './tree.ts';

/** A part of a grid that an op may depend on. */
export type Aspect = 'boundary' | 'name' | 'kind' | 'parent' | 'manager' | 'codes' | 'members' | 'existence';
export type Reads = ReadonlyMap<string, ReadonlySet<Aspect>>;

type Reading = readonly [id: string | undefined, ...aspects: Aspect[]];

const READS: { readonly [Kind in OpKind]: (ask: Ask<Kind>, territory: Territory) => readonly Reading[] } = {
  create: ({ id, layer, tier, parent, boundary }, territory) => {
    const parts = partsOf(territory, layer, tier);
    const gathered = parts ? gridsIn(territory, boundary, parts.layer, parts.tier) : [];
    const taken = gathered.flatMap((grid) => takenFrom(grid, { id, layer, tier }, territory));
    return [[parent, 'existence'], ...taken];
  },
  reshape: ({ grid }) => [[grid, 'boundary']],
  moveVertex: () => [],
  insertVertex: () => [],
  removeVertex: () => [],
  split: ({ grid }) => [[grid, 'boundary']],
  merge: ({ grids }) => grids.map((grid) => [grid, 'boundary']),
  reparent: ({ grid, parent }) => [
    [grid, 'parent'],
    [parent, 'existence'],
  ],
  rename: ({ grid }) => [[grid, 'name']],
  recode: ({ grid }) => [[grid, 'codes']],
  changeKind: ({ grid }) => [[grid, 'kind']],
  transfer: ({ grid }) => [[grid, 'manager']],
  retire: ({ grid, heir }) => [
    [grid, 'boundary'],
    [heir, 'existence'],
  ],
  carve: ({ area, tier, to }, territory) => {
    const taker = territory.find(to);
    const layer = taker && carvedLayer(territory, tier, taker);
    const given = layer === undefined ? [] : gridsIn(territory, area, layer, tier);
    return givenTo(given, to, territory);
  },
  assign: ({ members, to }, territory) => {
    const given = members.map((id) => territory.find(id)).filter((grid) => grid !== undefined);
    return givenTo(given, to, territory);
  },
  fixGap: ({ to }) => [[to, 'existence']],
  fixOverlap: ({ grids }) => grids.map((grid) => [grid, 'boundary']),
  redraw: ({ boundaries }) => boundaries.map(({ grid }) => [grid, 'boundary']),
};

/** Grids below a taker have another parent afterwards; members are taken from the grids of its tier that had them. */
function givenTo(given: readonly DraftGrid[], to: string, territory: Territory): Reading[] {
  const taker = territory.find(to);
  const readings = taker ? given.flatMap((grid) => takenFrom(grid, taker, territory)) : [];
  return [[to, 'existence'], ...readings];
}

function takenFrom(grid: DraftGrid, taker: Pick<DraftGrid, 'id' | 'layer' | 'tier'>, territory: Territory): Reading[] {
  if (grid.layer === taker.layer) return [[grid.id, 'parent']];
  const holders = territory.madeOf(grid.id).filter(({ layer, tier }) => layer === taker.layer && tier === taker.tier);
  if (holders.length > 0) return [[grid.id], ...holders.map((holder): Reading => [holder.id, 'members'])];
  return territory.find(taker.id) ? [[grid.id], [taker.id, 'members']] : [[grid.id]];
}

/**
 * What an op overwrites or depends on, by grid: where somebody else has changed one of these in between, doing the op
 * again would undo their work, or mean something else. Every grid that is named is to exist; vertex ops only need their
 * vertex. Memberships are told by the grid that holds the member, or else by the one that is to get it.
 */
export function readsOf(op: Op, territory: Territory): Reads {
  const kind = kindOf(op);
  const read = READS[kind] as (ask: unknown, territory: Territory) => readonly Reading[];
  const reads = new Map<string, Set<Aspect>>();
  for (const [id, ...aspects] of read((op as Record<OpKind, unknown>)[kind], territory)) {
    if (id === undefined) continue;
    reads.set(id, new Set([...(reads.get(id) ?? []), 'existence', ...aspects]));
  }
  return reads;
}
