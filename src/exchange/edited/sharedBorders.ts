import { type DraftGrid, mainCodeOf } from '../../changesets/territory/draftGrid.ts';
import type { Territory } from '../../changesets/territory/territory.ts';
import type { SliverTolerance } from '../../geometry/coverage.ts';
import { boxOf, type Shape } from '../../geometry/polygon.ts';
import { isSameShape } from '../../geometry/rings/sameShape.ts';
import { makeExactCoverage } from '../borders/exactCoverage.ts';
import type { CoverageChange } from '../exchange.type.ts';
import type { CreateWish, Wishes } from './wishes.ts';

export interface SharedBorders {
  readonly wishes: Wishes;
  readonly changes: readonly CoverageChange[];
  /** Ids of the grids whose borders were put on those of their neighbours. */
  readonly aligned: readonly string[];
  readonly warnings: readonly string[];
}

/** A grid of the neighbourhood with the boundary that it is to have. */
interface Member {
  readonly id: string;
  readonly code: string;
  readonly shape: Shape;
}

/**
 * The wishes with their new boundaries and those of the grids beside them made an exact coverage, tier by tier: slivers and
 * T-junctions that sloppy drawing left go by the importer's rule. Where something larger does not fit, all stays as drawn
 * there, for the checks to tell. An OVERLAY and a tier that nobody draws stay as they are.
 */
export async function shareBorders(
  wishes: Wishes,
  draft: Territory,
  nodeIntoFaces: (shapes: readonly Shape[]) => Promise<Shape[]>,
  tolerance: SliverTolerance,
): Promise<SharedBorders> {
  let shared: SharedBorders = { wishes, changes: [], aligned: [], warnings: [] };
  for (const layer of draft.layers) {
    if (layer.kind !== 'PARTITION') continue;
    for (const tier of layer.tiers) {
      if (tier.source !== 'DRAWN') continue;
      const members = neighbourhood(shared.wishes, draft, layer.code, tier.code);
      if (members.length === 0) continue;
      const exact = await makeExactCoverage(members, nodeIntoFaces, tolerance);
      const moved = members.flatMap((member, i) =>
        exact.shapes[i].length === 0 || isSameShape(member.shape, exact.shapes[i])
          ? []
          : [{ ...member, shape: exact.shapes[i] }],
      );
      const { areaSquareMetres = 0, members: pair = [] } = exact.overlaps[0] ?? {};
      const names = pair.map((number) => members[number].code).join(' and ');
      const warning = `${layer.code}/${tier.code}: ${names} overlap by ${areaSquareMetres.toFixed(1)} m², more than a sliver; all borders there stay as drawn, and the checks of the changeset tell the rest.`;
      shared = {
        wishes: withBoundaries(shared.wishes, moved),
        changes: [...shared.changes, ...(exact.overlaps.length > 0 ? [] : exact.changes)],
        aligned: [...shared.aligned, ...moved.map(({ id }) => id)],
        warnings: exact.overlaps.length > 0 ? [...shared.warnings, warning] : shared.warnings,
      };
    }
  }
  return shared;
}

/** The grids of a tier whose boundaries are to change, and those beside where they are and were. */
function neighbourhood({ changes, created, retired }: Wishes, draft: Territory, layer: string, tier: string): Member[] {
  const isHere = (grid: { readonly layer: string; readonly tier: string }) =>
    grid.layer === layer && grid.tier === tier;
  const members = new Map<string, Member>();
  const touched: Shape[] = [];
  for (const [id, { boundary }] of changes) {
    const grid = draft.get(id, 'grid');
    if (!boundary || !isHere(grid)) continue;
    members.set(id, { id, code: mainCodeOf(grid), shape: boundary });
    touched.push(boundary, grid.shape);
  }
  for (const { id, code, boundary } of created.filter(isHere)) {
    members.set(id, { id, code, shape: boundary });
    touched.push(boundary);
  }
  const leaving = new Set(retired);
  for (const shape of touched) {
    for (const grid of draft.meeting(boxOf(shape), layer, tier)) {
      if (!members.has(grid.id) && !leaving.has(grid.id)) members.set(grid.id, memberOf(grid));
    }
  }
  return [...members.values()];
}

function memberOf(grid: DraftGrid): Member {
  return { id: grid.id, code: mainCodeOf(grid), shape: grid.shape };
}

function withBoundaries(wishes: Wishes, moved: readonly Member[]): Wishes {
  const shapes = new Map(moved.map(({ id, shape }) => [id, shape]));
  const created = wishes.created.map((wish): CreateWish => {
    const boundary = shapes.get(wish.id);
    return boundary ? { ...wish, boundary } : wish;
  });
  const changes = new Map(wishes.changes);
  const isNew = new Set(created.map(({ id }) => id));
  for (const [id, boundary] of shapes) if (!isNew.has(id)) changes.set(id, { ...changes.get(id), boundary });
  return { ...wishes, changes, created };
}
