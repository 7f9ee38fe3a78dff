import type { DraftGrid } from '../../../territory/draftGrid.ts';
import { ringFaultOf, type Scope } from '../../scope.ts';
import { type Face, facesOf } from './faces.ts';
import { type Lines, netEdges } from './netEdges.ts';

/** A grid with its children of one tier, and the edges that are left of them less the grid: none when they tile it. */
export interface Family {
  readonly parent: DraftGrid;
  readonly children: readonly DraftGrid[];
  readonly left: Lines;
}

/** The grids of a tier, those that tile their parents apart. */
export interface Tiling {
  readonly families: readonly Family[];
  /** Parents that their children of the tier tile to the last edge, all valid. */
  readonly tiled: readonly DraftGrid[];
  /** Every other grid of the tier. */
  readonly loose: readonly DraftGrid[];
}

// Grids are never changed, so a family of the same grids is the same family: most of a layer is as it was.
const known = new WeakMap<DraftGrid, Map<string, Family>>();

export function familyOf(parent: DraftGrid, tier: string, children: readonly DraftGrid[]): Family {
  const kept = known.get(parent) ?? new Map<string, Family>();
  known.set(parent, kept);
  const last = kept.get(tier);
  if (last?.children.length === children.length && last.children.every((child, i) => child === children[i]))
    return last;
  const shapes = children.map(({ shape }) => shape);
  const family = { parent, children, left: netEdges(shapes, [parent.shape]) };
  kept.set(tier, family);
  return family;
}

const tilings = new WeakMap<Scope, Map<string, Tiling>>();

/** Worked out once for each question. */
export function tilingOf(scope: Scope, tier: string): Tiling {
  const kept = tilings.get(scope) ?? new Map<string, Tiling>();
  tilings.set(scope, kept);
  const tiling = kept.get(tier) ?? findTiling(scope, tier);
  kept.set(tier, tiling);
  return tiling;
}

function findTiling(scope: Scope, tier: string): Tiling {
  const { territory, layer } = scope;
  const children = new Map<DraftGrid, DraftGrid[]>();
  const loose: DraftGrid[] = [];
  for (const grid of territory.grids(layer.code, tier)) {
    const parent = grid.parentId === null ? undefined : territory.find(grid.parentId);
    const siblings = parent && children.get(parent);
    if (siblings) siblings.push(grid);
    else if (parent) children.set(parent, [grid]);
    else loose.push(grid);
  }
  const families = [...children].map(([parent, each]) => familyOf(parent, tier, each));
  const tiled: DraftGrid[] = [];
  for (const { parent, children: each, left } of families) {
    if (left.length === 0 && ![parent, ...each].some((grid) => ringFaultOf(scope, grid))) tiled.push(parent);
    else loose.push(...each);
  }
  return { families, tiled, loose };
}

const openFaces = new WeakMap<Scope, Map<string, readonly Face[]>>();

/**
 * The bounded faces of the border of all ground that a tier holds: what it holds, and the holes in it. Parents stand
 * for the children that tile them, because their edges add up to the same; a tier that tiles another as a whole has
 * the faces of that one.
 */
export function openFacesOf(scope: Scope, tier: string): readonly Face[] {
  const kept = openFaces.get(scope) ?? new Map<string, readonly Face[]>();
  openFaces.set(scope, kept);
  const faces = kept.get(tier) ?? findOpenFaces(scope, tier);
  kept.set(tier, faces);
  return faces;
}

function findOpenFaces(scope: Scope, tier: string): readonly Face[] {
  const { tiled, loose } = tilingOf(scope, tier);
  const above = tiled[0]?.tier;
  if (loose.length === 0 && above !== undefined && tiled.every((parent) => parent.tier === above)) {
    if (tiled.length === [...scope.territory.grids(scope.layer.code, above)].length) return openFacesOf(scope, above);
  }
  return facesOf(netEdges([...tiled, ...loose].map(({ shape }) => shape)));
}
